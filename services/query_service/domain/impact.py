"""Which saved reports the removal of an object or field would affect."""

from crosslook.contracts.report_uses import FindLook, Impact, is_of, uses_of_dashboard, uses_of_look
from crosslook.contracts.reports import Dashboard, Look, SavedKind
from services.query_service.domain.built_in import is_built_in


def of_look(look: Look, object_slug: str, field: str | None) -> Impact:
    """What a Look would lose."""
    return Impact(SavedKind.LOOK, look.id, look.name, _lost(uses_of_look(look), object_slug, field))


def of_dashboard(dashboard: Dashboard, object_slug: str, field: str | None, look: FindLook) -> Impact:
    """What a dashboard would lose in its tiles, the Looks they show, and its filters."""
    used = uses_of_dashboard(dashboard, look)
    return Impact(SavedKind.DASHBOARD, dashboard.id, dashboard.name, _lost(used, object_slug, field))


def _lost(used: frozenset[str], object_slug: str, field: str | None) -> tuple[str, ...]:
    names = {_at_risk(name) for name in used if is_of(object_slug, name)}
    if field is not None:
        return tuple(sorted(names & {f"{object_slug}.{field}"}))
    return tuple(sorted(names - {object_slug})) or tuple(names)


def _at_risk(name: str) -> str:
    """The name that takes this one along when it goes: a built-in field goes only with its object."""
    object_slug, _, slug = name.partition(".")
    return object_slug if is_built_in(slug) else name
