"""The state of a record depends on the set of its messages: never on order, repeats, delays or time of arrival."""

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslook.integrations.interface import (
    Connection,
    FoldedState,
    MessageOrigin,
    RecordGone,
    Unmappable,
    WebhookMessage,
    WholeRecord,
)
from crosslook.integrations.publication import StatedFact, counted
from tests.helpers.examples import examples
from tests.helpers.webhook_pages import GENERIC

OPTIONS: dict[str, Any] = {
    "object": "thing",
    "signature": {"header": "x"},
    "record": "/id",
    "time": "/at",
    "sequence": "/n",
    "event": "/event",
    "deleted": [{"pointer": "/gone", "equals": [True]}],
    "ignored": [{"pointer": "/test", "equals": [True]}],
    "fields": {"a": "/a", "b": "/b"},
    "relationships": {"who": {"email": "/who"}},
}


class Sent(NamedTuple):
    """One message of a vendor, and when it arrived."""

    at: int
    n: int
    a: str | None
    b: str | None
    gone: bool

    def body(self, event: int) -> dict[str, Any]:
        """As JSON; a member that is None is left out."""
        members = {"id": 1, "at": 1_796_083_200 + self.at, "n": self.n, "event": f"e{event}", "gone": self.gone}
        return {**members, **{name: value for name, value in (("a", self.a), ("b", self.b)) if value is not None}}


SENT = st.lists(
    st.builds(
        Sent,
        at=st.integers(0, 3),
        n=st.integers(0, 3),
        a=st.sampled_from([None, "x", "y"]),
        b=st.sampled_from([None, "z"]),
        gone=st.sampled_from([False, False, True]),
    ),
    min_size=1,
    max_size=8,
)


def message(body: dict[str, Any], options: dict[str, Any] = OPTIONS, received_ms: int = 0) -> WebhookMessage:
    connection = Connection("any", "thing", options)
    return WebhookMessage(orjson.dumps(body), {}, MessageOrigin.WEBHOOK, received_ms, connection)


def folded(messages: Sequence[WebhookMessage], options: dict[str, Any] = OPTIONS) -> list[FoldedState]:
    facts = [StatedFact(fact) for item in messages for fact in GENERIC.facts(item)]
    return list(GENERIC.fold(counted(facts), Connection("any", "thing", options))) if facts else []


def expected(sent: list[Sent], *, parts: bool) -> dict[str, str] | None:
    """The fields by the plain meaning of the options: read in the vendor's order, one after the other."""
    state: dict[str, str] | None = None
    for _, _, _, _, item in sorted((item.at, item.n, item.gone, f"e{at}", item) for at, item in enumerate(sent)):
        named = {name: value for name, value in (("a", item.a), ("b", item.b)) if value is not None}
        state = None if item.gone else {**(state or {} if parts else {}), **named}
    return state


@settings(max_examples=examples(100, 1000), deadline=None)
@given(SENT, st.booleans(), st.randoms(use_true_random=False))
def test_the_vendors_order_counts_and_no_other(sent: list[Sent], parts: bool, chance: random.Random) -> None:
    options = {**OPTIONS, "state": "parts" if parts else "whole"}
    messages = [message(item.body(at), options) for at, item in enumerate(sent)]
    arrived = [replace(item, received_ms=chance.randrange(10**12)) for item in [*messages, *messages]]
    chance.shuffle(arrived)
    fields = expected(sent, parts=parts)
    assert folded(arrived, options) == [RecordGone("1") if fields is None else WholeRecord("1", fields, {})]


@given(SENT, st.randoms(use_true_random=False))
def test_without_a_time_the_sequence_orders(sent: list[Sent], chance: random.Random) -> None:
    options = {name: value for name, value in OPTIONS.items() if name != "time"}
    sent = [item._replace(at=0) for item in sent]
    messages = [message(item.body(at), options, chance.randrange(10**12)) for at, item in enumerate(sent)]
    chance.shuffle(messages)
    fields = expected(sent, parts=False)
    assert folded(messages, options) == [RecordGone("1") if fields is None else WholeRecord("1", fields, {})]


@given(SENT, st.randoms(use_true_random=False))
def test_without_any_order_the_same_message_counts_whatever_arrives_first(
    sent: list[Sent], chance: random.Random
) -> None:
    options = {name: value for name, value in OPTIONS.items() if name not in ("time", "sequence")}
    messages = [message(item.body(at), options) for at, item in enumerate(sent)]
    arrived = [replace(item, received_ms=chance.randrange(10**12)) for item in [*messages, *messages]]
    chance.shuffle(arrived)
    assert folded(arrived, options) == folded(messages, options)
    if any(item.gone for item in sent):
        assert folded(messages, options) == [RecordGone("1")]


def test_null_empties_a_part_and_a_missing_one_stays() -> None:
    options = {**OPTIONS, "state": "parts"}
    bodies: list[dict[str, Any]] = [
        {"id": 1, "at": 1_796_083_200, "a": "x", "b": "z", "who": "jane@example.com"},
        {"id": 1, "at": 1_796_083_201, "a": None},
    ]
    states = folded([message(body, options) for body in bodies], options)
    assert states == [WholeRecord("1", {"b": "z"}, {"who": [{"email": "jane@example.com"}]})]
    assert folded([message(body) for body in bodies]) == [WholeRecord("1", {}, {})]


def test_parts_begin_from_nothing_after_a_deletion() -> None:
    options = {**OPTIONS, "state": "parts"}
    bodies: list[dict[str, Any]] = [
        {"id": 1, "at": 1_796_083_200, "a": "x", "b": "z"},
        {"id": 1, "at": 1_796_083_201, "gone": True},
        {"id": 1, "at": 1_796_083_202, "a": "y"},
    ]
    assert folded([message(body, options) for body in bodies], options) == [WholeRecord("1", {"a": "y"}, {})]


def test_nanoseconds_order_messages_of_one_millisecond() -> None:
    bodies = [{"id": 1, "at": f"2026-12-01T00:00:00.00000000{n}Z", "event": f"e{9 - n}", "a": f"{n}"} for n in (1, 2)]
    for order in (bodies, bodies[::-1]):
        (state,) = folded([message(body) for body in order])
        assert isinstance(state, WholeRecord)
        assert state.fields == {"a": "2"}


def test_changed_options_apply_to_what_was_received_before() -> None:
    first = message({"id": 1, "at": 1_796_083_200, "a": "x", "b": "z", "event": "1"})
    added = {**OPTIONS, "fields": {"label": "/a", "b": "/b", "c": "/c"}}
    again = WebhookMessage(
        orjson.dumps({"id": 1, "at": 1_796_083_200, "a": "x", "b": "z", "c": "new", "event": "1"}),
        {},
        MessageOrigin.WEBHOOK,
        5,
        Connection("any", "thing", added),
    )
    assert folded([first], added) == [WholeRecord("1", {"label": "x", "b": "z"}, {})]
    assert folded([first, again], added) == [WholeRecord("1", {"label": "x", "b": "z", "c": "new"}, {})]
    assert folded([again, first], added) == folded([first, again], added)
    assert folded([first], {**OPTIONS, "ignored": [{"pointer": "/a", "equals": ["x"]}]}) == []


def test_what_a_message_stated_under_different_options_is_united() -> None:
    body = {"id": 1, "at": 1_796_083_200, "a": "x", "b": "z", "event": "1"}
    only_a, only_b = {**OPTIONS, "fields": {"a": "/a"}}, {**OPTIONS, "fields": {"b": "/b"}}
    first, second = message(body, only_a), message(body, only_b)
    whole = [WholeRecord("1", {"a": "x", "b": "z"}, {})]
    assert folded([first, second]) == folded([second, first]) == whole


def test_a_test_message_is_ignored() -> None:
    assert folded([message({"id": 1, "at": 1_796_083_200, "test": True})]) == []


@pytest.mark.parametrize(
    ("body", "code", "pointer", "record"),
    [
        (b"id=1&a=x", "not_json", "", ""),
        (b"[]", "required_missing", "/id", ""),
        (b"17", "required_missing", "/id", ""),
        (b'{"id": null}', "required_missing", "/id", ""),
        (b'{"id": {"a": 1}}', "wrong_type", "/id", ""),
        (b'{"id": "' + b"x" * 201 + b'"}', "too_long", "/id", ""),
        (b'{"id": 7}', "required_missing", "/at", "7"),
        (b'{"id": 7, "at": "yesterday"}', "wrong_type", "/at", "7"),
        (b'{"id": 7, "at": "2026-12-01 00:00:00"}', "wrong_type", "/at", "7"),
        (b'{"id": 7, "at": 1e300}', "wrong_type", "/at", "7"),
        (b'{"id": 7, "at": true}', "wrong_type", "/at", "7"),
        (b'{"id": 7, "at": 1796083200, "n": -1}', "wrong_type", "/n", "7"),
        (b'{"id": 7, "at": 1796083200, "n": "\xd9\xa1"}', "wrong_type", "/n", "7"),
        (b'{"id": 7, "at": 1796083200, "a": {"b": 1}}', "wrong_type", "/a", "7"),
        (b'{"id": 7, "at": 1796083200, "a": [{"b": 1}]}', "wrong_type", "/a", "7"),
    ],
)
def test_a_message_that_does_not_fit_is_quarantined_with_its_reason(
    body: bytes, code: str, pointer: str, record: str
) -> None:
    sent = WebhookMessage(body, {}, MessageOrigin.WEBHOOK, 0, Connection("any", "thing", OPTIONS))
    with pytest.raises(Unmappable) as refused:
        GENERIC.facts(sent)
    problem = refused.value.problem
    assert (problem.code, problem.pointer, refused.value.record) == (code, pointer, record)
    assert problem.message("en")
    assert problem.message("fr")


@settings(max_examples=examples(60, 2000), deadline=None)
@given(
    st.binary(max_size=60)
    | st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats(allow_nan=False) | st.text(),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["id", "at", "n", "event", "gone", "a", "b", "who"]), inner, max_size=6)
        ),
        max_leaves=12,
    ).map(orjson.dumps)
)
def test_any_bytes_are_mapped_or_quarantined(body: bytes) -> None:
    sent = WebhookMessage(body, {}, MessageOrigin.WEBHOOK, 0, Connection("any", "thing", OPTIONS))
    try:
        facts = GENERIC.facts(sent)
    except Unmappable:
        return
    assert len(list(GENERIC.fold(facts, sent.connection))) == len(facts) <= 1
