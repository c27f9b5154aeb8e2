"""Where an object stands in the reports: every state of CONTRACTS 2 (R2, R3, R5)."""

from datetime import UTC, datetime, timedelta

import pytest

from crosslook.contracts.schemas import SchemaState
from services.schema_service.domain.changes import changed, created, deleted
from services.schema_service.domain.reports import Failure, InReports, ReportState, Seen, Sighting, has_left, in_reports
from tests.unit.schema_service.samples import TICKET, definition, state, without

NEXT = datetime(2026, 11, 25, 11, 30, tzinfo=UTC)
TODAY = datetime(2026, 11, 24, 11, 30, tzinfo=UTC)
NEW = state()
CHANGED = changed(NEW, definition(without("csat")), 0)
DELETED = deleted(CHANGED)
LONELY = state(without("requester"))
JOINED = changed(LONELY, definition(TICKET), 0)
UNSAID = NEW.model_copy(update={"reportable_since": None})
AGAIN = created("acme", definition(TICKET), DELETED)


def seen(*versions: int | None, failure: Failure | None = None) -> Seen:
    """Snapshots of the last days, the newest first, with the version at each one's cut."""
    return Seen(tuple(Sighting(TODAY - timedelta(days=n), v) for n, v in enumerate(versions)), failure)


CASES: list[tuple[str, SchemaState, Seen, ReportState, datetime | None, datetime | None]] = [
    ("no snapshot yet", NEW, seen(), ReportState.PENDING, None, NEXT),
    ("made after the cut", NEW, seen(None, None), ReportState.PENDING, None, NEXT),
    ("in the first snapshot", NEW, seen(1), ReportState.AVAILABLE, TODAY, None),
    ("since the oldest that has it", NEW, seen(1, 1, None), ReportState.AVAILABLE, TODAY - timedelta(days=1), None),
    ("changed after the cut", CHANGED, seen(1, 1), ReportState.CHANGING, TODAY - timedelta(days=1), NEXT),
    ("the change is in", CHANGED, seen(2, 1), ReportState.AVAILABLE, TODAY - timedelta(days=1), None),
    ("changed before it was in", CHANGED, seen(None), ReportState.PENDING, None, NEXT),
    ("deleted, still shown", DELETED, seen(2, 1), ReportState.LEAVING, None, NEXT),
    ("deleted, never shown", DELETED, seen(None), ReportState.LEAVING, None, NEXT),
    ("no contact", LONELY, seen(1), ReportState.NOT_REPORTABLE, None, None),
    ("no contact, no snapshot", LONELY, seen(), ReportState.NOT_REPORTABLE, None, None),
    ("got its contact after the cut", JOINED, seen(1, 1), ReportState.PENDING, None, NEXT),
    ("its contact is in", JOINED, seen(2, 1), ReportState.AVAILABLE, TODAY, None),
    ("a name used again", AGAIN, seen(3, 2), ReportState.PENDING, None, NEXT),
    ("a name used again, in", AGAIN, seen(4, 3, 2), ReportState.AVAILABLE, TODAY, None),
    ("a state that does not say since when", UNSAID, seen(1), ReportState.AVAILABLE, TODAY, None),
    ("the tenant failed", CHANGED, seen(1, failure=Failure("x", 2)), ReportState.FAILED, TODAY, NEXT),
    ("failed, unchanged", NEW, seen(1, failure=Failure("x", 1)), ReportState.FAILED, TODAY, NEXT),
    ("failed for longer than is kept", NEW, seen(failure=Failure("x", 1)), ReportState.FAILED, None, NEXT),
    ("made after the failed run", NEW, seen(None, failure=Failure("x", None)), ReportState.PENDING, None, NEXT),
    ("deleted, the tenant failed", DELETED, seen(2, failure=Failure("x", 3)), ReportState.LEAVING, None, NEXT),
]


@pytest.mark.parametrize(
    ("schema", "known", "expected", "since", "start"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_an_object_stands_in_the_reports(
    schema: SchemaState, known: Seen, expected: ReportState, since: datetime | None, start: datetime | None
) -> None:
    found = in_reports(schema, known, NEXT)
    assert (found.state, found.since, found.start) == (expected, since, start)


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (in_reports(NEW, seen(), NEXT), "It will be in reports after the next refresh."),
        (in_reports(CHANGED, seen(1), NEXT), "Reports show version 1 until the next refresh."),
        (in_reports(DELETED, seen(2), NEXT), "It was deleted; reports show it until the next refresh."),
        (
            in_reports(DELETED, seen(), NEXT),
            "It was deleted before it was in reports; its slug is free after the next refresh.",
        ),
        (
            in_reports(LONELY, seen(1), NEXT),
            "Only objects with a relationship to contact are in reports; add one with PUT.",
        ),
        (
            in_reports(NEW, seen(1, failure=Failure("disk full", 1)), NEXT),
            "The last refresh failed for this object (disk full); reports show its previous data.",
        ),
        (
            in_reports(DELETED, seen(1, failure=Failure("disk full", 3)), NEXT),
            "The last refresh failed for this object (disk full); reports show its previous data.",
        ),
    ],
)
def test_the_state_says_why_in_words(found: InReports, sentence: str) -> None:
    assert found.reason is not None
    assert found.reason.message("en") == sentence


def test_what_is_available_needs_no_words() -> None:
    assert in_reports(NEW, seen(1), NEXT).reason is None


@pytest.mark.parametrize(
    ("known", "left"), [(seen(), False), (seen(None), False), (seen(2), False), (seen(3), True), (seen(4), True)]
)
def test_a_deleted_object_has_left_once_the_current_snapshot_passed_its_deletion(known: Seen, left: bool) -> None:
    assert has_left(DELETED, known) is left


def test_an_object_that_lives_has_not_left() -> None:
    assert not has_left(NEW, seen(1))


def test_every_snapshot_has_passed_the_version_of_the_one_that_is_furthest_behind() -> None:
    assert [seen(*versions).passed for versions in ((3, 2, 1), (3, None), (2, 2), ())] == [1, 0, 2, 0]
    assert [seen(*versions).shown for versions in ((3, 2, 1), (None, 2), ())] == [3, 0, 0]
