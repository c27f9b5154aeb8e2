"""Encrypts every stored secret again, with the key that is the first one now."""

import uuid
from dataclasses import dataclass

from crosslook.contracts.integrations import IntegrationEvent, IntegrationState
from crosslook.platform.clock import Clock
from crosslook.platform.errors import PreconditionFailed
from crosslook.platform.integrations_feed import IntegrationsFeed
from crosslook.platform.log_store.protocol import LogStore, VersionMismatch
from services.schema_service.domain.signing_secrets import SigningSecret, valid_secrets
from services.schema_service.integrations.secrets import ConnectionSecrets
from services.schema_service.object_log import SOURCE


@dataclass(slots=True)
class Resealed:
    """How many connections were sealed again, were sealed with the first key already, and have a secret that no key
    opens: by tenant and name."""

    resealed: int
    current: int
    unreadable: list[tuple[str, str]]


class Resealing:
    """Replaces what older keys have sealed. Repeated, it changes nothing; after a crash, call it again."""

    def __init__(self, store: LogStore, feed: IntegrationsFeed, secrets: ConnectionSecrets, clock: Clock) -> None:
        self._store = store
        self._feed = feed
        self._secrets = secrets
        self._clock = clock

    async def run(self) -> Resealed:
        """Seal all connections again that need it. Raises as LogStore.put; PreconditionFailed where a connection was
        changed meanwhile: then the call is to be repeated."""
        done = Resealed(0, 0, [])
        for state in list(self._feed.all_integrations()):
            if self._secrets.are_current(state):
                done.current += 1
                continue
            opened = self._secrets.opened(state)
            if len(opened) < len(state.secrets):
                done.unreadable.append((state.tenant, state.name))
                continue
            await self._reseal(state, opened)
            done.resealed += 1
        return done

    async def _reseal(self, state: IntegrationState, opened: list[SigningSecret]) -> None:
        now = self._clock.now()
        bare = [SigningSecret(secret.text, secret.until) for secret in valid_secrets(opened, now)]
        sealed = self._secrets.sealed(state.tenant, state.name, bare)
        event = IntegrationEvent(
            id=uuid.uuid4().hex, source=SOURCE, time=now, data=state.model_copy(update={"secrets": sealed})
        )
        entry = self._store.get(state.key)
        version = entry.version if entry is not None else 0
        try:
            await self._store.put(state.key, event.encode(), expected_version=version)
        except VersionMismatch as mismatch:
            raise PreconditionFailed(mismatch.current, str(version)) from None
