"""The one door from a plan to SQL: rows of exactly one tenant.

`render` takes only a ScopedPlan, and a ScopedPlan can be made only here: its constructor wants the seal, which nothing
else can name. A forgotten tenant is therefore a type error, and a test reads the source for anybody who tries.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.schemas import FieldDef, FieldType
from services.query_service.domain.built_in import is_built_in
from services.query_service.domain.catalog import Catalog, RowSource
from services.query_service.domain.list_plan import ReportPlan
from services.query_service.domain.personal import PersonalFields


@final
class _Seal:
    """Proof that a value was made by this module."""


_SEAL = _Seal()


@dataclass(frozen=True, slots=True)
class Scan:
    """The rows of one object of one tenant in one build, and what they hold; everything else about them is empty.
    `source` is None where none were ever built."""

    tenant: str
    object: str
    source: RowSource | None
    fields: frozenset[tuple[str, FieldType]]
    relationships: frozenset[str]
    seal: _Seal

    def holds(self, field: FieldDef) -> bool:
        """Whether the rows have the field for this caller: of the same type, since a slug may come back as another."""
        return (self.source is not None and is_built_in(field.slug)) or (field.slug, field.type) in self.fields


@dataclass(frozen=True, slots=True)
class ScopedPlan:
    """A plan with the only rows it may read."""

    plan: ReportPlan
    scans: Mapping[str, Scan]
    seal: _Seal


def scope(plan: ReportPlan, catalog: Catalog, hidden: PersonalFields) -> ScopedPlan:
    """Tie a plan to the tenant and the snapshot of its catalog. What that snapshot lacks has no rows, no values and no
    links in it: a plan of a later snapshot may name it. Nor have fields that are `hidden` from the caller values: no
    cell, condition or order can give them away."""
    objects = sorted({*plan.objects, CONTACT})
    return ScopedPlan(plan, {name: _scan(catalog, name, hidden) for name in objects}, _SEAL)


def _scan(catalog: Catalog, name: str, hidden: PersonalFields) -> Scan:
    explore = catalog.explores.get(name)
    if explore is None or explore.source is None:
        return Scan(catalog.tenant, name, None, frozenset(), frozenset(), _SEAL)
    read = (field for field in explore.definition.fields if (name, field.slug) not in hidden)
    fields = frozenset((field.slug, field.type) for field in read)
    relationships = frozenset(relationship.slug for relationship in explore.relationships)
    return Scan(catalog.tenant, name, explore.source, fields, relationships, _SEAL)
