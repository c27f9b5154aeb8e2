"""Results as bars, and files that are there only once they are whole."""

from pathlib import Path
from typing import Any

import pytest

from crosslook.contracts.formats import Format
from crosslook.local.charts import NUMERIC_TYPES, bars, show_chart
from crosslook.local.client import ApiError
from crosslook.local.commands.query import opened
from crosslook.local.messages import CommandRefused
from crosslook.local.terminal import Terminal
from services.query_service.domain.column_types import COLUMN_TYPES

COLUMNS = [
    {"label": "Status", "kind": "dimension", "type": "text"},
    {"label": "Opened, maximum", "kind": "measure", "type": "datetime"},
    {"label": "Amount, sum", "kind": "measure", "type": "currency"},
]


def test_every_numeric_column_can_be_a_chart() -> None:
    assert set(NUMERIC_TYPES) == {kind.value for kind, spec in COLUMN_TYPES.items() if spec.arithmetic is not None}


def test_the_longest_bar_is_as_wide_as_may_be_and_the_others_are_in_proportion() -> None:
    assert bars([8.0, 4.0, 1.0, 0.0, None], 8) == ["█" * 8, "█" * 4, "█", "", ""]
    assert bars([16.0, 3.0], 8) == ["█" * 8, "█▌"]


def test_what_is_below_zero_is_told_from_what_is_above() -> None:
    assert bars([-4.0, 2.0, -0.1], 4) == ["░" * 4, "█" * 2, "░"]


def test_nothing_but_zeros_has_no_bars() -> None:
    assert bars([0.0, None], 8) == ["", ""]
    assert bars([], 8) == []


def test_a_chart_shows_the_first_figure_of_each_row(capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[Any] = [["open", "2026-01-01T00:00:00Z", "10.00"], [None, None, "5.00"], ["[b]x" * 20, None, None]]
    assert show_chart(Terminal("en"), {"columns": COLUMNS, "rows": rows})
    title, first, second, third = capsys.readouterr().out.splitlines()
    assert title == "Amount, sum"
    assert first.startswith("open")
    assert first.endswith("█")
    assert second.split()[:2] == ["–", "5.00"]  # noqa: RUF001  # an en dash is what an empty cell shows
    assert 0 < second.count("█") <= first.count("█") / 2 + 1
    assert third.startswith("[b]x[b]x")
    assert "…" in third


def test_a_result_without_figures_has_no_chart() -> None:
    assert not show_chart(Terminal("en"), {"columns": COLUMNS[:2], "rows": [["open", None]]})


def test_a_file_is_there_once_it_is_whole(tmp_path: Path) -> None:
    output = tmp_path / "report.csv"
    with opened(output, Format.CSV) as write:
        write(b"a,b\n")
        assert not output.exists()
    assert output.read_bytes() == b"a,b\n"


def test_a_transfer_that_breaks_leaves_what_was_there(tmp_path: Path) -> None:
    output = tmp_path / "report.csv"
    output.write_bytes(b"before")

    def receive() -> None:
        with opened(output, Format.CSV) as write:
            write(b"half")
            raise ApiError("service_silent", url="u", reason="r")

    with pytest.raises(ApiError):
        receive()
    assert [path.name for path in tmp_path.iterdir()] == ["report.csv"]
    assert output.read_bytes() == b"before"


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandRefused) as refused, opened(tmp_path / "nowhere" / "report.csv", Format.CSV):
        pass
    assert "nowhere/report.csv cannot be written: No such file" in refused.value.text("en")
