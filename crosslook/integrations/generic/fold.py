"""The state of a record from all messages about it, in whatever order and however often they arrived.

Messages are ordered by the vendor's time, then by its sequence; a deletion comes after what has the same place. The
last message is the state, or, where messages name only what changed, each field has the last value that was stated.
Without a time and a sequence nothing orders messages: which of several counts is then arbitrary, but always the same,
and a deletion is for good.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crosslook.contracts.references import REFERENCES_MAX
from crosslook.contracts.schemas import Definition
from crosslook.integrations.generic.coercion import replaced, suited
from crosslook.integrations.generic.mapping import WebhookMapping, generic_mapping
from crosslook.integrations.generic.sources import ABSENT, ValueSource
from crosslook.integrations.generic.texts import scalar_text
from crosslook.integrations.interface import Connection, Fact, FoldedState, RecordGone, WholeRecord


@dataclass(frozen=True, slots=True)
class StatedMessage:
    """One message about a record: what was found at which place. `untimed`: the vendor does not say when."""

    event: str
    time_ms: int
    order: int
    untimed: bool
    values: Mapping[str, Any]


def fold_messages(facts: Sequence[Fact], connection: Connection) -> Iterable[FoldedState]:
    """The record; nothing where the options ignore all of its messages by now."""
    mapping = generic_mapping(connection.options)
    messages = [message for message in _messages(facts) if not mapping.unread(message.values)]
    if not messages:
        return
    record = facts[0].record
    ordered = _ordered(messages, mapping)
    if ordered is None or mapping.deletes(ordered[-1].values):
        yield RecordGone(record)
        return
    values = _merged(ordered, mapping) if mapping.parts else ordered[-1].values
    yield WholeRecord(
        record,
        dict(_fields(mapping, values, connection.definition)),
        dict(_relationships(mapping, values, connection)),
    )


def _messages(facts: Sequence[Fact]) -> Iterator[StatedMessage]:
    """One a message; what was read from one message under different options is united."""
    united: dict[str, StatedMessage] = {}
    for fact in facts:
        event = fact.data["event"]
        values = {**united[event].values, **fact.data["values"]} if event in united else fact.data["values"]
        united[event] = StatedMessage(event, fact.time_ms, fact.order, bool(fact.data.get("untimed")), values)
    yield from united.values()


def _ordered(messages: Sequence[StatedMessage], mapping: WebhookMapping) -> list[StatedMessage] | None:
    """The messages in the vendor's order; None where a deletion is for good, because it lacks the time that orders the
    others. Times of arrival never count."""
    timed = mapping.time is not None
    if timed and any(message.untimed and mapping.deletes(message.values) for message in messages):
        return None

    def place(message: StatedMessage) -> tuple[int, int, bool, str]:
        time_ms = 0 if message.untimed else message.time_ms
        return time_ms, message.order, mapping.deletes(message.values), message.event

    return sorted(messages, key=place)


def _merged(ordered: Sequence[StatedMessage], mapping: WebhookMapping) -> dict[str, Any]:
    """The last value at each place since the last deletion. A place that a message lacks keeps its value; null
    empties it."""
    values: dict[str, Any] = {}
    for message in ordered:
        if mapping.deletes(message.values):
            values = {}
        else:
            values.update(message.values)
    return values


def _fields(
    mapping: WebhookMapping, values: Mapping[str, Any], definition: Definition | None
) -> Iterator[tuple[str, Any]]:
    """The fields that have a value. A field that the object has lost is left out."""
    for slug, source in mapping.fields.items():
        field = None if definition is None else definition.field_by_slug.get(slug)
        if definition is not None and field is None:
            continue
        value = replaced(_stated(source, values), source)
        if field is not None:
            value = suited(value, field)
        if value is not None:
            yield slug, value


def _relationships(
    mapping: WebhookMapping, values: Mapping[str, Any], connection: Connection
) -> Iterator[tuple[str, Sequence[Mapping[str, str]]]]:
    for slug, forms in mapping.relationships.items():
        if connection.definition is not None and slug not in connection.definition.relationship_by_slug:
            continue
        references = [
            {form: connection.foreign_id(text) if form == "external" else text}
            for form, source in forms.items()
            for text in _reference_texts(replaced(_stated(source, values), source))
        ]
        if references:
            yield slug, references[:REFERENCES_MAX]


def _stated(source: ValueSource, values: Mapping[str, Any]) -> Any:
    if source.address is None:
        return source.constant
    found = values.get(source.address, ABSENT)
    return None if found is ABSENT else found


def _reference_texts(value: Any) -> list[str]:
    """The people that a value names; an empty e-mail address or id names nobody."""
    items = value if isinstance(value, list) else [value]
    return list(dict.fromkeys(text for text in (scalar_text(item).strip() for item in items) if text))
