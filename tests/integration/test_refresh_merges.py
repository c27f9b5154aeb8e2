"""Merged contacts and aliases in refreshes on a real engine: to whom links go, and when."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count, permutations
from typing import Any

import pytest

from crosslook.platform.settings import ClickHouseSettings
from services.snapshot_service.domain.link_aliases import LinkAlias, alias_version
from services.snapshot_service.domain.outcomes import Outcome
from services.snapshot_service.domain.record_facts import RecordState
from services.snapshot_service.integrations.aliases import LinkAliases
from services.snapshot_service.records.reader import RecordReader
from tests.helpers.builders import REQUESTER, STATUS, WATCHERS, Event, definition, event, object_key
from tests.helpers.examples import examples
from tests.helpers.memory_pipeline import MemoryPipeline, memory_pipeline

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
TICKET = definition(STATUS, relationships=(REQUESTER, WATCHERS))
ORDERS = list(permutations(range(4)))
_TENANTS, _IDS = count(), count()


@pytest.fixture(scope="module")
async def deployment(clickhouse: ClickHouseSettings) -> AsyncIterator[MemoryPipeline]:
    engine = clickhouse.model_copy(update={"database": "refresh_merges"})
    async with memory_pipeline(engine, NOW, snapshots={"keep": 40}) as running:
        yield running


@pytest.fixture
async def tenant(deployment: MemoryPipeline) -> str:
    deployment.clock.at = NOW
    name = f"merges-{next(_TENANTS)}"
    await deployment.define(name, TICKET)
    return name


def at(minutes: int) -> datetime:
    return NOW - timedelta(hours=2) + timedelta(minutes=minutes)


def contact(tenant: str, record: str, minutes: int = 0, email: str | None = None, **data: Any) -> Event:
    fields = {"email": email} if email else {}
    return event(tenant, "contact", record, fields, event_id=f"e{next(_IDS)}", time=at(minutes), **data)


def gone(tenant: str, record: str, minutes: int, into: str | None = None) -> Event:
    named: dict[str, Any] = {"merged_into": into} if into else {}
    return event(tenant, "contact", record, event_id=f"e{next(_IDS)}", time=at(minutes), kind="delete", **named)


def ticket(tenant: str, record: str, *requesters: dict[str, str], minutes: int = 0) -> Event:
    links: dict[str, Any] = {"relationships": {"requester": list(requesters[:1]), "watchers": list(requesters)}}
    return event(tenant, "ticket", record, {"status": "x"}, event_id=f"e{next(_IDS)}", time=at(minutes), **links)


async def refresh(deployment: MemoryPipeline, *events: Event) -> None:
    await deployment.send(events)
    deployment.clock.at += timedelta(hours=2)
    assert (await deployment.refresh()).state == "published"
    assert deployment.manifest.failed_objects == ()


async def links(deployment: MemoryPipeline, tenant: str) -> dict[str, list[str]]:
    """The watchers of each ticket. The requester is the first of them, if it resolves."""
    rows = await deployment.rows(tenant, "ticket")
    for row in rows.values():
        assert row["links_requester"] in (row["links_watchers"][:1], [])
    return {record: row["links_watchers"] for record, row in rows.items()}


def by_every_reference(tenant: str) -> list[Event]:
    named = ({"id": "c-7"}, {"email": " SEVEN@x.example"}, {"external": "z:7"})
    return [ticket(tenant, form, {form: value}) for link in named for form, value in link.items()]


def every_form(record: str) -> dict[str, list[str]]:
    """The watchers of the tickets of `by_every_reference`."""
    return {form: [record] for form in ("id", "email", "external")}


def seven(tenant: str, minutes: int = 0) -> Event:
    return contact(tenant, "c-7", minutes, "seven@x.example", external_ids=["z:7"])


async def test_links_move_to_the_contact_that_remains_also_when_nothing_else_is_new(
    deployment: MemoryPipeline, tenant: str
) -> None:
    await refresh(deployment, seven(tenant), contact(tenant, "c-9"), *by_every_reference(tenant))
    assert await links(deployment, tenant) == every_form("c-7")
    await refresh(deployment, gone(tenant, "c-7", 10, "c-9"))
    assert await links(deployment, tenant) == every_form("c-9")
    entry = (await deployment.entries())[object_key(tenant)]
    assert (entry.rows, entry.unresolved) == (3, 0)
    assert (await deployment.entries())[object_key(tenant, "contact")].shared == 0
    await refresh(deployment)
    assert (await deployment.entries())[object_key(tenant)].build == entry.build


async def test_links_that_come_after_the_tombstone_went_find_the_contact_that_remains(
    deployment: MemoryPipeline, tenant: str
) -> None:
    await refresh(deployment, seven(tenant), contact(tenant, "c-9"))
    await refresh(deployment, gone(tenant, "c-7", 10, "c-9"))
    for _ in range(3):
        deployment.clock.at += timedelta(days=8)
        await refresh(deployment, contact(tenant, "c-1"))
    assert await deployment.rows(tenant, "contact", deleted=True) == {}
    await refresh(deployment, *by_every_reference(tenant))
    assert await links(deployment, tenant) == every_form("c-9")


@pytest.mark.parametrize("order", ORDERS[:: examples(9, 1)], ids=str)
async def test_a_chain_of_merges_ends_at_its_last_contact_in_any_order_of_arrival(
    deployment: MemoryPipeline, tenant: str, order: tuple[int, ...]
) -> None:
    parts = (
        [gone(tenant, "c-7", 10, "c-9")],
        [gone(tenant, "c-9", 20, "c-12")],
        [contact(tenant, "c-12")],
        [contact(tenant, "c-9"), *by_every_reference(tenant)],
    )
    await refresh(deployment, seven(tenant))
    for part in order:
        await refresh(deployment, *parts[part])
    assert await links(deployment, tenant) == every_form("c-12")


async def test_a_circle_of_merges_names_nobody_until_one_of_its_contacts_comes_back(
    deployment: MemoryPipeline, tenant: str
) -> None:
    people = [contact(tenant, "c-7", email="seven@x.example"), contact(tenant, "c-9"), contact(tenant, "c-8")]
    await refresh(deployment, *people, ticket(tenant, "1", {"id": "c-7"}), ticket(tenant, "2", {"id": "c-8"}))
    circle = [gone(tenant, "c-7", 10, "c-9"), gone(tenant, "c-9", 20, "c-7"), gone(tenant, "c-8", 20, "c-7")]
    await refresh(deployment, *circle)
    assert await links(deployment, tenant) == {"1": [], "2": []}
    assert (await deployment.entries())[object_key(tenant)].unresolved == 4
    await refresh(deployment, contact(tenant, "c-9", 30))
    assert await links(deployment, tenant) == {"1": ["c-9"], "2": ["c-9"]}


async def test_what_a_contact_had_and_lost_before_it_was_merged_is_nobodys(
    deployment: MemoryPipeline, tenant: str
) -> None:
    lost = [contact(tenant, "c-7", 1, "new@x.example"), contact(tenant, "c-9")]
    await refresh(deployment, seven(tenant), *lost, *by_every_reference(tenant))
    assert await links(deployment, tenant) == {"id": ["c-7"], "email": [], "external": []}
    new = ticket(tenant, "new", {"email": "new@x.example"})
    await refresh(deployment, gone(tenant, "c-7", 2, "c-9"), new)
    assert await links(deployment, tenant) == {"id": ["c-9"], "email": [], "external": [], "new": ["c-9"]}


async def test_a_contact_that_comes_back_has_its_own_links_again(deployment: MemoryPipeline, tenant: str) -> None:
    nine = contact(tenant, "c-9", email="nine@x.example")
    await refresh(deployment, seven(tenant), nine, *by_every_reference(tenant), ticket(tenant, "9", {"id": "c-9"}))
    await refresh(deployment, gone(tenant, "c-7", 10, "c-9"), ticket(tenant, "new", {"id": "c-7"}))
    await refresh(deployment, seven(tenant, 20))
    mine = {**every_form("c-7"), "new": ["c-7"]}
    assert await links(deployment, tenant) == {**mine, "9": ["c-9"]}
    await refresh(deployment, gone(tenant, "c-7", 30))
    assert await links(deployment, tenant) == {**{record: [] for record in mine}, "9": ["c-9"]}
    await refresh(deployment, gone(tenant, "c-7", 40, "c-9"))
    assert await links(deployment, tenant) == {record: ["c-9"] for record in (*mine, "9")}


async def test_deletions_without_the_merge_repeats_and_late_merges_change_nothing(
    deployment: MemoryPipeline, tenant: str
) -> None:
    merge = gone(tenant, "c-7", 10, "c-9")
    await refresh(deployment, seven(tenant), contact(tenant, "c-9"), contact(tenant, "c-1"))
    await refresh(deployment, gone(tenant, "c-7", 20), ticket(tenant, "1", {"id": "c-7"}))
    assert await links(deployment, tenant) == {"1": []}
    await refresh(deployment, merge)
    assert await links(deployment, tenant) == {"1": ["c-9"]}
    repeat = {**gone(tenant, "c-7", 50, "c-1"), "id": merge["id"]}
    await refresh(deployment, gone(tenant, "c-7", 30), repeat, gone(tenant, "c-7", 5, "c-1"))
    assert await links(deployment, tenant) == {"1": ["c-9"]}
    await refresh(deployment, gone(tenant, "c-7", 60, "c-1"))
    assert await links(deployment, tenant) == {"1": ["c-1"]}


async def test_a_restored_snapshot_has_its_links_and_the_next_refresh_moves_them_again(
    deployment: MemoryPipeline, tenant: str
) -> None:
    await refresh(deployment, seven(tenant), contact(tenant, "c-9"), *by_every_reference(tenant))
    before = deployment.manifest.snapshot
    await refresh(deployment, gone(tenant, "c-7", 10, "c-9"))
    await deployment.refresher.restore(before)
    await deployment.feed.view.catch_up()
    assert await links(deployment, tenant) == every_form("c-7")
    await refresh(deployment)
    assert await links(deployment, tenant) == every_form("c-9")


async def test_the_look_up_of_a_record_shows_the_contact_that_remains(deployment: MemoryPipeline, tenant: str) -> None:
    people = [seven(tenant), *(contact(tenant, record) for record in ("c-8", "c-9", "c-12"))]
    await refresh(deployment, *people, ticket(tenant, "1", {"id": "c-7"}, {"id": "c-8"}, {"id": "c-12"}))
    await refresh(deployment, *(gone(tenant, *merge) for merge in (("c-7", 10, "c-9"), ("c-9", 20, "c-12"))))
    context = deployment.context
    reader = RecordReader(context.clickhouse, context.entries, deployment.feed, context.clock, 7)
    state = context.schemas.record(tenant, "ticket")
    assert state is not None
    found = await reader.find(object_key(tenant), "1", state.state)
    shown = [(link.relationship, link.value, link.contact, link.reason) for link in found.links]
    assert shown == [
        ("requester", "c-7", "c-12", ""),
        ("watchers", "c-7", "c-12", ""),
        ("watchers", "c-8", "c-8", ""),
        ("watchers", "c-12", "c-12", ""),
    ]
    merged = await reader.find(object_key(tenant, "contact"), "c-7", None)
    assert (merged.state, merged.events[0].outcome) == (RecordState.DELETED, Outcome.WINNER)


async def alias(deployment: MemoryPipeline, tenant: str, reference: str, *targets: str, minutes: int = 0) -> None:
    version = alias_version(int(at(minutes).timestamp() * 1000))
    await LinkAliases(deployment.context.clickhouse, deployment.clock).put(
        [LinkAlias(tenant, reference, targets, version)]
    )


async def test_an_alias_that_arrives_later_resolves_links_when_nothing_else_is_new(
    deployment: MemoryPipeline, tenant: str
) -> None:
    await refresh(deployment, contact(tenant, "c-1", email="a@x.example"), ticket(tenant, "1", {"external": "z:88"}))
    assert await links(deployment, tenant) == {"1": []}
    await alias(deployment, tenant, "external:z:88", "external:z:1", "email: A@X.example")
    await refresh(deployment)
    assert await links(deployment, tenant) == {"1": ["c-1"]}
    entries = await deployment.entries()
    deployment.clock.at += timedelta(hours=2)
    await refresh(deployment)
    assert await deployment.entries() == entries


async def test_an_alias_resolves_links_of_rows_that_would_be_copied(deployment: MemoryPipeline, tenant: str) -> None:
    await refresh(deployment, contact(tenant, "c-1", email="a@x.example"), ticket(tenant, "1", {"external": "z:88"}))
    await alias(deployment, tenant, "external:z:88", "email:a@x.example")
    await refresh(deployment, ticket(tenant, "2"))
    assert await links(deployment, tenant) == {"1": ["c-1"], "2": []}


async def test_a_contacts_own_reference_wins_and_targets_count_in_their_order(
    deployment: MemoryPipeline, tenant: str
) -> None:
    await alias(deployment, tenant, "external:z:1", "id:c-2")
    await alias(deployment, tenant, "external:z:2", "external:z:3", "email:b@x.example")
    await alias(deployment, tenant, "external:z:3", "external:z:9", "external:z:4")
    await alias(deployment, tenant, "external:z:4", "external:z:2", "email:a@x.example")
    await alias(deployment, tenant, "external:z:5", "external:z:6")
    await alias(deployment, tenant, "external:z:6", "external:z:5")
    await refresh(
        deployment,
        contact(tenant, "c-1", email="a@x.example", external_ids=["z:1"]),
        contact(tenant, "c-2", email="b@x.example"),
        *(ticket(tenant, str(number), {"external": f"z:{number}"}) for number in range(1, 6)),
    )
    assert await links(deployment, tenant) == {"1": ["c-1"], "2": ["c-1"], "3": ["c-2"], "4": ["c-2"], "5": []}


async def test_an_alias_leads_through_a_merge_and_back(deployment: MemoryPipeline, tenant: str) -> None:
    await refresh(deployment, seven(tenant), contact(tenant, "c-9"), ticket(tenant, "1", {"external": "z:88"}))
    await alias(deployment, tenant, "external:z:88", "email:seven@x.example")
    await refresh(deployment, gone(tenant, "c-7", 10, "c-9"))
    assert await links(deployment, tenant) == {"1": ["c-9"]}
    await refresh(deployment, seven(tenant, 20))
    assert await links(deployment, tenant) == {"1": ["c-7"]}


async def test_an_alias_that_ended_is_not_followed_and_what_it_resolved_stays(
    deployment: MemoryPipeline, tenant: str
) -> None:
    await alias(deployment, tenant, "external:z:88", "id:c-1")
    await refresh(deployment, contact(tenant, "c-1"), ticket(tenant, "1", {"external": "z:88"}))
    await alias(deployment, tenant, "external:z:88", minutes=5)
    await refresh(deployment, ticket(tenant, "2", {"external": "z:88"}))
    assert await links(deployment, tenant) == {"1": ["c-1"], "2": []}


async def test_aliases_of_one_tenant_are_not_those_of_another(deployment: MemoryPipeline, tenant: str) -> None:
    other = f"{tenant}-other"
    await deployment.define(other, TICKET)
    await alias(deployment, tenant, "external:z:88", "email:a@x.example")
    for name in (tenant, other):
        await deployment.send([contact(name, f"of-{name}", email="a@x.example")])
        await deployment.send([ticket(name, "1", {"external": "z:88"})])
    await refresh(deployment)
    assert await links(deployment, tenant) == {"1": [f"of-{tenant}"]}
    assert await links(deployment, other) == {"1": []}
