"""Fields that hold personal data, and what a caller is warned of who may not read them (CONTRACTS 5)."""

from collections.abc import Iterator, Mapping

from crosslook.contracts.problems import Problem, pointer
from crosslook.contracts.schemas import FieldDef, SchemaState
from services.query_service.domain.catalog import Catalog
from services.query_service.domain.predicates import fields
from services.query_service.domain.report import ResolvedReport
from services.query_service.domain.row_terms import FieldOf
from services.query_service.domain.warnings import columns_by_place

PersonalFields = frozenset[tuple[str, str]]
"""Objects and slugs of fields that are marked."""

HiddenFields = tuple[tuple[str, str], ...]
"""Those of one report that its caller may not read, in order."""

NOT_PERSONAL: PersonalFields = frozenset()


def personal_fields(catalog: Catalog, live: Mapping[str, SchemaState]) -> PersonalFields:
    """The fields of a snapshot that are personal. `live`: the schemas as they stand now. The mark counts at once, for
    older snapshots too. Where a field is not in its schema any more, or another one has its name, it is personal if it
    was so when it went, or in the snapshot."""
    return frozenset(
        (explore.object, field.slug)
        for explore in catalog.explores.values()
        for field in explore.definition.fields
        if is_personal(field, explore.version, live.get(explore.object))
    )


def is_personal(field: FieldDef, version: int, state: SchemaState | None) -> bool:
    """Whether a field of a snapshot is personal. `version`: that of its definition; `state`: its object as it stands
    now, None where nobody knows."""
    if state is None:
        return field.personal
    now = state.definition.field_by_slug.get(field.slug) if state.definition is not None else None
    went = next((removal.version for removal in state.removed_personal if removal.slug == field.slug), None)
    if now is None or now.type is not field.type:
        return field.personal or went is not None
    # A field that comes back without its mark is unmarked from then on; what was there before it went stays hidden.
    return now.personal or (went is not None and version < went)


def hidden_in(report: ResolvedReport, hidden: PersonalFields) -> tuple[Problem, ...]:
    """A warning for each column that a hidden field has a part in, and for each such field among the filters."""
    return tuple(_hidden(report, hidden)) if hidden else ()


def hidden_of(report: ResolvedReport, hidden: PersonalFields) -> HiddenFields:
    """The hidden fields that its columns or filters read, in order: with other ones it has other rows."""
    if not hidden:
        return ()
    read = [of for _, columns in columns_by_place(report) for column in columns for of in column.fields]
    return tuple(
        sorted({(of.object, of.field.slug) for of in (*read, *fields(report.filters)) if _is_hidden(of, hidden)})
    )


def _hidden(report: ResolvedReport, hidden: PersonalFields) -> Iterator[Problem]:
    for part, columns in columns_by_place(report):
        for index, column in enumerate(columns):
            for of in dict.fromkeys(column.fields):
                if _is_hidden(of, hidden):
                    yield _warning(pointer(part, index), of.name)
    filtered = {of.name for of in fields(report.filters) if _is_hidden(of, hidden)}
    yield from (_warning("/filters", name) for name in sorted(filtered))
    moved = {side.moved.of.name for side in report.compared if side.moved and _is_hidden(side.moved.of, hidden)}
    yield from (_warning("/compare", name) for name in sorted(moved))


def _is_hidden(of: FieldOf, hidden: PersonalFields) -> bool:
    return (of.object, of.field.slug) in hidden


def _warning(where: str, name: str) -> Problem:
    return Problem("personal_hidden", where, values={"name": name})
