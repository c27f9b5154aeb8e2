"""What the page on report requests says of lists."""

LISTS = """`"list": ["ticket._id", "ticket.subject", "ticket.tags", "contact.email"]` replaces dimensions and
measures. The rows are the records themselves: nothing is grouped, and two equal rows stay two rows. Columns have
`"kind": "field"`. A multiselect is an array (type `multiselect`), in CSV and Excel files the text `vip; billing`;
without values it is empty.

A list that names a field of the contact has one row for each record and contact that are associated over the
relationship. If the contact is only in `filters`, each record is listed once, if one of its contacts passes all
conditions on the contact together.

A list can be sorted by the fields that it shows, a multiselect by its text; without a sort it is ordered by the id of
the record. Ties are ordered by the ids of the record and the contact, so the order is always the same. `matching` is
the exact number of rows, whatever `limit` and `after` say. If more rows follow, `next` is a token: repeat the request
with it as `after` for the next page. The token belongs to the snapshot, the list, the filters and the sort: with
another request, or from a caller who sees other personal fields of it, it is refused (`bad_value`), and once the
snapshot is no longer kept it is answered with 410 `snapshot_expired`. Pages are found by key: the hundredth is as
fast as the second.

`dimensions`, `measures`, `pivot`, `having`, `totals`, `subtotals`, `calculations` and `compare` are refused beside a
list (`list_conflict`). A saved report cannot have `after`."""
