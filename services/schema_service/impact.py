"""Which saved reports would lose something by a new definition."""

from collections.abc import Iterator, Set

from crosslook.contracts.documents import HOLE_PREFIX
from crosslook.contracts.report_uses import FindLook, Impact, uses_of_dashboard, uses_of_look
from crosslook.contracts.reports import Dashboard, Look, SavedKind, report_key
from crosslook.platform.errors import StateUnreadable
from crosslook.platform.log_store.protocol import LogView
from crosslook.platform.reports_feed import ReportsFeed

_KINDS = (SavedKind.DASHBOARD, SavedKind.LOOK)


class SavedReportImpacts:
    """The saved reports of all tenants, and what they rest on. A view of the reports topic, without state of its
    own."""

    def __init__(self, view: LogView) -> None:
        self._view = view
        self._feed = ReportsFeed(view)

    async def of(self, tenant: str, gone: Set[str]) -> tuple[Impact, ...]:
        """The tenant's saved reports that rest on one of these names: dashboards, then Looks, by name.

        Whatever was saved before the call counts. Raises LogUnavailable where the topic cannot be read to its end, and
        StateUnreadable where a report of the tenant cannot be read: none of them is taken for absent."""
        if not gone:
            return ()
        await self._view.catch_up()
        self._check_readable(tenant)
        found = (Impact(kind, saved.id, saved.name, _lost(used, gone)) for kind, saved, used in self._uses(tenant))
        return tuple(sorted((impact for impact in found if impact.loses), key=lambda impact: impact.place))

    def _check_readable(self, tenant: str) -> None:
        hiding = (HOLE_PREFIX, *(report_key(tenant, kind, "") for kind in _KINDS))
        if any(key.startswith(hiding) for key in self._view.unreadable):
            raise StateUnreadable

    def _uses(self, tenant: str) -> Iterator[tuple[SavedKind, Look | Dashboard, frozenset[str]]]:
        kept = self._feed.of(tenant, SavedKind.LOOK)
        looks = {identity: look for identity, look in kept.items() if isinstance(look, Look)}
        find: FindLook = looks.get
        for look in looks.values():
            yield SavedKind.LOOK, look, uses_of_look(look)
        for dashboard in self._feed.of(tenant, SavedKind.DASHBOARD).values():
            if isinstance(dashboard, Dashboard):
                yield SavedKind.DASHBOARD, dashboard, uses_of_dashboard(dashboard, find)


def _lost(used: frozenset[str], gone: Set[str]) -> tuple[str, ...]:
    return tuple(sorted(used & gone))
