"""A report's result as bars on the terminal."""

from collections.abc import Sequence
from typing import Any

from rich.text import Text

from crosslook.local.terminal import Terminal, column_cells, table_cell

_EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
_LABEL, _LEAST_BAR = 40, 10
NUMERIC_TYPES = ("integer", "number", "currency")
"""The types of columns, as answers name them, that bars can show."""
_FULL, _BELOW = "█", "░"


def show_chart(terminal: Terminal, result: dict[str, Any]) -> bool:
    """The first figure of every row as a bar: full above zero, light below. False where the result has none."""
    columns = result["columns"]
    figure = next((index for index, column in enumerate(columns) if _countable(column)), None)
    if figure is None:
        return False
    labels = [_label(row, columns) for row in result["rows"]]
    values = [None if row[figure] is None else float(row[figure]) for row in result["rows"]]
    shown = column_cells([row[figure] for row in result["rows"]])
    wide, digits = max(map(len, labels), default=0), max(map(len, shown), default=0)
    lines = bars(values, max(_LEAST_BAR, terminal.out.width - wide - digits - 4))
    terminal.out.print(Text(columns[figure]["label"], style="bold"))
    for label, number, bar in zip(labels, shown, lines, strict=True):
        # As Text: what people wrote may look like Rich's markup.
        terminal.out.print(Text(f"{label:<{wide}}  {number:>{digits}}  {bar}".rstrip()))
    return True


def bars(values: Sequence[float | None], width: int) -> list[str]:
    """A bar for each value, the longest at full width; none for an empty value."""
    most = max((abs(value) for value in values if value is not None), default=0.0)
    return [_bar(value, most, width) for value in values]


def _bar(value: float | None, most: float, width: int) -> str:
    if value is None or not most:
        return ""
    if value < 0:
        return _BELOW * max(1, round(-value / most * width))
    whole, rest = divmod(round(value / most * width * 8), 8)
    return _FULL * whole + _EIGHTHS[rest]


def _countable(column: dict[str, Any]) -> bool:
    return column["kind"] != "dimension" and column["type"] in NUMERIC_TYPES


def _names_rows(column: dict[str, Any]) -> bool:
    return column["kind"] == "dimension" or (column["kind"] == "field" and column["type"] not in NUMERIC_TYPES)


def _label(row: Sequence[Any], columns: Sequence[dict[str, Any]]) -> str:
    parts = [table_cell(value) for value, column in zip(row, columns, strict=True) if _names_rows(column)]
    text = " · ".join(parts)
    return text if len(text) <= _LABEL else f"{text[: _LABEL - 1]}…"
