"""Restores objects from a snapshot after the schemas topic was lost."""

import uuid
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from crosslook.contracts.ids import CONTACT, TENANT_MAX, ObjectKey, TenantId
from crosslook.contracts.reading import Reader, read_object
from crosslook.contracts.schemas import (
    BUILT_IN_CONTACT,
    SCHEMA_CHANGED,
    SCHEMA_CREATED,
    Definition,
    SchemaEvent,
    SchemaState,
    built_in_contact,
    definition_json,
)
from crosslook.platform.clock import Clock
from crosslook.platform.errors import Invalid
from crosslook.platform.log_store.protocol import LogStore, VersionMismatch
from services.schema_service.domain.changes import changed, created
from services.schema_service.tenants import Tenants

RECOVERY_SOURCE = "/schema_service/recovery"
ITEMS_MAX = 1000
"""Most objects of one body: a page of the other service has at most 500."""


@dataclass(frozen=True, slots=True)
class LostSchema:
    """An object to restore, as a snapshot records it."""

    tenant: TenantId
    definition: Definition


@dataclass(frozen=True, slots=True)
class Restored:
    """How many objects were restored, and how many were on the topic already."""

    restored: int
    kept: int


class Restoration:
    """Writes the objects that are missing and touches none that is there, so that it can be repeated. They begin at
    version 1 again. What was once checked is not checked anew."""

    def __init__(self, store: LogStore, tenants: Tenants, clock: Clock) -> None:
        self._store = store
        self._tenants = tenants
        self._clock = clock

    async def restore(self, lost: Iterable[LostSchema]) -> Restored:
        """Raises LogUnavailable, NotTheWriter; what was written before then stays."""
        written = [await self._restore(schema) for schema in lost]
        return Restored(sum(written), len(written) - sum(written))

    async def _restore(self, lost: LostSchema) -> bool:
        """Whether it was missing. Its tenant is made where nothing is known of it."""
        await self._tenants.ensure(lost.tenant)
        if lost.definition.object != CONTACT:
            return await self._write(SCHEMA_CREATED, created(lost.tenant, lost.definition))
        if definition_json(lost.definition) == definition_json(BUILT_IN_CONTACT):
            return False
        built_in = built_in_contact(lost.tenant)
        with suppress(VersionMismatch):
            await self._put(SCHEMA_CREATED, built_in, 0)
        return await self._write(SCHEMA_CHANGED, changed(built_in, lost.definition, passed=1))

    async def _write(self, kind: Any, state: SchemaState) -> bool:
        try:
            await self._put(kind, state, state.version - 1)
        except VersionMismatch:
            return False
        return True

    async def _put(self, kind: Any, state: SchemaState, expected_version: int) -> None:
        event = SchemaEvent(id=uuid.uuid4().hex, source=RECOVERY_SOURCE, type=kind, time=self._clock.now(), data=state)
        await self._store.put(str(state.key), event.encode(), expected_version=expected_version)


def read_lost(body: Any) -> list[LostSchema]:
    """The objects of a page of `GET /v1/recovery/schemas` of snapshot_service. Raises Invalid with every problem."""
    lost, problems = read_object(body, _page)
    if lost is None or len(problems):
        raise Invalid(problems)
    return lost


def _page(reader: Reader) -> list[LostSchema]:
    reader.close(("items", "next_page_token"))
    reader.value("items", required=True)
    sent = reader.elements("items", ITEMS_MAX) or ()
    items = (reader.reader(item, "items", number, shape="not_a_lost_schema") for number, item in enumerate(sent))
    return [lost for item in items if item is not None and (lost := _lost(item)) is not None]


def _lost(reader: Reader) -> LostSchema | None:
    reader.close(("tenant", "definition"))
    tenant, sent = reader.text("tenant", TENANT_MAX, required=True), reader.value("definition", required=True)
    if tenant is None or sent is None:
        return None
    try:
        definition = Definition.model_validate(sent)
    except ValidationError as error:
        for wrong in error.errors(include_url=False, include_input=False, include_context=False):
            reader.refuse("not_a_lost_schema", "definition", *wrong["loc"])
        return None
    if ObjectKey.parse(f"{tenant}/{definition.object}") is None:
        reader.refuse("bad_slug", "tenant")
        return None
    return LostSchema(TenantId(tenant), definition)
