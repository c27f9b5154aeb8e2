"""Seeded datasets with the traps of the exact meanings: empties, ties, repeats, contacts that are shared, deleted or
missing, nights of clock changes, leap days, ends of years, very large and very small numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition, FieldDef, FieldType
from tests.helpers.nights import CHANGES, changes_of
from tests.helpers.snapshots import PlainObject, PlainRow

ZONE = "America/Chicago"
"""Of requests that name none."""
AS_OFS = (
    "2024-02-29T23:30:00+00:00",
    "2025-01-01T05:59:59.999+00:00",
    "2025-12-31T12:00:00+00:00",
    "2026-03-08T08:10:00+00:00",
    "2026-03-29T01:00:00+00:00",
    "2026-05-31T12:00:00+00:00",
    "2026-11-01T06:30:00+00:00",
    "2026-11-23T11:30:00+00:00",
)
"""Leap day, both nights of a year, the last of months, of years and of weeks."""
TICKET = Definition.model_validate(
    {
        "object": "ticket",
        "labels": {"singular": "Ticket", "plural": "Tickets"},
        "fields": [
            {"slug": "subject", "type": "text"},
            {"slug": "body", "type": "textarea"},
            {"slug": "status", "type": "dropdown"},
            {"slug": "score", "type": "number"},
            {"slug": "effort", "type": "number"},
            {"slug": "amount", "type": "currency"},
            {"slug": "due_on", "type": "date"},
            {"slug": "opened_at", "type": "datetime"},
            {"slug": "solved_at", "type": "datetime"},
            {"slug": "tags", "type": "multiselect"},
            {"slug": "urgent", "type": "boolean"},
        ],
        "relationships": [
            {"slug": "requester", "target": "contact"},
            {"slug": "watchers", "target": "contact", "many": True},
        ],
    }
)
CONTACT = Definition(
    object=BUILT_IN_CONTACT.object,
    labels=BUILT_IN_CONTACT.labels,
    fields=(
        *BUILT_IN_CONTACT.fields,
        FieldDef(slug="age", label="Age", type=FieldType.NUMBER),
        FieldDef(slug="spent", label="Spent", type=FieldType.CURRENCY),
        FieldDef(slug="segments", label="Segments", type=FieldType.MULTISELECT),
        FieldDef(slug="note", label="Note", type=FieldType.TEXTAREA),
    ),
)
DEFINITIONS = {"ticket": TICKET, "contact": CONTACT}
TAGS = ("a", "b", "c", "b; c", "Ж")
_TEXTS = (
    "",
    "Ab",
    "ab",
    "a",
    "b",
    "Straße",
    "STRASSE",
    "ΑΣ",
    "ας",
    "x%y_z",
    "it's",
    "=1+1",
    "a\nb",
    "\U0001d4b3",
    "é",
    "e\u0301",
)
_IDS = ("10", "2", "a", "A", "é", "z;z", "it's", "=x", "\U0001d4b3", "a b")
_DATES = ("1900-01-01", "1969-12-31", "2024-02-29", "2023-02-28", "2026-11-01", "2298-12-31", "2299-12-31")
_INSTANTS = (
    "1901-06-01T00:00:00+00:00",
    "1969-12-31T23:59:59.999+00:00",
    "2024-02-29T12:00:00+00:00",
    "2024-02-29T23:59:59.999+00:00",
    "2026-01-01T00:00:00+00:00",
    "2298-06-01T10:20:30.456+00:00",
    "2299-06-01T00:00:00+00:00",
)
_NUMBERS = (0.0, -0.0, 0.25, 1, 2, 2, 2.5, 4, 4, 4.5, 10, 10, 20, -3, -10, 99.75)
# Sums are exact but for their last bit, so what is very large and what is very small stand in two fields.
_EXTREMES = {"score": (0.1, 1e-7, -0.7), "effort": (9007199254740991, 9007199254740991, -4503599627370495.5)}
_AMOUNTS = ("0", "0.0001", "1.5", "2", "2", "10", "10.0000", "-3.5", "99.9999", "999999999999999.9999")
_SPANS = (1, 59, 60, 61, 90, 720, 1439, 1440, 2880, 10_080, 10_081, 43_200, 44_640, 129_600, 525_600, 527_040)
"""Minutes between the as-of and a value."""


@dataclass(frozen=True, slots=True)
class World:
    """One snapshot's records, and where it stands among those published with it. `pool`: the values that occur, by
    term, as a request writes them."""

    number: int
    as_of: datetime
    objects: Sequence[PlainObject]
    pool: Mapping[str, Sequence[Any]]

    @property
    def snapshot(self) -> str:
        """Its id."""
        return f"s{self.number}"


def worlds(seed: str, count: int = len(AS_OFS)) -> list[World]:
    """So many snapshots, each with records of its own, the older ones first."""
    as_ofs = [AS_OFS[-1 - number % len(AS_OFS)] for number in range(count)]
    return [
        _world(Random(f"{seed}/{number}"), number, datetime.fromisoformat(as_of))  # noqa: S311  # examples, no secrets
        for number, as_of in enumerate(sorted(as_ofs), 1)
    ]


def _world(dice: Random, number: int, as_of: datetime) -> World:
    instants, days = _times(dice, as_of)
    values = _values(dice, instants, days)
    contacts = [_row(dice, f"c{name}", CONTACT, values, {}, instants) for name in _IDS[: dice.randint(6, len(_IDS))]]
    live = [row.record for row in contacts if not row.deleted]
    names = [f"t{dice.choice(_IDS)}-{place}" for place in range(dice.randint(25, 45))]
    tickets = [_row(dice, name, TICKET, values, _links(dice, live), instants) for name in names]
    objects = (PlainObject(CONTACT, contacts), PlainObject(TICKET, tickets))
    return World(number, as_of, objects, _pool(objects))


def _times(dice: Random, as_of: datetime) -> tuple[list[str], list[str]]:
    near = [as_of + timedelta(minutes=sign * span) for span in _SPANS for sign in (1, -1)]
    zone = dice.choice(sorted(CHANGES))
    nights = [
        change + timedelta(minutes=minute) for change in changes_of(zone) for minute in (-61, -60, -30, 0, 30, 59)
    ]
    midnight = datetime(as_of.year, as_of.month, 1, 6, tzinfo=UTC)
    edges = [midnight, midnight - timedelta(milliseconds=1), as_of, as_of + timedelta(milliseconds=1)]
    instants = [instant.isoformat() for instant in (*dice.sample(near, 12), *nights, *edges)]
    days = [instant[:10] for instant in instants]
    return [*instants, *dice.sample(_INSTANTS, 4)], [*days, *dice.sample(_DATES, 4)]


def _values(dice: Random, instants: list[str], days: list[str]) -> Mapping[FieldType, Sequence[Any]]:
    return {
        FieldType.TEXT: _TEXTS,
        FieldType.TEXTAREA: _TEXTS,
        FieldType.DROPDOWN: ("open", "open", "solved", "closed", "on hold", ""),
        FieldType.NUMBER: dice.sample(_NUMBERS, 10),
        FieldType.CURRENCY: dice.sample(_AMOUNTS, 7),
        FieldType.DATE: days,
        FieldType.DATETIME: instants,
        FieldType.MULTISELECT: ([], ["a"], ["a"], ["a", "b"], ["b", "a"], ["c", "b; c"], ["Ж"], list(TAGS)),
        FieldType.BOOLEAN: (True, False),
    }


def _row(
    dice: Random,
    record: str,
    definition: Definition,
    values: Mapping[FieldType, Sequence[Any]],
    links: Mapping[str, Sequence[str]],
    instants: Sequence[str],
) -> PlainRow:
    filled = {
        field.slug: dice.choice([*values[field.type], *_EXTREMES.get(field.slug, ())])
        for field in definition.fields
        if dice.random() < 0.8
    }
    return PlainRow(record, filled, links, dice.random() < 0.12, datetime.fromisoformat(dice.choice(instants)))


def _links(dice: Random, live: Sequence[str]) -> dict[str, list[str]]:
    requester = [dice.choice(live)] if dice.random() < 0.8 else []
    return {"requester": requester, "watchers": dice.sample(live, dice.choice([0, 1, 1, 2, 3]))}


def _pool(objects: Sequence[PlainObject]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for plain_object in objects:
        name = plain_object.definition.object
        for field in plain_object.definition.fields:
            sent = [row.values.get(field.slug) for row in plain_object.rows]
            found[f"{name}.{field.slug}"] = [value for value in sent if value not in (None, "", [])]
        found[f"{name}._id"] = [row.record for row in plain_object.rows]
        found[f"{name}._updated_at"] = [row.updated_at.isoformat() for row in plain_object.rows]
    return found
