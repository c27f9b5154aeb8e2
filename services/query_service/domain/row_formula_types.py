"""In which type the arguments of a step are compared or calculated with."""

from decimal import Decimal

from services.query_service.domain.formula import Constant, Type
from services.query_service.domain.row_terms import RowFormula
from services.query_service.domain.terms import ColumnType

DIVIDEND_END = 10**16
"""What is divided by an amount is smaller: scaled up it has 76 digits."""


def is_exact(formula: RowFormula) -> bool:
    """Whether its value is exact as a decimal: doubles are not."""
    if not isinstance(formula, Constant):
        return formula.type is not ColumnType.NUMBER
    return formula.value is None or abs(Decimal(str(formula.value))) < DIVIDEND_END


def compared_as(arguments: tuple[RowFormula, ...]) -> Type:
    """The type in which two values are compared: an instant and a day as days, an amount and a double as doubles."""
    kinds = {argument.type for argument in arguments if argument.type is not None}
    if len(kinds) < 2:
        return next(iter(kinds), ColumnType.BOOLEAN)
    if ColumnType.DATE in kinds:
        return ColumnType.DATE
    if ColumnType.CURRENCY in kinds and all(is_exact(argument) for argument in arguments):
        return ColumnType.CURRENCY
    return ColumnType.NUMBER
