"""Why a name is not in the reports: not yet, no longer, never. The schemas as they stand explain the snapshot."""

from crosslook.contracts.schemas import BUILT_IN_CONTACT, RemovedSlug
from tests.helpers.builders import state, without_fields
from tests.unit.query_service.dataset import (
    ASSET,
    BOOKING,
    TICKET,
    catalog,
    live,
    problems_of,
)

COUNT = {"object": "ticket", "measures": ["ticket.count"]}


def test_a_new_object_is_pending() -> None:
    known, outlook = catalog(BUILT_IN_CONTACT, TICKET), live(state(BOOKING))
    assert problems_of({"object": "booking", "measures": ["booking.count"]}, known, outlook) == [
        ("pending_object", "/object")
    ]


def test_a_new_object_without_relationship_is_not_reportable() -> None:
    known, outlook = catalog(BUILT_IN_CONTACT, TICKET), live(state(ASSET))
    assert problems_of({"object": "asset", "measures": ["x"]}, known, outlook) == [("not_reportable", "/object")]


def test_a_deleted_object_that_left_is_unknown() -> None:
    outlook = live(state(None, name="order"))
    assert problems_of({"object": "order", "measures": ["x"]}, None, outlook) == [("unknown_object", "/object")]


def test_a_new_field_is_pending() -> None:
    before = without_fields(TICKET, "subject")
    known, outlook = catalog(BUILT_IN_CONTACT, before), live(state(TICKET, version=2))
    request = {"object": "ticket", "dimensions": ["ticket.subject"], "measures": ["ticket.subject.count_distinct"]}
    assert problems_of(request, known, outlook) == [
        ("pending_field", "/dimensions/0"),
        ("pending_field", "/measures/0"),
    ]


def test_a_field_that_left_was_removed() -> None:
    removed = (RemovedSlug(slug="channel", version=2),)
    outlook = live(state(TICKET, version=2, removed=removed))
    assert problems_of({**COUNT, "dimensions": ["ticket.channel"]}, None, outlook) == [
        ("removed_field", "/dimensions/0")
    ]


def test_an_object_that_is_only_pending_cannot_be_joined_either() -> None:
    known, outlook = catalog(BUILT_IN_CONTACT, TICKET), live(state(BOOKING))
    assert problems_of({**COUNT, "dimensions": ["booking.price"]}, known, outlook) == [
        ("join_not_allowed", "/dimensions/0")
    ]
