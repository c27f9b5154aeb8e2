"""Output of the commands: sentences in the user's language, tables, or JSON."""

import logging
import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table
from rich.text import Text

from crosslook.contracts.problems import Language
from crosslook.local.messages import Speaker

_PIPED_WIDTH = 200


def quiet_libraries() -> None:
    """Keep what libraries log off the terminal: what matters of it comes as a sentence of ours."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


class Terminal:
    """Answers go to standard output; progress and refusals to standard error, so that answers can be piped."""

    def __init__(self, language: Language, *, json: bool = False) -> None:
        self.say = Speaker(language)
        self.json = json
        # Where nobody watches, a table is as wide as it needs to be.
        self.out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _PIPED_WIDTH)
        self.err = Console(stderr=True, highlight=False, soft_wrap=True)

    def answer(self, data: Any) -> None:
        """Print data as JSON."""
        self.text(orjson.dumps(data, option=orjson.OPT_INDENT_2, default=str).decode())

    def text(self, text: str) -> None:
        """Print a text exactly as it is."""
        self.out.file.write(f"{text}\n")
        self.out.file.flush()

    def line(self, key: str, **values: str | int) -> None:
        """Print a sentence as an answer."""
        self.out.print(self.say(key, **values), markup=False)

    def report(self, key: str, **values: str | int) -> None:
        """Print a sentence about the progress, with the time; with --json one object a line."""
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        if self.json:
            text = orjson.dumps({"time": now, "event": key, **values}).decode()
        else:
            text = f"{now[11:19]} {self.say(key, **values)}"
        self.err.print(text, markup=False)

    def table(
        self, headings: Sequence[str], rows: Sequence[Sequence[Any]], *, title: str = "", right: int = 99
    ) -> None:
        """Print a table; columns from `right` on are aligned to the right."""
        # As Text: what people wrote may look like Rich's markup.
        table = Table(title=Text(title) if title else None, title_justify="left")
        for number, heading in enumerate(headings):
            table.add_column(Text(heading), justify="right" if number >= right else "left")
        columns = [column_cells([row[number] for row in rows]) for number in range(len(headings))]
        for cells in zip(*columns, strict=True):
            table.add_row(*map(Text, cells))
        self.out.print(table)


def column_cells(values: Sequence[Any]) -> list[str]:
    """The values of a column as a table shows them. Numbers have decimals where any of the column needs them."""
    whole = all(value.is_integer() for value in values if isinstance(value, float))
    return [table_cell(value, whole=whole) for value in values]


def table_cell(value: Any, *, whole: bool = False) -> str:
    """One value of a table. `whole`: without decimals."""
    if value is None:
        return "–"  # noqa: RUF001  # an en dash is what people expect in an empty cell
    if isinstance(value, list):
        return "; ".join(map(str, value))
    return f"{value:.{0 if whole else 2}f}" if isinstance(value, float) else str(value)
