"""The expected results of the demonstration's reports, computed from the dataset without SQL."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from crosslook.local.demo.dataset import Dataset

REPORT: dict[str, Any] = {
    "object": "ticket",
    "dimensions": ["contact.country"],
    "measures": ["ticket.count", "contact.count", "ticket.csat.avg", "ticket.amount.sum"],
    "sort": [{"field": "ticket.count", "direction": "desc"}],
    "totals": True,
    "limit": 50,
}
"""The cross-joined report that `crosslook demo` prints and checks."""


@dataclass(slots=True)
class ExpectedRow:
    """One row of the report, while it is being added up."""

    tickets: int
    contacts: set[str]
    csat: list[float]
    amount: Decimal | None

    def row(self) -> tuple[int, int, float | None, Decimal | None]:
        """(tickets, distinct contacts, average CSAT, sum of amounts); None for a measure of nothing."""
        average = sum(self.csat) / len(self.csat) if self.csat else None
        return self.tickets, len(self.contacts), average, self.amount


@dataclass(frozen=True, slots=True)
class Truth:
    """The report's rows by country, its totals, and how many tickets the join keeps and drops."""

    rows: dict[str | None, tuple[Any, ...]]
    totals: tuple[Any, ...]
    kept: int
    dropped: int


def ticket_truth(dataset: Dataset, tenant: str) -> Truth:
    """The answer of REPORT for one tenant."""
    contacts = dataset.truth.get((tenant, "contact"), {})
    by_email = {data["fields"]["email"].strip().lower(): record for record, data in contacts.items()}
    by_foreign = {foreign: record for record, data in contacts.items() for foreign in data["external_ids"]}
    groups: dict[str | None, ExpectedRow] = defaultdict(lambda: ExpectedRow(0, set(), [], None))
    whole = ExpectedRow(0, set(), [], None)
    dropped = 0
    for data in dataset.truth.get((tenant, "ticket"), {}).values():
        contact = _contact_of(data, contacts, by_email, by_foreign)
        if contact is None:
            dropped += 1
            continue
        for group in (groups[contacts[contact]["fields"]["country"]], whole):
            _add(group, contact, data["fields"])
    return Truth({c: g.row() for c, g in groups.items()}, whole.row(), whole.tickets, dropped)


def _add(group: ExpectedRow, contact: str, fields: dict[str, Any]) -> None:
    group.tickets += 1
    group.contacts.add(contact)
    if fields.get("csat") is not None:
        group.csat.append(fields["csat"])
    if fields.get("amount") is not None:
        group.amount = (group.amount or Decimal(0)) + Decimal(fields["amount"])


def _contact_of(
    data: dict[str, Any], contacts: dict[str, Any], by_email: dict[str, str], by_foreign: dict[str, str]
) -> str | None:
    for reference in data["relationships"]["requester"]:
        match reference:
            case {"id": record} if record in contacts:
                return str(record)
            case {"email": email} if email.strip().lower() in by_email:
                return by_email[email.strip().lower()]
            case {"external": foreign} if foreign in by_foreign:
                return by_foreign[foreign]
    return None


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between a result and the expected one: a key of the terminal's catalogue with its values."""

    key: str
    values: dict[str, str]


def wrong_figures(truth: Truth, result: dict[str, Any]) -> list[Difference]:
    """Every way in which a query_service result differs from the truth; empty when it is right."""
    found = {row[0]: row[1:] for row in result["rows"]}
    wrong = [Difference("demo_missing", {"place": str(country)}) for country in truth.rows.keys() - found.keys()]
    for country, row in found.items():
        expected = truth.rows.get(country)
        if expected is None or not _same(expected, row):
            wrong.append(_differs(str(country), expected, row))
    if not _same(truth.totals, result["totals"][1:]):
        wrong.append(_differs("totals", truth.totals, result["totals"][1:]))
    kept, dropped = result["join"]["kept"], result["join"]["dropped"]
    if (kept, dropped) != (truth.kept, truth.dropped):
        wrong.append(_differs("join", (truth.kept, truth.dropped), [kept, dropped]))
    return wrong


def _differs(place: str, expected: tuple[Any, ...] | None, found: list[Any]) -> Difference:
    return Difference("demo_differs", {"place": place, "expected": str(expected), "found": str(tuple(found))})


def _same(expected: tuple[Any, ...], found: list[Any]) -> bool:
    """Whether measures are equal: numbers up to what their order of addition changes, amounts exactly."""
    return len(expected) == len(found) and all(map(_equal, expected, found))


def _equal(expected: Any, found: Any) -> bool:
    if expected is None or found is None:
        return expected is found
    if isinstance(expected, Decimal):
        return isinstance(found, str) and Decimal(found) == expected
    return bool(abs(expected - found) < 1e-9)
