"""What a schema offers to reports, what waits for the next refresh, and what an answer warns of."""

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition, FieldType, SchemaState
from services.query_service.domain.catalog import Catalog
from services.query_service.domain.pending import Pending, PendingPart, not_reportable, pending
from services.query_service.domain.warnings import warnings_of
from tests.helpers.builders import state, without_fields
from tests.unit.query_service.dataset import ASSET, BOOKING, TICKET, catalog, entry, resolved


def _pending(known: Catalog | None, *states: SchemaState) -> list[Pending]:
    return pending(known, {item.object: item for item in states})


FIGURES = ("sum", "avg", "min", "max", "median", "p90", "p95", "stddev")


def test_every_field_is_a_dimension() -> None:
    booking = catalog().explores["booking"]
    assert [booking.dimension(f"booking.{slug}") for slug in ("price", "minutes")] == list(booking.definition.fields)
    assert booking.dimension("ticket.price") is None


def test_measures_follow_from_the_types_of_fields() -> None:
    assert list(catalog().explores["ticket"].measures()) == [
        "ticket.count",
        "ticket.subject.count_distinct",
        "ticket.status.count_distinct",
        *(f"ticket.{slug}.{aggregate}" for slug in ("csat", "amount") for aggregate in FIGURES),
        "ticket.due_on.min",
        "ticket.due_on.max",
        "ticket.opened_at.min",
        "ticket.opened_at.max",
        "ticket.tags.count_distinct",
        "ticket._id.count_distinct",
        "ticket._updated_at.min",
        "ticket._updated_at.max",
    ]


def test_an_object_without_relationship_to_contact_is_not_offered() -> None:
    known = catalog()
    assert "asset" not in known.explores
    assert list(known.not_reportable) == ["asset"]


def test_contact_is_always_offered_and_joins_nothing() -> None:
    known = catalog(TICKET)
    assert known.contact.definition == BUILT_IN_CONTACT
    assert known.contact.source is None
    assert known.contact.relationships == ()


def test_a_new_object_is_pending_until_the_next_refresh() -> None:
    known = catalog(BUILT_IN_CONTACT, TICKET)
    assert _pending(known, state(BUILT_IN_CONTACT), state(TICKET), state(BOOKING)) == [
        Pending("booking", "created", "Bookings")
    ]


def test_a_changed_object_is_pending() -> None:
    known = catalog(BUILT_IN_CONTACT, TICKET)
    assert _pending(known, state(BUILT_IN_CONTACT), state(TICKET, version=2)) == [
        Pending("ticket", "changed", "Tickets")
    ]


def test_a_deleted_object_is_pending_as_long_as_it_is_shown() -> None:
    shown, gone = catalog(BUILT_IN_CONTACT, TICKET), catalog(BUILT_IN_CONTACT)
    deleted = state(None, name="ticket", version=2)
    assert _pending(shown, state(BUILT_IN_CONTACT), deleted) == [
        Pending("ticket", "deleted", "Tickets", reportable=False)
    ]
    assert _pending(gone, state(BUILT_IN_CONTACT), deleted) == []


def test_before_the_first_snapshot_every_reportable_object_is_pending() -> None:
    assert _pending(None, state(TICKET), state(ASSET)) == [Pending("ticket", "created", "Tickets")]


def test_an_untouched_contact_is_never_pending() -> None:
    assert _pending(catalog(TICKET), state(BUILT_IN_CONTACT), state(TICKET)) == []


def test_a_contact_that_got_fields_is_pending_as_changed() -> None:
    assert _pending(catalog(TICKET), state(BUILT_IN_CONTACT, version=2), state(TICKET)) == [
        Pending("contact", "changed", "Contacts")
    ]


def test_a_changed_object_names_what_it_gets_and_loses_with_labels() -> None:
    sent = without_fields(TICKET, "status").model_dump(exclude_unset=True)
    labels = {"singular": "Request", "plural": "Requests"}
    fields = [*sent["fields"], {"slug": "severity", "label": "Severity", "type": "number"}]
    later = Definition.model_validate({**sent, "labels": labels, "fields": fields, "relationships": []})
    assert _pending(catalog(TICKET), state(later, version=2)) == [
        Pending(
            "ticket",
            "changed",
            "Requests",
            reportable=False,
            added=(PendingPart("ticket.severity", "Severity", FieldType.NUMBER),),
            removed=(
                PendingPart("ticket.requester", "requester", "relationship"),
                PendingPart("ticket.status", "Status", FieldType.DROPDOWN),
            ),
        )
    ]


def test_objects_without_relationship_are_named_whether_built_or_new() -> None:
    states = {"asset": state(ASSET), "ticket": state(TICKET)}
    assert not_reportable(catalog(), states) == [ASSET]
    assert not_reportable(None, states) == [ASSET]
    assert not_reportable(catalog(), {}) == [ASSET]
    assert not_reportable(catalog(), {"asset": state(None, name="asset")}) == []


def test_a_field_that_was_removed_is_answered_with_a_warning_until_it_leaves() -> None:
    request = {"object": "ticket", "dimensions": ["ticket.urgent", "ticket.status"], "measures": ["ticket.csat.avg"]}
    report, _ = resolved(request)
    assert report is not None
    left = {"ticket": state(without_fields(TICKET, "status", "csat"), version=2)}
    found = [(warning.code, warning.pointer) for warning in warnings_of(report, left, {})]
    assert found == [("leaving", "/dimensions/1"), ("leaving", "/measures/0")]


def test_an_object_that_was_deleted_is_answered_with_a_warning_until_it_leaves() -> None:
    report, _ = resolved({"object": "ticket", "measures": ["ticket.count"]})
    assert report is not None
    failed = {"ticket": "x", "contact": "y"}
    found = [
        (warning.code, warning.pointer)
        for warning in warnings_of(report, {"ticket": state(None, name="ticket")}, failed)
    ]
    assert found == [("refresh_failed", ""), ("leaving", "/object")]


def test_an_untroubled_report_has_no_warnings() -> None:
    report, _ = resolved({"object": "ticket", "measures": ["ticket.count"]})
    assert report is not None
    assert warnings_of(report, {"ticket": state(TICKET)}, {"contact": "y"}) == ()


def test_an_entry_names_the_rows_by_its_layout_and_build() -> None:
    one = entry(TICKET, build_number=9)
    source = catalog(TICKET).explores["ticket"].source
    assert source is not None
    assert (source.table, source.build) == (f"records_{one.layout}", 7)
