"""One page of Calendly's scheduled events with their invitees, as messages about one invitee each.

Calendly lists events and, for each event, its invitees. A page is the answer to `GET /scheduled_events` in which each
event has its invitees as a further member:

    {"collection": [{"uri": …, "start_time": …, "invitees": [{"uri": …, "email": …}]}], "pagination": {…}}

`invitees` can also be the whole answer to `GET /scheduled_events/<id>/invitees`, and an item can have the event apart:
`{"event": {…}, "invitees": […]}`.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import orjson

from crosslook.contracts.problems import Problem, pointer
from crosslook.integrations.calendly.parts import parse_body
from crosslook.integrations.interface import HistoryItem, Unmappable

_COLLECTION = "collection"
_INVITEES = "invitees"


def calendly_history(page: bytes) -> Sequence[HistoryItem]:
    """An item for each invitee, with the shape of a webhook's message; an event whose invitees are not there is an item
    with a problem. Raises Unmappable where the body is not a page."""
    collection = parse_body(page).members.get(_COLLECTION)
    if collection is None:
        raise Unmappable(Problem("vendor_member_missing", pointer(_COLLECTION), values={"name": _COLLECTION}))
    if type(collection) is not list:
        raise Unmappable(Problem("wrong_type", pointer(_COLLECTION), "wrong_type.array"))
    return [item for index, listed in enumerate(collection) for item in _items(listed, index)]


def _items(listed: Any, index: int) -> Iterator[HistoryItem]:
    place: tuple[str | int, ...] = (_COLLECTION, index)
    if type(listed) is not dict:
        yield _refused(listed, Problem("wrong_type", pointer(*place), "wrong_type.object"))
        return
    place, invitees = (*place, _INVITEES), listed.get(_INVITEES)
    if type(invitees) is dict:
        place, invitees = (*place, _COLLECTION), invitees.get(_COLLECTION)
    if type(invitees) is not list:
        yield _refused(listed, _not_a_list(invitees, place))
        return
    event = listed["event"] if type(listed.get("event")) is dict else _without_invitees(listed)
    for number, invitee in enumerate(invitees):
        if type(invitee) is dict:
            yield HistoryItem(orjson.dumps({"payload": {**invitee, "scheduled_event": event}}))
        else:
            yield _refused(invitee, Problem("wrong_type", pointer(*place, number), "wrong_type.object"))


def _not_a_list(invitees: Any, place: tuple[str | int, ...]) -> Problem:
    if invitees is None:
        return Problem("vendor_member_missing", pointer(*place), values={"name": str(place[-1])})
    return Problem("wrong_type", pointer(*place), "wrong_type.array")


def _without_invitees(listed: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in listed.items() if name != _INVITEES}


def _refused(listed: Any, problem: Problem) -> HistoryItem:
    return HistoryItem(orjson.dumps(listed), problem)
