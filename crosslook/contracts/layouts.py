"""Layouts: the physical columns of an object, shared by all objects with the same fields (ARCHITECTURE 6).

`records_<layout>` is written by snapshot_service and read by query_service, so its shape is a contract:

| column | type | meaning |
|---|---|---|
| build | UInt64 | the run that wrote the row; the partition key |
| tenant, object, record | String | identity |
| deleted | Bool | never in a report: a tombstone, kept for the horizon, or a piece of a patched record |
| role | UInt8 | what the row is to its record (`Role`) |
| event_time, sequence, partition, offset | DateTime64(3), Int64, UInt16, UInt64 | the winner, a total order |
| received_at | DateTime64(3) | when the broker took the event that won; a tombstone goes a horizon later |
| source, event_id | String | the event that won |
| named | Array(String) | of a patch: the fields and relationships it names, and `FOREIGN_IDS`; else [] |
| f_<field> | by type | the value; empty is NULL, or [] for a multiselect |
| refs_<relationship> | Array(String) | the contacts as the record names them: `id:…`, `email:…`, `external:…` |
| hits_<relationship> | Array(String) | beside each reference the contact record it resolved to, '' while unknown |
| links_<relationship> | Array(String) | the contacts the record is associated with, distinct: what a report joins |
| external_ids | Array(String) | only where the object is contact: its foreign ids |

A release writes one format of layouts and reads those in `LAYOUT_FORMATS`. A layout's id names its format. Whoever
reads rows uses the id that their entry records (`recorded_layout`) and never computes it again.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from crosslook.contracts.documents import UnreadableDocument
from crosslook.contracts.field_types import FIELD_TYPES
from crosslook.contracts.ids import CONTACT
from crosslook.contracts.release import RELEASE
from crosslook.contracts.schemas import Definition, FieldType


class Role(IntEnum):
    """The role of a row for its record.

    A record without patches is one row, WHOLE. A patched record is COMPOSED, the row that reports read, and beside it
    its pieces, which are `deleted`: the BASE that the patches change, and each patch. They are kept for the horizon, so
    that an event that arrives late can still take its place between them; the next build reads the pieces, not what was
    composed of them. A patch is APPLIED, or WAITING for its record's first whole event, or IGNORED on a tombstone.
    """

    WHOLE = 0
    COMPOSED = 1
    BASE = 2
    APPLIED = 3
    WAITING = 4
    IGNORED = 5


FIXED_COLUMNS: tuple[tuple[str, str], ...] = (
    ("build", "UInt64"),
    ("tenant", "String"),
    ("object", "String"),
    ("record", "String"),
    ("deleted", "Bool"),
    ("role", "UInt8"),
    ("event_time", "DateTime64(3, 'UTC')"),
    ("sequence", "Int64"),
    ("partition", "UInt16"),
    ("offset", "UInt64"),
    ("source", "String"),
    ("event_id", "String"),
    ("received_at", "DateTime64(3, 'UTC')"),
    ("named", "Array(String)"),
)


def field_column(slug: str) -> str:
    """The column of a field."""
    return f"f_{slug}"


def links_column(slug: str) -> str:
    """The column of a relationship's resolved contacts."""
    return f"links_{slug}"


def refs_column(slug: str) -> str:
    """The column of a relationship's references as sent."""
    return f"refs_{slug}"


def hits_column(slug: str) -> str:
    """The column that holds, beside each reference, the contact it resolved to."""
    return f"hits_{slug}"


@dataclass(frozen=True, slots=True)
class LayoutFormat:
    """How one format lays out rows: the columns that every table has, and the engine types of values where they are not
    those of `FIELD_TYPES`."""

    fixed: tuple[tuple[str, str], ...]
    types: Mapping[FieldType, str] = field(default_factory=dict)

    def type_of(self, kind: FieldType) -> str:
        """The engine type of a field's values."""
        return self.types.get(kind, FIELD_TYPES[kind].engine_type)


LAYOUT_FORMATS: Mapping[int, LayoutFormat] = {
    1: LayoutFormat(FIXED_COLUMNS),
    2: LayoutFormat(FIXED_COLUMNS),
}
"""The formats that this release reads, by number. The greatest is the one that it writes.

1: up to commit bb5d988; ids without a number, which say nothing of the physical columns. 2: the same columns.
A release that changes a column adds a format and leaves the others as they are: one that changes the engine type of a
field type gives the formats before theirs.
"""

LAYOUT_FORMAT = max(LAYOUT_FORMATS)
"""The format that this release writes."""

_ID = re.compile(r"(?:([1-9][0-9]{0,3})_)?[0-9a-f]{16}\Z")


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table, and what they mean. Two objects with the same `id` share the table; `format` says how it
    is laid out."""

    id: str
    format: int
    fields: tuple[tuple[str, FieldType], ...]
    relationships: tuple[tuple[str, bool], ...]
    contact: bool

    @property
    def table(self) -> str:
        """The table that holds it."""
        return table_of(self.id)

    def type_of(self, kind: FieldType) -> str:
        """The engine type of a field's values in its format."""
        return LAYOUT_FORMATS[self.format].type_of(kind)

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """All columns of the table in order: (name, engine type)."""
        return _columns(LAYOUT_FORMATS[self.format], self.fields, self.relationships, contact=self.contact)


def table_of(layout: str) -> str:
    """The table of a layout id."""
    return f"records_{layout}"


def layout_of(definition: Definition) -> Layout:
    """The layout in which this release writes rows of a definition. Labels, options, order and links to other objects
    than contact do not matter."""
    fields, relationships, contact = _parts(definition)
    columns = _columns(LAYOUT_FORMATS[LAYOUT_FORMAT], fields, relationships, contact=contact)
    return Layout(_id_of(LAYOUT_FORMAT, columns, fields, relationships), LAYOUT_FORMAT, fields, relationships, contact)


def recorded_layout(recorded: str, definition: Definition) -> Layout:
    """The layout of rows that were written with this id, in whatever format, for this definition. Raises
    UnreadableDocument for a format that this release does not read."""
    return Layout(recorded, format_of(recorded), *_parts(definition))


def format_of(recorded: str) -> int:
    """The format that a layout's id names. Raises UnreadableDocument for one that this release does not read."""
    found = _ID.match(recorded)
    if found is None:
        raise UnreadableDocument("its layout is not the id of one")
    number = int(found.group(1) or 1)
    if number not in LAYOUT_FORMATS:
        known = f"{min(LAYOUT_FORMATS)} to {max(LAYOUT_FORMATS)}"
        raise UnreadableDocument(f"its rows have layout format {number}, and release {RELEASE} reads formats {known}")
    return number


def _parts(definition: Definition) -> tuple[tuple[tuple[str, FieldType], ...], tuple[tuple[str, bool], ...], bool]:
    """Fields, relationships, whether it is contact.

    A contact's own relationships are kept in its definition but have no columns: nothing can be joined to a contact.
    """
    contact = definition.object == CONTACT
    fields = tuple(sorted((defined.slug, defined.type) for defined in definition.fields))
    links = () if contact else tuple(sorted((r.slug, r.many) for r in definition.contact_relationships))
    return fields, links, contact


def _columns(
    layout: LayoutFormat,
    fields: tuple[tuple[str, FieldType], ...],
    relationships: tuple[tuple[str, bool], ...],
    *,
    contact: bool,
) -> tuple[tuple[str, str], ...]:
    columns = list(layout.fixed)
    columns += [(field_column(slug), layout.type_of(kind)) for slug, kind in fields]
    for slug, _ in relationships:
        columns += [(name(slug), "Array(String)") for name in (refs_column, hits_column, links_column)]
    if contact:
        columns.append(("external_ids", "Array(String)"))
    return tuple(columns)


def _id_of(
    number: int,
    columns: tuple[tuple[str, str], ...],
    fields: tuple[tuple[str, FieldType], ...],
    relationships: tuple[tuple[str, bool], ...],
) -> str:
    """The format, and 16 hexadecimal digits of the SHA-256 over it, the physical columns, and what columns mean that
    look alike: a text and a dropdown, one contact and several."""
    lines = [f"format {number}", *(f"column {name} {kind}" for name, kind in columns)]
    lines += [f"field {slug} {kind.value}" for slug, kind in fields]
    lines += [f"relationship {slug} {int(many)}" for slug, many in relationships]
    return f"{number}_{hashlib.sha256(chr(10).join(lines).encode()).hexdigest()[:16]}"
