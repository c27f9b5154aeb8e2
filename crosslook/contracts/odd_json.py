"""Finds values that are valid JSON but cannot be stored, as opposed to invalid JSON.

Three things are odd: a number beyond every double, a text with half of a surrogate pair (`"\\ud800"` alone is no
Unicode), and a name that stands twice in an object. The work is linear in what was sent: no number is converted to an
integer, whose conversion is quadratic, and the memory of a walk grows with the nesting only.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from crosslook.contracts.exact_json import decimal_or_float, integer_or_decimal
from crosslook.contracts.problems import SHOWN_MAX, Problem, pointer

_HALF_PAIR = re.compile("[\ud800-\udfff]")
_NAME_SHOWN = 100
MEMBERS_MAX = 100_000
"""So many members and elements are looked at for their place: a walk takes a quarter of a microsecond for each."""


class _Beyond:
    """Stands where a number stood that no double holds."""


class _Repeating(dict[str, Any]):
    """An object in which a name stands more than once; the last value counts."""

    repeated: tuple[str, ...] = ()


class _NamedTwice(Exception):
    """A name stands twice in an object: no more needs to be read."""


_BEYOND: Final = _Beyond()
_ODD = (_Beyond, _Repeating)
_CONTAINERS = (list, dict, _Repeating)
_Member = tuple[str | int, Any]


def read_odd(data: bytes, *, repeated: bool = False) -> Any:
    """A document that may hold odd values, for `odd_places` only: what that finds nothing in holds none. `repeated`:
    note names that stand twice. Raises ValueError for what is not JSON, RecursionError for what is nested too deep."""
    hook = _Noting().object if repeated else None
    text = data.decode()
    return json.loads(text, parse_float=_real, parse_int=_whole, parse_constant=_refused, object_pairs_hook=hook)


def repeats_a_name(data: bytes) -> bool:
    """Whether an object of a valid JSON document has the same name twice."""
    try:
        json.loads(data, parse_float=len, parse_int=len, object_pairs_hook=_once)
    except _NamedTwice:
        return True
    except RecursionError:  # deeper than any body of ours, and refused for that
        return False
    return False


def odd_places(value: Any) -> Iterator[Problem]:
    """The odd values in the result of `read_odd`, each with its place, in document order. After so many members
    that no honest document has them, the last problem stands for all that follows."""
    outer: list[str | int] = []
    walks: list[Iterator[_Member]] = [iter([("", value)])]
    left = MEMBERS_MAX
    while walks:
        for name, inner in walks[-1]:
            left -= 1
            if left < 0:
                yield Problem("wrong_type", "", "wrong_type.odd", {"limit": MEMBERS_MAX})
                return
            kind = type(inner)
            if kind in _ODD or (kind is str and not inner.isascii()) or (type(name) is str and not name.isascii()):
                yield from _odd((*outer, name)[1:], name, inner)
            if inner and kind in _CONTAINERS:
                outer.append(name)
                walks.append(iter(inner.items()) if kind is not list else enumerate(inner))
                break
        else:
            walks.pop()
            del outer[-1:]


def without_half_pairs(text: str) -> str:
    """The text with a question mark in place of each half of a surrogate pair."""
    return text if text.isascii() else _HALF_PAIR.sub("?", text)


def _odd(place: tuple[str | int, ...], name: str | int, inner: Any) -> Iterator[Problem]:
    where = pointer(*(without_half_pairs(part) if type(part) is str else part for part in place))
    if _is_half(name):
        yield Problem("wrong_type", where, "wrong_type.half_pair_name")
    if inner is _BEYOND:
        yield Problem("out_of_range", where, "out_of_range.double")
    elif type(inner) is str and _is_half(inner):
        yield Problem("wrong_type", where, "wrong_type.half_pair")
    elif type(inner) is _Repeating:
        for twice in inner.repeated:
            shown = without_half_pairs(twice)
            yield Problem("bad_value", where + pointer(shown), "bad_value.member_twice", {"name": shown[:_NAME_SHOWN]})


def _is_half(text: str | int) -> bool:
    return type(text) is str and not text.isascii() and _HALF_PAIR.search(text) is not None


def _real(text: str) -> Decimal | float | _Beyond:
    return _BEYOND if math.isinf(float(text)) else decimal_or_float(text)


def _whole(text: str) -> Decimal | int | _Beyond:
    return _BEYOND if math.isinf(float(text)) else integer_or_decimal(text)


def _refused(name: str) -> Any:
    raise ValueError(name)


def _once(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) < len(pairs):
        raise _NamedTwice


class _Noting:
    """Makes objects and notes the names that stand twice, in as many objects as are shown."""

    def __init__(self) -> None:
        self._left = SHOWN_MAX

    def object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """An object from its members."""
        made = dict(pairs)
        if len(made) == len(pairs) or not self._left:
            return made
        self._left -= 1
        found = _Repeating(made)
        found.repeated = tuple(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        return found
