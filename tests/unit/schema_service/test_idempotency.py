"""A creation that is repeated with its Idempotency-Key (ARCHITECTURE 3)."""

import asyncio

import pytest

from crosslook.platform.errors import AppError, Conflict
from tests.unit.schema_service.dataset import Dataset, change, create
from tests.unit.schema_service.samples import TICKET, ticket, without


async def test_a_repeated_creation_is_answered_with_the_object_it_made(dataset: Dataset) -> None:
    first = await create(dataset, key="k1")
    position = dataset.store.position
    turned = dict(reversed(list(TICKET.items())))
    assert await create(dataset, turned, key="k1") == first
    assert dataset.store.position == position


async def test_a_repeat_is_recognised_after_a_restart_and_after_a_change(dataset: Dataset) -> None:
    await create(dataset, key="k1")
    await change(dataset, without("csat"), 1)
    other = await dataset.restarted()
    assert (await create(other, key="k1")).record.state.version == 2


async def test_a_key_belongs_to_one_body_of_one_tenant(dataset: Dataset) -> None:
    await create(dataset, key="k1")
    for body in (without("csat"), ticket(object="case")):
        with pytest.raises(AppError) as caught:
            await create(dataset, body, key="k1")
        assert (caught.value.status, caught.value.problem.code) == (422, "idempotency_conflict")
    other = await dataset.registry.create("globex", TICKET, "k1")
    assert other.record.state.tenant == "globex"


async def test_a_key_is_forgotten_with_the_object_it_made(dataset: Dataset) -> None:
    await create(dataset, key="k1")
    await dataset.registry.delete("acme", "ticket", None)
    with pytest.raises(Conflict):
        await create(dataset, key="k1")
    await dataset.publish(1)
    assert (await create(dataset, key="k1")).record.state.version == 3


async def test_of_two_equal_creations_at_once_one_makes_and_both_answer_the_object(dataset: Dataset) -> None:
    first, second = await asyncio.gather(create(dataset, key="k1"), create(dataset, key="k1"))
    assert first == second
    one, two = await asyncio.gather(
        create(dataset, ticket(object="case")), create(dataset, ticket(object="case")), return_exceptions=True
    )
    assert sorted([type(one).__name__, type(two).__name__]) == ["Conflict", "ObjectView"]
