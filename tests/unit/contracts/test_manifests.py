"""Manifests, runs and entries: what is written can be read back, and rubbish is none."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts.documents import UnreadableDocument
from crosslook.contracts.failures import ALL_OBJECTS, FailedObject
from crosslook.contracts.manifests import (
    ENTRY_COLUMNS,
    Entry,
    Manifest,
    Run,
    StepTime,
    decode_manifest,
    decode_run,
    read_entries,
)
from crosslook.contracts.release import RELEASE
from crosslook.contracts.schemas import BUILT_IN_CONTACT
from tests.helpers import builders

AT = datetime(2026, 11, 24, 11, 30, 0, 123000, tzinfo=UTC)
_TEXT = st.text(max_size=20)
_COUNT = st.integers(0, 2**53)
_WATERMARKS = st.dictionaries(st.integers(0, 100), _COUNT, max_size=4)
_INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # st adds UTC
_STEPS = st.lists(st.builds(StepTime, name=_TEXT, seconds=st.floats(0, 1e6)), max_size=3).map(tuple)
_FAILED = st.builds(FailedObject, tenant=_TEXT, object=_TEXT, reason=_TEXT, watermark=_WATERMARKS)
_MANIFESTS = st.builds(
    Manifest,
    snapshot=_TEXT,
    run=_TEXT,
    sequence=_COUNT,
    build=_COUNT,
    as_of=_INSTANTS,
    published_at=_INSTANTS,
    previous=st.none() | _TEXT,
    watermark=_WATERMARKS,
    schema_offset=_COUNT,
    objects=_COUNT,
    rows=_COUNT,
    rebuilt=_COUNT,
    carried=_COUNT,
    failed_objects=st.lists(_FAILED, max_size=2).map(tuple),
    steps=_STEPS,
)
_RUNS = st.builds(
    Run,
    run=_TEXT,
    build=_COUNT,
    state=st.sampled_from(["claimed", "waiting", "building", "verifying", "published", "failed"]),
    trigger=st.sampled_from(["cron", "catch_up", "manual"]),
    progress=st.floats(0, 1),
    due=st.none() | _INSTANTS,
    reason=st.none() | _TEXT,
    started_at=_INSTANTS,
    finished_at=st.none() | _INSTANTS,
    steps=_STEPS,
)
_ENTRIES = st.builds(
    Entry,
    tenant=_TEXT,
    object=_TEXT,
    layout=st.from_regex(r"(?:2_)?[0-9a-f]{16}", fullmatch=True),
    build=_COUNT,
    rows=_COUNT,
    deleted=_COUNT,
    unresolved=_COUNT,
    schema_version=st.integers(1, 2**31),
    definition=st.just(BUILT_IN_CONTACT),
    watermark=_WATERMARKS,
    failed=_TEXT,
)


def manifest(**changes: Any) -> Manifest:
    own = {"as_of": AT, "published_at": AT + timedelta(seconds=7), "watermark": {0: 5, 11: 7}, "schema_offset": 3}
    return builders.manifest(2, **{**own, "objects": 1, "rows": 2, "rebuilt": 1, **changes})


@given(_MANIFESTS)
def test_a_manifest_can_be_read_back(written: Manifest) -> None:
    assert decode_manifest(written.encode()) == written
    with pytest.raises(UnreadableDocument):
        decode_run(written.encode())


@given(_RUNS)
def test_a_run_can_be_read_back(written: Run) -> None:
    assert decode_run(written.encode()) == written
    with pytest.raises(UnreadableDocument):
        decode_manifest(written.encode())
    assert written.over == (written.state in ("published", "failed"))


@given(_ENTRIES)
def test_an_entry_can_be_read_back_from_its_row(written: Entry) -> None:
    row = written.as_row("s1")
    assert row.keys() == {name for name, _ in ENTRY_COLUMNS}
    assert row["snapshot"] == "s1"
    assert Entry.of_row({**row, "a_later_column": 1}) == written


def test_keys_say_what_stands_under_them() -> None:
    run = Run(run="r2", build=1, state="claimed", trigger="cron", started_at=AT)
    assert (manifest().key, run.key) == ("snapshot/s2", "run/r2")
    assert str(builders.entry(builders.definition(name="order")).key) == "acme/order"


def test_objects_that_failed_are_found_by_their_tenant() -> None:
    failed = FailedObject(tenant="acme", object="ticket", reason="too few rows", watermark={0: 3})
    assert manifest(failed_objects=(failed,)).failures_of("acme") == {"ticket": failed}
    assert manifest(failed_objects=(failed,)).failures_of("globex") == {}
    assert str(failed.key) == "acme/ticket"


def test_a_tenant_that_failed_as_a_whole_in_an_older_release_is_not_forgotten() -> None:
    old = orjson.loads(manifest().encode())
    del old["failed_objects"]
    failed = {"tenant": "acme", "reason": "verify: too few rows", "watermark": {"0": 3}}
    read = decode_manifest(orjson.dumps({**old, "failed": [failed]}))
    assert read.failed_objects == (
        FailedObject(tenant="acme", object=ALL_OBJECTS, reason="verify: too few rows", watermark={0: 3}),
    )
    assert decode_manifest(read.encode()) == read, "restoring it appends it again"
    with pytest.raises(UnreadableDocument):
        decode_manifest(orjson.dumps({**old, "failed": ["acme"]}))


def test_a_row_that_cannot_be_read_is_kept_as_it_is_beside_those_that_can() -> None:
    good = _entry()
    definition = {
        "object": "order",
        "labels": {"singular": "o", "plural": "o"},
        "fields": [{"slug": "a", "type": "url"}],
    }
    row = {
        **good.as_row("s1"),
        "object": "order",
        "definition": orjson.dumps(definition).decode(),
        "watermark": '{"0":5}',
    }
    entries, unreadable = read_entries([good.as_row("s1"), row, {**row, "watermark": "{"}])
    assert entries == [good]
    assert [(str(entry.key), entry.watermark) for entry in unreadable] == [("acme/order", {0: 5}), ("acme/order", {})]
    assert unreadable[0].cause.startswith("fields.0.type has a value that release")
    assert unreadable[0].as_row("s2") == {**row, "snapshot": "s2"}


def test_an_entry_whose_rows_have_a_newer_layout_format_cannot_be_read() -> None:
    newer = {**_entry().as_row("s1"), "layout": "3_21d0221576b85579"}
    assert read_entries([newer, _entry().as_row("s1")])[0] == [_entry()]
    (unreadable,) = read_entries([newer])[1]
    assert unreadable.cause == f"its rows have layout format 3, and release {RELEASE} reads formats 1 to 2"


def _entry() -> Entry:
    return builders.entry(builders.definition())


def test_members_that_a_reader_does_not_know_are_ignored() -> None:
    body = orjson.loads(manifest().encode())
    assert decode_manifest(orjson.dumps({**body, "later": 1})) == manifest()


@given(st.binary(max_size=60))
def test_rubbish_cannot_be_read(value: bytes) -> None:
    for decode in (decode_manifest, decode_run):
        with pytest.raises(UnreadableDocument):
            decode(value)


@pytest.mark.parametrize(
    ("member", "value"),
    [("type", "other"), ("watermark", {"x": 1}), ("watermark", [1]), ("as_of", "today"), ("sequence", "two")],
)
def test_what_is_nearly_a_manifest_cannot_be_read(member: str, value: Any) -> None:
    with pytest.raises(UnreadableDocument):
        decode_manifest(orjson.dumps({**orjson.loads(manifest().encode()), member: value}))


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"definition": "{", "watermark": "{}"},
        {"definition": "{}", "watermark": "{}"},
        {"definition": None, "watermark": None},
        {"definition": '{"object": "x"}', "watermark": "[]"},
    ],
)
def test_a_row_that_is_no_entry_cannot_be_read(row: dict[str, Any]) -> None:
    with pytest.raises(UnreadableDocument):
        Entry.of_row(row)
