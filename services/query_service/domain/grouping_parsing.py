"""Reads bins and groups from JSON: of a dimension, or of a condition, which then tests the key."""

from typing import Any

from crosslook.contracts.problems import pointer
from crosslook.contracts.reading import Reader
from services.query_service.domain.groupings import EDGES_MAX, GROUPED_VALUES_MAX, GROUPS_MAX
from services.query_service.domain.query import BinsAsked, GroupAsked, GroupingAsked, GroupsAsked, WidthAsked

GROUP_NAME_MAX = 200
_KINDS = ("granularity", "bins", "width", "groups")


def read_grouping(reader: Reader) -> GroupingAsked | None:
    """The bins or groups of a dimension or condition; None where it has none, or where something is wrong with them,
    which is then noted."""
    sent = [kind for kind in _KINDS if reader.value(kind) is not None]
    grouped = [kind for kind in sent if kind != "granularity"]
    if not grouped:
        _refuse_others(reader)
        return None
    if len(sent) > 1:
        reader.refuse("bad_value", sent[1], text="bad_value.grouped_twice", values={"known": ", ".join(_KINDS)})
        return None
    return _grouping(reader, grouped[0])


def _refuse_others(reader: Reader) -> None:
    if reader.value("others") is not None:
        reader.refuse("bad_value", "others", text="bad_value.without_grouping", values={"name": "others"})


def _grouping(reader: Reader, kind: str) -> GroupingAsked | None:
    if kind != "groups":
        _refuse_others(reader)
    place = pointer(*reader.at, kind)
    match kind:
        case "width":
            return WidthAsked(reader.sent["width"], place)
        case "bins":
            edges = reader.elements("bins", EDGES_MAX, "bad_value", "bad_value.edges_most")
            if edges == [] and reader.sent["bins"] == []:
                reader.refuse("bad_value", "bins", text="bad_value.no_edges")
            return BinsAsked(tuple(edges), place) if edges else None
        case _:
            return _groups(reader, place)


def _groups(reader: Reader, place: str) -> GroupsAsked | None:
    items = reader.items("groups", GROUPS_MAX, "bad_value", "bad_value.groups_most", shape="wrong_type.group")
    if items is not None and not items and reader.sent["groups"] == []:
        reader.refuse("bad_value", "groups", text="bad_value.no_groups")
    read = [_group(group) for _, group in items or ()]
    found = tuple(group for group in read if group is not None)
    others = reader.text("others", GROUP_NAME_MAX)
    if others is not None and not others.strip():
        reader.refuse("bad_value", "others", text="bad_value.group_name")
    values = sum(len(group.values) for group in found)
    if values > GROUPED_VALUES_MAX:
        shown = {"limit": GROUPED_VALUES_MAX, "count": values}
        reader.refuse("bad_value", "groups", text="bad_value.too_many", values=shown)
        return None
    return GroupsAsked(found, others, place) if found and len(found) == len(reader.sent["groups"]) else None


def _group(reader: Reader) -> GroupAsked | None:
    reader.close(("name", "values"))
    name = reader.text("name", GROUP_NAME_MAX, required=True)
    values: list[Any] | None = reader.elements("values", GROUPED_VALUES_MAX, "bad_value", "bad_value.too_many")
    if values is None or (not values and reader.sent["values"] == []):
        reader.refuse("required_missing", "values", values={"name": "values"})
    return GroupAsked(name, tuple(values), pointer(*reader.at)) if name is not None and values else None
