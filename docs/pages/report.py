"""docs/reference/report.md: everything that a report request may say, from the code that reads it."""

from collections.abc import Iterable, Mapping

from crosslook.contracts.expression_tokens import KEYWORDS
from crosslook.contracts.schemas import FieldType
from docs.pages.markdown import code, page, table
from docs.pages.report_formulas import FORMULAS_TEXT, row_functions
from docs.pages.report_groupings import GROUPINGS_TEXT
from docs.pages.report_limits import REPORT_LIMITS
from docs.pages.report_lists import LISTS
from docs.pages.report_measures import OF_DRILLING, OF_FILTERED_MEASURES, OF_MEASURES
from docs.pages.report_values import VALUES_TEXT
from services.query_service.domain.calculations import CALCULATION_NAME_MAX, PLACES_MAX, WINDOW_MAX
from services.query_service.domain.column_parsing import MAX_PIVOT
from services.query_service.domain.column_types import aggregates_of, granularities_of, operator_groups_of
from services.query_service.domain.comparison_parsing import COMPARISONS_MAX, SHIFT_MAX
from services.query_service.domain.formula_functions import Notation, written_as
from services.query_service.domain.function_names import FUNCTIONS
from services.query_service.domain.operators import operators_of_groups
from services.query_service.domain.parsing import REQUEST_PROPERTIES
from services.query_service.domain.plan import MOST_GROUPS
from services.query_service.domain.query import DEFAULT_LIMIT
from services.query_service.domain.report import PIVOT_COLUMNS
from services.query_service.domain.whole_periods import whole_units

_PERSONAL = """A field of a schema can be marked `"personal": true`, also a built-in field of `contact`. Only
callers with the scope `records:read` see its values. For everyone else the field is empty wherever the report names
it: in dimensions, measures, formulas, filters, files, Looks, dashboards and `catalog/values`, in every snapshot, and
each place has the warning `personal_hidden`. So a condition on it finds nothing, and counts of records stay right.
The mark applies at once, without a refresh, and so does its removal from a field of the schema. A field that was marked
when it was removed, or when its object was deleted, stays empty in every snapshot. If its name comes back without the
mark, snapshots from before stay empty, and the next ones show the field. A field that was not marked when it left keeps
the mark that the snapshot has. The catalog shows `"personal": true`."""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(str(name) for name in names)


_INTRODUCTION = """`POST /v1/tenants/{tenant}/query` takes one report request. Only `object` and one dimension
or measure are required. Unknown properties and names are refused, all of them in one answer. `?dry_run=true` answers
with the SQL and runs nothing. [Twenty common questions](../how-to/twenty-questions.md) shows example requests."""

_MEANINGS: Mapping[str, str] = {
    "object": "The base object of the report. It can be `contact`.",
    "dimensions": 'The fields that group the rows: `"ticket.status"`, or `{"field": "ticket.opened_at", '
    '"granularity": "month"}`, whose column is `ticket.opened_at:month`; also bins and groups, see *Bins and groups*.',
    "measures": "The figures computed for each group: `ticket.count`, `ticket.csat.avg`, `contact.count`; or a measure "
    "with filters of its own, see *Filtered measures*.",
    "filters": "Which rows the report covers: a condition, or conditions under `and` or `or`, nested. A condition on a "
    'date or datetime can have a `granularity` and then tests the truncated value: `{"field": "ticket.opened_at", '
    '"granularity": "hour_of_day", "op": "gte", "values": [18]}`.',
    "having": "Which rows of the result are kept: conditions on its columns, in the same form as `filters`. Values "
    "may be as large as sums are.",
    "sort": "The columns to sort by, most significant first, each with `direction` `asc` or `desc`. Empty values "
    "come last in both directions; ties are ordered by all dimensions. By default: the first dated dimension, else "
    "the first figure, largest first.",
    "limit": f"How many rows of the result, after `having` and `sort`; {DEFAULT_LIMIT} unless said.",
    "totals": "Adds each figure over all data that pass `filters`, computed at its own grain and never summed. JSON "
    "only: files have the warning `totals_not_in_file`.",
    "subtotals": "Adds rows over the first dimension alone, the first two, and so on, each at its own grain and, "
    "like the totals, before `having` and `limit`. They are in `subtotals` of the answer, level by level. JSON "
    "only, like totals.",
    "relationship": "The relationship that joins the contact; required if the object has several.",
    "contacts": "Which records the report covers: `any`, only those `with`, or only those `without` a contact over "
    "the relationship.",
    "records": "For reports on `contact`: keep contacts with or without a record of an object.",
    "timezone": "The IANA time zone in which instants are truncated, compared with days and shown; by default the "
    "tenant's. See *Time zones*.",
    "week_start": "The day on which weeks begin: `monday`, `sunday` or `saturday`; by default the tenant's. "
    "See *Periods*.",
    "snapshot": "`current`, `previous` or the id of a snapshot that is still kept.",
    "pivot": f"At most {MAX_PIVOT} further dimensions whose values become columns.",
    "compare": '`"previous"` adds to each measure its value in the previous snapshot, and the change; '
    '`{"field": "ticket.opened_at", "shift": [1, "month"]}` its value one month earlier. See *Compare*.',
    "moved": 'Of a list: `{"field": "ticket.opened_at", "shift": [1, "month"]}` makes its filters read the values of '
    "the field moved forward, while its columns show the stored ones. So it lists the records of a compared figure. "
    "A listed formula that reads the field has the warning `moved_in_filters_only`: it need not add up to that figure.",
    "list": "The fields to list, record by record, in place of dimensions and measures; see *Lists*.",
    "after": "Of a list: `next` of the page before; the answer is the page that follows it.",
    "calculations": 'Columns computed from other columns: `{"name": "share", "expression": "ticket.count / '
    'total(ticket.count)"}`.',
    "formulas": 'Values computed for each record: `{"name": "hours_open", "expression": '
    '"hours_between(ticket.opened_at, ticket.solved_at)"}`; see *Formulas*.',
}

_BUILT_IN = """Every object, also `contact`, has two built-in fields besides those of its schema: `_id`, the id of the
record (text), and `_updated_at`, the greatest `time` among the record's winning upsert and the patches applied to it
(datetime). They can be used wherever a field can. The catalog marks them with `"built_in": true`."""

_ZONES = """A report that names no `timezone` is read in the tenant's time zone (`PUT /v1/tenants/{tenant}/settings` of
schema_service), or else in that of the deployment (`CROSSLOOK_REFRESH__TIMEZONE`). This includes Looks and dashboards,
which change with the setting at once. A dry run shows the zone that applies.

Instants are stored in UTC. The report's zone determines the day and hour of an instant, and the meaning of
`on` and relative times. Instants are shown with the offset that the zone has at that instant, so the two hours with the
same local time when clocks go back in autumn are two rows with two offsets. `hour` is the instant at which the full
hour began in the zone; `hour_of_day` is the hour on the local clock.

Zone names are those of the IANA tz database, in the same spelling. In every format, the rules of a zone are those of
the engine, for instants from 1900 to 2299. Before standard time, offsets had seconds (-00:44:30 in Africa/Monrovia
until 1972), which RFC 3339 cannot express. Such an offset is rounded to a minute and the local time is adjusted: the
text denotes the same instant, and its day and hour are those of `day` and `hour_of_day`."""

_PERIODS = f"""Relative times are relative to the as-of of the snapshot, which the answer shows, and not to the moment
of the request. Hours and minutes are only for a datetime.

| Operator | Values | Keeps |
| --- | --- | --- |
| `in_this` | `["month"]` | the whole current unit, also what is still to come |
| `in_previous` | `[3, "month"]` | the 3 whole units before the current one |
| `to_date` | `["month"]` | from the beginning of the current unit to the as-of, inclusive |
| `in_last` | `[3, "month"]` | from 3 units before the as-of to the as-of, both inclusive |
| `in_next` | `[3, "month"]` | from the as-of to 3 units after it, both inclusive |

Whole units are {_listed(whole_units(with_clock=True))}; the others also take minutes. A unit begins with its first
moment on the clock of the report's zone, so a day can have 23 or 25 hours, and it is the one that the granularity of
the same name groups by. Dates are compared by calendar day.

Weeks begin on `week_start`, by default the tenant's setting, else Monday: the granularity `week` gives that
day, and `day_of_week` counts from it as 1. With Monday, these are the weeks and days of ISO 8601."""

_PIVOT = f"""With a pivot, each measure has one column for each value: `ticket.count|open`, or with two pivots
`ticket.count|open|2026-11-01`. The column shows the values as `"pivot": ["open"]`. In its name, a text is written
unchanged, an empty value as `null`, and everything else as in JSON. If two columns would have the same name, the
later one gets `#2`. Columns are ordered by the values of the pivot, ascending with empty ones last, then by measure.

A pivot has at most {PIVOT_COLUMNS} columns: the first values in that order, each with all of its measures.
`pivot_omitted` is the number of columns left out, and a warning with the same code (in files, too) reports it;
`truncated` is about rows only. If a row has no data under a value, a count is 0 and any other measure is empty.
`having` and `sort` can use pivoted columns. A column that the result does not have is empty; if its value is not an
option of the field, a warning (`unknown_option`) reports it. `limit` counts rows. Totals and subtotals are computed
for each value. Without dimensions, the result has one row. A dry run does not know the values and shows each measure
once."""

_COMPARE = """`"compare": "previous"` runs the same report on the previous snapshot, with relative times as of
that snapshot, and joins both results by their dimensions. Rows of either result are kept. Each measure is followed
by `<measure>@previous` and `<measure>@delta`; if a snapshot does not have the row, its figure and the change are
empty. The change of a date is in days, of an instant in seconds. A field that the previous snapshot lacks is empty
there, and a warning (`not_in_previous`) reports it. With a pivot, the names are `<measure>@previous|<value>`.
`previous` in the answer shows the snapshot. If there is no previous snapshot, the answer is 404 `unknown_snapshot`;
if it is no longer kept, 410 `snapshot_expired`. A Look can be saved in both cases."""

_COMPARE_PERIODS = f"""`"compare": {{"field": "ticket.opened_at", "shift": [1, "month"]}}` compares with an earlier
period of the same snapshot: every value of the field is moved forward by the shift, and the same report is computed
over the moved values. So the tickets of May count in June, in the row of June and in a filter for June. Filters,
dimensions, measures and the filters of measures read the moved value; relative times stay as they are. The columns are
those of a comparison with the previous snapshot. A list of at most {COMPARISONS_MAX} objects that also have a `name`
compares with several periods: `{{"field": "ticket.opened_at", "shift": [1, "year"], "name": "last_year"}}` adds
`<measure>@last_year` and `<measure>@last_year:delta`.

The field is a date or datetime of the base object. The shift is a number from 1 to {SHIFT_MAX:,} and one of
{_listed(whole_units(with_clock=True))}; hours only for a datetime. Hours are exact durations. The other units move the
local time of the report's zone: one that is skipped there when clocks change moves forward by what is skipped, of one
that occurs twice it is the earlier. A day that a month does not have becomes its last one, so one year after February
29 is February 28. A record whose value would be after 2299 does not take part; one without a value does. If nothing in
the report depends on the field, a warning (`compare_without_effect`) reports it. The join block counts the records as
they are."""

_CALCULATIONS = f"""A calculation is computed from columns of the result: dimensions, measures, their `@previous`
and `@delta`, and earlier calculations. Write names unchanged, in `[brackets]` if they have spaces or other special
characters. Write texts, and days that are compared with a date, in single or double quotes. The name of a calculation
starts with a letter and contains letters, digits, spaces, `_`, `-` and `%`, at most {CALCULATION_NAME_MAX} characters.

A report is computed in this order, so that `limit` never changes a value:

1. the groups are built, pivoted and compared;
2. conditions of `having` that use no calculation filter the rows;
3. calculations are computed over these rows; `rank` considers all of them;
4. rows are sorted, also by calculations;
5. `previous`, `running_total`, `moving_average` and calculations that use them are computed in this order of rows,
   so rows cannot be sorted by them;
6. conditions of `having` that use a calculation filter the rows;
7. `limit` cuts the rows.

With a pivot, a calculation that uses a measure is computed for each value (`share|open`), and `total()` is the total
of that column. A calculation that uses only pivoted columns (`[ticket.count|open] / [ticket.count|solved]`) is one
column after them. In totals and subtotals, a calculation is computed from their figures; a function that uses other
rows is empty there.

The result is empty if an operand is empty, after a division by zero, and if no column can represent it. A comparison
with an empty value is empty, which `if` treats as not true. Whole numbers stay whole until they are divided. Amounts
are exact: an amount plus, minus, times or divided by a number is an amount; an amount divided by an amount is a plain
number. The result is rounded half to even to 4 decimals once, when the calculation is complete. Plain numbers are
doubles.

A report that needs the whole result (because of a pivot, a comparison, `rank`, `previous`, `running_total`,
`moving_average`, or sorting or filtering by a calculation) can have {MOST_GROUPS:,} groups; more are refused with
`too_many_groups` (422)."""

_FUNCTIONS: Mapping[str, str] = {
    "if": "`if(condition, a, b)`: a where the condition is true, else b",
    "coalesce": "`coalesce(a, b, …)`: the first that is not empty",
    "round": f"`round(a)`, `round(a, decimals)`: half to even, with 0 to {PLACES_MAX} decimals. "
    "Amounts and written numbers are rounded as decimals, number fields as the doubles they are: `round(12.345, 2)` is "
    "12.34, and 12.35 of a stored 12.345",
    "abs": "`abs(a)`: the absolute value",
    "total": "`total(a)`: the measure a over all data that pass the filters, at its own grain; not for dimensions",
    "previous": "`previous(a)`: a in the row before; empty in the first",
    "running_total": "`running_total(a)`: the sum of a down to this row; empty values add nothing",
    "moving_average": f"`moving_average(a, n)`: the mean of the values of a that are not empty, in this row and "
    f"the rows before it, n rows in all; n is a whole number from 1 to {WINDOW_MAX:,}",
    "rank": "`rank(a)`: 1 for the largest value; equal values share a rank, and the next rank counts them",
}


_OTHER_CALLS = ("## Drill into a cell", OF_DRILLING, "## Values of a field", VALUES_TEXT)


def render() -> str:
    """The page. Raises KeyError for a property or function that is not described here."""
    return page(
        "Report request",
        _INTRODUCTION,
        "## Properties",
        table(("Property", "Meaning"), [(code(name), _MEANINGS[name]) for name in REQUEST_PROPERTIES]),
        "## Fields",
        table(("Type", "Operators of filters", "Measures", "Granularities"), [_field(kind) for kind in FieldType]),
        _BUILT_IN,
        "### Personal fields",
        _PERSONAL,
        "## Measures",
        OF_MEASURES,
        "### Filtered measures",
        OF_FILTERED_MEASURES,
        "## Lists",
        LISTS,
        "## Time zones",
        _ZONES,
        "## Periods",
        _PERIODS,
        "## Pivot",
        _PIVOT,
        "## Compare",
        _COMPARE,
        _COMPARE_PERIODS,
        "## Calculations",
        _CALCULATIONS,
        table(("Written", "Meaning"), _operators()),
        "## Bins and groups",
        GROUPINGS_TEXT,
        "## Formulas",
        FORMULAS_TEXT,
        table(("Written", "Meaning"), row_functions()),
        *_OTHER_CALLS,
        "## Limits",
        table(("What", "Most"), [(what, f"{most:,}") for what, most in REPORT_LIMITS]),
    )


def _field(kind: FieldType) -> tuple[str, str, str, str]:
    operators = operators_of_groups(operator_groups_of(kind))
    return (
        code(kind.value),
        _listed(operators),
        _listed(aggregates_of(kind)),
        _listed(granularities_of(kind)),
    )


def _operators() -> list[tuple[str, str]]:
    signs = [
        (
            ", ".join(code(function.value) for function in written_as(Notation.SUM, Notation.PRODUCT)),
            "also `\u00d7`, `\u00f7`; products bind more strongly than sums",
        ),
        (
            ", ".join(code(comparison.value) for comparison in written_as(Notation.COMPARISON)),
            "compare values of the same type; also `<>`, `==`",
        ),
        (
            ", ".join(code(keyword) for keyword in KEYWORDS),
            "`not` binds more strongly than `and`, `and` more strongly than `or`; upper or lower case",
        ),
    ]
    return [*signs, *((code(name), _FUNCTIONS[name]) for name in FUNCTIONS)]
