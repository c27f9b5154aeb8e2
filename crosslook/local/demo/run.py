"""`crosslook demo`: load, refresh, ask, check against the truth, show."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from crosslook.local.client import Api, refresh
from crosslook.local.demo.load import define_objects, load_world, quarantined_codes
from crosslook.local.demo.schemas import TENANTS
from crosslook.local.demo.truth import REPORT, differences, ticket_truth
from crosslook.local.demo.world import World, make_world
from crosslook.platform.kafka import Publisher
from crosslook.platform.settings import KafkaSettings


@dataclass(frozen=True, slots=True)
class Services:
    """Clients of the three services, with an operator's token, and the broker."""

    schemas: Api
    snapshots: Api
    queries: Api
    kafka: KafkaSettings


@dataclass(slots=True)
class Outcome:
    """What the demonstration did. `wrong` is empty when every number was right."""

    sent: int
    refused: int
    quarantined: int
    run: dict[str, Any]
    results: dict[str, dict[str, Any]]
    wrong: list[str]


async def run_demo(services: Services, console: Console, now: datetime, records: int) -> Outcome:
    """The whole demonstration on a running stack. Raises ApiError, KafkaUnavailable."""
    world = make_world(now, records)
    await define_objects(services.schemas)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as bars:
        wrong, refused, quarantine = await _load(world, services, bars)
        run = await _refresh(services, bars)
    quarantined = await quarantined_codes(services.snapshots, quarantine)
    wrong += [
        f"quarantine: {i} is {quarantined.get(i)}, expected {c}"
        for i, c in quarantine.items()
        if quarantined.get(i) != c
    ]
    results = {tenant: await services.queries.send("POST", f"/v1/tenants/{tenant}/query", REPORT) for tenant in TENANTS}
    for tenant, result in results.items():
        wrong += [f"{tenant}: {difference}" for difference in differences(ticket_truth(world, tenant), result)]
    return Outcome(len(world.good) + len(world.bad), refused, len(quarantined), run, results, wrong)


async def _load(world: World, services: Services, bars: Progress) -> tuple[list[str], int, dict[str, str]]:
    bar = bars.add_task("Events through the intake", total=len(world.good) + len(world.bad))
    publisher = Publisher(services.kafka, client_id="crosslook-demo")
    await publisher.start()
    try:
        loaded = await load_world(world, services.schemas, publisher, lambda count: bars.advance(bar, count))
    finally:
        await publisher.stop()
    return loaded.wrong_refusals(world), len(loaded.refused), loaded.quarantine


async def _refresh(services: Services, bars: Progress) -> dict[str, Any]:
    bar = bars.add_task("Refresh", total=100)
    return await refresh(services.snapshots, lambda run: bars.update(bar, completed=round(run["progress"] * 100)))


def show(outcome: Outcome, console: Console, page: str) -> None:
    """The reports as tables, with their freshness, and where to go on."""
    for tenant, result in outcome.results.items():
        table = Table(title=f"{tenant}: tickets by country of their requester", title_justify="left")
        for column in result["columns"]:
            table.add_column(column["label"], justify="left" if column["kind"] == "dimension" else "right")
        for row in result["rows"]:
            table.add_row(*(_cell(value) for value in row))
        if result["totals"]:
            table.add_section()
            table.add_row("Total", *(_cell(value) for value in result["totals"][1:]))
        console.print(table)
        snapshot, join = result["snapshot"], result["join"]
        console.print(
            f"Data as of {snapshot['as_of']} · next refresh {snapshot['next_refresh_at']} ({snapshot['zone']}) · "
            f"{join['kept']} tickets with a contact, {join['dropped']} without"
        )
    console.print(
        f"{outcome.sent} events sent · {outcome.refused} refused at once · {outcome.quarantined} in quarantine · "
        f"snapshot {outcome.run['snapshot']}"
    )
    console.print(f"Ask your own: {page}/docs")


def _cell(value: Any) -> str:
    if value is None:
        return "–"  # noqa: RUF001  # an en dash is what people expect in an empty cell
    return f"{value:.2f}" if isinstance(value, float) else str(value)
