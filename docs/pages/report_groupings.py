"""What docs/reference/report.md says of bins and groups."""

from services.query_service.domain.grouping_parsing import GROUP_NAME_MAX
from services.query_service.domain.grouping_reading import WIDTH_DIGITS, WIDTH_PLACES

GROUPINGS_TEXT = f"""A dimension with `bins`, `width` or `groups` has a `name`, which is its column and its label. The
field can be a formula. An empty value stays empty, and bins without records are left out.

* `{{"field": "ticket.csat", "name": "band", "bins": [2, 4]}}` has the keys `..2`, `2..4` and `4..`: from the lower
  edge, which belongs to the bin, to the next one, which does not. Edges are ascending numbers, amounts or days; an
  instant is in the bin of its day in the report's zone. A key shows an edge with the digits that it needs (`2`, not
  `2.0`).
* `{{"field": "ticket.csat", "name": "band", "width": 0.1}}` has the lower edge as its key, a number or an amount. The
  edge number *k* is the double nearest to the decimal *k* times the width, of amounts exactly that; so a stored 0.3 is
  in the bin 0.3. A width has at most {WIDTH_DIGITS} digits, {WIDTH_PLACES} of them after the point (4 of amounts).
* `{{"field": "ticket.status", "name": "phase", "groups": [{{"name": "Done", "values": ["solved", "closed"]}}],
  "others": "Rest"}}` gives values a common key. A value is in one group, and
  `others` is none of their names; without `others`, values in none are their own
  keys (`true`, `false` and whole numbers as text). Texts, options, whole numbers and booleans have groups. A record
  with several values counts once in each group that one of them is in. A name has at most {GROUP_NAME_MAX} characters.

Bins are ordered by their edges, groups by their names. `filters` of the report and of measures can test a key by the
name of the dimension, `having` by the column. A condition can also describe the bins or groups itself, without a name:
`{{"field": "ticket.csat", "bins": [2, 4], "op": "eq", "values": ["..2"]}}`. The groups of a multiselect are tested with
`any_of`, `all_of` and `none_of`. A key that no row can have is answered with a warning (`unknown_option`)."""
