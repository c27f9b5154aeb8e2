"""Percentiles as SQL, interpolated linearly between the closest ranks (CONTRACTS 5, meaning 14).

Of n values in their order the 90th percentile is at the place 9 (n - 1) / 10, counted from 0: a share of the way from
one value to the next. Places and shares are whole numbers, so no rounding moves a percentile to another value. Of
doubles the two values are weighted in doubles: the result is the nearest double to the exact one wherever the weighted
values are doubles, and otherwise within two units in the last place of the greater of them. Of amounts it is exact and
rounded half to even to 4 places.
"""

from dataclasses import dataclass

from sqlglot import exp

from services.query_service.domain.nodes import constant, either, function, named_values


@dataclass(frozen=True, slots=True)
class _Share:
    """A percentile as a fraction."""

    numerator: int
    denominator: int


P90, P95 = _Share(9, 10), _Share(19, 20)
_SCALE = 4
_EXACT_SCALE = 6
"""Decimals of an amount divided by the denominator of a percentile."""


def percentile(share: _Share, values: exp.Expr, money: bool) -> exp.Expr:
    """The percentile of an array of values that are not null; null of none."""
    return named_values(
        {"a": function("arraySort", values)},
        lambda ordered: either(
            function("empty", ordered()), exp.Null(), _at(ordered(), function("length", ordered()), share, money)
        ),
    )


def _at(ordered: exp.Expr, count: exp.Expr, share: _Share, money: bool) -> exp.Expr:
    steps = exp.Mul(this=constant(share.numerator), expression=_grouped(exp.Sub(this=count, expression=constant(1))))
    rounded_up = exp.Add(this=steps, expression=constant(share.denominator - 1))
    found = {
        "l": _element(ordered, function("intDiv", steps.copy(), constant(share.denominator))),
        "u": _element(ordered, function("intDiv", rounded_up, constant(share.denominator))),
        "r": function("modulo", steps.copy(), constant(share.denominator)),
    }
    return named_values(
        found,
        lambda lower, upper, past: _between(lower(), upper(), past(), share.denominator, money),
    )


def _element(ordered: exp.Expr, place: exp.Expr) -> exp.Expr:
    return function("arrayElement", ordered.copy(), exp.Add(this=place, expression=constant(1)))


def _between(lower: exp.Expr, upper: exp.Expr, past: exp.Expr, denominator: int, money: bool) -> exp.Expr:
    before = _grouped(exp.Sub(this=constant(denominator), expression=past))
    weighted = _grouped(
        exp.Add(this=exp.Mul(this=lower, expression=before), expression=exp.Mul(this=upper, expression=past.copy()))
    )
    if not money:
        # A value times ten divided by ten may be another double.
        equal = exp.EQ(this=lower.copy(), expression=upper.copy())
        return either(equal, lower.copy(), exp.Div(this=weighted, expression=constant(denominator)))
    divisor = function("toDecimal32", constant(denominator), constant(0))
    return function(
        "roundBankers", function("divideDecimal", weighted, divisor, constant(_EXACT_SCALE)), constant(_SCALE)
    )


def _grouped(inner: exp.Expr) -> exp.Expr:
    return exp.Paren(this=inner)
