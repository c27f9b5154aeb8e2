"""Random cells of random reports: the records of the list that the service drills into, and those that the model says
the figure is computed of."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from tests.helpers.differential import Difference, answered
from tests.helpers.oracle_trials import Trials
from tests.helpers.random_dataset import World

_CHANGES = ("@delta", ":delta")


@dataclass(frozen=True, slots=True)
class DrilledCell:
    """A cell of an answer. `row`: as it is sent; `level`: how many dimensions its row has. `source`: the measure as the
    request has it, `variant`: which side of a comparison it is of."""

    row: list[Any] | None
    level: int
    column: str
    pivot: tuple[Any, ...]
    figure: Any
    source: Any
    variant: str

    @property
    def measure(self) -> str:
        """The measure of the catalog."""
        name: str = self.source if isinstance(self.source, str) else self.source["measure"]
        return name

    @property
    def name(self) -> str:
        """What the measure is called in the report."""
        name: str = self.source if isinstance(self.source, str) else self.source["name"]
        return name


def drillable_cells(question: Mapping[str, Any], answer: Mapping[str, Any]) -> list[DrilledCell]:
    """The cells of an answer that records are behind: of its rows, its totals and its subtotals."""
    dimensions = len(question.get("dimensions") or ())
    rows: list[tuple[list[Any] | None, int, Sequence[Any]]] = [
        (row[:dimensions], dimensions, row) for row in answer["rows"]
    ]
    if answer["totals"] is not None:
        rows.append((None, 0, answer["totals"]))
    for level, subtotal in enumerate(answer.get("subtotals") or (), 1):
        rows += [(row[:level], level, row) for row in subtotal["rows"]]
    sources = {item if isinstance(item, str) else item["name"]: item for item in question.get("measures") or ()}
    found = []
    for place, column in enumerate(answer["columns"]):
        base, _, variant = column["name"].partition("|")[0].partition("@")
        source = sources.get(base)
        if column["kind"] != "measure" or f"@{variant}".endswith(_CHANGES) or source is None:
            continue
        measure = source if isinstance(source, str) else source["measure"]
        if not measure.endswith("count_distinct"):
            suffix, pivot = f"@{variant}" if variant else "", tuple(column.get("pivot") or ())
            found += [
                DrilledCell(row, level, column["name"], pivot, whole[place], source, suffix)
                for row, level, whole in rows
            ]
    return found


async def check_drill(trials: Trials, world: World, question: dict[str, Any]) -> None:
    """Drill into one cell of the answer. Raises Difference where the list is not that of the model."""
    cells = drillable_cells(question, await answered(trials.stack, question)) if "list" not in question else []
    if not cells:
        return
    cell = Random(repr(question)).choice(cells)  # noqa: S311  # repeatable is what it is for
    body = {"request": question, "row": cell.row, "column": cell.column}
    response = await trials.stack.client.post("/v1/tenants/acme/query/drill", json=body)
    if response.status_code != 200:
        raise Difference(f"not drilled: {cell}: {response.text}")
    request: dict[str, Any] = response.json()["request"]
    listed = await answered(trials.stack, request)
    wrong = _wrong(trials, world, question, cell, request["list"], listed)
    if wrong is not None:
        raise Difference(f"{wrong[0]}: {cell}: {request}: {wrong[1]}")


def _wrong(
    trials: Trials,
    world: World,
    question: Mapping[str, Any],
    cell: DrilledCell,
    columns: Sequence[str],
    listed: Mapping[str, Any],
) -> tuple[str, Any] | None:
    """In what the list is not that of the cell."""
    base: str = question["object"]
    behind = trials.oracle(world).behind_shown(question, cell.row, cell.pivot, cell.variant, cell.name)
    of_contact = base != "contact" and cell.measure.startswith(("contact.", "of_contact"))
    ids = [tuple(row[: 1 + of_contact]) for row in listed["rows"]]
    expected = {tuple(row.record for row in pair[: 1 + of_contact] if row is not None) for pair in behind}
    if len(ids) != listed["matching"] or sorted(ids) != sorted(expected):
        return "records", (sorted(expected), listed)
    figure = cell.figure or 0
    if cell.measure.endswith(".count"):
        count = len({found[-1] for found in ids}) if of_contact else listed["matching"]
        return None if count == figure else ("count", count)
    if cell.measure.endswith(".sum") and cell.figure is not None:
        values = _measured(columns.index(cell.measure.removesuffix(".sum")), ids, listed["rows"])
        amounts = isinstance(cell.figure, str)
        total: Any = sum(map(Decimal, values)) if amounts else math.fsum(values)
        right = total == Decimal(cell.figure) if amounts else math.isclose(total, cell.figure, rel_tol=1e-12)
        return None if right else ("sum", total)
    return None


def _measured(place: int, ids: Sequence[tuple[str, ...]], rows: Sequence[Sequence[Any]]) -> list[Any]:
    """The values of each entity once: of a record, or of the contact of pairs."""
    found = {entity[-1]: row[place] for entity, row in zip(ids, rows, strict=True)}
    return [value for value in found.values() if value is not None]
