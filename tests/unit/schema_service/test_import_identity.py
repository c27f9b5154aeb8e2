"""Which rows are the same event, and what follows from past imports."""

from datetime import UTC, datetime, timedelta
from typing import Any

from crosslook.contracts.imports import ImportFacts, ImportState
from crosslook.contracts.records import Admitted, EventKind
from services.schema_service.domain.imports.history import last_undone, next_time, outdated, unfinished
from services.schema_service.domain.imports.identity import RecordsSeen, row_id, undo_id
from services.schema_service.domain.imports.rows import ImportMode

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
ROW = Admitted("acme", "ticket", "7", EventKind.UPSERT, 0, 2, "/imports", "", 1, b'{"a":1,"b":2}', b"{}", [])


def facts(number: int, **members: Any) -> ImportFacts:
    made: dict[str, Any] = {
        "tenant": "acme",
        "id": f"i{number}",
        "object": "ticket",
        "mode": "upsert",
        "format": "csv",
        "state": ImportState.DONE,
        "attempts": (AT + timedelta(minutes=number),),
        "fingerprint": "f",
    }
    return ImportFacts.model_validate({**made, **members})


def identity(row: Admitted = ROW, mode: ImportMode = ImportMode.UPSERT, *more: Any) -> str:
    parameter, salt, line = more or ("", "", None)
    return row_id(mode, row, parameter, salt, line)


def test_the_order_of_fields_time_and_line_do_not_make_another_event() -> None:
    same = ROW._replace(fields=b'{"b":2,"a":1}', time_ms=5, sequence=9, schema_version=2)
    assert identity(same) == identity()


def test_a_number_is_the_same_however_it_is_written() -> None:
    assert identity(ROW._replace(fields=b'{"a":1.0,"b":2e0}')) == identity()
    assert identity(ROW._replace(fields=b'{"a":true,"b":2}')) != identity()


def test_everything_that_a_row_says_makes_another_event() -> None:
    others = [
        identity(ROW._replace(record="8")),
        identity(ROW._replace(object="booking")),
        identity(ROW._replace(fields=b"{}")),
        identity(ROW._replace(references=b'{"requester":["id:1"]}')),
        identity(ROW._replace(external_ids=["x"])),
        identity(ROW, ImportMode.PATCH),
        identity(ROW, ImportMode.UPSERT, "again", "", None),
        identity(ROW, ImportMode.UPSERT, "", "i1", None),
        identity(ROW, ImportMode.UPSERT, "", "", 3),
        undo_id("i1", "7"),
    ]
    assert len({identity(), *others}) == len(others) + 1


def test_records_that_a_file_has_named_are_always_known_and_others_nearly_never() -> None:
    seen = RecordsSeen()
    assert sum(seen.see(str(number)) for number in range(20_000)) < 5
    assert all(seen.see(str(number)) for number in range(20_000))


def test_times_of_an_object_are_unique_and_grow() -> None:
    first = facts(1, attempts=(AT,), undone_at=AT + timedelta(milliseconds=3))
    assert next_time([first], "ticket", AT) == AT + timedelta(milliseconds=4)
    assert next_time([first], "booking", AT + timedelta(microseconds=1500)) == AT + timedelta(milliseconds=1)


def test_only_the_same_call_that_did_not_end_is_continued() -> None:
    failed = facts(2, state="failed")
    known = [facts(1), failed, facts(3, state="failed", fingerprint="g"), facts(4, state="undone", undone_at=AT)]
    assert unfinished(known, "ticket", "f") == failed
    assert unfinished(known, "booking", "f") is None


def test_the_import_that_was_undone_last_is_kept_with_those_under_way() -> None:
    known = [
        facts(1, state="undone", undone_at=AT + timedelta(days=1)),
        facts(2, state="undone", undone_at=AT),
        facts(3, state="running"),
        facts(4),
        facts(5),
    ]
    last = last_undone(known, "ticket")
    assert last is not None
    assert last.id == "i1"
    assert [old.id for old in outdated(known, 3)] == ["i2", "i4"]
    assert [old.id for old in outdated(known, 1)] == ["i2", "i4", "i5"]
