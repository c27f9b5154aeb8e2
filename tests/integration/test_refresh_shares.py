"""The index of contacts holds a share of the tenants at a time, and links are the same: on a real engine."""

from collections.abc import Iterable

import pytest

from crosslook.platform.settings import ClickHouseSettings
from services.snapshot_service.refresh import build
from services.snapshot_service.refresh.links import ContactIndex, EntryRows
from tests.helpers.builders import Event, event
from tests.helpers.memory_pipeline import memory_pipeline
from tests.helpers.refresher import NOW, tickets

TENANTS = ("a", "b", "c", "d", "e")
CONTACTS_EACH = 3
NAMES_EACH = 2
"""Each contact is in the index under its id and its e-mail address."""


def _events(tenant: str, round_: int) -> list[Event]:
    people = [
        event(tenant, "contact", f"c{n}", {"email": f"c{n}@x.example"}, event_id=f"c{n}", time=NOW)
        for n in range(CONTACTS_EACH)
        if round_ == 1
    ]
    linked = {"requester": [{"email": f"c{round_}@x.example"}]}
    return [
        *people,
        event(tenant, "ticket", str(round_), {}, event_id=f"t{round_}", time=NOW, relationships=linked),
    ]


async def test_no_more_contacts_are_indexed_at_the_same_time_than_allowed(
    clickhouse: ClickHouseSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled: list[int] = []
    fill = ContactIndex.fill

    async def counted(index: ContactIndex, contacts: Iterable[EntryRows], *, aliased: bool) -> None:
        await fill(index, contacts, aliased=aliased)
        filled.append(await index._size())  # what the engine holds

    monkeypatch.setattr(ContactIndex, "fill", counted)
    monkeypatch.setattr(build, "INDEXED_AT_ONCE", 2 * CONTACTS_EACH)
    async with memory_pipeline(clickhouse.model_copy(update={"database": "refresh_shares"}), NOW) as pipeline:
        for tenant in TENANTS:
            await pipeline.define(tenant, tickets())
        for round_ in range(3):
            await pipeline.send([sent for tenant in TENANTS for sent in _events(tenant, round_)])
            run = await pipeline.refresh()
            assert (run.state, run.reason, pipeline.manifest.failed_objects) == ("published", None, ())
        for tenant in TENANTS:
            rows = await pipeline.rows(tenant, "ticket")
            assert {record: row["links_requester"] for record, row in rows.items()} == {n: [f"c{n}"] for n in "012"}
    whole = 2 * CONTACTS_EACH * NAMES_EACH
    assert filled == [0, *[whole, whole, whole // 2] * 2]
