"""The brute-force model's measures: figures of the values of distinct records (meanings 3, 4, 7, 14)."""

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Any

COUNTS = ("count", "count_distinct")
INEXACT = ("p90", "p95", "stddev", "moving_average")
"""What is computed with doubles, so that the last bits of numbers are not defined."""
_FOUR_PLACES = Decimal("0.0001")
_WIDE = Context(prec=60)


def measured(function: str, kind: str, values: Sequence[Any]) -> Any:
    """The figure of values, none of them empty; None of nothing. Whole numbers are measured as numbers."""
    if function == "count_distinct":
        return len({item for value in values for item in (value if isinstance(value, list) else [value])})
    if not values:
        return None
    if kind == "integer":
        return _FUNCTIONS[function]("number", [float(value) for value in values])
    return _FUNCTIONS[function](kind, values)


def kind_of_measure(function: str, kind: str) -> str:
    """What the figure is, of values of that kind."""
    if function in COUNTS:
        return "integer"
    return "number" if kind == "integer" else kind


def _shown(value: Fraction, kind: str) -> Any:
    if kind == "currency":
        return _amount(value)
    return float(value)


def _amount(value: Fraction) -> Decimal:
    exact = _WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))
    return exact.quantize(_FOUR_PLACES, ROUND_HALF_EVEN, _WIDE)


def _sum(kind: str, values: Sequence[Any]) -> Any:
    return math.fsum(values) if kind == "number" else sum(values)


def _average(kind: str, values: Sequence[Any]) -> Any:
    if kind == "number":
        # The mean of a sum that was rounded once, as ADR 13 has sums.
        return math.fsum(values) / len(values)
    return _shown(Fraction(sum(values)) / len(values), kind)


def _quantile(share: Fraction) -> Callable[[str, Sequence[Any]], Any]:
    def found(kind: str, values: Sequence[Any]) -> Any:
        ranked = sorted(map(Fraction, values))
        place = (len(ranked) - 1) * share
        low = math.floor(place)
        high = min(low + 1, len(ranked) - 1)
        return _shown(ranked[low] + (ranked[high] - ranked[low]) * (place - low), kind)

    return found


def _deviation(kind: str, values: Sequence[Any]) -> Any:
    if len(values) < 2:
        return None
    exact = [Fraction(value) for value in values]
    mean = sum(exact, Fraction(0)) / len(exact)
    variance = sum(((value - mean) ** 2 for value in exact), Fraction(0)) / (len(exact) - 1)
    root = _WIDE.sqrt(_WIDE.divide(Decimal(variance.numerator), Decimal(variance.denominator)))
    return root.quantize(_FOUR_PLACES, ROUND_HALF_EVEN, _WIDE) if kind == "currency" else float(root)


_FUNCTIONS: Mapping[str, Callable[[str, Sequence[Any]], Any]] = {
    "sum": _sum,
    "avg": _average,
    "min": lambda kind, values: min(values),
    "max": lambda kind, values: max(values),
    "median": _quantile(Fraction(1, 2)),
    "p90": _quantile(Fraction(9, 10)),
    "p95": _quantile(Fraction(19, 20)),
    "stddev": _deviation,
}
