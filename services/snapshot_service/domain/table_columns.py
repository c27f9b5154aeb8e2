"""Compares a table's columns with those that this release reads and writes. Pure.

A table that another release made, or that somebody altered, keeps its columns where no migration is about them.
"""

from collections.abc import Iterable, Mapping

Columns = Iterable[tuple[str, str]]
"""Columns of a table: (name, engine type)."""

_SHOWN_MOST = 5


def difference(expected: Columns, found: Columns) -> str | None:
    """What differs, by column; None where both have the same names and types. Their order does not matter.

    A column that is not expected differs, too: rows that this release writes or copies would lack its values.
    """
    wanted, there = dict(_without_codecs(expected)), dict(found)
    parts = [f"lacks column {name} {kind}" for name, kind in wanted.items() if name not in there]
    parts += [
        f"column {name} is {there[name]}, expected {kind}"
        for name, kind in wanted.items()
        if name in there and there[name] != kind
    ]
    parts += [f"column {name} {kind} is not expected" for name, kind in there.items() if name not in wanted]
    more = f" (and {len(parts) - _SHOWN_MOST} more)" if len(parts) > _SHOWN_MOST else ""
    return "; ".join(parts[:_SHOWN_MOST]) + more if parts else None


def differences(expected: Mapping[str, Columns], found: Mapping[str, Columns]) -> dict[str, str]:
    """What differs, by table. A table that is not there does not differ: it is created with the right columns."""
    compared = {table: difference(columns, found[table]) for table, columns in expected.items() if table in found}
    return {table: text for table, text in compared.items() if text is not None}


def _without_codecs(columns: Columns) -> Columns:
    return ((name, kind.partition(" CODEC(")[0]) for name, kind in columns)
