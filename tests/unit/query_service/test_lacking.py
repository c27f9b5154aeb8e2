"""What a report is told that the snapshot before lacks of what it compares (meaning 11)."""

from typing import Any

import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from services.query_service.domain.warnings import lacking
from tests.helpers.builders import definition, fields, without_fields
from tests.unit.query_service.dataset import BOOKING, TICKET, catalog, resolved

CSAT = {"field": "ticket.csat", "op": "gte", "values": [3]}


def told(before: Definition, **asked: Any) -> list[tuple[str, str]]:
    """(place, code) of what the earlier snapshot lacks of a report on tickets."""
    report, problems = resolved({"object": "ticket", **asked})
    assert report is not None, problems
    return [(problem.pointer, problem.code) for problem in lacking(report, catalog(BUILT_IN_CONTACT, before))]


def with_type(kind: str) -> Definition:
    """Tickets whose csat has this type."""
    others = without_fields(TICKET, "csat")
    return definition(*others.fields, *fields(csat=kind), relationships=others.relationships)


@pytest.mark.parametrize("before", [without_fields(TICKET, "csat"), with_type("text"), with_type("currency")])
def test_a_field_that_was_missing_or_had_another_type_is_told_at_each_of_its_places(before: Definition) -> None:
    asked = {"dimensions": ["ticket.csat", "ticket.status"], "measures": ["ticket.count", "ticket.csat.avg"]}
    assert told(before, **asked, filters=CSAT) == [
        ("/dimensions/0", "not_in_previous"),
        ("/measures/1", "not_in_previous"),
        ("/filters", "not_in_previous"),
    ]


def test_a_field_of_the_same_type_is_not_told() -> None:
    assert told(with_type("number"), dimensions=["ticket.csat"], measures=["ticket.csat.avg"], filters=CSAT) == []


def test_an_object_or_a_relationship_that_was_missing_is_told() -> None:
    assert told(BOOKING, measures=["ticket.count"]) == [("/object", "not_in_previous")]
    alone = definition(
        *TICKET.fields,
        relationships=tuple(relationship for relationship in BOOKING.relationships if relationship.slug == "guests"),
    )
    asked = {"dimensions": ["contact.country"], "measures": ["ticket.count"], "relationship": "requester"}
    assert told(alone, **asked) == [("/relationship", "not_in_previous")]
