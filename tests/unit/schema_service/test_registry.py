"""The registry on a log in memory: what it publishes, versions, preconditions, tenants."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.schemas import definition_json
from crosslook.platform.errors import (
    AppError,
    Conflict,
    Invalid,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    QuotaExceeded,
)
from crosslook.platform.log_store.protocol import WriterFenced
from crosslook.platform.plan_settings import QuotaSettings
from services.schema_service.domain.definition import Limits
from tests.unit.schema_service.dataset import KEY, NOW, Dataset, change, contact, create, event_at
from tests.unit.schema_service.samples import TICKET, ticket, without


async def test_a_new_object_is_published_as_the_contract_says(dataset: Dataset) -> None:
    view = await create(dataset)
    assert view.record.state.version == 1
    event = event_at(dataset)
    assert len(event.pop("id")) == 32
    assert event == {
        "specversion": "1.0",
        "source": "/schema_service",
        "type": "crosslook.schema.created.v1",
        "time": "2026-11-24T22:00:00Z",
        "datacontenttype": "application/json",
        "data": {
            "tenant": "acme",
            "object": "ticket",
            "version": 1,
            "since_version": 1,
            "reportable_since": 1,
            "definition": TICKET,
        },
    }


async def test_objects_beyond_the_quota_are_refused_with_limit_and_usage() -> None:
    dataset = await Dataset(quotas=QuotaSettings(objects=2)).start()
    await dataset.registry.create("acme", TICKET, KEY)
    await dataset.registry.create("acme", {**TICKET, "object": "booking"}, None)
    with pytest.raises(QuotaExceeded) as refused:
        await dataset.registry.create("acme", {**TICKET, "object": "asset"}, None)
    assert (refused.value.status, refused.value.problem.values) == (403, {"limit": 2, "usage": 2})
    assert (await dataset.registry.create("acme", TICKET, KEY)).record.state.object == "ticket", (
        "a repeat makes nothing"
    )
    await dataset.registry.create("globex", TICKET, None)
    await dataset.registry.delete("acme", "booking", None)
    with pytest.raises(QuotaExceeded, match="quota_exceeded"):  # it is in the reports until the next refresh
        await dataset.registry.create("acme", {**TICKET, "object": "asset"}, None)


async def test_a_change_and_a_deletion_are_published_as_the_contract_says(dataset: Dataset) -> None:
    await create(dataset)
    dataset.clock.at += timedelta(hours=1)
    await change(dataset, without("csat"), 1)
    event = event_at(dataset)
    assert (event["type"], event["time"]) == ("crosslook.schema.changed.v1", "2026-11-24T23:00:00Z")
    assert event["createdtime"] == "2026-11-24T22:00:00Z"
    assert event["data"]["definition"] == without("csat")
    await dataset.registry.delete("acme", "ticket", None)
    event = event_at(dataset)
    assert event["type"] == "crosslook.schema.deleted.v1"
    assert event["data"] == {"tenant": "acme", "object": "ticket", "version": 3, "since_version": 1}


async def test_the_times_of_an_object_are_those_of_its_first_and_its_last_change(dataset: Dataset) -> None:
    await create(dataset)
    dataset.clock.at += timedelta(hours=1)
    view = await change(dataset, without("csat"), 1)
    assert (view.record.created_at, view.record.updated_at) == (NOW, NOW + timedelta(hours=1))
    assert dataset.objects.get("acme", "ticket") == view


async def test_the_version_of_the_log_and_of_the_state_are_one(dataset: Dataset) -> None:
    await create(dataset)
    await change(dataset, without("csat"), 1)
    await dataset.registry.change("acme", CONTACT, contact({"slug": "vip", "type": "boolean"}, dataset=dataset), '"1"')
    for key, version in ((KEY, 2), ("acme/contact", 2)):
        entry = dataset.store.get(key)
        assert entry is not None
        assert entry.version == event_at(dataset, key)["data"]["version"] == version


async def test_a_name_that_is_there_is_taken(dataset: Dataset) -> None:
    await create(dataset)
    with pytest.raises(Conflict) as caught:
        await create(dataset)
    assert caught.value.problem.code == "slug_taken"
    assert dataset.store.get(KEY) is not None
    assert event_at(dataset)["data"]["version"] == 1


async def test_the_built_in_contact_is_taken_and_cannot_be_deleted(dataset: Dataset) -> None:
    with pytest.raises(Conflict) as caught:
        await create(dataset, ticket(object="contact"))
    assert caught.value.problem.text == "slug_taken.built_in"
    with pytest.raises(Conflict) as caught:
        await dataset.registry.delete("acme", CONTACT, None)
    assert caught.value.problem.code == "built_in"


async def test_a_change_needs_the_version_that_was_read(dataset: Dataset) -> None:
    await create(dataset)
    with pytest.raises(PreconditionRequired):
        await dataset.registry.change("acme", "ticket", without("csat"), None)
    await change(dataset, without("csat"), 1)
    with pytest.raises(PreconditionFailed) as caught:
        await change(dataset, TICKET, 1)
    assert caught.value.problem.values == {"current": 2, "sent": '"1"'}


async def test_the_precondition_is_checked_before_the_body(dataset: Dataset) -> None:
    await create(dataset)
    with pytest.raises(PreconditionFailed):
        await change(dataset, {"rubbish": True}, 9)


async def test_the_same_definition_again_writes_nothing(dataset: Dataset) -> None:
    await create(dataset)
    before = dataset.store.position
    view = await change(dataset, TICKET, 1)
    assert view.record.state.version == 1
    assert dataset.store.position == before


async def test_of_two_changes_at_once_one_is_told_that_it_is_late(dataset: Dataset) -> None:
    await create(dataset)
    bodies = (without("csat"), without("tags"))
    results = await asyncio.gather(*(change(dataset, body, 1) for body in bodies), return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["ObjectView", "PreconditionFailed"]


async def test_a_refused_change_names_every_problem_and_writes_nothing(dataset: Dataset) -> None:
    await create(dataset)
    before = dataset.store.position
    body = ticket(fields=[{"slug": "csat", "type": "text", "x": 1}])
    with pytest.raises(Invalid) as caught:
        await change(dataset, body, 1)
    assert [(error.code, error.pointer) for error in caught.value.errors] == [
        ("unknown_property", "/fields/0/x"),
        ("type_changed", "/fields/0/type"),
    ]
    assert dataset.store.position == before


async def test_a_preview_tells_the_changes_and_writes_nothing(dataset: Dataset) -> None:
    await create(dataset)
    before = dataset.store.position
    preview = await dataset.registry.preview("acme", "ticket", without("csat"), None)
    assert [item.kind.value for item in preview.changes] == ["field_removed"]
    assert list(preview.problems) == []
    refused = await dataset.registry.preview("acme", "ticket", {**TICKET, "object": "case"}, '"1"')
    assert [problem.code for problem in refused.problems] == ["object_mismatch"]
    assert refused.changes == ()
    with pytest.raises(PreconditionFailed):
        await dataset.registry.preview("acme", "ticket", TICKET, '"3"')
    assert dataset.store.position == before


async def test_the_contact_is_changed_from_its_built_in_version_on(dataset: Dataset) -> None:
    assert dataset.objects.get("acme", CONTACT).record.state.version == 1
    body = contact({"slug": "segment", "type": "text"}, dataset=dataset)
    view = await dataset.registry.change("acme", CONTACT, body, '"1"')
    assert view.record.state.version == 2
    other = await dataset.restarted()
    found = other.objects.get("acme", CONTACT).record.state.definition
    assert found is not None
    assert definition_json(found) == body


async def test_deleting_again_changes_nothing_and_says_the_same(dataset: Dataset) -> None:
    await create(dataset)
    first = await dataset.registry.delete("acme", "ticket", None)
    assert await dataset.registry.delete("acme", "ticket", '"1"') == first


async def test_a_deletion_keeps_to_the_version_it_was_meant_for(dataset: Dataset) -> None:
    await create(dataset)
    with pytest.raises(PreconditionFailed):
        await dataset.registry.delete("acme", "ticket", '"7"')
    assert dataset.objects.get("acme", "ticket").record.state.version == 1


async def test_a_deleted_object_cannot_be_changed_while_it_leaves(dataset: Dataset) -> None:
    await create(dataset)
    await dataset.registry.delete("acme", "ticket", None)
    with pytest.raises(Conflict) as caught:
        await change(dataset, TICKET, 2)
    assert caught.value.problem.message("en") == (
        "The object ticket was deleted; it can be created again after the next refresh (2026-11-25T11:30:00Z)."
    )
    with pytest.raises(Conflict):
        await dataset.registry.preview("acme", "ticket", TICKET, None)


async def test_what_is_too_large_for_one_message_is_refused_and_not_written(dataset: Dataset) -> None:
    options = [{"value": f"{n:0150}", "label": "l" * 190} for n in range(500)]
    fields = [{"slug": f"f{n}", "type": "dropdown", "options": options} for n in range(50)]
    with pytest.raises(AppError) as caught:
        await create(dataset, ticket(fields=fields))
    assert (caught.value.status, caught.value.problem.code) == (413, "body_too_large")
    assert dataset.store.get(KEY) is None


async def test_limits_of_the_settings_are_kept() -> None:
    dataset = await Dataset(limits=Limits(fields=2)).start()
    with pytest.raises(Invalid) as caught:
        await create(dataset)
    assert [error.code for error in caught.value.errors] == ["too_many_fields"]


async def test_what_is_missing_is_told_with_what_was_probably_meant(dataset: Dataset) -> None:
    await create(dataset)
    with pytest.raises(NotFound) as caught:
        dataset.objects.get("acme", "tiket")
    assert (caught.value.problem.code, caught.value.problem.suggestion) == ("unknown_object", "ticket")
    with pytest.raises(NotFound) as caught:
        dataset.objects.get("globex", "tiket")
    assert caught.value.problem.suggestion is None


async def test_tenants_never_see_each_other(dataset: Dataset) -> None:
    await create(dataset)
    await dataset.registry.create("globex", ticket(object="case"), None)
    assert [dataset_object.record.state.object for dataset_object in dataset.objects.page("globex", None, 10)] == [
        "case",
        "contact",
    ]
    with pytest.raises(NotFound):
        dataset.objects.get("globex", "ticket")


async def test_a_list_goes_on_behind_an_object(dataset: Dataset) -> None:
    for slug in ("asset", "order", "ticket"):
        await create(dataset, ticket(object=slug))
    assert [dataset_object.record.state.object for dataset_object in dataset.objects.page("acme", "contact", 1)] == [
        "order"
    ]
    assert [dataset_object.record.state.object for dataset_object in dataset.objects.page("acme", "order", 5)] == [
        "ticket"
    ]


async def test_where_tenants_are_closed_an_unknown_one_has_nothing() -> None:
    dataset = await Dataset(tenants_open=False).start()
    calls: list[Callable[[], Awaitable[object]]] = [
        lambda: create(dataset),
        lambda: change(dataset, TICKET, 1),
        lambda: dataset.registry.delete("acme", "ticket", None),
    ]
    for call in calls:
        with pytest.raises(NotFound) as caught:
            await call()
        assert caught.value.problem.code == "unknown_tenant"
    with pytest.raises(NotFound):
        dataset.objects.page("acme", None, 10)
    await dataset.tenants.put("acme", {"plan": "enterprise"})
    assert (await create(dataset)).record.state.version == 1
    await dataset.tenants.put("acme", {"status": "suspended"})
    with pytest.raises(NotFound):
        dataset.objects.get("acme", "ticket")


async def test_a_writer_that_was_taken_over_writes_nothing_more(dataset: Dataset) -> None:
    await create(dataset)
    other = await dataset.restarted()
    with pytest.raises(WriterFenced):
        await change(dataset, without("csat"), 1)
    assert (await change(other, without("csat"), 1)).record.state.version == 2
