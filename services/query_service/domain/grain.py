"""The grain of each measure, chosen so that a join never inflates it (meaning 3).

In (record, contact) pairs a contact stands once for each of its records; a record stands once for each of its contacts,
so it repeats only over a `many` relationship. Taking a multiselect apart repeats nothing within a group, because the
values of a record are distinct and each is a group.
"""

from typing import assert_never

from crosslook.contracts.schemas import RelationshipDef
from services.query_service.domain.plan import Counting, Join
from services.query_service.domain.predicates import Side
from services.query_service.domain.report import MeasureColumn
from services.query_service.domain.terms import Aggregate


def repeats(side: Side, join: Join, relationship: RelationshipDef | None) -> bool:
    """Whether an entity of this side can stand in one group more than once."""
    if join is not Join.PAIRS:
        return False
    return side is Side.CONTACT or relationship is None or relationship.many


def counting(column: MeasureColumn, join: Join, relationship: RelationshipDef | None) -> Counting:
    """How the measure must count."""
    if not repeats(column.side, join, relationship):
        return Counting.EACH
    match column.measure.aggregate:
        case Aggregate.COUNT:
            return Counting.DISTINCT
        case Aggregate.MIN | Aggregate.MAX | Aggregate.COUNT_DISTINCT:
            return Counting.EACH
        case Aggregate.SUM | Aggregate.AVG | Aggregate.MEDIAN:
            return Counting.FIRST
        case unknown:
            assert_never(unknown)
