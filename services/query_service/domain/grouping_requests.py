"""Bins and groups as a request writes them, for requests that are made of another one."""

from collections.abc import Mapping
from typing import Any

from services.query_service.domain.groupings import GROUPING_MEMBERS


def grouping_members(dimension: Any) -> dict[str, Any]:
    """What describes the bins or groups of a dimension as it was sent; nothing where it has none. Beside the field they
    make a condition test the key."""
    if not isinstance(dimension, Mapping):
        return {}
    return {name: dimension[name] for name in GROUPING_MEMBERS if dimension.get(name) is not None}


def grouped_fields(request: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """By the names of the bins and groups of a request: their field, and what describes them."""
    dimensions = (*(request.get("dimensions") or ()), *(request.get("pivot") or ()))
    return {
        dimension["name"]: {"field": dimension["field"], **grouping_members(dimension)}
        for dimension in dimensions
        if grouping_members(dimension)
    }


def spelled_out(tree: Mapping[str, Any], grouped: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Conditions without names of bins and groups: each describes those that it tests."""
    if "field" in tree:
        return {**tree, **grouped.get(tree["field"], {})}
    return {kind: [spelled_out(part, grouped) for part in parts] for kind, parts in tree.items()}
