"""The identity of a request and of what answers it: a hash of everything that shapes the answer, for cache keys and
entity tags.

It covers every member of what it is given, so that a member added to a request is part of it from the start. Two
requests with one identity have one answer; two with one answer may have two identities, which costs a cached result.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import orjson

from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import FieldDef, RelationshipDef
from services.query_service.domain.catalog import Explore
from services.query_service.domain.zones import Zone

_PLAIN = (str, float)
ANSWER_FORMAT = 6
"""Raised when the same rows are shown in another way: what clients keep of the old way must not be confirmed."""


def identity(*parts: Any) -> str:
    """The hash of values of requests and plans: data classes, enumerations, collections and scalars. Raises TypeError
    for anything else."""
    return hashlib.sha256(orjson.dumps([ANSWER_FORMAT, *map(_canonical, parts)])).hexdigest()


def of_problems(problems: Sequence[Problem]) -> str:
    """The identity of problems or warnings as they are shown."""
    return identity(
        [[problem.code, problem.pointer, problem.text, problem.values, problem.suggestion] for problem in problems]
    )


def _canonical(value: Any) -> Any:
    """The value as JSON that differs wherever the value does."""
    match value:
        case None | str() | bool() | float():
            return value
        case int() | Decimal() | date():
            # JSON's integers end at 64 bits.
            return [type(value).__name__, str(value)]
        case Zone(name, _, edition):
            return [name, edition]
        case Explore():
            # Its definition and its rows belong to the version and to the build.
            return [value.object, value.version, _canonical(value.source)]
        case FieldDef(slug=slug, type=kind, label=label):
            return [slug, kind, label]
        case RelationshipDef(slug=slug):
            return slug
        case Mapping():
            return [[_canonical(key), _canonical(item)] for key, item in value.items()]
        case tuple() | list():
            # Conditions have lists of many thousand texts.
            plain = all(type(item) in _PLAIN for item in value)
            return list(value) if plain else [_canonical(item) for item in value]
        case _ if is_dataclass(value) and not isinstance(value, type):
            return [type(value).__name__, *(_canonical(getattr(value, name)) for name in _members(type(value)))]
        case _:
            raise TypeError(f"{type(value).__name__} has no identity")


@cache
def _members(kind: type) -> tuple[str, ...]:
    return tuple(member.name for member in fields(kind))
