"""The request of a saved report when it is asked again: under the filters of its dashboard, and without the fields that
no longer exist, so that the rest is still answered and people are told (ARCHITECTURE 7). A report was good when it was
saved, so a problem that can be pinned to one of its parts means that the schema has moved on under that part."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from crosslook.contracts.expression_tokens import names_in
from crosslook.contracts.ids import CONTACT
from crosslook.contracts.problems import Problem, pointer
from crosslook.contracts.report_uses import conditions_in, is_of

_LISTS = ("formulas", "list", "dimensions", "pivot", "measures", "calculations", "sort")
_CONDITIONS = ("filters", "having")
_WHOLE = ("relationship", "records", "contacts")
_COMPARE, _MOVED = "compare", "moved"
_LIMITS = ("bad_value.depth", "bad_value.conditions", "bad_value.junctions", "bad_value.too_many")
_FILTERED = "filtered_measure"
_NAME_SHOWN = 200
_NOTHING: Final = object()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part of a request that is left out: its place, which kind of part it is, and the name in it."""

    pointer: str
    part: str
    name: str

    def warning(self) -> Problem:
        """What the answer says of it."""
        return Problem("left_out", self.pointer, f"left_out.{self.part}", {"name": self.name})


@dataclass(frozen=True, slots=True)
class Lesser:
    """A request without some parts. `origin`: where each place of it stood in the whole one."""

    body: Any
    origin: Mapping[str, str]

    def original(self, problem: Problem) -> Problem:
        """The problem with its place in the whole request."""
        known = problem.pointer
        while known not in self.origin:
            known = known.rpartition("/")[0]
        where = self.origin[known] + problem.pointer[len(known) :]
        return replace(problem, pointer=where)


def without(body: Any, gone: Sequence[LeftOut]) -> Lesser:
    """The request without these parts. A junction that loses all its conditions goes with them: an empty `or` would
    keep nothing."""
    origin: dict[str, str] = {}
    kept = _without(body, frozenset(part.pointer for part in gone), "", "", origin)
    return Lesser(kept, origin)


def _without(value: Any, gone: frozenset[str], was: str, now: str, origin: dict[str, str]) -> Any:
    origin[now] = was
    if isinstance(value, dict):
        members: dict[str, Any] = {}
        for name, member in value.items():
            inner = _inner(member, gone, was + pointer(name), now + pointer(name), origin)
            if inner is not _NOTHING:
                members[name] = inner
            elif name in ("and", "or"):
                return _NOTHING
        return members
    if isinstance(value, list):
        items: list[Any] = []
        for index, element in enumerate(value):
            inner = _inner(element, gone, f"{was}/{index}", f"{now}/{len(items)}", origin)
            if inner is not _NOTHING:
                items.append(inner)
        return items if items or not value or was.count("/") == 1 else _NOTHING
    return value


def _inner(value: Any, gone: frozenset[str], was: str, now: str, origin: dict[str, str]) -> Any:
    return _NOTHING if was in gone else _without(value, gone, was, now, origin)


def to_leave_out(
    body: Mapping[str, Any], problems: Sequence[Problem], gone: Sequence[LeftOut] = (), shared: str = ""
) -> list[LeftOut] | None:
    """The parts of the request that the problems are about; None where a problem is about the report itself. Where
    the relationship is gone, everything goes that the contact was joined for.

    `gone`: what was left out already. `shared`: where the filters of a dashboard stand in the request; they must not
    turn it into a report on contacts that it cannot be."""
    found: dict[str, LeftOut] = {}
    for problem in problems:
        imposed = [part for part in _imposed(body, problem.pointer, shared) if part not in gone]
        if imposed:
            found |= {part.pointer: part for part in imposed}
            continue
        part = _part(body, problem.pointer)
        if part is None or exceeds(problem):
            return None
        found[part.pointer] = part
        if part.part == "relationship":
            found |= {part.pointer: part for part in _of_contact(body)}
    return [part for part in found.values() if part not in gone] or None


def exceeds(problem: Problem) -> bool:
    """Whether there is too much of something: then no part is wrong, and leaving one out would be arbitrary."""
    return problem.text in _LIMITS


def _imposed(body: Mapping[str, Any], where: str, shared: str) -> list[LeftOut]:
    """The dashboard's conditions on the contact, where the report cannot join it."""
    if where not in ("/relationship", "/contacts") or not shared:
        return []
    found = conditions(body, "filters")
    return [part for part in found if within(part.pointer, shared) and is_of(CONTACT, part.name)]


def _part(body: Mapping[str, Any], where: str) -> LeftOut | None:
    """The smallest part that holds a place and can be left out."""
    _, name, *rest = (*where.split("/"), "")
    if name in _LISTS and rest[0].isdecimal():
        return _element(body, name, int(rest[0]))
    if name in _CONDITIONS:
        holding = [condition for condition in conditions(body, name) if within(where, condition.pointer)]
        return holding[0] if holding else None
    if name == _COMPARE and isinstance(body.get(name), list) and rest[0].isdecimal():
        return LeftOut(f"/{name}/{rest[0]}", name, _name(body[name][int(rest[0])]))
    if name in (*_WHOLE, _COMPARE, _MOVED) and body.get(name) is not None:
        return LeftOut(f"/{name}", name, _name(body[name]))
    return None


def _element(body: Mapping[str, Any], name: str, index: int) -> LeftOut:
    found = body[name][index]
    filtered = isinstance(found, dict) and "measure" in found
    return LeftOut(f"/{name}/{index}", _FILTERED if filtered else name, _name(found))


def conditions(body: Mapping[str, Any], name: str) -> Iterator[LeftOut]:
    """Every condition of the request's `filters` or `having`."""
    for where, condition in conditions_in(body.get(name), f"/{name}"):
        yield LeftOut(where, name, _name(condition))


def _of_contact(body: Mapping[str, Any]) -> Iterator[LeftOut]:
    formulas = set(formulas_of(body, CONTACT))

    def of_contact(name: str) -> bool:
        return is_of(CONTACT, name) or name.partition(".")[0] in formulas

    for name in ("list", "dimensions", "pivot", "measures"):
        for index, part in enumerate(body.get(name) or ()):
            if any(of_contact(named) for named in _named_in(part)):
                yield _element(body, name, index)
    yield from (condition for condition in conditions(body, "filters") if of_contact(condition.name))
    if body.get("contacts") is not None:
        yield LeftOut("/contacts", "contacts", str(body["contacts"]))


def _named_in(part: Any) -> Iterator[str]:
    """What a dimension or measure looks at."""
    if not isinstance(part, dict):
        yield str(part)
        return
    yield str(part.get("field", part.get("measure", "")))
    yield from (condition.name for condition in conditions(part, "filters"))


def formulas_of(body: Mapping[str, Any], object_slug: str) -> Iterator[str]:
    """The formulas of a request that use fields of the object."""
    found: set[str] = set()
    for formula in body.get("formulas") or ():
        names = names_in(formula["expression"])
        if any(is_of(object_slug, name) or name in found for name in names):
            found.add(formula["name"])
            yield formula["name"]


def within(where: str, place: str) -> bool:
    """Whether a place is this one or inside of it."""
    return f"{where}/".startswith(f"{place}/")


def _name(part: Any) -> str:
    """The name that stands in a part."""
    if isinstance(part, dict):
        part = part.get("field", part.get("object", part.get("name", "")))
    return str(part)[:_NAME_SHOWN]


@dataclass(frozen=True, slots=True)
class Merged:
    """A tile's request with the dashboard's filters. `own`: where its own filters stand now; `shared`: where the
    dashboard's do, "" where it has none."""

    body: dict[str, Any]
    own: str = "/filters"
    shared: str = ""


def merged(request: Mapping[str, Any], filters: Mapping[str, Any] | None) -> Merged:
    """The request, asked under the dashboard's filters as well."""
    own = request.get("filters")
    if not filters:
        return Merged(dict(request))
    if not own:
        return Merged({**request, "filters": {"and": [filters]}}, shared="/filters/and/0")
    if isinstance(own, Mapping) and isinstance(own.get("and"), list):
        body = {**request, "filters": {"and": [*own["and"], filters]}}
        return Merged(body, shared=f"/filters/and/{len(own['and'])}")
    return Merged({**request, "filters": {"and": [own, filters]}}, own="/filters/and/0", shared="/filters/and/1")
