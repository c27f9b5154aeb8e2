"""The brute-force model's lists: one row per record, or per record and contact."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.helpers.oracle_calendar import Calendar
from tests.helpers.oracle_question import Pair, Question
from tests.helpers.oracle_values import shown


@dataclass(frozen=True, slots=True)
class ListTruth:
    """What a list must show, all pages together, with the cells as JSON shows them."""

    columns: list[str]
    rows: list[list[Any]]
    join: dict[str, Any] | None

    @property
    def matching(self) -> int:
        """How many rows there are without a limit."""
        return len(self.rows)


def listed(request: Mapping[str, Any], question: Question, calendar: Calendar) -> ListTruth:
    """All rows of a list in their order."""
    columns: list[str] = request["list"]
    pairs = question.passing
    if not _lists_contact(columns, question, request["object"]):
        pairs = list({pair[0].record: (pair[0], None) for pair in pairs}.values())
    ordered = _ordered(pairs, request, question)
    rows = [[shown(question.value(term, pair), calendar.zone) for term in columns] for pair in ordered]
    return ListTruth(columns, rows, question.join())


def _lists_contact(columns: list[str], question: Question, base: str) -> bool:
    return base != "contact" and any(question.object_of(term) == "contact" for term in columns)


def _ordered(pairs: list[Pair], request: Mapping[str, Any], question: Question) -> list[Pair]:
    """By the sort asked for, empty values last either way, then by the ids of record and contact."""
    found = sorted(pairs, key=lambda pair: (pair[0].record, pair[1].record if pair[1] else ""))
    for item in reversed(request.get("sort") or []):
        keyed = [(sort_key(question.value(item["field"], pair)), pair) for pair in found]
        present = [(key, pair) for key, pair in keyed if key is not None]
        present.sort(key=lambda key_and_pair: key_and_pair[0], reverse=item.get("direction") == "desc")
        found = [pair for _, pair in present] + [pair for key, pair in keyed if key is None]
    return found


def sort_key(value: Any) -> Any:
    """A multiselect is sorted as the text that a file shows."""
    return "; ".join(value) if isinstance(value, list) else value
