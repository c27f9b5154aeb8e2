"""The nights of clock changes, when one local time can be two instants: every one of some zones, and random
datasets and questions around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from crosslook.contracts.schemas import FieldType
from tests.helpers.questions import datasets
from tests.helpers.snapshots import PlainObject, PlainRow

CHANGES: Mapping[str, tuple[str, ...]] = {
    "Africa/Casablanca": ("2026-03-22T02:00", "2026-02-15T02:00"),  # around Ramadan
    "America/Chicago": ("2026-03-08T08:00", "2026-11-01T07:00"),
    "America/Sao_Paulo": ("2018-11-04T03:00", "2019-02-17T02:00"),  # at midnight, the other way round
    "America/Santiago": ("2026-04-05T03:00", "2026-09-06T04:00"),  # at midnight
    "America/St_Johns": ("2026-03-08T05:30", "2026-11-01T04:30"),
    "America/Caracas": ("2016-05-01T07:00",),  # by half an hour, for good
    "Antarctica/Troll": ("2026-03-29T01:00", "2026-10-25T01:00"),  # by two hours
    "Asia/Beirut": ("2026-03-28T22:00", "2026-10-24T21:00"),  # at midnight
    "Australia/Lord_Howe": ("2026-04-04T15:00", "2026-10-03T15:30"),  # by half an hour
    "Europe/London": ("2026-03-29T01:00", "2026-10-25T01:00"),
    "Europe/Paris": ("2026-03-29T01:00", "2026-10-25T01:00"),
    "Pacific/Apia": ("2011-12-30T10:00",),  # by a day, over the date line
    "Pacific/Auckland": ("2026-04-04T14:00", "2026-09-26T14:00"),
}
"""When the clocks of zones were changed, in UTC: forward and back, in the north and in the south."""
_BEFORE = (-120, -90, -60, -45, -30, -15)
_MINUTE = timedelta(minutes=1)


def changes_of(zone: str) -> list[datetime]:
    """When the clocks of one of those zones were changed."""
    return [datetime.fromisoformat(change).replace(tzinfo=UTC) for change in CHANGES[zone]]


@dataclass(frozen=True, slots=True)
class Night:
    """A dataset around one change of the clocks, and a question about it in that zone."""

    as_of: datetime
    dataset: list[PlainObject]
    before: list[PlainObject]
    question: dict[str, Any]


@st.composite
def nights(draw: st.DrawFn, asked: st.SearchStrategy[dict[str, Any]]) -> Night:
    """Records of within two hours of the change, and one of the questions with their time in it."""
    asking, dataset, before = draw(asked), draw(datasets(least=5)), draw(datasets(least=5))
    # Drawn piece by piece, most examples would be about one zone and one instant.
    dice = Random(f"{draw(st.integers(0, 2**32 - 1))} {asking} {dataset}")  # noqa: S311  # examples, no secrets
    zone = dice.choice(sorted(CHANGES))
    change = dice.choice(changes_of(zone))
    instants = _around(dice, change)
    times = [instant.isoformat() for instant in instants]
    question = {**_about_time(dice, asking, times), "timezone": zone}
    return Night(dice.choice(instants), _at_night(dice, dataset, times), _at_night(dice, before, times), question)


def _around(dice: Random, change: datetime) -> list[datetime]:
    """Instants of which two or three have one wall clock, or one hour of it, where the clock goes back."""
    twice = [change + dice.choice(_BEFORE) * _MINUTE for _ in range(2)]
    some = [item + minutes * _MINUTE for item in twice for minutes in (0, 30, 60)]
    return [*some, change, change - timedelta(milliseconds=1)]


def _at_night(dice: Random, dataset: Sequence[PlainObject], times: Sequence[str]) -> list[PlainObject]:
    def moved(plain_object: PlainObject) -> PlainObject:
        slugs = [field.slug for field in plain_object.definition.fields if field.type is FieldType.DATETIME]
        return replace(plain_object, rows=[_at(dice, row, slugs, times) for row in plain_object.rows])

    return [moved(dataset_object) for dataset_object in dataset]


def _at(dice: Random, row: PlainRow, slugs: Sequence[str], times: Sequence[str]) -> PlainRow:
    return replace(row, values={**row.values, **{slug: dice.choice(times) for slug in slugs}})


def _about_time(dice: Random, asked: dict[str, Any], times: Sequence[str]) -> dict[str, Any]:
    """The question with a time among its dimensions or in its pivot, and in conditions; mostly of all records."""
    field = "ticket.opened_at" if asked["object"] == "ticket" else "contact.created_at"
    part = dice.choice(["hour", "hour", "hour", "day", "hour_of_day", None, None])
    name, column = (field, field) if part is None else (f"{field}:{part}", {"field": field, "granularity": part})
    if dice.random() < 0.7:
        asked = {**asked, "filters": None, "limit": 500}
    if dice.random() < 0.3:
        count, unit = dice.choice([(30, "minute"), (90, "minute"), (1, "hour"), (2, "hour"), (1, "day"), (1, "month")])
        near = {"field": field, "op": dice.choice(["in_last", "in_next"]), "values": [count, unit]}
        asked = _and(asked, "filters", near)
    if _is_among(name, asked["dimensions"]) or _is_among(name, asked.get("pivot", [])):
        return asked
    if asked.get("pivot") and dice.random() < 0.5:
        # Columns are named by as many values as before.
        return {**asked, "pivot": [column, *asked["pivot"][1:]]}
    asked = {**asked, "dimensions": [*asked["dimensions"], column]}
    if part in ("hour", None) and dice.random() < 0.4:
        op = dice.choice(["eq", "in", "neq", "gte", "lt"])
        values = [dice.choice(times) for _ in range(3 if op == "in" else 1)]
        asked = _and(asked, "having", {"field": name, "op": op, "values": values})
    return asked


def _is_among(name: str, columns: Sequence[Any]) -> bool:
    return name in [
        column if isinstance(column, str) else f"{column['field']}:{column['granularity']}" for column in columns
    ]


def _and(asked: dict[str, Any], where: str, condition: dict[str, Any]) -> dict[str, Any]:
    return {**asked, where: {"and": [request for request in (asked.get(where), condition) if request]}}
