"""The SQL of a refresh, word for word: a golden file shows that nothing changed, the oracle that it is right.

`GOLDEN=write` writes the files anew (tests/helpers/golden.py)."""

from pathlib import Path

import pytest

from tests.helpers.golden import assert_golden
from tests.helpers.sql_layout import laid_out
from tests.unit.snapshot_service.refresh_sql import STATEMENTS

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("case", STATEMENTS)
def test_the_sql_of_a_refresh_is_as_it_was_read(case: str) -> None:
    texts = [f"-- {what}\n{laid_out(statement)}\n" for what, statement in STATEMENTS[case].items()]
    assert_golden(GOLDEN / f"{case}.sql", "\n".join(texts))


def test_every_golden_file_belongs_to_a_case() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(STATEMENTS)


@pytest.mark.parametrize("case", STATEMENTS)
def test_a_golden_file_differs_in_white_space_only(case: str) -> None:
    for statement in STATEMENTS[case].values():
        assert "".join(laid_out(statement).split()) == "".join(statement.split())
