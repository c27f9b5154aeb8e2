"""The sample's standard deviation as SQL (CONTRACTS 5, meaning 14): null below two values, and exactly zero of equal
ones, however large they are and in whatever order the engine adds them up.

Values are whole numbers of a small unit, so that their sum and the sum of their squares are exact in 256 bits.

* An amount is a whole number of ten-thousandths. The root is found among whole numbers and rounded half to even, so the
  result is the exact one rounded to 4 places, whatever its size.
* A double is cut after 60 bits of its fraction. The root is computed in doubles and corrected once by what its square
  lacks of the exact variance. The result differs from that of the stored doubles by one unit in its last place and
  2^-60 at the most, for up to 2^28 values a group.

Names within an expression have one letter: a report may have a hundred of them, and a statement has a greatest length.
"""

from collections.abc import Callable

from sqlglot import exp

from services.query_service.domain.nodes import constant, either, function, named_values

_UNIT = 2**60
"""Units of a double in one."""
_UNITS_OF_PART = 4
"""`exact_parts` has two bits more."""
_UNITS_OF_AMOUNT = 10_000
_SCALE = 4
_Aggregated = Callable[[str, exp.Expr], exp.Expr]
"""An aggregate function, by its name, over an expression of the group's rows."""
_Term = Callable[[], exp.Expr]


def deviation_of_amounts(value: exp.Expr, over: _Aggregated) -> exp.Expr:
    """The standard deviation of amounts."""
    units = function("toInt256", _times(value, constant(_UNITS_OF_AMOUNT)))
    return named_values(_sums(value, units, over), _of_amounts)


def _of_amounts(count: _Term, total: _Term, squares: _Term) -> exp.Expr:
    pairs = _times(function("toInt256", count()), _grouped(_minus(count(), constant(1))))
    parts = {
        "v": _minus(_times(count(), squares()), _times(total(), total())),
        "d": function("greatest", pairs, constant(1)),
    }
    root = named_values(parts, lambda spread, pairs: _whole_root(spread, pairs))
    few = exp.LT(this=count(), expression=constant(2))
    amount = function("toDecimal128", root, constant(0))
    divisor = function("toDecimal32", constant(_UNITS_OF_AMOUNT), constant(0))
    return either(few, exp.Null(), function("divideDecimal", amount, divisor, constant(_SCALE)))


def _whole_root(square: _Term, divisor: _Term) -> exp.Expr:
    """The root of a fraction, rounded half to even to a whole number."""
    estimate = function("sqrt", exp.Div(this=_double(square()), expression=_double(divisor())))
    return named_values(
        {"e": function("greatest", function("toInt256", estimate), constant(1))},
        lambda estimate: named_values(
            {"b": _improved(square(), divisor(), estimate)}, lambda below: _nearest(square(), divisor(), below)
        ),
    )


def _improved(square: exp.Expr, divisor: exp.Expr, estimate: _Term) -> exp.Expr:
    """One step of Newton's method, which doubles the digits: the root cut to a whole number, or its nearest one."""
    other = function("intDiv", square, _times(divisor, estimate()))
    return function("intDiv", exp.Add(this=estimate(), expression=other), constant(2))


def _nearest(square: exp.Expr, divisor: exp.Expr, below: _Term) -> exp.Expr:
    # Both sides are four times the square. A tie goes to the even one: from an odd one up.
    quadruple = exp.Add(this=_times(constant(4), square), expression=function("modulo", below(), constant(2)))
    middle = _grouped(exp.Add(this=_times(constant(2), below()), expression=constant(1)))
    beyond = exp.GT(this=quadruple, expression=_times(_times(divisor, middle), middle.copy()))
    return either(beyond, exp.Add(this=below(), expression=constant(1)), below())


def deviation_of_doubles(value: exp.Expr, whole: exp.Expr, part: exp.Expr, over: _Aggregated) -> exp.Expr:
    """The standard deviation of doubles with their `exact_parts`."""
    rest = function("intDiv", part, constant(_UNITS_OF_PART))
    units = _grouped(exp.Add(this=_times(function("toInt256", whole), constant(_UNIT)), expression=rest))
    return named_values(_sums(value, units, over), _of_doubles)


def _of_doubles(count: _Term, total: _Term, squares: _Term) -> exp.Expr:
    few = exp.LT(this=count(), expression=constant(2))
    mean = function("intDiv", total(), function("greatest", count(), constant(1)))
    found = named_values(
        {"a": mean},
        lambda mean: named_values(
            {"r": _minus(total(), _times(mean(), count()))},
            lambda left: _of_squares(count, _deviations(total(), squares(), mean(), left()), left),
        ),
    )
    return either(few, exp.Null(), found)


def _deviations(total: exp.Expr, squares: exp.Expr, mean: exp.Expr, left: exp.Expr) -> exp.Expr:
    """The sum of the squares of what each value differs from the mean, but for the square of `left` over the count.
    No term is greater than the sum of the squares."""
    return _minus(squares, _times(mean, _grouped(exp.Add(this=total, expression=left))))


def _of_squares(count: _Term, whole_deviations: exp.Expr, left: _Term) -> exp.Expr:
    cut_off = exp.Div(this=_times(_double(left()), _double(left())), expression=count())
    others = _grouped(_minus(count(), constant(1)))
    return named_values(
        {
            "m": whole_deviations,
            "c": cut_off,
            "o": function("greatest", function("toInt64", others), constant(1)),
            "u": constant(_UNIT),
        },
        _root,
    )


def _root(deviations: _Term, cut_off: _Term, others: _Term, unit: _Term) -> exp.Expr:
    square = function("greatest", _minus(_double(deviations()), cut_off()), constant(0))
    estimate = exp.Div(this=function("sqrt", exp.Div(this=square, expression=others())), expression=unit())
    return named_values(
        {"e": estimate},
        lambda estimate: named_values(
            {"w": function("toInt64", estimate())},
            lambda whole: named_values(
                {"p": function("toInt64", _times(_grouped(_minus(estimate(), whole())), unit()))},
                lambda part: _corrected(deviations(), cut_off(), others, unit, whole, part),
            ),
        ),
    )


def _corrected(
    deviations: exp.Expr, cut_off: exp.Expr, others: _Term, unit: _Term, whole: _Term, part: _Term
) -> exp.Expr:
    """The root in its two parts, each of them exact as a double, with what it lacks."""
    units = exp.Add(this=_times(function("toInt256", whole()), unit()), expression=part())
    known = exp.Add(this=whole(), expression=exp.Div(this=part(), expression=unit()))

    def lacking(root: _Term) -> exp.Expr:
        missing = _minus(deviations, _times(_times(others(), root()), root()))
        twice = _times(_times(constant(2), _double(function("greatest", root(), constant(1)))), others())
        return exp.Div(this=_grouped(_minus(_double(missing), cut_off)), expression=_grouped(twice))

    correction = named_values({"k": units}, lacking)
    return exp.Add(this=known, expression=exp.Div(this=correction, expression=unit()))


def _sums(value: exp.Expr, units: exp.Expr, over: _Aggregated) -> dict[str, exp.Expr]:
    squares = _times(units.copy(), units.copy())
    return {"n": over("count", value.copy()), "s": over("sum", units), "q": over("sum", squares)}


def _double(value: exp.Expr) -> exp.Expr:
    return function("toFloat64", value)


def _times(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.Mul(this=left, expression=right)


def _minus(left: exp.Expr, right: exp.Expr) -> exp.Expr:
    return exp.Sub(this=left, expression=right)


def _grouped(inner: exp.Expr) -> exp.Expr:
    return exp.Paren(this=inner)
