"""The one door from a plan to SQL: rows of exactly one tenant.

`render` takes only a ScopedPlan, and a ScopedPlan can be made only here: its constructor wants the seal, which nothing
else can name. A forgotten tenant is therefore a type error, and a test reads the source for anybody who tries.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import final

from crosslook.contracts.ids import CONTACT
from services.query_service.domain.catalog import Catalog, Explore, Source
from services.query_service.domain.plan import Plan


@final
class _Seal:
    """Proof that a value was made by this module."""


_SEAL = _Seal()


@dataclass(frozen=True, slots=True)
class Scan:
    """The rows of one object of one tenant in one build. `source` is None where none were ever built."""

    tenant: str
    object: str
    source: Source | None
    seal: _Seal


@dataclass(frozen=True, slots=True)
class ScopedPlan:
    """A plan with the only rows it may read."""

    plan: Plan
    scans: Mapping[str, Scan]
    seal: _Seal


def scope(plan: Plan, catalog: Catalog) -> ScopedPlan:
    """Tie a plan to the tenant and the snapshot of its catalog. Raises KeyError for an object the catalog lacks."""
    objects = sorted({*plan.objects, CONTACT})
    return ScopedPlan(plan, {name: _scan(catalog, catalog.explores[name]) for name in objects}, _SEAL)


def _scan(catalog: Catalog, explore: Explore) -> Scan:
    return Scan(catalog.tenant, explore.object, explore.source, _SEAL)
