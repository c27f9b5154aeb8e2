"""The section on the values of a field."""

VALUES_TEXT = """`GET /v1/tenants/{tenant}/catalog/values?field=ticket.status` answers the values of a field to choose
from in a filter: the most frequent first, without the empty value, at most `limit` of them. `contains` keeps the values
that contain a text.

`filters` takes the filters of a report request as URL-encoded JSON, so that the choices of one filter follow the
others. The values are then those of the rows that pass. `relationship` is the relationship that joins the contact; it
is required if the object has several and the field or a filter is of contact. `records` counts distinct records of the
field's own object: for `contact.country` it counts contacts, not the tickets that they have.

The base object is the object of the field. For a field of contact, it is the first other object that the filters name;
without one, it is contact, and all contacts count. `object` names it where the filters do not:
`field=contact.country&object=ticket` gives the countries of the contacts who have a ticket. Relative times and days are
those of the tenant's time zone. Problems have their place in the parameter: `/filters/and/0/field`."""
