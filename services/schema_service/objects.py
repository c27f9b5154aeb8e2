"""The read side: a tenant's objects, each with its state in the reports."""

from dataclasses import dataclass
from datetime import datetime

from crosslook.contracts.problems import Problem
from crosslook.contracts.suggestions import guess
from crosslook.platform.clock import Clock, Schedule
from crosslook.platform.errors import Conflict, NotFound, StateUnreadable
from crosslook.platform.feeds import SchemaFeed, SchemaRecord
from services.schema_service.appearances import Appearances
from services.schema_service.domain.reports import InReports, Seen, has_left, in_reports

_SHOWN_MOST = 63


@dataclass(frozen=True, slots=True)
class ObjectView:
    """One object as the API shows it."""

    record: SchemaRecord
    in_reports: InReports


class Objects:
    """The current objects. Nothing here waits or writes."""

    def __init__(self, schemas: SchemaFeed, appearances: Appearances, schedule: Schedule, clock: Clock) -> None:
        self._schemas = schemas
        self._appearances = appearances
        self._schedule = schedule
        self._clock = clock

    def page(self, tenant: str, after: str | None, most: int) -> list[ObjectView]:
        """The tenant's first `most` objects by slug from behind `after`, those included that are leaving the reports.

        Raises NotFound, StateUnreadable where an object cannot be told from an absent one.
        """
        self.check_tenant(tenant)
        self.require_readable(tenant)
        cuts = self._appearances.cuts(tenant)
        views: list[ObjectView] = []
        for record in self._schemas.records(tenant):
            if after is not None and record.state.object <= after:
                continue
            seen = self._appearances.seen(record, cuts)
            if not has_left(record.state, seen):
                views.append(self.view(record, seen))
            if len(views) == most:
                break
        return views

    def get(self, tenant: str, slug: str) -> ObjectView:
        """One object; a deleted one until it has left the reports. Raises NotFound."""
        return self.view(*self.find(tenant, slug))

    def find(self, tenant: str, slug: str) -> tuple[SchemaRecord, Seen]:
        """As `get`, with what the snapshots know of it. Raises NotFound, StateUnreadable."""
        self.check_tenant(tenant)
        record = self._schemas.record(tenant, slug)
        if record is not None:
            seen = self.seen(record)
            if not has_left(record.state, seen):
                return record, seen
        elif self._schemas.unreadable(tenant, slug) is not None:
            raise StateUnreadable
        known = [record.state.object for record in self._schemas.records(tenant) if not record.deleted]
        short = slug[:_SHOWN_MOST]
        raise NotFound(
            Problem("unknown_object", values={"object": short}, suggestion=guess(short, known)),
        )

    def live(self, tenant: str, slug: str) -> tuple[SchemaRecord, Seen]:
        """As `find`, for who wants to change it. Raises NotFound, Conflict `object_deleted`."""
        record, seen = self.find(tenant, slug)
        if record.deleted:
            raise Conflict(
                Problem("object_deleted", values={"object": slug, "until": shown_instant(self.next_refresh())})
            )
        return record, seen

    def record(self, tenant: str, slug: str) -> SchemaRecord | None:
        """What is known about a name, including objects that have left the reports."""
        return self._schemas.record(tenant, slug)

    def records(self, tenant: str) -> list[SchemaRecord]:
        """Every trace of the tenant's objects."""
        return self._schemas.records(tenant)

    def seen(self, record: SchemaRecord) -> Seen:
        """What the snapshots know of an object."""
        return self._appearances.seen(record, self._appearances.cuts(record.state.tenant))

    def view(self, record: SchemaRecord, seen: Seen) -> ObjectView:
        """The object with its current state in the reports."""
        return ObjectView(record, in_reports(record.state, seen, self.next_refresh()))

    def next_refresh(self) -> datetime:
        """When the next refresh is due: pending changes come into the reports with it."""
        return self._schedule.next_after(self._clock.now())

    def require_readable(self, tenant: str, slug: str | None = None) -> None:
        """Raises StateUnreadable where the tenant, or this object of it, is on the topic and cannot be read."""
        if self._schemas.unreadable(tenant, slug) is not None:
            raise StateUnreadable

    def check_tenant(self, tenant: str) -> None:
        """Raises NotFound `unknown_tenant` where the tenant may not be used, StateUnreadable where nobody knows."""
        if not self._schemas.tenant_known(tenant):
            if self._schemas.tenant_lost(tenant):
                raise StateUnreadable
            raise NotFound(Problem("unknown_tenant", values={"tenant": tenant[:_SHOWN_MOST]}))


def shown_instant(moment: datetime) -> str:
    """An instant in UTC as sentences show it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
