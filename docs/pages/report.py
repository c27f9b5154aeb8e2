"""docs/reference/report.md: everything that a report request may say, from the code that reads it."""

from collections.abc import Iterable, Mapping

from crosslook.contracts.schemas import FieldType
from docs.pages.markdown import code, page, table
from services.query_service.domain.column_types import aggregates_of, granularities_of, operator_groups_of
from services.query_service.domain.formula_check import CALCULATION_NAME_MAX, PLACES_MAX
from services.query_service.domain.formula_functions import Notation, written_as
from services.query_service.domain.formula_syntax import FORMULA_DEPTH_MAX, FUNCTIONS, KEYWORDS, MAX_LENGTH, MAX_NESTING
from services.query_service.domain.operators import operators_of_groups
from services.query_service.domain.parsing import (
    FILTER_DEPTH_MAX,
    MAX_COLUMNS,
    MAX_CONDITIONS,
    MAX_PIVOT,
    MAX_SORT,
    MAX_VALUES,
    REQUEST_PROPERTIES,
)
from services.query_service.domain.planner import MOST_GROUPS
from services.query_service.domain.query import DEFAULT_LIMIT
from services.query_service.domain.report import PIVOT_COLUMNS

_INTRODUCTION = """`POST /v1/tenants/{tenant}/query` takes one report request. Only `object` and one dimension
or measure are required; everything that is not known is refused, all of it at once. `?dry_run=true` answers the
SQL and runs nothing. [Ten questions people ask](../how-to/ten-questions.md) shows requests at work."""

_MEANINGS: Mapping[str, str] = {
    "object": "The base object: what the report is about. `contact` is one.",
    "dimensions": 'What rows are grouped by: `"ticket.status"`, or `{"field": "ticket.opened_at", "granularity": '
    '"month"}`, whose column is `ticket.opened_at:month`.',
    "measures": "The figures of each group: `ticket.count`, `ticket.csat.avg`, `contact.count`.",
    "filters": "Which rows take part: a condition, or conditions under `and` or `or`, nested.",
    "having": "Which rows of the result are kept, by its columns; the same shape as `filters`. Values "
    "may be as large as sums are.",
    "sort": "Columns of the result, the first one first, each with `direction` `asc` or `desc`. Empty values come last "
    "either way, ties go by all dimensions. Without it: by the first dated dimension, else the first figure, greatest "
    "first.",
    "limit": f"How many rows of the result, after `having` and `sort`; {DEFAULT_LIMIT} unless said.",
    "totals": "Also each figure over all data that pass `filters`, asked at its own grain and never summed. JSON only: "
    "files warn with `totals_not_in_file`.",
    "subtotals": "Also the rows over the first dimension alone, the first two, and so on, each at its own grain and "
    "like the totals before `having` and `limit`: `subtotals` of the answer, level by level. JSON only, as totals.",
    "relationship": "The relationship over which the contact joins; needed where the object has several.",
    "contacts": "`any`, or only records `with` or `without` a contact over the relationship.",
    "records": "For reports on `contact`: keep contacts with or without a record of an object.",
    "timezone": "The IANA zone in which instants are truncated, compared with days and shown; see *Time zones*.",
    "snapshot": "`current`, `previous` or the id of a snapshot that is still kept.",
    "pivot": f"At most {MAX_PIVOT} further dimensions whose values become columns.",
    "compare": '`"previous"`: beside each measure that of the snapshot before, and the change.',
    "calculations": 'Columns computed from other columns: `{"name": "share", "expression": "ticket.count / '
    'total(ticket.count)"}`.',
}

_ZONES = """Instants are stored in UTC. The report's zone decides which day or hour an instant is in, what `on` and
relative times mean, and how an instant is shown: with the offset that the zone has at that instant, so that the two
hours with one wall clock in an autumn night are two rows with two offsets. `hour` is the instant at which the clock
of the zone showed the full hour; `hour_of_day` is the hour on that clock.

The names are those of the IANA's tz database, written as there. The rules of a zone, for instants from 1900 to 2299,
are those of the engine, in every format. Before zones had standard times, offsets had seconds
(-00:44:30 in Africa/Monrovia until 1972), which RFC 3339 cannot express. Such an offset is rounded to a minute and the
clock is shown accordingly: the text names the same instant, and its day and hour are those of `day` and
`hour_of_day`."""

_PIVOT = f"""Under a pivot each measure stands once for each value: `ticket.count|open`, with two pivots
`ticket.count|open|2026-11-01`; the column carries the values as `"pivot": ["open"]`. A text stands in the name
as it is, an empty value as `null`, everything else as JSON shows it; where two columns would be called the same
the later one gets `#2`. Columns come by the pivot's values ascending, empty ones last, and within a value by
measure.

At most {PIVOT_COLUMNS} columns are made: the first values in that order, each with all of its measures.
`pivot_omitted` says how many columns are left out, and a warning of the same code (files too) says that some are;
`truncated` is about rows. Where a row has no data under a value a count is 0 and any
other measure empty. `having` and `sort` name pivoted columns; one that there is not today is empty, and where its
value is no option of the field a warning (`unknown_option`) says so. `limit` counts rows.
Totals and subtotals are asked for each value. Without dimensions there is one row.
A dry run knows no values yet and shows each measure once."""

_COMPARE = """`"compare": "previous"` asks the same of the snapshot before the one asked, relative times as of
its own instant, and joins both results by their dimensions: rows of either are kept. Each measure is followed
by `<measure>@previous` and `<measure>@delta`; where a snapshot does not have the row its figure is empty, and
so is the change. The change of a date is in days, of an instant in seconds. A field that the snapshot before
lacks is empty there and a warning (`not_in_previous`) says so. With a pivot the names are
`<measure>@previous|<value>`. `previous` of the answer names the snapshot. Where there is none the answer is 404
`unknown_snapshot`, where it is no longer kept 410 `snapshot_expired`; a Look can be saved all the same."""

_CALCULATIONS = f"""A calculation is computed from columns of the result that stand before it: dimensions,
measures, their `@previous` and `@delta`, and earlier calculations. Names are written as they are, in
`[brackets]` where they have spaces or other signs; texts in single or double quotes, days too beside a date.
Its name begins with a letter and holds letters, digits, spaces, `_`, `-` and `%`, at most {CALCULATION_NAME_MAX}.

When it is computed, so that no `limit` changes a value:

1. the groups are made, pivoted and compared;
2. conditions of `having` that name no calculation choose rows;
3. calculations are computed over these rows; `rank` looks at all of them;
4. rows are sorted, by calculations too;
5. `previous` and `running_total`, and what rests on them, are computed in that order; rows cannot be sorted by them;
6. conditions of `having` that name a calculation choose rows;
7. `limit` cuts.

Under a pivot a calculation that names a measure is computed for each value (`share|open`), and `total()` is the
total of that column; one that names pivoted columns only (`[ticket.count|open] / [ticket.count|solved]`) stands
once, after them. In totals and subtotals a calculation is computed from their figures; what looks at other rows
is empty there.

An empty operand makes a result empty, and so do a division by zero and a result that no column can hold. A
comparison with an empty value is empty; `if` takes that for not true. Whole numbers stay whole until they are
divided. Amounts are exact: an amount plus, minus, times or divided by a number is an amount, by an amount a
plain number; the result is rounded half to even to 4 decimals once, when the calculation is complete. Plain
numbers are doubles.

A report that needs more than its rows (a pivot, a comparison, `rank`, `previous`, `running_total`, sorting or
choosing by a calculation) may have {MOST_GROUPS:,} groups; more are refused with `too_many_groups` (422)."""

_FUNCTIONS: Mapping[str, str] = {
    "if": "`if(condition, a, b)`: a where the condition is true, else b",
    "coalesce": "`coalesce(a, b, …)`: the first that is not empty",
    "round": f"`round(a)`, `round(a, decimals)`: half to even, with 0 to {PLACES_MAX} decimals. "
    "Amounts and written numbers are rounded as decimals, number fields as the doubles they are: `round(12.345, 2)` is "
    "12.34, and 12.35 of a stored 12.345",
    "abs": "`abs(a)`: without its sign",
    "total": "`total(a)`: a over all data that pass the filters, at its own grain; of measures, not of dimensions",
    "previous": "`previous(a)`: a in the row before; empty in the first",
    "running_total": "`running_total(a)`: the sum of a down to this row; empty values add nothing",
    "rank": "`rank(a)`: 1 for the greatest; equal values share a rank, the next one counts them",
}


def render() -> str:
    """The page. Raises KeyError for a property or function that is not told here."""
    return page(
        "Report request",
        _INTRODUCTION,
        "## Properties",
        table(("Property", "Meaning"), [(code(name), _MEANINGS[name]) for name in REQUEST_PROPERTIES]),
        "## Fields",
        table(("Type", "Operators of filters", "Measures", "Granularities"), [_field(kind) for kind in FieldType]),
        "## Time zones",
        _ZONES,
        "## Pivot",
        _PIVOT,
        "## Compare",
        _COMPARE,
        "## Calculations",
        _CALCULATIONS,
        table(("Written", "Meaning"), _operators()),
        "## Limits",
        table(("What", "Most"), [(what, f"{most:,}") for what, most in _LIMITS]),
    )


def _field(kind: FieldType) -> tuple[str, str, str, str]:
    operators = operators_of_groups(operator_groups_of(kind))
    return (
        code(kind.value),
        _listed(operators),
        _listed(aggregates_of(kind)),
        _listed(granularities_of(kind)),
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(str(name) for name in names)


def _operators() -> list[tuple[str, str]]:
    signs = [
        (
            ", ".join(code(function.value) for function in written_as(Notation.SUM, Notation.PRODUCT)),
            "also `\u00d7`, `\u00f7`; products before sums",
        ),
        (
            ", ".join(code(comparison.value) for comparison in written_as(Notation.COMPARISON)),
            "of values of one kind; also `<>`, `==`",
        ),
        (", ".join(code(keyword) for keyword in KEYWORDS), "`not` before `and` before `or`; written large or small"),
    ]
    return [*signs, *((code(name), _FUNCTIONS[name]) for name in FUNCTIONS)]


_LIMITS = (
    ("Dimensions, measures and calculations together", MAX_COLUMNS),
    ("Dimensions of a pivot", MAX_PIVOT),
    ("Columns that a pivot makes", PIVOT_COLUMNS),
    ("Columns to sort by", MAX_SORT),
    ("Conditions; also groups of them under `and` or `or`", MAX_CONDITIONS),
    ("Levels of conditions", FILTER_DEPTH_MAX),
    ("Values of a condition", MAX_VALUES),
    ("Groups where the whole result must be known", MOST_GROUPS),
    ("Characters of an expression", MAX_LENGTH),
    ("Levels of an expression", FORMULA_DEPTH_MAX),
    ("Parentheses inside each other", MAX_NESTING),
)
