"""Reads the JSON of Zendesk's messages: ids that are numbers or texts, texts of any length, instants.

What is not as documented raises Unmappable with its place, and the message waits in quarantine for a corrected mapper.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import orjson

from crosslook.contracts import exact_json
from crosslook.contracts.ids import EVENT_ID_MAX
from crosslook.contracts.odd_json import read_odd, without_half_pairs
from crosslook.contracts.problems import Problem, pointer
from crosslook.contracts.values import TEXT_MAX
from crosslook.integrations.interface import JsonObject, Unmappable

_ID = re.compile(r"-?\d{1,30}", re.ASCII)
_NOBODY = {"", "0", "-1"}
"""No id: siblings of an event write none in these ways, and `-1` is the system."""


def unreadable(code: str, *place: str | int, text: str = "", **values: str | int) -> Unmappable:
    """The exception for what is wrong at a place of the message."""
    return Unmappable(Problem(code, pointer(*place), text, values))


@contextmanager
def about_record(record: str) -> Iterator[None]:
    """Names the record of what cannot be mapped inside."""
    try:
        yield
    except Unmappable as error:
        raise Unmappable(error.problem, error.record or record) from None


def read_message(body: bytes) -> Any:
    """The JSON of a message. Numbers keep every digit: ids beyond 64 bits must not become equal. Half of a surrogate
    pair, such as a comment cut inside an emoji, becomes a question mark. Raises Unmappable."""
    try:
        return exact_json.loads(body)
    except orjson.JSONDecodeError as error:
        try:
            return exact_json.loads(orjson.dumps(_whole(read_odd(body))))
        except (ValueError, TypeError, RecursionError):
            reason = error.msg[:200]
    raise unreadable("not_json", text="not_json.event", reason=reason)


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return without_half_pairs(value)
    if isinstance(value, Mapping):
        return {_whole(name): _whole(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_whole(inner) for inner in value]
    return orjson.Fragment(str(value)) if isinstance(value, Decimal) else value


def required_member(sent: JsonObject, name: str, *place: str | int) -> Any:
    """A member that must be there. Raises Unmappable."""
    value = sent.get(name)
    if value is None:
        raise unreadable("vendor_member_missing", *place, name, name=name)
    return value


def required_object(sent: JsonObject, name: str, *place: str | int) -> JsonObject:
    """An object that must be there. Raises Unmappable."""
    value = required_member(sent, name, *place)
    if not isinstance(value, dict):
        raise unreadable("wrong_type", *place, name, text="wrong_type.object")
    return value


def optional_object(sent: JsonObject, name: str, *place: str | int) -> JsonObject:
    """An object; empty where it is missing. Raises Unmappable."""
    return {} if sent.get(name) is None else required_object(sent, name, *place)


def plain_text(value: Any, *place: str | int) -> str | None:
    """A text as a field of type text holds it: None when empty, cut at the type's limit. Raises Unmappable."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise unreadable("wrong_type", *place, text="wrong_type.text")
    return value[:TEXT_MAX]


def vendor_id(value: Any, *place: str | int) -> str | None:
    """An id as a text, whether it came as a number or a text; None for nobody. Raises Unmappable."""
    if value is None or isinstance(value, bool):
        text = ""
    elif isinstance(value, str):
        text = value.strip()
    elif isinstance(value, int | Decimal) and _ID.fullmatch(str(value)):
        text = str(value)
    else:
        raise unreadable("wrong_type", *place, text="wrong_type.text")
    if text in _NOBODY:
        return None
    if len(text) > EVENT_ID_MAX // 2:
        raise unreadable("too_long", *place, limit=EVENT_ID_MAX // 2)
    return text


def required_id(sent: JsonObject, name: str, *place: str | int) -> str:
    """An id that must be there. Raises Unmappable."""
    found = vendor_id(required_member(sent, name, *place), *place, name)
    if found is None:
        raise unreadable("vendor_member_missing", *place, name, name=name)
    return found
