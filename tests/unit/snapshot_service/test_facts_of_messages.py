"""From a vendor's message to rows, from rows to events: pure, so every case is a line."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from crosslook.contracts.integrations import RECEIVED_HEADER, IntegrationState, WebhookKey
from crosslook.contracts.problems import Problem
from crosslook.integrations.interface import Connection
from crosslook.integrations.publication import FoldVersion
from services.snapshot_service.domain.contact_events import contact_id, contact_messages
from services.snapshot_service.domain.fact_folding import (
    CHAIN_MAX,
    ContactWish,
    FoldRefused,
    RecordPlace,
    StoredFact,
    chains,
    fold_chain,
)
from services.snapshot_service.domain.webhook_mapping import (
    ConnectedIntegration,
    MappedMessage,
    VendorMessage,
    map_message,
    unreadable_problem,
    vendor_message,
)
from tests.helpers.integrations.tiny import INTEGRATION

NOW_MS = round(datetime(2026, 12, 1, tzinfo=UTC).timestamp() * 1000)
STATE = IntegrationState(
    tenant="acme", name="tiny", kind="tiny", object="tiny_ticket", connected_at=datetime(2026, 1, 1, tzinfo=UTC)
)
CONNECTED = ConnectedIntegration("acme", STATE, INTEGRATION, Connection("tiny", "tiny_ticket"))


def message(body: Any) -> VendorMessage:
    value = body if isinstance(body, bytes) else orjson.dumps(body)
    return VendorMessage(1, 7, NOW_MS, WebhookKey("acme", "tiny", "1").encode(), value, ())


def sent_again(at: str) -> VendorMessage:
    return message({})._replace(headers=((RECEIVED_HEADER, at.encode()),))


def said(record: str, event: str, kind: str = "reopened", at: int = NOW_MS, **more: Any) -> dict[str, Any]:
    return {"record": record, "event": event, "kind": kind, "at": at, **more}


def moved(record: str, event: str, old: str) -> dict[str, Any]:
    return {**said(record, event, "moved"), "from": old}


def mapped(body: Any) -> MappedMessage:
    return map_message(message(body), CONNECTED)


def stored(*bodies: dict[str, Any]) -> dict[RecordPlace, list[StoredFact]]:
    found: dict[RecordPlace, list[StoredFact]] = {}
    for body in bodies:
        for row in mapped(body).rows:
            fact = StoredFact(*row[:11], row.data.decode(), row.life)
            found.setdefault(fact.place, []).append(fact)
    return found


def test_a_repeat_has_the_same_rows_and_another_statement_another_digest() -> None:
    first, again, other = (mapped(said("1", "e1", status=status)).rows[0] for status in ("a", "a", "b"))
    assert first == again
    assert (first.key, first.digest) != (other.key, other.digest)
    assert first.key == other.key


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "not_json"),
        (b"[]", "mapping_failed"),
        (said("1", "e1", "unheard"), "unknown_field"),
        (said("", "e1"), "mapping_failed"),
        (said("x" * 201, "e1"), "mapping_failed"),
        (said("1", ""), "mapping_failed"),
        (said("1", "~related/2"), "mapping_failed"),
        (said("1", "e1", at=-(10**14)), "mapping_failed"),
        (said("1", "e1", order=2**63), "mapping_failed"),
        (said("1", "e1", at=NOW_MS + 301_000), "from_the_future"),
    ],
)
def test_what_cannot_be_stored_is_refused_with_its_owner(body: Any, code: str) -> None:
    found = mapped(body)
    assert found.rows == ()
    assert found.refused is not None
    assert found.refused.problem.code == code
    assert (found.refused.tenant, found.refused.object) == ("acme", "tiny_ticket")
    assert found.refused.source == "/integrations/tiny"
    assert found.refused.problem.message("fr") != found.refused.problem.message("en")


def test_a_message_that_was_replayed_is_read_as_it_arrived_at_first() -> None:
    assert sent_again("123").received_ms == 123
    assert sent_again("x").received_ms == NOW_MS


@pytest.mark.parametrize("sent", ["café".encode(), b"caf\xe9"])
def test_the_text_of_a_header_is_read_whatever_its_encoding(sent: bytes) -> None:
    headers = (("X-Note", sent), ("x-any", bytes(range(128, 256))), ("x-none", None))
    read = vendor_message(message({})._replace(headers=headers), CONNECTED).headers
    assert read == {"x-note": "café", "x-any": "".join(map(chr, range(128, 256))), "x-none": ""}


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (VendorMessage(0, 0, 0, b"acme/tiny/1", None, ()), "unreadable"),
        (VendorMessage(0, 0, 0, b"acme", b"{}", ()), "unreadable"),
        (VendorMessage(0, 0, 0, None, b"{}", ()), "unreadable"),
        (VendorMessage(0, 0, 0, b"acme/tiny/1", b" " * (1024 * 1024 + 1), ()), "too_large"),
    ],
)
def test_what_no_mapper_may_see(broken: VendorMessage, code: str) -> None:
    problem = unreadable_problem(broken)
    assert problem is not None
    assert problem.code == code
    assert unreadable_problem(message({})) is None


def test_a_message_without_a_connection_is_refused_for_its_tenant() -> None:
    refused = map_message(message({}), Problem("not_connected", values={"name": "tiny"})).refused
    assert refused is not None
    assert (refused.tenant, refused.record, refused.object) == ("acme", "1", "")


def test_related_records_are_one_chain_from_either_end() -> None:
    rows = mapped(moved("b", "e1", "a")).rows
    assert sorted((row.record, row.mapper, row.related) for row in rows) == [("a", 0, ("b",)), ("b", 1, ("a",))]
    (chain,) = chains(stored(moved("b", "e1", "a"), said("a", "e2")), frozenset())
    assert {place.record for place in chain.places} == {"a", "b"}
    told = [orjson.loads(event.value) for event in fold_chain(chain, CONNECTED).messages]
    assert [(event["type"].split(".")[2], event["data"]["record"]) for event in told] == [
        ("upserted", "a"),
        ("deleted", "b"),
    ]
    assert {event["data"]["sequence"] for event in told} == {2}


def test_records_that_are_not_related_stay_apart() -> None:
    assert len(chains(stored(said("a", "e1"), said("b", "e2")), frozenset())) == 2


def test_what_is_too_much_to_fold_is_refused() -> None:
    (cut,) = chains(stored(said("a", "e1")), frozenset({RecordPlace("acme", "tiny", "a")}))
    with pytest.raises(FoldRefused) as refused:
        fold_chain(cut, CONNECTED)
    assert refused.value.problem.text == "fold_refused.facts"
    long = [moved(f"{n + 1:05}", f"e{n}", f"{n:05}") for n in range(CHAIN_MAX)]
    (chain,) = chains(stored(*long), frozenset())
    assert chain.cut


def test_a_fold_that_fails_and_one_that_is_too_large_are_refused() -> None:
    (chain,) = chains(stored(said("a", "e1", "user")), frozenset())
    with pytest.raises(FoldRefused) as failed:
        fold_chain(chain, CONNECTED)
    assert failed.value.problem.code == "fold_refused"
    (large,) = chains(stored(said("a", "e1", status="x" * (1024 * 1024))), frozenset())
    with pytest.raises(FoldRefused) as refused:
        fold_chain(large, CONNECTED)
    assert refused.value.problem.text == "fold_refused.size"


def wish(source: str = "/integrations/tiny", email: str = "Ada@X.example ", **fields: str) -> ContactWish:
    return ContactWish("acme", source, email, fields, FoldVersion(NOW_MS, 3))


def test_a_new_contact_has_a_base_older_than_anything_and_a_patch_of_what_is_known() -> None:
    base, patch = (orjson.loads(event.value) for event in contact_messages(wish(first_name="Ada", phone=""), None))
    assert base["time"] == "1970-01-01T00:00:00.000Z"
    assert base["data"]["fields"] == {"email": "ada@x.example"}
    assert patch["type"] == "crosslook.record.patched.v1"
    assert patch["data"]["fields"] == {"first_name": "Ada"}
    assert base["data"]["record"] == patch["data"]["record"] == contact_id("ada@x.example")
    assert contact_messages(wish(first_name="Ada"), None) == contact_messages(wish(first_name="Ada"), None)


def test_a_contact_that_is_there_is_only_patched() -> None:
    (patch,) = (orjson.loads(event.value) for event in contact_messages(wish(first_name="Ada"), "c-7"))
    assert (patch["data"]["record"], patch["data"]["object"]) == ("c-7", "contact")
    assert contact_messages(wish(), "c-7") == []
    assert contact_messages(wish(email=" ", first_name="Ada"), None) == []
