"""The catalog of a tenant and snapshot: explores with dimensions and measures, derived from schemas (R5, R6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.layouts import table_of
from crosslook.contracts.manifests import Entry
from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition, FieldDef, RelationshipDef
from services.query_service.domain.built_in import BUILT_IN_FIELDS
from services.query_service.domain.column_types import aggregates_of, column_type_of
from services.query_service.domain.terms import Aggregate, ColumnType


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of an object. `field` is None for the count of its records."""

    object: str
    aggregate: Aggregate
    field: FieldDef | None = None

    @property
    def name(self) -> str:
        """`ticket.count`, `ticket.csat.avg`."""
        return ".".join((self.object, *([self.field.slug] if self.field else []), self.aggregate.value))

    @property
    def type(self) -> ColumnType:
        """The type of its values."""
        if self.field is None or self.aggregate is Aggregate.COUNT_DISTINCT:
            return ColumnType.INTEGER
        return column_type_of(self.field)


@dataclass(frozen=True, slots=True)
class RowSource:
    """Where a snapshot has the rows of an object: the build of a layout's table."""

    table: str
    build: int


@dataclass(frozen=True, slots=True)
class Explore:
    """A base object with its schema as of the snapshot. `source` is None where no row was ever built; `records` is how
    many live ones there are."""

    object: str
    definition: Definition
    version: int
    source: RowSource | None
    records: int = 0

    @property
    def relationships(self) -> tuple[RelationshipDef, ...]:
        """The relationships over which contact can be joined."""
        return () if self.object == CONTACT else self.definition.contact_relationships

    @property
    def fields(self) -> tuple[FieldDef, ...]:
        """Those of its schema, then those that are built in."""
        return (*self.definition.fields, *BUILT_IN_FIELDS.values())

    def field(self, slug: str) -> FieldDef | None:
        """The field of this slug."""
        return BUILT_IN_FIELDS.get(slug) or self.definition.field_by_slug.get(slug)

    def measures(self) -> dict[str, Measure]:
        """Its measures by name, in the order of its fields."""
        found = [Measure(self.object, Aggregate.COUNT)]
        for field in self.fields:
            found += [Measure(self.object, aggregate, field) for aggregate in aggregates_of(field.type)]
        return {measure.name: measure for measure in found}

    def measure(self, name: str) -> Measure | None:
        """The measure of this name."""
        object_slug, _, rest = name.partition(".")
        slug, dot, aggregate = rest.partition(".")
        if object_slug != self.object:
            return None
        if not dot:
            return Measure(self.object, Aggregate.COUNT) if slug == Aggregate.COUNT else None
        field = self.field(slug)
        found = next((known for known in aggregates_of(field.type) if known == aggregate), None) if field else None
        return Measure(self.object, found, field) if found is not None else None

    def dimension(self, name: str) -> FieldDef | None:
        """The field that is the dimension of this name."""
        object_slug, _, slug = name.partition(".")
        return self.field(slug) if object_slug == self.object else None


@dataclass(frozen=True, slots=True)
class Catalog:
    """What one tenant's reports on one snapshot can use."""

    tenant: str
    snapshot: str
    explores: Mapping[str, Explore]
    not_reportable: Mapping[str, Definition]
    """Objects in the snapshot without a relationship to contact (R5)."""
    unreadable: frozenset[str] = frozenset()
    """Objects in the snapshot of which this release cannot read what is stored: nothing is answered about them."""
    records: int = 0
    """How many live records the tenant has, those that cannot be reported on included, contacts not."""

    def lost(self, names: Iterable[str]) -> str | None:
        """The first of these objects, or contact, which every report may join, that cannot be read."""
        return next((name for name in (*names, CONTACT) if name in self.unreadable), None)

    @property
    def contact(self) -> Explore:
        """The one object that may be joined."""
        return self.explores[CONTACT]


def build_catalog(tenant: str, snapshot: str, entries: Iterable[Entry], unreadable: Iterable[str] = ()) -> Catalog:
    """The catalog of a snapshot's entries. `unreadable`: objects whose entries cannot be read. Raises ValueError for an
    entry of another tenant: it must never get here."""
    explores: dict[str, Explore] = {CONTACT: Explore(CONTACT, BUILT_IN_CONTACT, 1, None)}
    not_reportable: dict[str, Definition] = {}
    records = 0
    for entry in sorted(entries, key=lambda item: item.object):
        if entry.tenant != tenant:
            raise ValueError("an entry of another tenant")
        records += entry.rows if entry.object != CONTACT else 0
        if not entry.definition.reportable:
            not_reportable[entry.object] = entry.definition
            continue
        source = RowSource(table_of(entry.layout), entry.build)
        explores[entry.object] = Explore(entry.object, entry.definition, entry.schema_version, source, entry.rows)
    return Catalog(tenant, snapshot, explores, not_reportable, frozenset(unreadable), records)
