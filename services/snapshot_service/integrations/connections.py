"""Finds the connection that a message names, with the integration behind it."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping

import orjson

from crosslook.contracts.integrations import IntegrationState, ObjectLife
from crosslook.contracts.problems import Problem
from crosslook.contracts.values import milliseconds
from crosslook.integrations.interface import Connection, Integration
from crosslook.platform.feeds import SchemaFeed
from crosslook.platform.integrations_feed import IntegrationsFeed
from services.snapshot_service.domain.webhook_mapping import ConnectedIntegration, VendorMessage

ConnectionName = tuple[str, str]
"""A tenant, and its name for one of its connections."""
FoundConnection = ConnectedIntegration | Problem
"""A connection, or why there is none."""


class Connections:
    """The connections of all tenants as the schemas topic has them. `kinds`: the integrations of this release."""

    def __init__(self, feed: IntegrationsFeed, schemas: SchemaFeed, kinds: Mapping[str, Integration]) -> None:
        self._feed = feed
        self._schemas = schemas
        self._kinds = kinds

    async def find(self, lives: Mapping[ConnectionName, Collection[str]]) -> dict[ConnectionName, FoundConnection]:
        """Each of them, or why it cannot be used. What is not there is looked for at the end of the topic once, also
        where messages belong to another of the `lives` than it: they may overtake their connection. Raises
        LogUnavailable."""
        if any(self._may_be_newer(name, life) for name, named in lives.items() for life in named or ("",)):
            await self._schemas.view.catch_up()
        return {name: self.now(*name) for name in lives}

    async def changed(self, used: Iterable[ConnectedIntegration]) -> list[ConnectedIntegration]:
        """Those of these connections that are different at the end of the topic, as they are there. Raises
        LogUnavailable."""
        await self._schemas.view.catch_up()
        fresh = [(before, self.now(before.tenant, before.connection.name)) for before in used]
        return [now for before, now in fresh if isinstance(now, ConnectedIntegration) and now.mark != before.mark]

    def now(self, tenant: str, name: str) -> FoundConnection:
        """A connection as this process knows it."""
        state = self._feed.integration(tenant, name)
        if state is None:
            text = "not_connected.unreadable" if self._feed.lost(tenant, name) else "not_connected"
            return Problem("not_connected", text=text, values={"name": name})
        return self.of(state)

    def is_connected(self, tenant: str, name: str) -> bool:
        """Whether there is such a connection; also where its state cannot be read."""
        return self._feed.integration(tenant, name) is not None or self._feed.lost(tenant, name)

    def over(self, tenant: str, life: str) -> bool:
        """Whether an object with this life was deleted, as far as this process knows."""
        found = ObjectLife.parse(life)
        record = self._schemas.record(tenant, found.object) if found is not None else None
        if found is None or record is None:
            return False
        state = record.state
        return found.since_version <= state.version if record.deleted else found.since_version < state.since_version

    def counts(self, connected: ConnectedIntegration, life: str) -> bool:
        """Whether facts of this life count for a connection: its own, and those of an object that was kept."""
        return life in ("", connected.life) or not self.over(connected.tenant, life)

    def belongs_to(self, connected: ConnectedIntegration, message: VendorMessage) -> bool:
        """Whether a message was not accepted for an object that is deleted now. A replica that has not read yet how
        the connection was made once more names the earlier life: then the time of arrival decides."""
        since = milliseconds(connected.state.connected_at)
        return message.received_ms >= since or self.counts(connected, message.life)

    def _may_be_newer(self, name: ConnectionName, life: str) -> bool:
        state = self._feed.integration(*name)
        return state is None or (life not in ("", state.life) and not self.over(name[0], life))

    def of(self, state: IntegrationState) -> FoundConnection:
        """The connection of a state; a problem where this release does not have its integration."""
        integration = self._kinds.get(state.kind)
        if integration is None:
            return Problem("unknown_integration", "", "unknown_integration.release", {"name": state.kind})
        schema = self._schemas.schema(state.tenant, state.object)
        depends = [state.kind, state.object, dict(state.options), schema.version if schema is not None else 0]
        mark = hashlib.sha256(orjson.dumps(depends, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]
        definition = schema.definition if schema is not None else None
        since = schema.since_version if schema is not None else 0
        connection = Connection(state.name, state.object, dict(state.options), definition)
        life = state.life or str(ObjectLife(state.object, since))
        return ConnectedIntegration(state.tenant, state, integration, connection, mark, life, since)

    def all(self) -> Iterator[ConnectedIntegration]:
        """Every connection that this release can use."""
        for state in self._feed.all_integrations():
            found = self.of(state)
            if isinstance(found, ConnectedIntegration):
                yield found
