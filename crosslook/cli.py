"""The `crosslook` command (CONTRACTS 6): what can be typed; what it does is in `crosslook.local.commands`."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from crosslook.contracts.formats import Format
from crosslook.contracts.problems import Language
from crosslook.local.commands import ask, demo, stack
from crosslook.local.commands import backfill as history
from crosslook.local.commands import query as querying
from crosslook.local.commands import record as looking_up
from crosslook.local.commands import replay as replaying
from crosslook.local.commands import send as sending
from crosslook.local.commands import skip as skipping
from crosslook.local.commands.import_file import ImportWish, import_file
from crosslook.local.commands.open_page import open_page
from crosslook.local.commands.query import FORMAT_NAMES, format_named
from crosslook.local.folder import DataFolder
from crosslook.local.messages import CommandRefused, Speaker, terminal_language
from crosslook.local.terminal import Terminal, quiet_libraries
from crosslook.platform.auth import ANY_TENANT, SCOPES

DATA = Path(".crosslook")
VENDOR_TOKEN_VARIABLE = "CROSSLOOK_VENDOR_TOKEN"  # noqa: S105  # the variable's name, not a token
KAFKA_VARIABLE = "CROSSLOOK_KAFKA__BOOTSTRAP_SERVERS"
"""Where it is set and no data folder is named, `topics` and `skip` mean that Kafka and not an embedded one."""


def main() -> None:
    """Run the command and leave with its exit status; a refusal is a sentence on standard error and status 1."""
    quiet_libraries()
    language = terminal_language(os.environ)
    try:
        build_command(language)()
    except CommandRefused as refusal:
        Terminal(language).err.print(refusal.text(language), markup=False)
        sys.exit(1)


def build_command(language: Language = "en") -> typer.Typer:
    """The command with its help in one language."""
    help_text = Speaker(language)("help")
    app = typer.Typer(help=help_text, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    _add_stack(app, language)
    _add_page(app, language)
    _add_demo(app, language)
    _add_asking(app, language)
    _add_ingest(app, language)
    _add_record(app, language)
    _add_replay(app, language)
    _add_backfill(app, language)
    _add_files(app, language)
    return app


def _add_stack(app: typer.Typer, language: Language) -> None:
    say = Speaker(language)
    json_help, data_help = say("help_json"), say("help_data")

    @app.command(help=say("help_up"))
    def up(
        data: Annotated[Path, typer.Option("--data", help=data_help)] = DATA,
        port_base: Annotated[int | None, typer.Option("--port-base", help=say("help_port_base"))] = None,
        detach: Annotated[bool, typer.Option("--detach", help=say("help_detach"))] = False,
        json: Annotated[bool, typer.Option("--json", help=json_help)] = False,
    ) -> None:
        terminal = Terminal(language, json=json)
        raise typer.Exit(stack.up(terminal, DataFolder.at(data), port_base, detach=detach))

    @app.command(help=say("help_down"))
    def down(
        data: Annotated[Path, typer.Option("--data", help=data_help)] = DATA,
        json: Annotated[bool, typer.Option("--json", help=json_help)] = False,
    ) -> None:
        raise typer.Exit(stack.down(Terminal(language, json=json), DataFolder.at(data)))

    @app.command(help=say("help_status"))
    def status(
        data: Annotated[Path, typer.Option("--data", help=data_help)] = DATA,
        json: Annotated[bool, typer.Option("--json", help=json_help)] = False,
    ) -> None:
        raise typer.Exit(stack.status(Terminal(language, json=json), DataFolder.at(data)))

    @app.command(help=say("help_token"))
    def token(
        tenant: Annotated[str, typer.Option("--tenant", help=say("help_tenant"))],
        scope: Annotated[str, typer.Option("--scope", help=say("help_scope"))],
        ttl: Annotated[str, typer.Option("--ttl", help=say("help_ttl"))] = "1h",
        data: Annotated[Path, typer.Option("--data", help=data_help)] = DATA,
        json: Annotated[bool, typer.Option("--json", help=json_help)] = False,
    ) -> None:
        raise typer.Exit(stack.token(Terminal(language, json=json), DataFolder.at(data), tenant, scope, ttl))


def _add_page(app: typer.Typer, language: Language) -> None:
    say = Speaker(language)

    @app.command(name="open", help=say("help_open"))
    def sign_in(
        tenant: Annotated[str, typer.Option("--tenant", help=say("help_open_tenant"))] = ANY_TENANT,
        scope: Annotated[str, typer.Option("--scope", help=say("help_open_scope"))] = " ".join(SCOPES),
        no_browser: Annotated[bool, typer.Option("--no-browser", help=say("help_no_browser"))] = False,
        data: Annotated[Path, typer.Option("--data", help=say("help_data"))] = DATA,
        json: Annotated[bool, typer.Option("--json", help=say("help_json"))] = False,
    ) -> None:
        terminal, folder = Terminal(language, json=json), DataFolder.at(data)
        raise typer.Exit(open_page(terminal, folder, tenant, scope, browser=not no_browser))


def _add_demo(app: typer.Typer, language: Language) -> None:
    say = Speaker(language)

    @app.command(name="demo", help=say("help_demo"))
    def run_demo(
        events: Annotated[int | None, typer.Option("--events", min=30, help=say("help_events"))] = None,
        leave: Annotated[bool, typer.Option("--exit", help=say("help_exit"))] = False,
        data: Annotated[Path, typer.Option("--data", help=say("help_data"))] = DATA,
        port_base: Annotated[int | None, typer.Option("--port-base", help=say("help_port_base"))] = None,
        json: Annotated[bool, typer.Option("--json", help=say("help_json"))] = False,
    ) -> None:
        terminal = Terminal(language, json=json)
        raise typer.Exit(demo.demo(terminal, DataFolder.at(data), events, port_base, leave=leave))


def _add_asking(app: typer.Typer, language: Language) -> None:
    say = Speaker(language)
    json_help, data_help = say("help_json"), say("help_data")

    @app.command(help=say("help_topics"))
    def topics(
        data: Annotated[Path | None, typer.Option("--data", help=data_help)] = None,
        json: Annotated[bool, typer.Option("--json", help=json_help)] = False,
    ) -> None:
        elsewhere = data is None and KAFKA_VARIABLE in os.environ
        folder = None if elsewhere else DataFolder.at(data or DATA)
        raise typer.Exit(ask.topics(Terminal(language, json=json), folder))

    @app.command(help=say("help_skip"))
    def skip(
        topic: Annotated[str, typer.Argument(metavar="TOPIC", help=say("help_skip_topic"))],
        offsets: Annotated[str | None, typer.Argument(metavar="[FIRST-LAST]", help=say("help_skip_offsets"))] = None,
        data: Annotated[Path | None, typer.Option("--data", help=data_help)] = None,
        json: Annotated[bool, typer.Option("--json", help=json_help)] = False,
    ) -> None:
        elsewhere = data is None and KAFKA_VARIABLE in os.environ
        folder = None if elsewhere else DataFolder.at(data or DATA)
        raise typer.Exit(skipping.skip(Terminal(language, json=json), folder, topic, offsets))

    @app.command(help=say("help_refresh"))
    def refresh(
        wait: Annotated[bool, typer.Option("--wait", help=say("help_wait"))] = False,
        data: Annotated[Path, typer.Option("--data", help=data_help)] = DATA,
        json: Annotated[bool, typer.Option("--json", help=json_help)] = False,
    ) -> None:
        raise typer.Exit(ask.refresh(Terminal(language, json=json), DataFolder.at(data), wait=wait))

    @app.command(help=say("help_query"))
    def query(
        file: Annotated[str, typer.Argument(metavar="FILE|-", help=say("help_file"))],
        tenant: Annotated[str, typer.Option("--tenant", help=say("help_tenant"))],
        chart: Annotated[bool, typer.Option("--chart", help=say("help_chart"))] = False,
        form: Annotated[
            Format | None,
            typer.Option("--format", parser=format_named, metavar="|".join(FORMAT_NAMES), help=say("help_format")),
        ] = None,
        output: Annotated[Path | None, typer.Option("--output", help=say("help_output"))] = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help=say("help_query_dry_run"))] = False,
        data: Annotated[Path, typer.Option("--data", help=data_help)] = DATA,
        json: Annotated[bool, typer.Option("--json", help=json_help)] = False,
    ) -> None:
        wanted = querying.Wanted(chart, form, output, dry_run)
        raise typer.Exit(querying.query(Terminal(language, json=json), DataFolder.at(data), file, tenant, wanted))


def _add_ingest(app: typer.Typer, language: Language) -> None:
    say = Speaker(language)
    json_help, data_help = say("help_json"), say("help_data")
    ingest = typer.Typer(help=say("help_ingest"), no_args_is_help=True)
    app.add_typer(ingest, name="ingest")

    @ingest.command(help=say("help_ingest_status"))
    def status(
        data: Annotated[Path, typer.Option("--data", help=data_help)] = DATA,
        json: Annotated[bool, typer.Option("--json", help=json_help)] = False,
    ) -> None:
        raise typer.Exit(ask.ingest(Terminal(language, json=json), DataFolder.at(data)))

    @ingest.command(help=say("help_ingest_resume"))
    def resume(
        tenant: Annotated[str, typer.Option("--tenant", help=say("help_resume_tenant"))] = "",
        source: Annotated[str, typer.Option("--source", help=say("help_resume_source"))] = "",
        data: Annotated[Path, typer.Option("--data", help=data_help)] = DATA,
        json: Annotated[bool, typer.Option("--json", help=json_help)] = False,
    ) -> None:
        named = {name: value for name, value in (("tenant", tenant), ("source", source)) if value}
        raise typer.Exit(ask.ingest(Terminal(language, json=json), DataFolder.at(data), named))


def _add_record(app: typer.Typer, language: Language) -> None:
    say = Speaker(language)

    @app.command(help=say("help_record"))
    def record(
        tenant: Annotated[str, typer.Argument(metavar="TENANT", help=say("help_record_tenant"))],
        object_slug: Annotated[str, typer.Argument(metavar="OBJECT", help=say("help_record_object"))],
        record_id: Annotated[str, typer.Argument(metavar="ID", help=say("help_record_id"))],
        data: Annotated[Path, typer.Option("--data", help=say("help_data"))] = DATA,
        json: Annotated[bool, typer.Option("--json", help=say("help_json"))] = False,
    ) -> None:
        terminal, folder = Terminal(language, json=json), DataFolder.at(data)
        raise typer.Exit(looking_up.record(terminal, folder, tenant, object_slug, record_id))


def _add_replay(app: typer.Typer, language: Language) -> None:
    say = Speaker(language)

    @app.command(help=say("help_replay"))
    def replay(
        ids: Annotated[list[str] | None, typer.Option("--ids", help=say("help_ids"))] = None,
        tenant: Annotated[str | None, typer.Option("--tenant", help=say("help_of_tenant"))] = None,
        object_slug: Annotated[
            str | None, typer.Option("--object", metavar="OBJECT", help=say("help_of_object"))
        ] = None,
        code: Annotated[str | None, typer.Option("--code", help=say("help_of_code"))] = None,
        source: Annotated[str | None, typer.Option("--source", help=say("help_of_source"))] = None,
        dry_run: Annotated[bool, typer.Option("--dry-run/--yes", help=say("help_dry_run"))] = True,
        data: Annotated[Path, typer.Option("--data", help=say("help_data"))] = DATA,
        json: Annotated[bool, typer.Option("--json", help=say("help_json"))] = False,
    ) -> None:
        wanted = {"tenant": tenant, "object": object_slug, "code": code, "source": source}
        terminal, folder = Terminal(language, json=json), DataFolder.at(data)
        raise typer.Exit(replaying.replay(terminal, folder, ids or (), wanted, dry_run=dry_run))


def _add_backfill(app: typer.Typer, language: Language) -> None:
    say = Speaker(language)

    @app.command(help=say("help_backfill"))
    def backfill(
        vendor: Annotated[history.BackfilledVendor, typer.Argument(metavar="VENDOR", help=say("help_vendor"))],
        tenant: Annotated[str, typer.Option("--tenant", help=say("help_backfill_tenant"))],
        url: Annotated[str, typer.Option("--url", help=say("help_vendor_url"))],
        token: Annotated[
            str,
            typer.Option("--token", envvar=VENDOR_TOKEN_VARIABLE, show_default=False, help=say("help_vendor_token")),
        ] = "",
        name: Annotated[str | None, typer.Option("--name", help=say("help_integration_name"))] = None,
        start: Annotated[str | None, typer.Option("--start", help=say("help_backfill_start"))] = None,
        restart: Annotated[bool, typer.Option("--restart", help=say("help_restart"))] = False,
        data: Annotated[Path, typer.Option("--data", help=say("help_data"))] = DATA,
        json: Annotated[bool, typer.Option("--json", help=say("help_json"))] = False,
    ) -> None:
        since = history.start_named(start)
        wanted = history.BackfillRequest(vendor, tenant, name or vendor.value, url, token, since, restart)
        raise typer.Exit(history.backfill(Terminal(language, json=json), DataFolder.at(data), wanted))


def _add_files(app: typer.Typer, language: Language) -> None:
    say = Speaker(language)
    json_help, data_help = say("help_json"), say("help_data")

    @app.command(name="import", help=say("help_import"))
    def import_records(
        file: Annotated[Path, typer.Argument(metavar="FILE", help=say("help_import_file"))],
        tenant: Annotated[str, typer.Option("--tenant", help=say("help_import_tenant"))],
        object_slug: Annotated[str, typer.Option("--object", metavar="OBJECT", help=say("help_import_object"))],
        mapping: Annotated[
            str | None, typer.Option("--mapping", metavar="JSON", help=say("help_import_mapping"))
        ] = None,
        mode: Annotated[str, typer.Option("--mode", metavar="upsert|patch", help=say("help_import_mode"))] = "upsert",
        parameter: Annotated[str, typer.Option("--import", help=say("help_import_parameter"))] = "",
        dry_run: Annotated[bool, typer.Option("--dry-run", help=say("help_import_dry_run"))] = False,
        decimal: Annotated[
            str | None, typer.Option("--decimal", metavar="point|comma|either", help=say("help_import_decimal"))
        ] = None,
        dates: Annotated[str, typer.Option("--dates", metavar="iso|dmy|mdy", help=say("help_import_dates"))] = "iso",
        data: Annotated[Path, typer.Option("--data", help=data_help)] = DATA,
        json: Annotated[bool, typer.Option("--json", help=json_help)] = False,
    ) -> None:
        wish = ImportWish(tenant, object_slug, mapping, mode, parameter, dry_run, decimal, dates)
        raise typer.Exit(import_file(Terminal(language, json=json), DataFolder.at(data), file, wish))

    @app.command(help=say("help_send"))
    def send(
        file: Annotated[str, typer.Argument(metavar="FILE|-", help=say("help_send_file"))],
        data: Annotated[Path, typer.Option("--data", help=data_help)] = DATA,
        json: Annotated[bool, typer.Option("--json", help=json_help)] = False,
    ) -> None:
        raise typer.Exit(sending.send(Terminal(language, json=json), DataFolder.at(data), file))
