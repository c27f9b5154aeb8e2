"""What an earlier snapshot lacks of a report that is compared with it: it is empty there (CONTRACTS 5, meaning 11)."""

from collections.abc import Iterator
from dataclasses import dataclass

from services.query_service.domain.catalog import Catalog, Explore
from services.query_service.domain.report import ResolvedReport


@dataclass(frozen=True, slots=True)
class Absences:
    """`fields`: names of fields of the report's objects. `base`, `relationship`, `records`: whether its object, the
    relationship to the contact, or the records by which contacts are kept do not exist."""

    base: bool = False
    fields: frozenset[str] = frozenset()
    relationship: bool = False
    records: bool = False


NO_ABSENCES = Absences()


def absences(report: ResolvedReport, before: Catalog) -> Absences:
    """What the earlier snapshot lacks."""
    objects = (report.base, *([report.contact] if report.contact is not None else []))
    relationship, elsewhere = report.relationship, report.records
    return Absences(
        report.base.object not in before.explores,
        frozenset(name for explore in objects for name in _absent_fields(explore, before)),
        relationship is not None and not _links(before, report.base.object, relationship.slug),
        elsewhere is not None and not _links(before, elsewhere.explore.object, elsewhere.relationship.slug),
    )


def _absent_fields(explore: Explore, before: Catalog) -> Iterator[str]:
    there = before.explores.get(explore.object)
    for field in explore.fields:
        known = there.field(field.slug) if there is not None else None
        if known is None or known.type is not field.type:
            yield f"{explore.object}.{field.slug}"


def _links(before: Catalog, name: str, relationship: str) -> bool:
    explore = before.explores.get(name)
    return explore is not None and relationship in {known.slug for known in explore.relationships}


def absent_formulas(report: ResolvedReport, absent: Absences) -> frozenset[str]:
    """The formulas of the report that use a field that is absent."""
    return frozenset(
        formula.name for formula in report.formulas if any(of.name in absent.fields for of in formula.fields)
    )
