"""Objects on their way through the refreshes (R2, R3, R5): the registry on logs in memory."""

from datetime import timedelta

import pytest

from crosslook.contracts.ids import CONTACT
from crosslook.platform.errors import Conflict, Invalid, NotFound
from services.schema_service.domain.reports import ReportState
from tests.unit.schema_service.dataset import NEXT, NOW, Dataset, change, contact, create, manifest, states
from tests.unit.schema_service.samples import ticket, with_field, without


async def test_objects_come_into_the_reports_change_there_and_leave_by_refreshes_only(dataset: Dataset) -> None:
    await create(dataset)
    assert states(dataset) == {"contact": "pending", "ticket": "pending"}
    await dataset.publish(1)
    assert states(dataset) == {"contact": "available", "ticket": "available"}
    await change(dataset, without("csat"), 1)
    assert states(dataset)["ticket"] == "changing"
    await dataset.publish(2)
    assert states(dataset)["ticket"] == "available"
    left = await dataset.registry.delete("acme", "ticket", '"2"')
    assert (left.in_reports.state, left.in_reports.start) == (ReportState.LEAVING, NEXT)
    with pytest.raises(Conflict) as caught:
        await create(dataset)
    assert caught.value.problem.text == "slug_taken.leaving"
    await dataset.publish(3)
    assert states(dataset) == {"contact": "available"}
    with pytest.raises(NotFound):
        dataset.objects.get("acme", "ticket")
    again = await create(dataset)
    assert (again.record.state.version, again.record.state.since_version) == (4, 4)
    assert again.in_reports.state is ReportState.PENDING
    await dataset.publish(4)
    assert states(dataset)["ticket"] == "available"


async def test_a_contact_changed_after_the_cut_is_changing_not_pending(dataset: Dataset) -> None:
    await create(dataset)
    await dataset.publish(1)
    body = contact({"slug": "segment", "type": "text"}, dataset=dataset)
    view = await dataset.registry.change("acme", CONTACT, body, '"1"')
    assert view.in_reports.state is ReportState.CHANGING


async def test_the_contact_of_a_tenant_that_came_after_the_cut_is_pending(dataset: Dataset) -> None:
    await dataset.publish(1)
    await create(dataset)
    assert states(dataset) == {"contact": "pending", "ticket": "pending"}


async def test_an_object_that_failed_keeps_what_the_last_good_snapshot_showed(dataset: Dataset) -> None:
    await create(dataset)
    await dataset.publish(1, as_of=NOW - timedelta(days=2))
    await dataset.registry.delete("acme", "ticket", None)
    await create(dataset, ticket(object="case"))
    failed = [("acme", "case"), ("acme", "contact"), ("acme", "ticket")]
    await dataset.publish(2, failed=failed, as_of=NOW - timedelta(days=1))
    await dataset.publish(3, failed=failed)
    assert states(dataset) == {"case": "failed", "contact": "failed", "ticket": "leaving"}
    with pytest.raises(Conflict):
        await create(dataset)
    await dataset.publish(4)
    assert states(dataset) == {"case": "available", "contact": "available"}


async def test_of_an_object_that_failed_the_answer_says_whether_reports_show_anything(dataset: Dataset) -> None:
    await create(dataset)
    await dataset.publish(1)
    await create(dataset, ticket(object="case"))
    await dataset.publish(2, failed=[("acme", "case"), ("acme", "ticket")])
    assert states(dataset) == {"case": "failed", "contact": "available", "ticket": "failed"}
    case, shown = (dataset.objects.get("acme", name).in_reports for name in ("case", "ticket"))
    assert (case.since, shown.since) == (None, NOW)
    assert [view.reason.code for view in (case, shown) if view.reason] == [
        "in_reports.failed_unseen",
        "in_reports.failed",
    ]


@pytest.mark.parametrize("failed", [("globex", "ticket"), ("acme", "case")])
async def test_anothers_failure_is_nobody_elses(dataset: Dataset, failed: tuple[str, str]) -> None:
    await create(dataset)
    await dataset.publish(1, failed=[failed])
    assert states(dataset)["ticket"] == "available"


async def test_a_restored_snapshot_shows_what_it_showed(dataset: Dataset) -> None:
    await create(dataset)
    first = manifest(1, dataset.store.position)
    await dataset.publish(1)
    await dataset.registry.delete("acme", "ticket", None)
    await dataset.publish(2)
    assert "ticket" not in states(dataset)
    await dataset.restore(first)
    assert states(dataset)["ticket"] == "leaving"


async def test_since_when_an_object_has_been_there_is_told_as_far_as_it_is_known(dataset: Dataset) -> None:
    await dataset.publish(1, as_of=NOW - timedelta(days=3))
    await create(dataset)
    for number in (2, 3, 4):
        await dataset.publish(number, as_of=NOW - timedelta(days=4 - number))
    assert dataset.objects.get("acme", "ticket").in_reports.since == NOW - timedelta(days=2)


async def test_a_removed_slug_is_free_for_another_type_after_the_next_refresh(dataset: Dataset) -> None:
    await create(dataset)
    await dataset.publish(1)
    await change(dataset, without("csat"), 1)
    text = without("csat")
    text["fields"].append({"slug": "csat", "type": "text"})
    with pytest.raises(Invalid) as caught:
        await change(dataset, text, 2)
    assert [(error.code, error.pointer) for error in caught.value.errors] == [("slug_reused", "/fields/4/slug")]
    await dataset.publish(2)
    assert (await change(dataset, text, 2)).record.state.version == 3


async def test_a_field_more_costs_nobody_his_reportable_state(dataset: Dataset) -> None:
    await create(dataset, without("requester"))
    await dataset.publish(1)
    assert states(dataset)["ticket"] == "not_reportable"
    await change(dataset, with_field(slug="note", type="text"), 1)
    assert states(dataset)["ticket"] == "pending"
    await dataset.publish(2)
    assert states(dataset)["ticket"] == "available"
