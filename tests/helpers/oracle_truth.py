"""What the brute-force model says an answer must be, and whether the service's answer is that."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True, slots=True)
class Truth:
    """What the answer must be, with the cells as JSON shows them."""

    columns: list[str]
    rows: list[list[Any]]
    totals: list[Any] | None
    truncated: bool
    join: dict[str, Any] | None
    subtotals: list[list[list[Any]]] | None = None
    omitted: int | None = None


def same(truth: Sequence[Sequence[Any]], rows: Sequence[Sequence[Any]], nearly: bool = False) -> bool:
    """Whether an answer's rows are the truth's: currency compared as amounts, all else exactly; numbers but for their
    last bits where `nearly`."""
    return len(truth) == len(rows) and all(
        len(expected) == len(found)
        and all(same_cell(*cells, nearly=nearly) for cells in zip(expected, found, strict=True))
        for expected, found in zip(truth, rows, strict=True)
    )


def same_cell(expected: Any, found: Any, nearly: bool = False) -> bool:
    """Whether two cells show the same value."""
    if isinstance(expected, Decimal):
        return isinstance(found, str) and Decimal(found) == expected
    if type(expected) is not type(found):
        return False
    if nearly and isinstance(expected, float):
        return math.isclose(expected, found, rel_tol=1e-9, abs_tol=1e-9)
    return bool(expected == found)
