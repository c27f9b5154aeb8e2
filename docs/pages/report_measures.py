"""Sections of docs/reference/report.md about measures and the records behind them."""

from services.query_service.domain.column_parsing import MAX_COLUMNS, MAX_FILTERED, MAX_PIVOT
from services.query_service.domain.condition_parsing import MAX_CONDITIONS

OF_MEASURES = """Each measure is computed at its own grain: of records over the distinct records of a group, of contacts
over its distinct contacts, whatever a join repeats. Of nothing, counts are 0 and other measures are empty.

* `p90` and `p95` interpolate linearly between the closest ranks, as `median` does. Of amounts they are exact, then
  rounded half to even to 4 decimals. Of numbers they are within two units in the last place of the greater of the two
  values.
* `stddev` is the standard deviation of the sample, empty below two values. Of amounts it is exact, then rounded half to
  even to 4 decimals. Of numbers it differs from that of the stored doubles by one unit in the last place and 2^-60 at
  the most; equal values give 0.
* `count_distinct` of a multiselect is the number of distinct options that the records of the group have. A record in
  the group `vip` still has its other options."""

OF_FILTERED_MEASURES = f"""A filtered measure is `{{"measure": "ticket.count", "name": "solved", "filters": {{…}}}}`:
the measure over the rows of each group that pass its `filters` as well as those of the report. Its column is called
`name`, and `having`, `sort` and calculations use that name. A name consists of small letters, digits and `_`, begins
with a letter, and is unlike that of every other column (`name_conflict`). A group in which nothing passes stays.

Its filters are tested for each row. If they name the contact, the report joins the contact, with associated records
only. In a comparison they are tested on each side, with relative times as of that side's snapshot. A report has at most
{MAX_FILTERED} filtered measures; their conditions count towards the {MAX_CONDITIONS} of a report."""

OF_DRILLING = f"""`POST /v1/tenants/{{tenant}}/query/drill` takes `{{"request", "row", "column"}}` and answers with the
request of a list: exactly the records that the figure in the cell is computed from. Send it to `query`, page through it
or export it.

* `row` has a value for each dimension, as the result shows it; null is the empty group. A shorter row is that level of
  subtotals, and `"row": null` is the row of totals; the report need not show them. `row` must not be left out.
* `column` is the name of a measure's column as the result shows it, with the values of a pivot and `@previous`. A
  dimension, a calculation, a change and `count_distinct` are refused (`not_drillable`).

The list shows `<base>._id` first, then the fields that the report shows; fields of the contact only if the relationship
leads to one contact. `matching` of its answer is the figure of a count, and the records add up to a sum, except
that of a formula over a moved field (`moved_in_filters_only`). A measure of
the contact lists the pairs of record and contact: its figure is about the distinct `contact._id`.

`having`, `sort` and `limit` of the report do not count. The snapshot, the time zone and `week_start` are written out. A
list can have {MAX_COLUMNS + MAX_PIVOT} conditions more than a report, in trees of one level more."""
