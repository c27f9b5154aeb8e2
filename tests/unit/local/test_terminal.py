"""What the commands print."""

import json
from typing import Any

import pytest

from crosslook.local.commands.ask import show_failed
from crosslook.local.results import show_cut, show_result
from crosslook.local.terminal import Terminal, column_cells

SNAPSHOT = {"as_of": "2026-11-24T11:30:00Z", "next_refresh_at": "2026-11-25T11:30:00Z", "zone": "America/Chicago"}


def result(rows: list[list[Any]], totals: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    columns = [{"label": "Status", "kind": "dimension"}, {"label": "Tickets", "kind": "measure"}]
    return {"columns": columns, "rows": rows, "totals": totals, "snapshot": SNAPSHOT, **more}


def test_a_result_shows_its_rows_totals_freshness_and_join(capsys: pytest.CaptureFixture[str]) -> None:
    show_result(
        Terminal("en"), result([["open", 2], [None, 1]], [None, 3], join={"kept": 3, "dropped": 4}, truncated=True)
    )
    out = capsys.readouterr().out
    for text in ("open", "–", "Total", "Data as of 2026-11-24T11:30:00Z", "3 records with a contact, 4 without"):  # noqa: RUF001  # the cell of nothing
        assert text in out
    assert "There are more rows than those shown" in out


def test_one_record_with_a_contact_is_counted_in_the_singular(capsys: pytest.CaptureFixture[str]) -> None:
    show_result(Terminal("en"), result([["open", 1]], join={"kept": 1, "dropped": 0}))
    assert "1 record with a contact, 0 without" in capsys.readouterr().out
    show_result(Terminal("fr"), result([["open", 0]], join={"kept": 0, "dropped": 2}))
    assert "0 enregistrement avec un contact, 2 sans" in capsys.readouterr().out


def test_a_value_that_looks_like_markup_is_shown_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    show_result(Terminal("en"), result([["[bold]not bold[/red]", 1]]), "[title]")
    out = capsys.readouterr().out
    assert "[bold]not bold[/red]" in out
    assert "[title]" in out


def test_totals_of_a_result_without_dimensions_are_not_told_twice(capsys: pytest.CaptureFixture[str]) -> None:
    one = {"columns": [{"label": "Tickets", "kind": "measure"}], "rows": [[7]], "totals": [7], "snapshot": SNAPSHOT}
    show_result(Terminal("en"), one)
    assert capsys.readouterr().out.count("7 ") == 1


def test_warnings_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    show_result(Terminal("fr"), result([], warnings=[{"message": "Le champ [x] a disparu."}]))
    out = capsys.readouterr().out
    assert "Le champ [x] a disparu." in out
    assert "Données au" in out


def test_what_a_file_does_not_hold_is_said_on_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    headers = {"Crosslook-Truncated": "true", "Crosslook-Warnings": "pivot_omitted,totals_not_in_file"}
    show_cut(Terminal("en"), headers)
    out, err = capsys.readouterr()
    assert out == ""
    assert "The file does not contain all rows" in err
    assert "Warnings of the report: pivot_omitted, totals_not_in_file" in err
    show_cut(Terminal("en"), {"Crosslook-Truncated": "false", "Crosslook-Warnings": ""})
    assert capsys.readouterr() == ("", "")


def test_a_refresh_names_the_first_objects_that_failed(capsys: pytest.CaptureFixture[str]) -> None:
    failed = [{"tenant": "acme", "object": f"o{number}", "reason": "build: [X] (1)"} for number in range(12)]
    show_failed(Terminal("en"), failed)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "acme/o0 could not be refreshed: build: [X] (1)"
    assert (len(lines), lines[-1]) == (11, "2 more objects could not be refreshed; GET /v1/snapshots lists all of them")


def test_progress_goes_to_standard_error_as_sentences_or_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal("en").report("ready", name="kafka", url="127.0.0.1:1")
    Terminal("en", json=True).report("ready", name="kafka", url="127.0.0.1:1")
    out, err = capsys.readouterr()
    assert out == ""
    sentence, line = err.splitlines()
    assert sentence.endswith("kafka is ready at 127.0.0.1:1")
    assert json.loads(line)["event"] == "ready"


def test_a_list_shows_how_many_rows_match_and_several_values_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    columns = [{"label": "Record ID", "kind": "field"}, {"label": "Tags", "kind": "field"}]
    rows = [["t1", ["vip", "bug"]], ["t2", None]]
    show_result(
        Terminal("en"), {"columns": columns, "rows": rows, "snapshot": SNAPSHOT, "matching": 7, "truncated": True}
    )
    out = capsys.readouterr().out
    assert "vip; bug" in out
    assert "Shown: 2 of 7 rows" in out


def test_numbers_have_decimals_where_any_of_their_column_needs_them() -> None:
    assert column_cells([53.0, None, 144.0]) == ["53", "–", "144"]  # noqa: RUF001  # as the terminal shows it
    assert column_cells([53.0, 4.5, 7, "a"]) == ["53.00", "4.50", "7", "a"]
