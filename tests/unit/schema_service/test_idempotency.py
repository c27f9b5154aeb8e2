"""A creation that is repeated with its Idempotency-Key (ARCHITECTURE 3)."""

import asyncio

import pytest

from crosslook.platform.errors import AppError, Conflict
from tests.unit.schema_service.samples import TICKET, ticket, without
from tests.unit.schema_service.world import World, change, create


async def test_a_repeated_creation_is_answered_with_the_object_it_made(world: World) -> None:
    first = await create(world, key="k1")
    position = world.store.position
    turned = dict(reversed(list(TICKET.items())))
    assert await create(world, turned, key="k1") == first
    assert world.store.position == position


async def test_a_repeat_is_recognised_after_a_restart_and_after_a_change(world: World) -> None:
    await create(world, key="k1")
    await change(world, without("csat"), 1)
    other = await world.restarted()
    assert (await create(other, key="k1")).record.state.version == 2


async def test_a_key_belongs_to_one_body_of_one_tenant(world: World) -> None:
    await create(world, key="k1")
    for body in (without("csat"), ticket(object="case")):
        with pytest.raises(AppError) as caught:
            await create(world, body, key="k1")
        assert (caught.value.status, caught.value.problem.code) == (422, "idempotency_conflict")
    other = await world.registry.create("globex", TICKET, "k1")
    assert other.record.state.tenant == "globex"


async def test_a_key_is_forgotten_with_the_object_it_made(world: World) -> None:
    await create(world, key="k1")
    await world.registry.delete("acme", "ticket", None)
    with pytest.raises(Conflict):
        await create(world, key="k1")
    await world.publish(1)
    assert (await create(world, key="k1")).record.state.version == 3


async def test_of_two_equal_creations_at_once_one_makes_and_both_answer_the_object(world: World) -> None:
    first, second = await asyncio.gather(create(world, key="k1"), create(world, key="k1"))
    assert first == second
    one, two = await asyncio.gather(
        create(world, ticket(object="case")), create(world, ticket(object="case")), return_exceptions=True
    )
    assert sorted([type(one).__name__, type(two).__name__]) == ["Conflict", "ObjectView"]
