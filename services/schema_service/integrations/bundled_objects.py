"""The objects that integrations bring: created, changed and deleted together with their connections."""

from collections.abc import Callable

from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import (
    SCHEMA_CHANGED,
    SCHEMA_CREATED,
    SCHEMA_DELETED,
    Definition,
    SchemaState,
    definition_json,
)
from crosslook.platform.errors import Conflict, Invalid
from crosslook.platform.feeds import SchemaRecord
from services.schema_service.domain.bundled import joined_definition
from services.schema_service.domain.changes import changed, created, deleted
from services.schema_service.domain.compatibility import refuse
from services.schema_service.domain.definition import Limits, Parsed, parse_definition
from services.schema_service.domain.option_problems import AT
from services.schema_service.object_log import ObjectLog
from services.schema_service.objects import Objects


class BundledObjects:
    """Writes bundled objects. `room`: raises QuotaExceeded where the tenant has no room for one more.

    Writes raise as LogStore.put; VersionMismatch where somebody else changed the object meanwhile: then the caller
    decides again.
    """

    def __init__(self, log: ObjectLog, objects: Objects, limits: Limits, room: Callable[[str], None]) -> None:
        self._log = log
        self._objects = objects
        self._limits = limits
        self._room = room

    async def bring(self, tenant: str, name: str, bundled: Definition, before: Definition | None) -> None:
        """Have the object of a connection there as the connection needs it; nothing where it already is.

        `before`: what the connection brought until now. An object that the same connection left behind is taken up
        again. Raises Conflict `slug_taken` for an object of somebody else or one that is still leaving the reports,
        Invalid where the object cannot become this one, StateUnreadable.
        """
        self._objects.require_readable(tenant, bundled.object)
        record = self._objects.record(tenant, bundled.object)
        if record is None or record.deleted:
            await self._create(tenant, name, bundled)
        elif record.state.integration != name:
            raise Conflict(Problem("slug_taken", "", "slug_taken.of_others", {"object": bundled.object}))
        else:
            await self._change(record, bundled, before)

    async def remove(self, tenant: str, slug: str) -> None:
        """Delete the object of a connection; nothing where it is gone already."""
        record = self._objects.record(tenant, slug)
        if record is not None and not record.deleted:
            event = self._log.event(SCHEMA_DELETED, deleted(record.state), record)
            await self._log.write(event, record.state.version)

    async def _create(self, tenant: str, name: str, bundled: Definition) -> None:
        before = self._log.free(tenant, bundled.object)
        self._room(tenant)
        state = created(tenant, bundled, before).model_copy(update={"integration": name})
        self._require_sound(parse_definition(definition_json(bundled), self._limits, bundled.object))
        event = self._log.event(SCHEMA_CREATED, state)
        await self._log.write(event, before.version if before is not None else 0)

    async def _change(self, record: SchemaRecord, bundled: Definition, before: Definition | None) -> None:
        state, seen = record.state, self._objects.seen(record)
        new = joined_definition(_definition(state), before, bundled)
        if definition_json(new) == definition_json(_definition(state)):
            return
        parsed = parse_definition(definition_json(new), self._limits, state.object)
        refuse(state, parsed, seen.shown, self._objects.next_refresh())
        self._require_sound(parsed)
        event = self._log.event(SCHEMA_CHANGED, changed(state, new, seen.passed), record)
        await self._log.write(event, state.version)

    def _require_sound(self, parsed: Parsed) -> None:
        """Raises Invalid with all problems at the options: they made the definition that has them."""
        if parsed.problems:
            raise Invalid(Problem(found.code, f"/{AT}", found.text, found.values) for found in parsed.problems)


def _definition(state: SchemaState) -> Definition:
    if state.definition is None:
        raise ValueError(f"{state.key} is deleted")
    return state.definition
