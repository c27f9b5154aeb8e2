"""Tenants: created by an operator, or by their first use if that is allowed."""

import uuid
from typing import Any

from crosslook.contracts.plans import PlanTable
from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import TENANT_PREFIX, TenantEvent, TenantState
from crosslook.platform.clock import Clock
from crosslook.platform.errors import Invalid, NotFound, StateUnreadable
from crosslook.platform.feeds import SchemaFeed
from crosslook.platform.log_store.protocol import LogStore, LogUnavailable, VersionMismatch, WriteUnconfirmed
from services.schema_service.domain.tenant import parse_tenant
from services.schema_service.object_log import SOURCE


class Tenants:
    """The tenants of this installation. Writes raise LogUnavailable or NotTheWriter."""

    def __init__(self, store: LogStore, schemas: SchemaFeed, clock: Clock, plans: PlanTable | None = None) -> None:
        self._store = store
        self._schemas = schemas
        self._clock = clock
        self._plans = plans or PlanTable()

    def page(self, after: str | None, most: int) -> list[TenantState]:
        """The first `most` tenants by name, from behind `after`. Raises StateUnreadable where a tenant is on the
        topic and could never be read."""
        if self._schemas.lost_tenants():
            raise StateUnreadable
        names = [name for name in self._schemas.tenants() if after is None or name > after]
        states = (self._schemas.tenant(name) for name in names)
        return [state for state in states if state is not None][:most]

    def get(self, tenant: str) -> TenantState:
        """One tenant. Raises NotFound `unknown_tenant`, StateUnreadable."""
        if self._schemas.tenant_lost(tenant):
            raise StateUnreadable
        state = self._schemas.tenant(tenant)
        if state is None:
            raise NotFound(Problem("unknown_tenant", values={"tenant": tenant[:63]}))
        return state

    async def put(self, tenant: str, body: Any) -> TenantState:
        """Make or change a tenant. Raises Invalid."""
        parsed, problems = parse_tenant(body, tenant, self._plans.names)
        if parsed is None:
            raise Invalid(problems)
        if parsed != self._schemas.tenant(tenant) or self._store.get(f"{TENANT_PREFIX}{tenant}") is None:
            await self._write(parsed, None)
        return parsed

    async def ensure(self, tenant: str) -> None:
        """Record a tenant at its first use, so that every service knows it. What the tenant was used for has not begun
        then: where the write is not confirmed, that is simply unavailable."""
        if self._schemas.tenant(tenant) is None:
            try:
                await self._write(TenantState(tenant=tenant), 0)
            except VersionMismatch:
                return  # somebody else was first: it is there
            except WriteUnconfirmed as error:
                raise LogUnavailable(str(error)) from error

    async def _write(self, state: TenantState, expected_version: int | None) -> None:
        event = TenantEvent(id=uuid.uuid4().hex, source=SOURCE, time=self._clock.now(), data=state)
        await self._store.put(f"{TENANT_PREFIX}{state.tenant}", event.encode(), expected_version=expected_version)
