"""What a difference between the service and the model looks like: the seed, and the least question that shows it."""

from typing import Any, cast

import pytest

from tests.helpers.differential import Difference
from tests.helpers.oracle_trials import SEED, Trials
from tests.helpers.query_service import QueryStack
from tests.helpers.random_dataset import World, worlds


def _trials() -> Trials:
    return Trials(cast(QueryStack, None), worlds("1", 2))


async def _no_descending_order(trials: Trials, world: World, question: dict[str, Any]) -> None:
    if any(item["direction"] == "desc" for item in question.get("sort", [])):
        raise Difference("order: wrong")


async def test_a_difference_is_reported_with_the_least_question_that_shows_it() -> None:
    with pytest.raises(AssertionError) as raised:
        await _trials().run("lists", _no_descending_order, 50)
    text = str(raised.value)
    assert f"seed '{SEED}/lists/" in text
    question = text[text.index("{") : text.rindex("}") + 1]
    assert "'direction': 'desc'" in question
    assert "filters" not in question
    assert "limit" not in question


async def test_no_difference_is_no_error() -> None:
    async def same(trials: Trials, world: World, question: dict[str, Any]) -> None:
        assert question["snapshot"] == world.snapshot

    await _trials().run("lists", same, 20)


def test_the_same_seed_makes_the_same_records_and_another_one_others() -> None:
    assert worlds("7", 3) == worlds("7", 3)
    assert worlds("7", 3) != worlds("8", 3)
    as_ofs = [world.as_of for world in worlds("7", 8)]
    assert as_ofs == sorted(as_ofs)
