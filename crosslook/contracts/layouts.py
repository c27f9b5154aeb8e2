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
"""

import hashlib
from dataclasses import dataclass
from enum import IntEnum

from crosslook.contracts.field_types import FIELD_TYPES
from crosslook.contracts.ids import CONTACT
from crosslook.contracts.schemas import Definition, FieldType


class Role(IntEnum):
    """What a row is to its record.

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
class Layout:
    """A physical column set. Equal sets have equal ids, whoever's object it is and in whatever order it names them."""

    fields: tuple[tuple[str, FieldType], ...]
    relationships: tuple[tuple[str, bool], ...]
    contact: bool

    @property
    def id(self) -> str:
        """16 hexadecimal digits of the SHA-256 over the sorted columns."""
        parts = [f"f:{slug}:{kind.value}" for slug, kind in self.fields]
        parts += [f"r:{slug}:{int(many)}" for slug, many in self.relationships]
        parts.append(f"contact:{int(self.contact)}")
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    @property
    def table(self) -> str:
        """The table that holds it."""
        return table_of(self.id)

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """All columns of the table in order: (name, engine type)."""
        columns = list(FIXED_COLUMNS)
        columns += [(field_column(slug), FIELD_TYPES[kind].engine_type) for slug, kind in self.fields]
        for slug, _ in self.relationships:
            columns += [(name(slug), "Array(String)") for name in (refs_column, hits_column, links_column)]
        if self.contact:
            columns.append(("external_ids", "Array(String)"))
        return tuple(columns)


def table_of(layout: str) -> str:
    """The table of a layout id."""
    return f"records_{layout}"


def layout_of(definition: Definition) -> Layout:
    """The layout of a definition. Labels, options, order and links to other objects than contact do not matter.

    A contact's own relationships are kept in its definition but have no columns: nothing can be joined to a contact.
    """
    contact = definition.object == CONTACT
    return Layout(
        fields=tuple(sorted((field.slug, field.type) for field in definition.fields)),
        relationships=() if contact else tuple(sorted((r.slug, r.many) for r in definition.contact_relationships)),
        contact=contact,
    )
