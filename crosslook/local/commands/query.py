"""`query`: a report request from a file, its result as a table, a chart, a file, or only told about."""

import asyncio
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crosslook.contracts import exact_json
from crosslook.contracts.formats import FILE_FORMATS, Format
from crosslook.local.charts import show_chart
from crosslook.local.commands.ask import api_of
from crosslook.local.folder import DataFolder
from crosslook.local.messages import CommandRefused
from crosslook.local.results import show_cut, show_dry_run, show_result
from crosslook.local.terminal import Terminal


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the result of a report is wanted: on the terminal, perhaps as a chart; or as a file, by default on standard
    output; or not at all but told about."""

    chart: bool = False
    form: Format | None = None
    output: Path | None = None
    dry_run: bool = False


def query(terminal: Terminal, folder: DataFolder, file: str, tenant: str, wanted: Wanted = Wanted()) -> int:
    """Run the report request in a file and give its result as it is wanted. Raises CommandRefused."""
    request = read_request(file)
    form = wanted.form or _form_of(wanted.output)
    if form is not None and not wanted.dry_run:
        show_cut(terminal, asyncio.run(_download(terminal, folder, request, tenant, form, wanted.output)))
        if wanted.output is not None:
            terminal.line("written", path=str(wanted.output), bytes=wanted.output.stat().st_size)
        return 0
    if wanted.dry_run:
        result = asyncio.run(_dry_run(terminal, folder, request, tenant, form))
    else:
        result = asyncio.run(_query(terminal, folder, request, tenant))
    if terminal.json:
        terminal.answer(result)
    elif wanted.dry_run:
        show_dry_run(terminal, result)
    elif not (wanted.chart and show_chart(terminal, result)):
        show_result(terminal, result)
    return 0


FORMAT_NAMES = tuple(form.short_name for form in FILE_FORMATS)


def format_named(name: str) -> Format:
    """The format of files that has this name. Raises ValueError."""
    found = next((form for form in FILE_FORMATS if name == form.short_name), None)
    if found is None:
        raise ValueError(f"{name!r} is not one of {', '.join(map(repr, FORMAT_NAMES))}.")
    return found


def _form_of(output: Path | None) -> Format | None:
    """The format that a file's name asks for. Raises CommandRefused for a name that asks for none."""
    if output is None:
        return None
    extension = output.suffix.removeprefix(".").lower()
    found = next((form for form in FILE_FORMATS if extension in (form.short_name, form.extension)), None)
    if found is None:
        raise CommandRefused("format_unknown", path=str(output), known=", ".join(FORMAT_NAMES))
    return found


async def _query(terminal: Terminal, folder: DataFolder, request: Any, tenant: str) -> dict[str, Any]:
    async with api_of(folder, "query_service", tenant, "reports:read", terminal) as api:
        result: dict[str, Any] = await api.send("POST", f"/v1/tenants/{tenant}/query", request)
        return result


async def _dry_run(
    terminal: Terminal, folder: DataFolder, request: Any, tenant: str, form: Format | None
) -> dict[str, Any]:
    async with api_of(folder, "query_service", tenant, "reports:read", terminal) as api:
        headers = {"Accept": form.value} if form is not None else None
        told: dict[str, Any] = await api.send("POST", f"/v1/tenants/{tenant}/query?dry_run=true", request, headers)
        return told


async def _download(
    terminal: Terminal, folder: DataFolder, request: Any, tenant: str, form: Format, output: Path | None
) -> Mapping[str, str]:
    async with api_of(folder, "query_service", tenant, "reports:read", terminal) as api:
        with opened(output, form) as write:
            return await api.download(f"/v1/tenants/{tenant}/query", request, form.value, write)


@contextmanager
def opened(output: Path | None, form: Format) -> Iterator[Callable[[bytes], object]]:
    """Where the pieces of a file go; under its name it is only once it is whole. Raises CommandRefused."""
    if output is None:
        if not form.readable and sys.stdout.isatty():
            raise CommandRefused("output_needed", form=form.short_name)
        yield sys.stdout.buffer.write
        sys.stdout.flush()
        return
    draft = output.with_name(f"{output.name}.part")
    try:
        with draft.open("wb") as file:
            yield file.write
        draft.replace(output)
    except OSError as error:
        raise CommandRefused("file_unwritable", path=str(output), reason=error.strerror or str(error)) from None
    finally:
        draft.unlink(missing_ok=True)


def read_request(file: str) -> Any:
    """The report request in a file, or on standard input for `-`; numbers keep their digits. Raises CommandRefused."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CommandRefused("file_unreadable", path=file, reason=reason) from None
    try:
        return exact_json.loads(text.encode())
    except ValueError as error:
        raise CommandRefused("file_not_json", path=file, reason=str(error)) from None
