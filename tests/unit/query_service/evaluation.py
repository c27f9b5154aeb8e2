"""Expressions of measures evaluated over rows, with exact numbers, as the engine would."""

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from typing import Any

from sqlglot import exp

Row = dict[str, Any]


def _low(values: list[Any]) -> Any:
    return sorted(values)[(len(values) - 1) // 2] if values else None


def _high(values: list[Any]) -> Any:
    return sorted(values)[len(values) // 2] if values else None


def _divided(left: Any, right: Any, scale: int) -> Any:
    """Decimals are divided by cutting the quotient off."""
    return None if left is None else Fraction(int(Fraction(left) / Fraction(right) * 10**scale), 10**scale)


def _half_even(value: Any, scale: int) -> Any:
    if value is None:
        return None
    with localcontext(prec=80):
        return Fraction((Decimal(value.numerator) / value.denominator).quantize(Decimal(10) ** -scale, ROUND_HALF_EVEN))


def _cut_quotient(left: Any, right: Any) -> Any:
    """Whole numbers are divided by cutting the quotient off towards zero."""
    return None if left is None else Fraction(int(Fraction(left) / Fraction(right)))


def _root(value: Any) -> Any:
    """Like the engine's: of a double, and a double."""
    return None if value is None else Fraction(math.sqrt(value))


OVER_ROWS: Mapping[str, Callable[[list[Any]], Any]] = {
    "count": len,
    "uniqExact": lambda values: len(set(values)),
    "min": lambda values: min(values, default=None),
    "max": lambda values: max(values, default=None),
    "sum": lambda values: sum(values) if values else None,
    "sumKahan": lambda values: sum(values) if values else None,
    "groupArray": list,
    "uniqExactArray": lambda values: len({item for value in values for item in value}),
    "quantileExactLow": _low,
    "quantileExactHigh": _high,
}
OF_VALUES: Mapping[str, Callable[..., Any]] = {
    **{name: lambda value: value for name in ("toInt128", "toInt256", "toFloat64")},
    "toInt64": lambda value: None if value is None else int(value),  # cut towards zero
    "toDecimal128": lambda value, scale: value,
    "toDecimal32": lambda value, scale: value,
    "greatest": lambda left, right: None if left is None else max(left, right),
    "arraySort": sorted,
    "length": len,
    "empty": lambda values: not values,
    "arrayElement": lambda values, place: values[int(place) - 1],
    "intDiv": _cut_quotient,
    "modulo": lambda left, right: None if left is None else Fraction(int(left) % int(right)),
    "sqrt": _root,
    "divide": lambda left, right: None if left is None or not right else left / right,
    "divideDecimal": _divided,
    "roundBankers": _half_even,
}
ARITHMETIC: Mapping[type[exp.Expr], Callable[[Any, Any], Any]] = {
    exp.Add: lambda left, right: left + right,
    exp.Sub: lambda left, right: left - right,
    exp.Mul: lambda left, right: left * right,
    exp.Div: lambda left, right: Fraction(left) / right,
    exp.LT: lambda left, right: left < right,
    exp.GT: lambda left, right: left > right,
    exp.EQ: lambda left, right: left == right,
}


def evaluated(tree: Any, rows: Sequence[Row]) -> Any:
    """The value of an expression over a group; over one row it is the row's own. Nothing of nothing is None."""
    match tree:
        case exp.Paren():
            return evaluated(tree.this, rows)
        case exp.Null():
            return None
        case exp.Array():
            return [evaluated(element, rows) for element in tree.expressions]
        case exp.Literal():
            return Fraction(tree.this)
        case exp.Column():
            return rows[0][tree.name]
        case exp.Anonymous():
            return _called(tree.name, tree.expressions, rows)
    left, right = (evaluated(side, rows) for side in (tree.this, tree.expression))
    return None if left is None or right is None else ARITHMETIC[type(tree)](left, right)


def _called(name: str, arguments: list[Any], rows: Sequence[Row]) -> Any:
    if name == "count" and not arguments:
        return len(rows)
    if name == "if":
        return evaluated(arguments[1 if evaluated(arguments[0], rows) else 2], rows)
    if name == "arrayMap":
        return _mapped(arguments[0], arguments[1:], rows)
    if name in OF_VALUES:
        return OF_VALUES[name](*(evaluated(argument, rows) for argument in arguments))
    if name.endswith("If"):
        rows = [row for row in rows if evaluated(arguments[1], [row])]
    values = [evaluated(arguments[0], [row]) for row in rows]
    return OVER_ROWS[name.removesuffix("If")]([value for value in values if value is not None])


def _mapped(lambda_: exp.Lambda, arrays: list[Any], rows: Sequence[Row]) -> list[Any]:
    names = [name.name for name in lambda_.expressions]
    columns = [evaluated(array, rows) for array in arrays]
    known = rows[0] if rows else {}
    return [
        evaluated(lambda_.this, [{**known, **dict(zip(names, row, strict=True))}]) for row in zip(*columns, strict=True)
    ]
