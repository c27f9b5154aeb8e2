"""Connects, changes and disconnects the integrations of tenants."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crosslook.contracts.ids import SLUG, SLUG_MAX
from crosslook.contracts.integrations import (
    IntegrationEvent,
    IntegrationState,
    ObjectLife,
    SealedSecret,
    integration_key,
)
from crosslook.contracts.plans import Feature
from crosslook.contracts.problems import Problem, Problems
from crosslook.contracts.suggestions import guess
from crosslook.platform.bodies import WRITTEN_NESTING_MAX, json_bytes, nested_too_deep
from crosslook.platform.clock import Clock
from crosslook.platform.errors import AppError, Invalid, NotFound, PreconditionFailed, StateUnreadable
from crosslook.platform.integrations_feed import IntegrationsFeed
from crosslook.platform.log_store.protocol import LogStore, VersionMismatch
from crosslook.platform.plans import Plans
from crosslook.platform.preconditions import check_match
from services.schema_service.domain.connecting import ConnectionRequest, parse_connection
from services.schema_service.domain.option_problems import AT
from services.schema_service.domain.signing_secrets import valid_secrets, with_secret
from services.schema_service.integrations.bundled_objects import BundledObjects
from services.schema_service.integrations.catalog import OBJECT_OPTION, AvailableIntegrations
from services.schema_service.integrations.managed import ManagedObjects
from services.schema_service.integrations.secrets import ConnectionSecrets
from services.schema_service.integrations.views import ConnectionView, ConnectionViews
from services.schema_service.object_log import SOURCE
from services.schema_service.objects import Objects
from services.schema_service.tenants import Tenants

OPTIONS_MAX_BYTES = 262_144
"""Every service holds the options of all tenants in memory."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a request comes to: the integration, its object and options, all checked."""

    kind: str
    object: str
    options: Mapping[str, Any]


class ConnectionRegistry:
    """The connections of tenants.

    Every method raises NotFound where the tenant is none, StateUnreadable where a connection cannot be told from an
    absent one. Writes raise LogUnavailable or NotTheWriter; what was answered survives any crash. After any of them,
    and after a crash between two writes, the same call completes what was begun.
    """

    def __init__(
        self,
        store: LogStore,
        feed: IntegrationsFeed,
        available: AvailableIntegrations,
        bundled: BundledObjects,
        managed: ManagedObjects,
        secrets: ConnectionSecrets,
        views: ConnectionViews,
        objects: Objects,
        tenants: Tenants,
        plans: Plans,
        clock: Clock,
    ) -> None:
        self._store = store
        self._feed = feed
        self._available = available
        self._bundled = bundled
        self._managed = managed
        self._secrets = secrets
        self._views = views
        self._objects = objects
        self._tenants = tenants
        self._plans = plans
        self._clock = clock

    def page(self, tenant: str, after: str | None, most: int) -> list[ConnectionView]:
        """The tenant's first `most` connections by name, from behind `after`."""
        self._objects.check_tenant(tenant)
        if self._feed.lost_any(tenant):
            raise StateUnreadable
        states = [state for state in self._feed.integrations(tenant) if after is None or state.name > after]
        return [self._views.of(state) for state in states[:most]]

    def get(self, tenant: str, name: str) -> ConnectionView:
        """One connection. Raises NotFound `unknown_integration`."""
        found = self._find(tenant, name)
        if found is None:
            known = [state.name for state in self._feed.integrations(tenant)]
            values = {"name": name[:SLUG_MAX], "tenant": tenant}
            raise NotFound(Problem("unknown_integration", values=values, suggestion=guess(name[:SLUG_MAX], known)))
        return found

    async def put(self, tenant: str, name: str, body: Any, if_match: str | None) -> ConnectionView:
        """Connect an integration or change it; the same again writes nothing.

        1. the bundled object, 2. the connection: after a crash between them the object is there and nobody's events
        are taken for it. Raises Invalid, Conflict `slug_taken`, PlanRequired for one more integration than the plan
        allows, QuotaExceeded, PreconditionFailed, AppError `secrets_unavailable` (503).
        """
        while True:
            before = self._find(tenant, name)
            check_match(if_match, before.version if before is not None else 0, required=False)
            request, plan = self._plan(tenant, name, body, before)
            if before is None:
                self._plans.require(tenant, Feature.INTEGRATIONS, len(self._feed.integrations(tenant)) + 1)
            secrets = self._sealed(tenant, name, request, before)
            await self._tenants.ensure(tenant)
            try:
                await self._bring(tenant, name, plan, before)
                return await self._write(tenant, name, plan, secrets, before)
            except VersionMismatch as mismatch:
                if if_match is not None and mismatch.key == integration_key(tenant, name):
                    raise PreconditionFailed(mismatch.current, if_match) from None
                # Somebody was quicker: decide again with what they wrote.

    async def delete(self, tenant: str, name: str, if_match: str | None, *, with_object: bool) -> None:
        """Disconnect: 1. the object, where it is to go, 2. the connection. Raises NotFound `unknown_integration`,
        Conflict `managed_by_integration` where the object is to go and another connection fills it too,
        PreconditionFailed."""
        found = self.get(tenant, name)
        check_match(if_match, found.version, required=False)
        if with_object:
            self._managed.require_alone(tenant, found.state)
            await self._bundled.remove(tenant, found.state.object)
        try:
            await self._store.put(integration_key(tenant, name), None, expected_version=found.version)
        except VersionMismatch as mismatch:
            raise PreconditionFailed(mismatch.current, if_match or "") from None

    def _find(self, tenant: str, name: str) -> ConnectionView | None:
        self._objects.check_tenant(tenant)
        state = self._feed.integration(tenant, name)
        if state is None:
            if self._feed.lost(tenant, name):
                raise StateUnreadable
            return None
        return self._views.of(state)

    def _plan(
        self, tenant: str, name: str, body: Any, before: ConnectionView | None
    ) -> tuple[ConnectionRequest, _Plan]:
        """Raises Invalid with every problem."""
        request, problems = parse_connection(body, self._available.kinds)
        if request is None:
            raise Invalid(problems)
        kind = self._kind(name, request, before, problems)
        _require_small(request.options or {})
        options = request.options if request.options is not None else before.state.options if before else {}
        if kind is not None:
            problems.take(self._available.option_problems(kind, options), "")
        if before is None and request.secret is None:
            problems.add(Problem("required_missing", "/signing_secret", values={"name": "signing_secret"}))
        slug = self._object(tenant, name, kind, options, problems) if kind is not None and not problems else None
        if kind is None or slug is None:
            raise Invalid(problems)
        return request, _Plan(kind, slug, options)

    def _kind(
        self, name: str, request: ConnectionRequest, before: ConnectionView | None, problems: Problems
    ) -> str | None:
        known = self._available.kinds
        if before is not None:
            was = before.state.kind
            if request.kind not in (None, was):
                problems.add(Problem("kind_changed", "/kind", values={"name": name, "was": was}, suggestion=was))
            elif was not in known:
                problems.add(Problem("bad_value", "/kind", "bad_value.choice", {"known": ", ".join(known)}))
            return was if not problems else None
        if not SLUG.match(name):
            problems.add(Problem("bad_slug", "/name"))
        kind = request.kind or (name if name in known else None)
        if kind is None:
            suggestion = guess(name[:SLUG_MAX], known)
            problems.add(Problem("required_missing", "/kind", values={"name": "kind"}, suggestion=suggestion))
        return kind if not problems else None

    def _object(self, tenant: str, name: str, kind: str, options: Mapping[str, Any], problems: Problems) -> str | None:
        """The slug of the object that the connection fills; None, with the problem noted, where it cannot."""
        slug = self._available.slug_of(kind, name, options)
        where = f"/{AT}/{OBJECT_OPTION}"
        if slug is None:
            problems.add(Problem("required_missing", where, values={"name": OBJECT_OPTION}))
            return None
        if self._available.bundled(kind, slug, options) is not None:
            if not SLUG.match(slug):
                limit = SLUG_MAX - (len(slug) - len(name))
                problems.add(Problem("too_long", "/name", "too_long.connection_name", {"limit": limit}))
            return slug if not problems else None
        self._objects.require_readable(tenant, slug)
        record = self._objects.record(tenant, slug)
        definition = record.state.definition if record is not None else None
        if definition is None:
            known = [other.state.object for other in self._objects.records(tenant) if not other.deleted]
            shown = slug[:SLUG_MAX]
            problems.add(Problem("unknown_object", where, values={"object": shown}, suggestion=guess(shown, known)))
            return None
        problems.take(self._available.object_problems(kind, options, definition), "")
        return slug if not problems else None

    def _sealed(
        self, tenant: str, name: str, request: ConnectionRequest, before: ConnectionView | None
    ) -> tuple[SealedSecret, ...]:
        """Raises AppError `secrets_unavailable` where a secret would have to be sealed or opened without a key."""
        stored = before.state.secrets if before is not None else ()
        if request.secret is None and request.grace_hours is None:
            return stored
        if not self._secrets.available:
            raise AppError(Problem("secrets_unavailable"), status=503, headers={"Retry-After": "60"})
        now = self._clock.now()
        known = self._secrets.opened(before.state) if before is not None else []
        if request.secret is None and len(known) < len(stored):
            raise StateUnreadable
        kept = with_secret(valid_secrets(known, now), request.secret, request.grace_hours, now)
        return self._secrets.sealed(tenant, name, kept)

    async def _bring(self, tenant: str, name: str, plan: _Plan, before: ConnectionView | None) -> None:
        bundled = self._available.bundled(plan.kind, plan.object, plan.options)
        if bundled is not None:
            old = before.state if before is not None else None
            known = self._available.bundled(old.kind, old.object, old.options) if old is not None else None
            await self._bundled.bring(tenant, name, bundled, known)

    async def _write(
        self,
        tenant: str,
        name: str,
        plan: _Plan,
        secrets: tuple[SealedSecret, ...],
        before: ConnectionView | None,
    ) -> ConnectionView:
        now = self._clock.now()
        state = IntegrationState(
            tenant=tenant,
            name=name,
            kind=plan.kind,
            object=plan.object,
            options=dict(plan.options),
            secrets=secrets,
            connected_at=before.state.connected_at if before is not None else now,
            life=self._life(tenant, plan.object, before),
        )
        if before is not None and state == before.state:
            return before
        event = IntegrationEvent(id=uuid.uuid4().hex, source=SOURCE, time=now, data=state)
        version = before.version if before is not None else 0
        await self._store.put(state.key, event.encode(), expected_version=version)
        return self._views.of(state)

    def _life(self, tenant: str, slug: str, before: ConnectionView | None) -> str:
        """A connection keeps the life that it began with, also where it fills another object now."""
        if before is not None and before.state.life:
            return before.state.life
        record = self._objects.record(tenant, before.state.object if before is not None else slug)
        return str(ObjectLife(record.state.object, record.state.since_version)) if record is not None else ""


def _require_small(options: Mapping[str, Any]) -> None:
    """Raises Invalid for what is nested too deep, AppError `body_too_large` (413)."""
    written = json_bytes(options)
    if written is None:
        raise nested_too_deep(WRITTEN_NESTING_MAX)
    if len(written) > OPTIONS_MAX_BYTES:
        raise AppError(Problem("body_too_large", values={"limit": OPTIONS_MAX_BYTES}), status=413)
