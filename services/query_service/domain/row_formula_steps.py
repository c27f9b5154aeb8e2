"""The steps of a formula in the engine: the types in which values are held, the bounds after each step, and how one
kind of number becomes another."""

from sqlglot import exp

from services.query_service.domain.nodes import bound_to, constant, first_where, function, text_constant
from services.query_service.domain.values import WHOLE_MAX

WHOLE = "Int64"
DOUBLE = "Float64"
AMOUNT_PLACES = 20
AMOUNT = f"Decimal(76, {AMOUNT_PLACES})"
"""With 20 places and less than 10^15, a product has at most 70 digits: Decimal256 holds 76."""

AMOUNT_END = 10**15
FACTOR_END = 10**18
"""What an amount is multiplied by or divided by is smaller, so that the product has at most 73 digits."""
FORMULA_TEXT_MAX = 65_536
"""Characters of a text, as in the longest field."""
_BITS = 62


def nullable(name: str) -> str:
    """The type that also holds null."""
    return f"Nullable({name})"


def cast(value: exp.Expr, name: str) -> exp.Expr:
    """The value as this type of the engine, or null."""
    return function("CAST", value, text_constant(nullable(name)))


def kept_double(value: exp.Expr) -> exp.Expr:
    """Null where a step gave no finite number."""
    return first_where(value, lambda bound: function("isFinite", bound))


def kept_whole(value: exp.Expr) -> exp.Expr:
    """Null beyond the whole numbers that a double holds exactly."""
    return cast(first_where(value, lambda bound: _within(bound, WHOLE_MAX)), WHOLE)


def kept_amount(value: exp.Expr) -> exp.Expr:
    """Null from 10^15 on; with the places of a step."""
    return cast(first_where(value, lambda bound: _below(bound, AMOUNT_END)), AMOUNT)


def kept_text(value: exp.Expr) -> exp.Expr:
    """Null where a text is longer than any field."""
    return first_where(
        value, lambda bound: exp.LTE(this=function("lengthUTF8", bound), expression=constant(FORMULA_TEXT_MAX))
    )


def settled_double(value: exp.Expr) -> exp.Expr:
    """The number that a formula gives: null beyond 2^53, and zero without a sign."""
    kept = first_where(value, lambda bound: _within(bound, WHOLE_MAX))
    return exp.Add(this=kept, expression=constant(0))


def settled_amount(value: exp.Expr) -> exp.Expr:
    """The amount that a formula gives, with the 4 decimals of amounts."""
    rounded = function("roundBankers", value, constant(4))
    return cast(first_where(rounded, lambda bound: _below(bound, AMOUNT_END)), "Decimal(19, 4)")


def amount_of_double(value: exp.Expr) -> exp.Expr:
    """A double as a factor or divisor of amounts: by its shortest decimal."""
    digits = function("toDecimal256OrNull", function("toString", value), constant(AMOUNT_PLACES))
    return first_where(digits, lambda bound: _below(bound, FACTOR_END))


def double_of_amount(value: exp.Expr) -> exp.Expr:
    """The double nearest to an amount. The engine's own conversion rounds twice."""
    return function("toFloat64", function("toString", value))


def quotient_of_amounts(dividend: exp.Expr, divisor: exp.Expr) -> exp.Expr:
    """With 40 places, null where the divisor is zero. The dividend is below 10^16: scaled up it has 76 digits."""
    wide = cast(dividend, f"Decimal(76, {2 * AMOUNT_PLACES})")
    return function("divide", wide, function("nullIf", divisor, constant(0)))


def rounded_double(value: exp.Expr, places: int) -> exp.Expr:
    """The double nearest to the decimal with so many places that is nearest to the exact value of a double, half to
    even.

    The quotient is exact: it is of whole numbers, the value in units of 2^-124 (what is left of smaller values rounds
    to zero). Where it is beyond 2^53, neighbouring doubles are further apart than such decimals: the value stays."""

    def rounded(number: exp.Expr) -> exp.Expr:
        small = function("if", _below(number, WHOLE_MAX), number.copy(), constant(0))
        in_parts = bound_to(small, "small", _in_parts)
        scaled = function("multiply", function("abs", in_parts), _wide(10**places))
        quotient = bound_to(scaled, "scaled", _half_even)
        return bound_to(quotient, "quotient", lambda whole: _divided(number.copy(), whole, places))

    return bound_to(value, "number", rounded)


def _in_parts(value: exp.Expr) -> exp.Expr:
    """A double below 2^53 in units of 2^-124. The engine makes exact integers of doubles only up to 64 bits."""
    whole = function("toInt64", value)
    upper = function("multiply", function("toInt256", whole), _wide(2 ** (2 * _BITS)))
    fraction = function("multiply", function("minus", value.copy(), whole.copy()), constant(2**_BITS))
    return function("plus", upper, bound_to(fraction, "bits", _fraction_in_parts))


def _fraction_in_parts(bits: exp.Expr) -> exp.Expr:
    whole = function("toInt64", bits)
    rest = function("multiply", function("minus", bits.copy(), whole.copy()), constant(2**_BITS))
    middle = function("multiply", function("toInt256", whole), _wide(2**_BITS))
    return function("plus", middle, function("toInt64", rest))


def _half_even(scaled: exp.Expr) -> exp.Expr:
    """Its quotient by 2^124, rounded half to even."""
    divisor = 2 ** (2 * _BITS)
    odd = function("modulo", function("intDiv", scaled, _wide(divisor)), constant(2))
    raised = function("plus", function("plus", scaled.copy(), _wide(divisor // 2 - 1)), odd)
    return function("intDiv", raised, _wide(divisor))


def _divided(value: exp.Expr, quotient: exp.Expr, places: int) -> exp.Expr:
    """The quotient of two whole numbers that doubles hold exactly is the nearest double."""
    divided = function("divide", function("toInt64", quotient), constant(10**places))
    signed = function("multiply", function("sign", value), divided)
    large = exp.GTE(this=function("abs", value.copy()), expression=constant(WHOLE_MAX))
    stays = exp.or_(large, exp.GT(this=quotient.copy(), expression=_wide(WHOLE_MAX)), copy=False)
    return function("if", stays, value.copy(), signed)


def _wide(value: int) -> exp.Expr:
    return function("toInt256", text_constant(str(value)))


def _within(value: exp.Expr, limit: int) -> exp.Expr:
    return exp.LTE(this=function("abs", value), expression=constant(limit))


def _below(value: exp.Expr, end: int) -> exp.Expr:
    return exp.LT(this=function("abs", value), expression=constant(end))
