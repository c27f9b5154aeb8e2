"""The SQL of each shape, word for word: a golden file says that nothing changed, the oracle that it is right.

`GOLDEN=write` writes the files anew (tests/helpers/golden.py)."""

from pathlib import Path

import pytest

from services.query_service.domain.statements import Statements
from tests.helpers.golden import assert_golden
from tests.unit.query_service.dataset import statements
from tests.unit.query_service.shapes import SHAPES

GOLDEN = Path(__file__).parent / "golden"


def shown(made: Statements) -> str:
    """All statements with their parameters."""
    parts = []
    for name, part in made.parts().items():
        values = "\n".join(f"-- {key} = {value!r}" for key, value in part.parameters.items())
        parts.append(f"-- {name}\n{part.sql}\n{values}\n")
    return "\n".join(parts)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_sql_of_a_shape_is_as_it_was_read(shape: str) -> None:
    assert_golden(GOLDEN / f"{shape}.sql", shown(statements(SHAPES[shape])))


def test_every_golden_file_belongs_to_a_shape() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} == set(SHAPES)
