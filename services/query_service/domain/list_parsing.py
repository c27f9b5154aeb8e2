"""Reads what makes a report a list from JSON: the fields it shows, and the page that it continues."""

from crosslook.contracts.problems import pointer
from crosslook.contracts.reading import Reader
from services.query_service.domain.after_token import AfterToken, BadToken
from services.query_service.domain.column_parsing import MAX_COLUMNS
from services.query_service.domain.query import Name

LIST_CONFLICTS = ("dimensions", "measures", "pivot", "having", "totals", "subtotals", "calculations", "compare")
"""What groups rows or works on groups, and so cannot stand beside a list."""


def read_list(reader: Reader) -> tuple[Name, ...] | None:
    """The fields to list, without those whose shape is wrong; None where the report is not a list."""
    if not reader.value("list"):
        if reader.value("after") is not None:
            reader.refuse("bad_value", "after", text="bad_value.after_without_list")
        return None
    for name in LIST_CONFLICTS:
        if reader.value(name):
            reader.refuse("list_conflict", name, values={"name": name})
    names: list[Name] = []
    sent = reader.elements("list", MAX_COLUMNS, "too_many_columns", "", array="wrong_type.list")
    for index, field in enumerate(sent or ()):
        if type(field) is str and field:
            names.append(Name(field, pointer("list", index)))
        else:
            reader.refuse("wrong_type", "list", index, text="wrong_type.listed")
    return tuple(names)


def read_after(reader: Reader) -> AfterToken | None:
    """The token of a page."""
    text = reader.text("after")
    if text is None:
        return None
    try:
        return AfterToken.decode(text)
    except BadToken:
        reader.refuse("bad_value", "after", text="bad_value.after")
        return None
