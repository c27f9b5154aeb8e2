"""What docs/reference/report.md says of formulas."""

from collections.abc import Mapping

from docs.pages.markdown import code
from services.query_service.domain.function_names import FUNCTIONS
from services.query_service.domain.row_formula_steps import AMOUNT_PLACES, FORMULA_TEXT_MAX
from services.query_service.domain.row_functions import ROW_CALLS

FORMULAS_TEXT = f"""A formula is a value computed for each record, at the grain of its object: a join never counts it
twice. It uses fields of one object, the base or the contact, and earlier formulas, in the notation of calculations.
Its name has small letters, digits and `_`, and is unlike every other name in the request and the names of its objects
(`name_conflict`). The name is used wherever a field is: as a dimension, also with a granularity, in `pivot` and
`filters`, in lists, and with the measures of its type (`hours_open.avg`); those of a whole number are numbers.

A formula is empty if an operand is empty, after a division by zero, and if a field of its type could not hold its value
(numbers beyond ±2^53, amounts from 10^15, texts of more than {FORMULA_TEXT_MAX:,} characters); whole numbers and
amounts must be within these bounds in each step. A comparison with an empty value is empty, which `if` treats as not
true; `and` and `or` with an empty value are empty unless the other one decides. Empty text that is written (`''`) can
be joined to other text; a formula whose value is empty text is empty.

Whole numbers stay whole until they are divided. Numbers are doubles in each step. Amounts are computed with
{AMOUNT_PLACES} decimals, each step rounded half to even, and rounded half to even to 4 decimals once. A double among
them is the shortest decimal that denotes it, cut to {AMOUNT_PLACES} decimals and below 10^18. The results of operations
have the types that they have in calculations: an amount times or divided by a number is an amount, an amount divided by
an amount is a number.

A written text that is compared with a date or time is a day or an instant (`'2026-11-20'`,
`'2026-11-20T10:00:00Z'`). A date and an instant are compared as days in the report's zone."""

_ROW_FUNCTIONS: Mapping[str, str] = {
    "days_between": "`days_between(a, b)`: the calendar days from a to b, negative if b is earlier. Instants are taken "
    "as days in the report's zone",
    "hours_between": "`hours_between(a, b)`: the exact time that passes from one instant to the other, in hours",
    "year": "`year(a)`: of a date, or of an instant in the report's zone",
    "month": "`month(a)`: 1 to 12, as `year`",
    "concat": "`concat(a, b, …)`: texts and whole numbers, joined",
    "lower": "`lower(a)`: in small letters",
    "length": "`length(a)`: the number of characters (Unicode code points)",
}


def row_functions() -> list[tuple[str, str]]:
    """How each function is written, and what it means."""
    shared = [code(name) for name in ROW_CALLS if name in FUNCTIONS]
    as_there = (", ".join(["operators", *shared]), "as in calculations")
    return [as_there, *((code(name), _ROW_FUNCTIONS[name]) for name in ROW_CALLS if name not in FUNCTIONS)]
