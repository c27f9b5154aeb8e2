"""Random small datasets and random good requests about them: what the oracle and the service must agree on."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import strategies as st

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition, FieldDef, FieldType
from tests.helpers.snapshots import PlainObject, PlainRow

TAGS = ("a", "b", "c")
ZONES = ("America/Chicago", "Europe/Paris", "Asia/Kolkata", "UTC", "Pacific/Auckland")
CONTACT_IDS = ("c1", "c2", "c3", "c4")


def _field(slug: str, kind: FieldType) -> FieldDef:
    return FieldDef(slug=slug, label=slug.capitalize(), type=kind)


TICKET = Definition.model_validate(
    {
        "object": "ticket",
        "labels": {"singular": "Ticket", "plural": "Tickets"},
        "fields": [
            {"slug": "subject", "type": "text"},
            {"slug": "status", "type": "dropdown"},
            {"slug": "score", "type": "number"},
            {"slug": "amount", "type": "currency"},
            {"slug": "due_on", "type": "date"},
            {"slug": "opened_at", "type": "datetime"},
            {"slug": "tags", "type": "multiselect"},
            {"slug": "urgent", "type": "boolean"},
        ],
        "relationships": [
            {"slug": "requester", "target": "contact"},
            {"slug": "watchers", "target": "contact", "many": True},
            {"slug": "parent", "target": "ticket"},
        ],
    }
)
CONTACT = Definition(
    object=BUILT_IN_CONTACT.object,
    labels=BUILT_IN_CONTACT.labels,
    fields=(
        *BUILT_IN_CONTACT.fields,
        _field("age", FieldType.NUMBER),
        _field("spent", FieldType.CURRENCY),
        _field("segments", FieldType.MULTISELECT),
    ),
)
_SPARSE = {"ticket": TICKET.fields, "contact": [f for f in CONTACT.fields if f.slug not in ("phone", "first_name")]}

_dates = st.sampled_from(["1900-01-01", "1969-12-31", "2024-02-29", "2026-11-01", "2026-11-02", "2299-12-31"])
_instants = st.sampled_from(
    [
        "1901-06-01T00:00:00+00:00",
        "1969-12-31T23:59:59.999+00:00",
        "2026-03-08T07:59:00+00:00",
        "2026-03-08T08:00:00+00:00",
        "2026-11-01T06:30:00+00:00",
        "2026-11-01T07:30:00+00:00",
        "2026-11-23T11:30:00+00:00",
        "2026-11-24T05:59:59.999+00:00",
        "2026-11-24T06:00:00+00:00",
        "2298-12-31T23:00:00+00:00",
    ]
)
_VALUES: Mapping[FieldType, st.SearchStrategy[Any]] = {
    FieldType.TEXT: st.sampled_from(["", "Ab", "ab", "a", "Straße", "STRASSE", "ΑΣ", "ας", "x%y_z", "it's", "=1+1"]),
    FieldType.DROPDOWN: st.sampled_from(["open", "solved", ""]),
    # Quarters of small numbers: their sums are exact as doubles, so that answers compare exactly.
    FieldType.NUMBER: st.integers(-40, 40).map(lambda quarter: quarter / 4),
    FieldType.CURRENCY: st.integers(-50_000, 50_000).map(lambda units: f"{units / 10_000:.4f}")
    | st.just("999999999999999.9999"),
    FieldType.DATE: _dates | st.dates(date(2025, 1, 1), date(2027, 1, 1)).map(date.isoformat),
    FieldType.DATETIME: _instants,
    FieldType.MULTISELECT: st.lists(st.sampled_from(TAGS), unique=True, max_size=3),
    FieldType.BOOLEAN: st.booleans(),
}

_EQUALITY = ["eq", "neq", "in", "not_in", "is_empty", "is_not_empty"]
_RANGE = ["gt", "gte", "lt", "lte", "between"]
_TIMES = ["before", "after", "on", "in_last", "in_next"]
_OPERATORS: Mapping[FieldType, list[str]] = {
    FieldType.TEXT: [*_EQUALITY, "contains", "not_contains", "starts_with", "ends_with"],
    FieldType.DROPDOWN: [*_EQUALITY, "contains", "not_contains", "starts_with", "ends_with"],
    FieldType.NUMBER: [*_EQUALITY, *_RANGE],
    FieldType.CURRENCY: [*_EQUALITY, *_RANGE],
    FieldType.DATE: [*_EQUALITY, *_RANGE, *_TIMES],
    FieldType.DATETIME: [*_EQUALITY, *_RANGE, *_TIMES],
    FieldType.MULTISELECT: ["any_of", "all_of", "none_of", "is_empty", "is_not_empty"],
    FieldType.BOOLEAN: _EQUALITY,
}
_MEASURES: Mapping[FieldType, list[str]] = {
    FieldType.TEXT: ["count_distinct"],
    FieldType.DROPDOWN: ["count_distinct"],
    FieldType.NUMBER: ["sum", "avg", "min", "max", "median"],
    FieldType.CURRENCY: ["sum", "avg", "min", "max", "median"],
    FieldType.DATE: ["min", "max"],
    FieldType.DATETIME: ["min", "max"],
}
_OF_DATES = ["day", "week", "month", "quarter", "year", "day_of_week", "month_of_year"]
_GRANULARITIES: Mapping[FieldType, list[str]] = {
    FieldType.DATE: _OF_DATES,
    FieldType.DATETIME: [*_OF_DATES, "hour", "hour_of_day"],
}


def _rows(name: str, ids: st.SearchStrategy[list[str]]) -> st.SearchStrategy[list[PlainRow]]:
    values = st.fixed_dictionaries({}, optional={field.slug: _VALUES[field.type] for field in _SPARSE[name]})
    links: st.SearchStrategy[dict[str, list[str]]] = st.just({})
    if name == "ticket":
        some = st.lists(st.sampled_from(CONTACT_IDS), unique=True, max_size=3)
        links = st.fixed_dictionaries({"requester": some.map(lambda item: item[:1]), "watchers": some})
    row = st.builds(PlainRow, st.just(""), values, links, st.integers(0, 7).map(lambda die: die == 0))

    def named(known: list[str]) -> st.SearchStrategy[list[PlainRow]]:
        rows = st.lists(row, min_size=len(known), max_size=len(known))
        return rows.map(lambda found: [replace(item, record=name) for item, name in zip(found, known, strict=True)])

    return ids.flatmap(named)


@st.composite
def datasets(draw: st.DrawFn, least: int = 0) -> list[PlainObject]:
    """Contacts and tickets, so many at least: empties, ties, shared contacts, deleted and unlinked records. Links name
    live contacts only, as a snapshot guarantees."""
    contacts = draw(
        _rows("contact", st.lists(st.sampled_from(CONTACT_IDS), unique=True, min_size=min(least, 3), max_size=4))
    )
    tickets = draw(_rows("ticket", st.integers(least, 7 + least).map(lambda count: [f"t{n}" for n in range(count)])))
    live = {row.record for row in contacts if not row.deleted}
    resolved = [
        replace(row, links={slug: [item for item in linked if item in live] for slug, linked in row.links.items()})
        for row in tickets
    ]
    return [PlainObject(CONTACT, contacts), PlainObject(TICKET, resolved)]


def _values_for(draw: st.DrawFn, op: str, kind: FieldType) -> list[Any]:
    filled = _VALUES[kind].filter(lambda value: value not in ("", []))
    match op:
        case "is_empty" | "is_not_empty":
            return []
        case "in_last" | "in_next":
            units = ["day", "week", "month", "quarter", "year"] + (["hour"] if kind is FieldType.DATETIME else [])
            return [draw(st.integers(1, 5)), draw(st.sampled_from(units))]
        case "any_of" | "all_of" | "none_of":
            return draw(st.lists(st.sampled_from(TAGS), min_size=1, max_size=2, unique=True))
    if kind is FieldType.DATETIME:
        filled = filled | _dates
    if op in ("in", "not_in"):
        return draw(st.lists(filled, min_size=1, max_size=3))
    return draw(st.lists(filled, min_size=2, max_size=2)) if op == "between" else [draw(filled)]


def _condition(draw: st.DrawFn, named: Mapping[str, FieldType]) -> dict[str, Any]:
    name = draw(st.sampled_from(sorted(named)))
    op = draw(st.sampled_from(_OPERATORS[named[name]]))
    return {"field": name, "op": op, "values": _values_for(draw, op, named[name])}


def filters_on(draw: st.DrawFn, named: Mapping[str, FieldType], depth: int = 0) -> dict[str, Any]:
    """Conditions on these fields, nested."""
    if depth == 2 or draw(st.booleans()):
        return _condition(draw, named)
    parts = [filters_on(draw, named, depth + 1) for _ in range(draw(st.integers(0, 3)))]
    return {draw(st.sampled_from(["and", "or"])): parts}


def askable(base: str) -> dict[str, FieldType]:
    """The fields that a report on the object may name."""
    objects = {base, "contact"}
    return {f"{name}.{field.slug}": field.type for name in objects for field in _SPARSE[name]}


def _dimensions(draw: st.DrawFn, named: Mapping[str, FieldType]) -> dict[str, tuple[Any, FieldType]]:
    chosen: dict[str, tuple[Any, FieldType]] = {}
    for name in draw(st.lists(st.sampled_from(sorted(named)), unique=True, max_size=3)):
        kind = named[name]
        part = draw(st.sampled_from([None, *_GRANULARITIES.get(kind, [])]))
        if part is None:
            chosen[name] = (name, FieldType.TEXT if kind is FieldType.MULTISELECT else kind)
        else:
            numeric = part in ("hour_of_day", "day_of_week", "month_of_year")
            type_ = FieldType.NUMBER if numeric else FieldType.DATETIME if part == "hour" else FieldType.DATE
            chosen[f"{name}:{part}"] = ({"field": name, "granularity": part}, type_)
    return chosen


def _measures(draw: st.DrawFn, base: str, named: Mapping[str, FieldType]) -> dict[str, FieldType]:
    counts = {f"{name}.count": FieldType.NUMBER for name in (base, "contact")}
    known = dict(counts)
    for name, kind in named.items():
        for function in _MEASURES.get(kind, []):
            known[f"{name}.{function}"] = FieldType.NUMBER if function == "count_distinct" else kind
    chosen = draw(st.lists(st.sampled_from(sorted(counts)) | st.sampled_from(sorted(known)), unique=True, max_size=4))
    return {name: known[name] for name in chosen}


_KINDS = {
    FieldType.TEXTAREA: "text",
    FieldType.DROPDOWN: "text",
    FieldType.MULTISELECT: "text",
}
_OF_KINDS = {
    "text": FieldType.TEXT,
    "integer": FieldType.NUMBER,
    "number": FieldType.NUMBER,
    "currency": FieldType.CURRENCY,
    "date": FieldType.DATE,
    "datetime": FieldType.DATETIME,
    "boolean": FieldType.BOOLEAN,
}


def columns_of(asked: Mapping[str, Any], named: Mapping[str, FieldType]) -> tuple[dict[str, str], dict[str, str]]:
    """What the values of a request's dimensions and of its measures are, by the names of their columns."""
    dimensions = {}
    for dimension in asked["dimensions"]:
        field, part = (
            (dimension, None) if isinstance(dimension, str) else (dimension["field"], dimension["granularity"])
        )
        kind = _KINDS.get(named[field], named[field].value)
        if part is not None:
            numeric = part in ("hour_of_day", "day_of_week", "month_of_year")
            kind = "integer" if numeric else "datetime" if part == "hour" else "date"
        dimensions[field if part is None else f"{field}:{part}"] = kind
    measures = {}
    for name in asked["measures"]:
        field, _, function = name.rpartition(".")
        measures[name] = "integer" if function.startswith("count") else named[field].value
    return dimensions, measures


def condition_on(draw: st.DrawFn, columns: Mapping[str, str]) -> dict[str, Any]:
    """A condition on a column of a result."""
    return _condition(draw, {name: _OF_KINDS[kind] for name, kind in columns.items()})


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    """A request that must be answered."""
    base = draw(st.sampled_from(["ticket", "ticket", "ticket", "contact"]))
    named = askable(base)
    dimensions, measures = _dimensions(draw, named), _measures(draw, base, named)
    if not dimensions and not measures:
        measures = {f"{base}.count": FieldType.NUMBER}
    columns = {**{name: kind for name, (_, kind) in dimensions.items()}, **measures}
    asked: dict[str, Any] = {
        "object": base,
        "dimensions": [item for item, _ in dimensions.values()],
        "measures": list(measures),
        "totals": draw(st.booleans()),
        "timezone": draw(st.sampled_from(ZONES)),
    }
    if draw(st.booleans()):
        asked["filters"] = filters_on(draw, named)
    if draw(st.integers(0, 2)) == 0:
        asked["having"] = filters_on(draw, columns)
    if draw(st.booleans()):
        sorted_by = draw(st.lists(st.sampled_from(sorted(columns)), unique=True, max_size=2))
        directions = [draw(st.sampled_from(["asc", "desc"])) for _ in sorted_by]
        asked["sort"] = [{"field": f, "direction": d} for f, d in zip(sorted_by, directions, strict=True)]
    if draw(st.booleans()):
        asked["limit"] = draw(st.integers(1, 4))
    return asked | _about_contacts(draw, base, asked)


def _about_contacts(draw: st.DrawFn, base: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    relationship = draw(st.sampled_from(["requester", "watchers"]))
    if base == "contact":
        match = draw(st.sampled_from([None, "with", "without"]))
        return {"records": {"object": "ticket", "relationship": relationship, "match": match}} if match else {}
    uses = '"contact.' in str(asked).replace("'", '"')
    kept = draw(st.sampled_from(["any", "with"] if uses else ["any", "with", "without"]))
    return {"relationship": relationship, "contacts": kept}
