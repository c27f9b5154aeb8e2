"""Stored documents: which keys are ours, and what is said of a document that cannot be read."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts.documents import UnreadableDocument, refuse_newer
from crosslook.contracts.logs import UNCHECKED, documents_of
from crosslook.contracts.manifests import Manifest, Run
from crosslook.contracts.release import FORMAT, RELEASE
from crosslook.contracts.reports import Claim, Look
from crosslook.contracts.schemas import SCHEMA_CREATED, SchemaEvent, TenantEvent, TenantState, built_in_contact
from crosslook.contracts.topics import RECORDS, REPORTS, SCHEMAS, SNAPSHOTS

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CONTACT = SchemaEvent(id="1", source="/s", type=SCHEMA_CREATED, time=AT, data=built_in_contact("acme"))
TENANT = TenantEvent(id="1", source="/s", time=AT, data=TenantState(tenant="acme"))
RUN = Run(run="r1", build=1, state="claimed", trigger="cron", started_at=AT)
MANIFEST = Manifest(
    snapshot="s1",
    run="r1",
    build=1,
    as_of=AT,
    published_at=AT,
    watermark={0: 1},
    **dict.fromkeys(("sequence", "schema_offset", "objects", "rows", "rebuilt", "carried"), 1),
)
LOOK = Look(tenant="acme", id="x", version=1, name="A", created_at=AT, updated_at=AT, request={"object": "ticket"})
CLAIM = Claim(tenant="acme", id="c", digest="d", made="x")
STORED: dict[str, list[tuple[str, bytes]]] = {
    SCHEMAS.name: [("acme/contact", CONTACT.encode()), ("~tenant/acme", TENANT.encode())],
    SNAPSHOTS.name: [("snapshot/s1", MANIFEST.encode()), ("run/r1", RUN.encode()), ("pin/s1", b"{}")],
    REPORTS.name: [("acme/look/x", LOOK.encode()), ("acme/claim/c", CLAIM.encode())],
}
EVERY = [(topic, key, value) for topic, stored in STORED.items() for key, value in stored]


@pytest.mark.parametrize(("topic", "key", "value"), EVERY)
def test_what_we_store_is_ours_and_can_be_read(topic: str, key: str, value: bytes) -> None:
    documents = documents_of(topic)
    assert documents.owns(key)
    documents.read(key, value)


@pytest.mark.parametrize("topic", STORED)
@pytest.mark.parametrize(
    "key", ["", "~barrier", "~tenant/", "~tenant/not a name", "a", "a b/c", "�/x", "acme/", "/look/x"]
)
def test_other_keys_are_foreign(topic: str, key: str) -> None:
    assert not documents_of(topic).owns(key)


@pytest.mark.parametrize(("topic", "key", "value"), [case for case in EVERY if not case[1].startswith("pin/")])
def test_a_document_of_ours_that_cannot_be_read_is_refused(topic: str, key: str, value: bytes) -> None:
    body = orjson.loads(value)
    for broken in (b"", b"\xff", value[:-1], b"[]", b"{}", orjson.dumps({**body, "type": "crosslook.other.v2"})):
        with pytest.raises(UnreadableDocument):
            documents_of(topic).read(key, broken)


@pytest.mark.parametrize(("topic", "key", "value"), [case for case in EVERY if not case[1].startswith("pin/")])
def test_a_document_under_another_key_of_ours_is_refused(topic: str, key: str, value: bytes) -> None:
    with pytest.raises(UnreadableDocument, match=r"another key, '"):
        documents_of(topic).read(f"{key}2", value)


def test_a_topic_that_is_no_log_is_not_checked() -> None:
    assert documents_of(RECORDS.name) is UNCHECKED
    assert documents_of("test").owns("anything")


def _changed(change: Callable[[Any], object]) -> bytes:
    body = orjson.loads(CONTACT.encode())
    change(body)
    return orjson.dumps(body)


@pytest.mark.parametrize(
    ("value", "cause"),
    [
        (b"{", "it is not JSON"),
        (
            _changed(lambda body: body["data"]["definition"]["fields"][1].update(type="url")),
            "data.definition.fields.1.type has a value that release 0.1.0 does not know",
        ),
        (_changed(lambda body: body["data"].pop("version")), "data.version: missing"),
        (_changed(lambda body: (body.pop("id"), body.pop("time"))), "id: missing (and 1 more)"),
        (
            _changed(lambda body: body.update(type="crosslook.schema.renamed.v3")),
            "its type is 'crosslook.schema.renamed.v3', which release 0.1.0 does not know",
        ),
        (_changed(lambda body: body.pop("type")), "its type is missing, which release 0.1.0 does not know"),
        (_changed(lambda body: body["data"].update(tenant="globex")), "it is about another key, 'globex/contact'"),
    ],
)
def test_the_cause_names_the_place_and_no_value(value: bytes, cause: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        documents_of(SCHEMAS.name).read("acme/contact", value)
    assert str(caught.value) == cause


def test_a_cause_stays_short_whatever_is_stored() -> None:
    for value in (
        _changed(lambda body: body.update(type="x" * 100_000)),
        _changed(lambda body: body["data"].update(object="x" * 100_000)),
        _changed(lambda body: body["data"]["definition"].update(fields=[{}] * 10_000)),
    ):
        with pytest.raises(UnreadableDocument) as caught:
            documents_of(SCHEMAS.name).read("acme/contact", value)
        assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    ("number", "written_by", "cause"),
    [
        (FORMAT + 1, "0.2.0", f"it has format {FORMAT + 1}, and release {RELEASE} reads formats up to {FORMAT}; "),
        (FORMAT + 1, "0.2.0", "; release 0.2.0 can read it"),
        (99, "", "release that wrote it can read it"),
        (99, "\x1b[31m" * 50, "release that wrote it can read it"),
        (0, "0.1.0", "its header `format` is not a number from 1"),
    ],
)
def test_a_newer_format_names_the_release_that_can_read_it(number: int, written_by: str, cause: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        refuse_newer(number, written_by)
    assert cause in str(caught.value)


def test_formats_of_this_release_and_earlier_are_read() -> None:
    for number in range(1, FORMAT + 1):
        refuse_newer(number, "anything")


@given(st.binary(max_size=100), st.sampled_from(sorted(STORED)))
def test_rubbish_is_refused_by_one_error(value: bytes, topic: str) -> None:
    with pytest.raises(UnreadableDocument):
        documents_of(topic).read(STORED[topic][0][0], value)


def test_the_release_is_the_packages_version() -> None:
    import tomllib
    from pathlib import Path

    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())
    assert project["project"]["version"] == RELEASE
