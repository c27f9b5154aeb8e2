"""Lists of the service compared with those of the brute-force model: page by page, and as files."""

import csv
import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from crosslook.contracts.formats import Format
from tests.helpers.differential import Difference, answered
from tests.helpers.oracle_trials import Trials
from tests.helpers.oracle_truth import same
from tests.helpers.random_dataset import World

_FILES = (Format.CSV, Format.ARROW, Format.PARQUET)
_RUN_BY_SHEETS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")


async def check_list(trials: Trials, world: World, question: dict[str, Any]) -> None:
    """Read a list page by page, and once as a file. Raises Difference."""
    truth = trials.oracle(world).listed(question)
    first = await answered(trials.stack, question)
    rows, page = list(first["rows"]), first
    _compare("truncated", page["truncated"], truth.matching > question["limit"])
    for _ in range(truth.matching):
        _compare("columns", [column["name"] for column in page["columns"]], truth.columns)
        _compare("kinds", {column["kind"] for column in page["columns"]}, {"field"})
        _compare("matching", page["matching"], truth.matching)
        _compare("join", page["join"], truth.join)
        _compare("whether more follows", page["next"] is not None, len(rows) < truth.matching)
        if page["next"] is None:
            break
        following = {**question, "after": page["next"], "limit": question["limit"] * 3 + 1}
        page = await answered(trials.stack, following)
        rows += page["rows"]
    if not same(truth.rows, rows, nearly=True):
        raise Difference(f"rows: expected {truth.rows}, found {rows}")
    await _check_file(trials, _FILES[truth.matching % len(_FILES)], question, first)


def _compare(name: str, found: Any, expected: Any) -> None:
    if found != expected:
        raise Difference(f"{name}: expected {expected}, found {found}")


async def _check_file(trials: Trials, file: Format, question: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    response = await trials.stack.ask(question, headers={"Accept": file.value})
    if response.status_code != 200:
        raise Difference(f"{file.name} refused: {response.text}")
    names = [column["name"] for column in answer["columns"]]
    if file is Format.CSV:
        found = list(csv.reader(io.StringIO(response.content.decode(), newline="")))
        expected = [names, *([_written(cell) for cell in row] for row in answer["rows"])]
        _compare("CSV", found, expected)
        return
    table = (
        pa.ipc.open_stream(response.content).read_all()
        if file is Format.ARROW
        else parquet.read_table(io.BytesIO(response.content))
    )
    columns = [map(_in_utc, table.column(place).to_pylist()) for place in range(table.num_columns)]
    _compare("columns of the table", table.column_names, names)
    kinds = [column["type"] for column in answer["columns"]]
    shown = [[_typed(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in answer["rows"]]
    _compare(file.name, [list(row) for row in zip(*columns, strict=True)], shown)


def _written(cell: Any) -> str:
    """A cell of JSON as CSV writes it."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case list():
            return _written("; ".join(cell))
        case str() if cell.lstrip().startswith(_RUN_BY_SHEETS) and not _is_amount(cell):
            return f"'{cell}"
    return str(cell)


def _is_amount(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except ArithmeticError:
        return False


def _typed(cell: Any, kind: str) -> Any:
    """A cell of JSON as Arrow has it."""
    match kind:
        case _ if cell is None:
            return None
        case "currency":
            return Decimal(cell)
        case "date":
            return date.fromisoformat(cell)
        case "datetime":
            return _in_utc(datetime.fromisoformat(cell))
    return cell


def _in_utc(cell: Any) -> Any:
    """Of an instant that the clock shows twice, Python finds the times of two zones unlike."""
    return cell.astimezone(UTC) if isinstance(cell, datetime) else cell
