"""A release that lays rows out in another way reads those of the release before, and writes them anew. The format of
the release to come is made up; the engine is real."""

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from typing import cast

import pytest

from crosslook.contracts import layouts
from crosslook.contracts.layouts import LAYOUT_FORMAT, LAYOUT_FORMATS, LayoutFormat, layout_of
from crosslook.contracts.schemas import BUILT_IN_CONTACT, FieldType
from crosslook.platform.settings import ClickHouseSettings
from services.snapshot_service.domain import decision
from tests.helpers.builders import STATUS, event, object_key
from tests.helpers.memory_pipeline import MemoryPipeline, memory_pipeline
from tests.helpers.refresher import NOW, tickets

NEXT = LAYOUT_FORMAT + 1
TODAY = LAYOUT_FORMATS[LAYOUT_FORMAT]
WIDER = "Nullable(Decimal(38, 4))"


@pytest.fixture
async def pipeline(clickhouse: ClickHouseSettings) -> AsyncIterator[MemoryPipeline]:
    async with memory_pipeline(clickhouse.model_copy(update={"database": "layout_formats"}), NOW) as running:
        yield running


async def test_rows_of_the_format_before_are_read_with_the_columns_that_it_has(
    pipeline: MemoryPipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    await pipeline.define("acme", tickets(STATUS))
    sent = [event("acme", "ticket", name, {"amount": "1.5"}, event_id=name, time=NOW) for name in ("kept", "patched")]
    sent.append(
        event("acme", "ticket", "patched", {"status": "open"}, event_id="p", time=NOW, sequence=1, kind="patch")
    )
    await pipeline.send(sent)
    assert (await pipeline.refresh()).state == "published"
    before = (await pipeline.entries())[object_key("acme")]
    for layout in (layout_of(tickets(STATUS)), layout_of(BUILT_IN_CONTACT)):
        await pipeline.context.clickhouse.command(f"ALTER TABLE {layout.table} DROP COLUMN event_id")

    formats = cast("dict[int, LayoutFormat]", LAYOUT_FORMATS)
    fixed = tuple(column for column in TODAY.fixed if column[0] != "event_id")
    monkeypatch.setitem(formats, LAYOUT_FORMAT, replace(TODAY, fixed=fixed))
    monkeypatch.setitem(formats, NEXT, replace(TODAY, types={FieldType.CURRENCY: WIDER}))
    for module in (layouts, decision):
        monkeypatch.setattr(module, "LAYOUT_FORMAT", NEXT)
    await pipeline.send([event("acme", "ticket", "new", {"amount": "2"}, event_id="new", time=NOW)])
    run = await pipeline.refresh()

    assert (run.state, pipeline.manifest.failed_objects) == ("published", ())
    after = (await pipeline.entries())[object_key("acme")]
    assert (before.layout.partition("_")[0], after.layout.partition("_")[0]) == (str(LAYOUT_FORMAT), str(NEXT))
    rows = await pipeline.rows("acme", "ticket")
    assert {name: (row["f_amount"], row["f_status"], row["event_id"]) for name, row in rows.items()} == {
        "kept": (Decimal("1.5"), None, ""),
        "patched": (Decimal("1.5"), "open", ""),
        "new": (Decimal(2), None, "new"),
    }
    assert (before.patches, after.patches) == (1, 1)
    assert WIDER in dict(layout_of(tickets(STATUS)).columns).values()

    again = await pipeline.refresh()
    assert again.state == "published"
    assert pipeline.manifest.rebuilt == 0, "it is written anew once"
