"""How a measure counts so that a join never inflates it, told by counting pairs."""

import math
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import partial
from itertools import groupby
from statistics import stdev
from typing import Any

import pytest

from crosslook.contracts.schemas import FieldType, RelationshipDef
from services.query_service.domain.catalog import Measure
from services.query_service.domain.column_types import aggregates_of
from services.query_service.domain.plan import Counting, Join, counting, repeats
from services.query_service.domain.report import MeasureColumn
from services.query_service.domain.row_terms import Side
from services.query_service.domain.terms import Aggregate
from tests.helpers.builders import REQUESTER, WATCHERS, fields

(FIELD,) = fields(value="number")
VALUES = {"t1": 5.0, "t2": 1.0, "t3": 5.0, "c1": 40.0, "c2": 2.0}
"""The value of each entity, tickets and contacts."""
PAIRS = {REQUESTER: [("t1", "c1"), ("t2", "c1"), ("t3", "c2")], WATCHERS: [("t1", "c1"), ("t1", "c2"), ("t2", "c1")]}
"""Over a single relationship each ticket has one contact; over a `many` one a ticket stands in several pairs."""


def column(side: Side, aggregate: Aggregate) -> MeasureColumn:
    return MeasureColumn(side, Measure("ticket", aggregate, None if aggregate is Aggregate.COUNT else FIELD))


def median(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def percentile(values: Iterable[float], share: Fraction) -> float:
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below, above = ordered[math.floor(place)], ordered[math.ceil(place)]
    return float(below + (above - below) * (place - math.floor(place)))


OF_VALUES: Mapping[Aggregate, Callable[[list[float]], float]] = {
    Aggregate.COUNT: len,
    Aggregate.SUM: sum,
    Aggregate.AVG: lambda values: sum(values) / len(values),
    Aggregate.MIN: min,
    Aggregate.MAX: max,
    Aggregate.MEDIAN: median,
    Aggregate.P90: partial(percentile, share=Fraction(9, 10)),
    Aggregate.P95: partial(percentile, share=Fraction(19, 20)),
    Aggregate.STDDEV: lambda values: stdev(values) if len(values) > 1 else 0,
    Aggregate.COUNT_DISTINCT: lambda values: len(set(values)),
}


def counted(entities: list[str], aggregate: Aggregate, how: Counting) -> float:
    """The measure over the entities of a group's rows, counted in this way."""
    if how is Counting.DISTINCT:
        return len(set(entities))
    if how is Counting.FIRST:
        entities = [entity for entity, _ in groupby(sorted(entities))]
    return OF_VALUES[aggregate]([VALUES[entity] for entity in entities])


@pytest.mark.parametrize("aggregate", Aggregate)
@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("relationship", [REQUESTER, WATCHERS], ids=["single", "many"])
def test_a_measure_over_pairs_is_the_measure_over_their_distinct_entities(
    relationship: RelationshipDef, side: Side, aggregate: Aggregate
) -> None:
    entities = [pair[0 if side is Side.BASE else 1] for pair in PAIRS[relationship]]
    how = counting(column(side, aggregate), Join.PAIRS, relationship)
    expected = OF_VALUES[aggregate]([VALUES[entity] for entity in sorted(set(entities))])
    assert counted(entities, aggregate, how) == expected


@pytest.mark.parametrize(
    ("side", "join", "relationship", "expected"),
    [
        (Side.BASE, Join.NONE, None, False),
        (Side.CONTACT, Join.SEMI, WATCHERS, False),
        (Side.BASE, Join.SEMI, WATCHERS, False),
        (Side.BASE, Join.PAIRS, REQUESTER, False),
        (Side.BASE, Join.PAIRS, WATCHERS, True),
        (Side.BASE, Join.PAIRS, None, True),
        (Side.CONTACT, Join.PAIRS, REQUESTER, True),
        (Side.CONTACT, Join.PAIRS, WATCHERS, True),
    ],
)
def test_an_entity_repeats_only_in_pairs_and_a_record_only_where_it_can_have_several_contacts(
    side: Side, join: Join, relationship: RelationshipDef | None, expected: bool
) -> None:
    assert repeats(side, join, relationship) is expected


@pytest.mark.parametrize("aggregate", Aggregate)
@pytest.mark.parametrize(("join", "relationship"), [(Join.NONE, None), (Join.SEMI, WATCHERS), (Join.PAIRS, REQUESTER)])
def test_where_no_record_repeats_its_rows_are_taken_as_they_are(
    join: Join, relationship: RelationshipDef | None, aggregate: Aggregate
) -> None:
    assert counting(column(Side.BASE, aggregate), join, relationship) is Counting.EACH


def test_every_measure_of_every_field_type_is_covered_here() -> None:
    used: set[Any] = {aggregate for kind in FieldType for aggregate in aggregates_of(kind)}
    assert used | {Aggregate.COUNT} <= OF_VALUES.keys()
