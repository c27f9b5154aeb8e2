"""`crosslook demo`: load, refresh, ask, check against the truth, show."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from crosslook.local.client import Api, refresh_and_wait
from crosslook.local.demo.dataset import Dataset, make_dataset
from crosslook.local.demo.deliver import SigningSecrets, connect_vendors, deliver
from crosslook.local.demo.load import Loaded, define_objects, load_dataset, quarantined_codes
from crosslook.local.demo.schemas import TENANTS
from crosslook.local.demo.truth import REPORT, ticket_truth, wrong_figures
from crosslook.local.demo.vendor_truth import VENDOR_REPORTS, vendor_truth
from crosslook.local.demo.vendors import CALENDLY, VENDORS, ZENDESK, VendorStory, tell_vendors
from crosslook.local.results import show_result
from crosslook.local.stack import PAGE_SERVICE
from crosslook.local.terminal import Terminal
from crosslook.platform.kafka import Publisher
from crosslook.platform.settings import KafkaSettings

_VENDOR_TITLES = {ZENDESK: "demo_title_zendesk", CALENDLY: "demo_title_calendly"}


@dataclass(frozen=True, slots=True)
class Services:
    """Clients of the three services, with an operator's token, the address of webhooks, and the broker."""

    schemas: Api
    snapshots: Api
    queries: Api
    webhooks: str
    kafka: KafkaSettings


@dataclass(slots=True)
class DemoOutcome:
    """What the demonstration did. `messages`: of the vendors. `results`: by tenant; `vendor_results`: by tenant and
    vendor. `wrong` is empty when every number was right."""

    sent: int
    messages: int
    refused: int
    quarantined: int
    run: dict[str, Any]
    results: dict[str, dict[str, Any]]
    vendor_results: dict[str, dict[str, dict[str, Any]]]
    wrong: list[str]


async def run_demo(services: Services, terminal: Terminal, now: datetime, records: int) -> DemoOutcome:
    """The whole demonstration on a running stack. Raises ApiError, KafkaUnavailable."""
    say = terminal.say
    dataset = make_dataset(now, records)
    story = tell_vendors(dataset, now, records)
    await define_objects(services.schemas)
    signing = await connect_vendors(services.schemas)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=terminal.err) as bars:
        loaded = await _load(dataset, services, bars.add_task(say("demo_load"), total=dataset.size), bars)
        await _deliver(story, services, signing, bars.add_task(say("demo_deliver"), total=len(story.messages)), bars)
        run = await _refresh(services, bars.add_task(say("refresh"), total=100), bars)
    wrong = [say("demo_refusal", **refusal) for refusal in loaded.wrong_refusals(dataset)]
    wrong += [say("demo_quarantine", **event) for event in await _wrong_quarantine(services, loaded.quarantine)]
    results = {tenant: await services.queries.send("POST", f"/v1/tenants/{tenant}/query", REPORT) for tenant in TENANTS}
    for tenant, result in results.items():
        for figure in wrong_figures(ticket_truth(dataset, tenant), result):
            wrong.append(say(figure.key, tenant=tenant, **figure.values))
    vendor_results = {tenant: await _ask_vendors(services, tenant) for tenant in TENANTS}
    for tenant, by_vendor in vendor_results.items():
        for vendor, result in by_vendor.items():
            for figure in wrong_figures(vendor_truth(dataset, story, tenant, vendor), result):
                wrong.append(say(figure.key, tenant=f"{tenant}, {vendor}", **figure.values))
    counts = dataset.size, len(story.messages), len(loaded.refused), len(loaded.quarantine)
    return DemoOutcome(*counts, run, results, vendor_results, wrong)


async def _ask_vendors(services: Services, tenant: str) -> dict[str, dict[str, Any]]:
    return {
        vendor: await services.queries.send("POST", f"/v1/tenants/{tenant}/query", VENDOR_REPORTS[vendor])
        for vendor in VENDORS
    }


async def _deliver(
    story: VendorStory, services: Services, signing: SigningSecrets, bar: TaskID, bars: Progress
) -> None:
    await deliver(story, services.webhooks, signing, lambda count: bars.advance(bar, count))


async def _wrong_quarantine(services: Services, expected: dict[str, str]) -> list[dict[str, str | int]]:
    """Events that are not in quarantine under the code they were spoiled with, counted by kind."""
    found = await quarantined_codes(services.snapshots, expected)
    wrong = Counter((code, str(found.get(event))) for event, code in expected.items() if found.get(event) != code)
    return [{"count": count, "expected": want, "found": got} for (want, got), count in wrong.items()]


async def _load(dataset: Dataset, services: Services, bar: TaskID, bars: Progress) -> Loaded:
    publisher = Publisher(services.kafka, client_id="crosslook-demo")
    await publisher.start()
    try:
        return await load_dataset(dataset, services.schemas, publisher, lambda count: bars.advance(bar, count))
    finally:
        await publisher.stop()


async def _refresh(services: Services, bar: TaskID, bars: Progress) -> dict[str, Any]:
    return await refresh_and_wait(
        services.snapshots, lambda run: bars.update(bar, completed=round(run["progress"] * 100))
    )


def show_reports(outcome: DemoOutcome, terminal: Terminal, urls: Mapping[str, str]) -> None:
    """The reports as tables, with their freshness, and what to try next: `urls` has the address of each service."""
    if terminal.json:
        terminal.answer({**asdict(outcome), "page": urls[PAGE_SERVICE], "services": dict(urls)})
        return
    for tenant, result in outcome.results.items():
        show_result(terminal, result, terminal.say("demo_title", tenant=tenant))
        for vendor, of_vendor in outcome.vendor_results[tenant].items():
            show_result(terminal, of_vendor, terminal.say(_VENDOR_TITLES[vendor], tenant=tenant))
    sent = {
        "sent": outcome.sent,
        "messages": outcome.messages,
        "refused": outcome.refused,
        "quarantined": outcome.quarantined,
    }
    terminal.line("demo_sent", **sent, snapshot=str(outcome.run["snapshot"]))
    if not outcome.wrong:
        terminal.line("demo_right")
    terminal.line("demo_ask", page=urls[PAGE_SERVICE])
    terminal.line("demo_urls", schemas=urls["schema_service"], snapshots=urls["snapshot_service"])
