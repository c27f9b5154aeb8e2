"""Saved reports on the reports topic: a view by tenant and kind."""

from collections.abc import Mapping

from crosslook.contracts.reports import OnReports, decode_report, report_key
from crosslook.contracts.sign_in import SIGN_IN_PREFIX
from crosslook.platform.log_store.fold import unknown
from crosslook.platform.log_store.protocol import LogChange, LogView


class ReportsFeed:
    """The reports topic by tenant and kind. A fold, nothing more."""

    def __init__(self, view: LogView) -> None:
        self._view = view
        self._kept: dict[tuple[str, str], dict[str, OnReports]] = {}
        for entry in view.entries().values():
            self._apply(LogChange(entry.key, entry, entry.offset))
        view.on_change(self._apply)

    def of(self, tenant: str, kind: str) -> Mapping[str, OnReports]:
        """Everything of one kind that the tenant has, by id."""
        return self._kept.get((tenant, kind), {})

    def unknown(self, tenant: str, kind: str, identity: str) -> bool:
        """Whether a report that is not here may be on the topic all the same."""
        return unknown(self._view, report_key(tenant, kind, identity)) is not None

    def lost(self, tenant: str, kind: str) -> frozenset[str]:
        """Ids of reports on the topic that this process could never read."""
        prefix, known = report_key(tenant, kind, ""), self.of(tenant, kind)
        found = (key.removeprefix(prefix) for key in self._view.unreadable if key.startswith(prefix))
        return frozenset(identity for identity in found if identity not in known)

    def _apply(self, change: LogChange) -> None:
        if change.key.startswith(SIGN_IN_PREFIX):
            return
        tenant, _, rest = change.key.partition("/")
        kind, _, identity = rest.partition("/")
        kept = self._kept.setdefault((tenant, kind), {})
        if change.entry is None:
            kept.pop(identity, None)
        else:
            read = change.document
            kept[identity] = read if isinstance(read, OnReports) else decode_report(change.entry.value)
        if not kept:
            del self._kept[tenant, kind]
