"""The demonstration notices every wrong number, refusal and story."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crosslook.local.demo.dataset import Dataset, make_dataset
from crosslook.local.demo.load import Loaded
from crosslook.local.demo.memory import Story, story_for
from crosslook.local.demo.truth import Truth, ticket_truth, wrong_figures
from crosslook.local.messages import CommandRefused

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return make_dataset(NOW, 600)


@pytest.fixture
def truth(dataset: Dataset) -> Truth:
    return ticket_truth(dataset, "acme")


def result_of(truth: Truth) -> dict[str, Any]:
    """The truth in the shape of a query_service result."""

    def cells(row: tuple[Any, ...]) -> list[Any]:
        return [*row[:3], None if row[3] is None else str(row[3])]

    return {
        "rows": [[country, *cells(row)] for country, row in truth.rows.items()],
        "totals": [None, *cells(truth.totals)],
        "join": {"kept": truth.kept, "dropped": truth.dropped},
    }


def test_the_truth_differs_from_itself_in_nothing(truth: Truth) -> None:
    assert len(truth.rows) > 3
    assert wrong_figures(truth, result_of(truth)) == []


@pytest.mark.parametrize("column", [1, 2, 3, 4])
def test_one_wrong_cell_is_one_difference(truth: Truth, column: int) -> None:
    result = result_of(truth)
    result["rows"][0][column] = "1" if column == 4 else 1_000_000
    assert [figure.key for figure in wrong_figures(truth, result)] == ["demo_differs"]


def test_a_row_that_is_missing_or_too_many_is_a_difference(truth: Truth) -> None:
    result = result_of(truth)
    gone = result["rows"].pop()
    assert [(figure.key, figure.values["place"]) for figure in wrong_figures(truth, result)] == [
        ("demo_missing", str(gone[0]))
    ]
    result = result_of(truth)
    result["rows"].append(["XX", 1, 1, None, None])
    assert [(figure.key, figure.values["place"]) for figure in wrong_figures(truth, result)] == [("demo_differs", "XX")]


def test_wrong_totals_and_a_wrong_join_are_differences(truth: Truth) -> None:
    result = result_of(truth)
    result["totals"][1] += 1
    result["join"]["dropped"] += 1
    assert [figure.values["place"] for figure in wrong_figures(truth, result)] == ["totals", "join"]


def test_a_good_event_that_was_refused_is_counted_with_its_code(dataset: Dataset) -> None:
    loaded = Loaded(refused={dataset.good[0]["id"]: "wrong_type"})
    assert {"count": 1, "expected": "None", "found": "wrong_type"} in loaded.wrong_refusals(dataset)


def test_a_bad_event_that_was_taken_is_counted(dataset: Dataset) -> None:
    assert sum(int(refusal["count"]) for refusal in Loaded().wrong_refusals(dataset)) > 0
    assert all(refusal["found"] == "None" for refusal in Loaded().wrong_refusals(dataset))


def test_a_folder_hears_the_same_story_again(tmp_path: Path) -> None:
    path = tmp_path / "demo.json"
    first = story_for(path, 900, NOW, 30_000)
    assert first == Story(NOW, 900)
    later = datetime(2027, 1, 1, tzinfo=UTC)
    assert story_for(path, None, later, 30_000) == first
    assert story_for(path, 900, later, 30_000) == first
    with pytest.raises(CommandRefused, match="contains a demonstration of 900 records"):
        story_for(path, 901, later, 30_000)


def test_a_new_folder_hears_a_story_of_the_default_size(tmp_path: Path) -> None:
    assert story_for(tmp_path / "demo.json", None, NOW, 30_000).records == 30_000
