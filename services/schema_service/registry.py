"""The write side: each call gathers, lets the domain decide, then appends one record to the schemas topic."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.plans import Feature
from crosslook.contracts.problems import Problem, Problems
from crosslook.contracts.report_uses import Impact
from crosslook.contracts.schemas import (
    SCHEMA_CHANGED,
    SCHEMA_CREATED,
    SCHEMA_DELETED,
    Definition,
    SchemaEvent,
    SchemaState,
    definition_json,
)
from crosslook.platform.bodies import aside, is_large
from crosslook.platform.clock import Clock
from crosslook.platform.errors import AppError, Conflict, Invalid, PreconditionFailed, QuotaExceeded
from crosslook.platform.feeds import SchemaRecord
from crosslook.platform.log_store.protocol import LogStore, VersionMismatch
from crosslook.platform.plans import Plans
from crosslook.platform.preconditions import check_match, fingerprint
from services.schema_service.domain.bundled import ManagedObject, missing_parts
from services.schema_service.domain.changes import DefinitionChange, changed, changes, created, deleted, removed_names
from services.schema_service.domain.compatibility import refuse
from services.schema_service.domain.definition import Limits, Parsed, parse_definition
from services.schema_service.domain.reports import Seen, has_left
from services.schema_service.impact import SavedReportImpacts
from services.schema_service.object_log import Creation, ObjectLog
from services.schema_service.objects import Objects, ObjectView

ManagerOf = Callable[[str, str], ManagedObject | None]
"""What connected integrations say of a tenant's object; None of one that none of them fills."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a PUT would do: the problems that would refuse it, or the changes it would make. `impact`: the saved reports
    that would lose something."""

    problems: Problems
    changes: tuple[DefinitionChange, ...]
    impact: tuple[Impact, ...] = ()


class Registry:
    """Creates, changes and deletes objects. To delete one is allowed on every plan.

    Every method raises NotFound where the tenant or object is none, and LogUnavailable or NotTheWriter where the log
    did not take the write; what was answered survives any crash. After any of them, and after a crash between two
    writes, the same call can be made again from its start.
    """

    def __init__(
        self,
        store: LogStore,
        objects: Objects,
        impacts: SavedReportImpacts,
        clock: Clock,
        limits: Limits,
        plans: Plans | None = None,
        managed: ManagerOf = lambda tenant, slug: None,
    ) -> None:
        self._log = ObjectLog(store, objects, clock)
        self._objects = objects
        self._impacts = impacts
        self._managed = managed
        self._limits = limits
        self._plans = plans or Plans.everything()

    async def create(self, tenant: str, body: Any, key: str | None) -> ObjectView:
        """Make an object. `key` is the request's Idempotency-Key: repeated with the same body it makes nothing and
        answers the object it made, for as long as that lives.

        Raises PlanRequired, Invalid, Conflict `slug_taken`, QuotaExceeded, or AppError `idempotency_conflict` (422).
        """
        self._objects.check_tenant(tenant)
        creation = Creation(key, fingerprint(body)) if key is not None else Creation()
        made = self._made_by(tenant, creation)
        if made is not None:
            return made
        self._plans.require(tenant, Feature.OWN_OBJECTS)
        parsed = await self._parsed(body)
        if parsed.definition is None:
            raise Invalid(parsed.problems)
        while True:
            made = self._made_by(tenant, creation)
            if made is not None:
                return made
            before = self._log.free(tenant, parsed.definition.object)
            self.check_quota(tenant)
            event = self._log.event(SCHEMA_CREATED, created(tenant, parsed.definition, before), creation=creation)
            try:
                return await self._log.write(event, before.version if before is not None else 0)
            except VersionMismatch:
                continue  # somebody was quicker: decide again with what they wrote

    async def change(self, tenant: str, slug: str, body: Any, if_match: str | None) -> ObjectView:
        """Replace a definition; the same one again writes nothing.

        Raises PlanRequired, Invalid, PreconditionRequired, PreconditionFailed, or Conflict `object_deleted`.
        """
        record, seen = self._objects.live(tenant, slug)
        self._require_plan(record.state)
        check_match(if_match, record.state.version, required=True)
        problems, new = await self._check(record, seen, body)
        if new is None or problems:
            raise Invalid(problems)
        if _same(record.state.definition, new):
            return self._objects.view(record, seen)
        event = self._log.event(SCHEMA_CHANGED, changed(record.state, new, seen.passed), record)
        try:
            await self._log.lay_down(record)
            return await self._log.write(event, record.state.version)
        except VersionMismatch as mismatch:
            raise PreconditionFailed(mismatch.current, if_match or "") from None

    async def preview(self, tenant: str, slug: str, body: Any, if_match: str | None) -> Preview:
        """What `change` would do; `if_match` may be missing.

        Raises PlanRequired, PreconditionFailed, Conflict `object_deleted`; where something is removed, LogUnavailable
        and StateUnreadable where the saved reports cannot be read."""
        record, seen = self._objects.live(tenant, slug)
        self._require_plan(record.state)
        check_match(if_match, record.state.version, required=False)
        problems, new = await self._check(record, seen, body)
        if new is None or problems or record.state.definition is None:
            return Preview(problems, ())
        found = tuple(changes(record.state.definition, new))
        return Preview(problems, found, await self._impacts.of(tenant, removed_names(slug, found)))

    async def delete(self, tenant: str, slug: str, if_match: str | None) -> ObjectView:
        """Delete an object; repeated, it changes nothing. Raises Conflict `built_in`,
        `managed_by_integration`, PreconditionFailed."""
        record, seen = self._objects.find(tenant, slug)
        if slug == CONTACT:
            raise Conflict(Problem("built_in", values={"object": slug}))
        if record.deleted:
            return self._objects.view(record, seen)
        managed = self._managed(tenant, slug)
        if managed is not None:
            raise Conflict(Problem("managed_by_integration", values={"object": slug, "name": managed.name}))
        check_match(if_match, record.state.version, required=False)
        return await self._log.write(
            self._log.event(SCHEMA_DELETED, deleted(record.state), record), record.state.version
        )

    async def _parsed(self, body: Any, expected: str | None = None) -> Parsed:
        return await aside(is_large(body), lambda: parse_definition(body, self._limits, expected))

    async def _check(self, record: SchemaRecord, seen: Seen, body: Any) -> tuple[Problems, Definition | None]:
        parsed = await self._parsed(body, record.state.object)
        refuse(record.state, parsed, seen.shown, self._objects.next_refresh())
        managed = self._managed(record.state.tenant, record.state.object)
        if managed is not None and parsed.definition is not None:
            with parsed.problems.reading():
                parsed.problems.extend(missing_parts(managed, parsed.definition))
        return parsed.problems, parsed.definition

    def check_quota(self, tenant: str) -> None:
        """Raises QuotaExceeded where the tenant has no room for one more object. A deleted one counts until it has left
        the reports: its rows and tables are there as long."""
        records = [record for record in self._objects.records(tenant) if record.state.object != CONTACT]
        there = sum(not has_left(record.state, self._objects.seen(record)) for record in records)
        most = self._plans.quotas(tenant).objects
        if there >= most:
            raise QuotaExceeded("quota_exceeded.objects", most, there)

    def _require_plan(self, state: SchemaState) -> None:
        """Contact is everybody's to change, and what an integration brought is changed by whoever may have one. Raises
        PlanRequired."""
        if state.object != CONTACT:
            feature = Feature.OWN_OBJECTS if state.integration is None else Feature.INTEGRATIONS
            self._plans.require(state.tenant, feature)

    def _made_by(self, tenant: str, creation: Creation) -> ObjectView | None:
        """The live object that the same request made. Raises AppError where its key came with another body."""
        if creation.key is None:
            return None
        for event in _events(self._objects.records(tenant)):
            if event.idempotencykey == creation.key and event.data.definition is not None:
                if event.idempotencyhash != creation.digest:
                    raise AppError(Problem("idempotency_conflict"), status=422)
                return self._objects.get(tenant, event.data.object)
        return None


def _events(records: Iterable[SchemaRecord]) -> Iterable[SchemaEvent]:
    for record in records:
        if record.entry is not None:
            yield SchemaEvent.decode(record.entry.value)


def _same(current: Definition | None, new: Definition) -> bool:
    return current is not None and definition_json(current) == definition_json(new)
