"""What saved reports would lose by a new definition."""

from typing import Any

import pytest

from crosslook.contracts.documents import HOLE_PREFIX
from crosslook.contracts.reports import Dashboard, Look
from crosslook.platform.errors import StateUnreadable
from tests.unit.schema_service.dataset import NOW, Dataset, create
from tests.unit.schema_service.samples import TICKET, without

CSAT = {"object": "ticket", "measures": ["ticket.csat.avg"], "dimensions": ["contact.country"]}
COUNT = {"object": "ticket", "measures": ["ticket.count"]}


async def save(dataset: Dataset, identity: str, request: Any, tenant: str = "acme", **more: Any) -> None:
    """A Look as query_service stores it."""
    saved = {"tenant": tenant, "id": identity, "version": 1, "name": identity, "created_at": NOW, "updated_at": NOW}
    look = Look.model_validate({**saved, "request": request, **more})
    await dataset.reports.put(look.key, look.encode())


async def save_dashboard(dataset: Dataset, identity: str, *tiles: Any, tenant: str = "acme") -> None:
    """A dashboard as query_service stores it."""
    saved = {"tenant": tenant, "id": identity, "version": 1, "name": identity, "created_at": NOW, "updated_at": NOW}
    dashboard = Dashboard.model_validate({**saved, "tiles": tiles})
    await dataset.reports.put(dashboard.key, dashboard.encode())


async def lost(dataset: Dataset, body: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    """Kind, id and losses."""
    preview = await dataset.registry.preview("acme", "ticket", body, None)
    assert list(preview.problems) == []
    return [(impact.kind.value, impact.id, impact.loses) for impact in preview.impact]


async def test_the_impact_is_the_saved_reports_that_use_what_a_put_removes(dataset: Dataset) -> None:
    await create(dataset)
    await save(dataset, "b", CSAT, relationship="requester")
    await save(dataset, "A", COUNT, relationship="requester")
    await save(dataset, "untouched", COUNT)
    await save_dashboard(dataset, "z", {"look": "b"}, {"request": COUNT})
    assert await lost(dataset, without("csat")) == [
        ("dashboard", "z", ("ticket.csat",)),
        ("look", "b", ("ticket.csat",)),
    ]
    assert await lost(dataset, {**without("csat"), "relationships": []}) == [
        ("dashboard", "z", ("ticket.csat", "ticket.requester")),
        ("look", "A", ("ticket.requester",)),
        ("look", "b", ("ticket.csat", "ticket.requester")),
    ]


async def test_reports_that_were_deleted_and_those_of_others_are_none(dataset: Dataset) -> None:
    await create(dataset)
    await save(dataset, "mine", CSAT)
    await save(dataset, "theirs", CSAT, tenant="globex")
    await save_dashboard(dataset, "shows", {"look": "theirs"})
    assert [name for _, name, _ in await lost(dataset, without("csat"))] == ["mine"]
    await dataset.reports.put("acme/look/mine", None)
    assert await lost(dataset, without("csat")) == []


@pytest.mark.parametrize("key", ["acme/look/x", "acme/dashboard/x"])
async def test_a_report_that_cannot_be_read_is_not_left_out_without_a_word(dataset: Dataset, key: str) -> None:
    await create(dataset)
    dataset.reports_topic.append(key, b"{")
    with pytest.raises(StateUnreadable):
        await lost(dataset, without("csat"))
    assert await lost(dataset, TICKET) == [], "nothing is removed, so nothing is lost"
    dataset.reports_topic.append(key, None)
    assert await lost(dataset, without("csat")) == []


async def test_a_report_of_another_tenant_that_cannot_be_read_is_no_obstacle(dataset: Dataset) -> None:
    await create(dataset)
    dataset.reports_topic.append("globex/look/x", b"{")
    assert await lost(dataset, without("csat")) == []


async def test_what_a_damaged_batch_held_may_be_anybodys(dataset: Dataset) -> None:
    await create(dataset)
    await save(dataset, "known", CSAT)
    dataset.reports._fold.damaged(100, 101)
    assert any(key.startswith(HOLE_PREFIX) for key in dataset.reports.unreadable)
    with pytest.raises(StateUnreadable):
        await lost(dataset, without("csat"))
