"""What vendors post: verified over the bytes as received, then appended to the webhooks topic (CONTRACTS 2).

A sender that is not the vendor learns nothing: a wrong signature, an unknown tenant and an integration that is not
connected take the same work and the same time, and have the same answer. A vendor loses nothing by our fault: what it
signed is answered 202 once the broker has it, and until then 503.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crosslook.contracts.integrations import IntegrationState
from crosslook.contracts.problems import Problem
from crosslook.contracts.topics import WEBHOOKS
from crosslook.integrations.interface import (
    Integration,
    JsonObject,
    MessageOrigin,
    SignatureVerdict,
    VendorHeaders,
    Verify,
)
from crosslook.integrations.signing import signed
from crosslook.platform.bodies import LARGE_BYTES, aside
from crosslook.platform.clock import Clock
from crosslook.platform.errors import AppError, StateUnreadable, Unavailable
from crosslook.platform.feeds import SchemaFeed
from crosslook.platform.integrations_feed import IntegrationsFeed
from crosslook.platform.kafka import KafkaUnavailable, Publisher
from crosslook.platform.logging import get_logger
from crosslook.platform.rate_limit import RateLimit
from services.schema_service.domain.signing_secrets import SECRETS_MOST, valid_secrets
from services.schema_service.domain.webhook_health import IntakeOutcome
from services.schema_service.integrations.catalog import AvailableIntegrations
from services.schema_service.integrations.catching_up import CatchUp
from services.schema_service.integrations.outcomes import Outcomes
from services.schema_service.integrations.secrets import ConnectionSecrets
from services.schema_service.integrations.vendor_messages import read_vendor_message, topic_message

_LOG = get_logger(__name__)
WEBHOOK_BODY_MAX = 5 * 1024 * 1024
"""Largest body that is taken, in bytes; vendors send far less."""
REFUSED_SECONDS = 0.1
"""A refusal is given so long after the body arrived at the earliest: longer than any verification takes."""
_ACCEPTED = frozenset({SignatureVerdict.VALID, SignatureVerdict.STALE})
_BY_VERDICT = {
    SignatureVerdict.VALID: IntakeOutcome.ACCEPTED,
    SignatureVerdict.STALE: IntakeOutcome.STALE,
    SignatureVerdict.EXPIRED: IntakeOutcome.EXPIRED,
    SignatureVerdict.BAD: IntakeOutcome.BAD_SIGNATURE,
}


def _verify_nothing(
    headers: VendorHeaders, body: bytes, keys: Sequence[str], now: datetime, options: JsonObject
) -> SignatureVerdict:
    """The work of a verification where nothing is connected."""
    signed(keys, body, [b"\0" * 32])
    return SignatureVerdict.BAD


@dataclass(frozen=True, slots=True)
class _Target:
    """Whom a message is for. `state` is None where nothing is connected. `whole`: whether all secrets are known."""

    state: IntegrationState | None = None
    integration: Integration | None = None
    keys: tuple[str, ...] = field(default=(), repr=False)
    whole: bool = True

    @property
    def verify(self) -> Verify:
        """What judges the signature."""
        return self.integration.verify if self.integration is not None else _verify_nothing

    @property
    def kind(self) -> str:
        """The integration's kind, for metrics; "" where nothing is connected."""
        return self.state.kind if self.state is not None else ""


class WebhookIntake:
    """Takes messages of vendors. `clock`: signatures have an age; `pause` waits so many seconds."""

    def __init__(
        self,
        feed: IntegrationsFeed,
        schemas: SchemaFeed,
        available: AvailableIntegrations,
        opened: ConnectionSecrets,
        catch_up: CatchUp,
        publisher: Publisher,
        outcomes: Outcomes,
        clock: Clock,
        rate: RateLimit,
        *,
        pause: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._feed = feed
        self._schemas = schemas
        self._available = available
        self._opened = opened
        self._catch_up = catch_up
        self._publisher = publisher
        self._outcomes = outcomes
        self._clock = clock
        self._rate = rate
        self._pause = pause
        self._decoys = tuple(secrets.token_urlsafe(32) for _ in range(SECRETS_MOST))

    async def take(self, tenant: str, name: str, headers: VendorHeaders, body: bytes) -> None:
        """Append a vendor's message; returns when the broker has it.

        `headers`: by their names in lower case. Raises AppError `signature_refused` (401) where the message is not
        proven to be the vendor's, RateLimited (429), StateUnreadable, Unavailable, LogUnavailable or KafkaUnavailable
        (503): then the message may be on the topic all the same, and sending it again is harmless.
        """
        target, verdict = await self._judged(tenant, name, headers, body)
        if target.state is None or target.integration is None or verdict not in _ACCEPTED:
            self._outcomes.count(target.state, _BY_VERDICT[verdict])
            raise signature_refused()
        await self._append(target.state, target.integration, headers, body, _BY_VERDICT[verdict])

    async def _judged(
        self, tenant: str, name: str, headers: VendorHeaders, body: bytes
    ) -> tuple[_Target, SignatureVerdict]:
        """Whom the message is for and what its signature is worth. Nothing is refused before all is read that any
        replica has written by now: a connection or a secret that was just changed elsewhere counts."""
        clock = asyncio.get_running_loop().time
        began = clock()
        target = self._target(tenant, name)
        verdict = await self._verdict(target, headers, body)
        if verdict in _ACCEPTED:
            return target, verdict
        await self._catch_up.read()
        newer = self._target(tenant, name)
        if newer != target:
            target, verdict = newer, await self._verdict(newer, headers, body)
        if verdict not in _ACCEPTED:
            if not target.whole:
                raise StateUnreadable
            await self._pause(max(0.0, began + REFUSED_SECONDS - clock()))
        return target, verdict

    def _target(self, tenant: str, name: str) -> _Target:
        """Raises StateUnreadable where nobody knows, or this release has no such integration."""
        if self._schemas.tenant_lost(tenant) or self._feed.lost(tenant, name):
            raise StateUnreadable
        state = self._feed.integration(tenant, name)
        if state is None or not self._schemas.tenant_known(tenant):
            return _Target(keys=self._decoys)
        integration = self._available.integration(state.kind)
        if integration is None:
            raise StateUnreadable
        opened = self._opened.opened(state)
        keys = [secret.text for secret in valid_secrets(opened, self._clock.now())]
        padded = (*keys, *self._decoys)[:SECRETS_MOST]
        return _Target(state, integration, padded, len(opened) == len(state.secrets))

    async def _verdict(self, target: _Target, headers: VendorHeaders, body: bytes) -> SignatureVerdict:
        if len(body) > WEBHOOK_BODY_MAX:
            return SignatureVerdict.BAD
        options, now = target.state.options if target.state is not None else {}, self._clock.now()
        try:
            return await aside(len(body) > LARGE_BYTES, lambda: target.verify(headers, body, target.keys, now, options))
        except Exception:
            _LOG.exception("verification_failed", integration=target.kind)
            raise Unavailable("verification") from None

    async def _append(
        self,
        state: IntegrationState,
        integration: Integration,
        headers: VendorHeaders,
        body: bytes,
        how: IntakeOutcome,
    ) -> None:
        try:
            self._rate.take(state.tenant, 1)
        except AppError:
            self._outcomes.count(state, IntakeOutcome.RATE_LIMITED)
            raise
        read = await read_vendor_message(integration, state, headers, body, MessageOrigin.WEBHOOK, self._clock.now())
        try:
            await self._publisher.publish(WEBHOOKS.name, [topic_message(state, read)])
        except KafkaUnavailable:
            self._outcomes.count(state, IntakeOutcome.UNAVAILABLE)
            raise
        self._outcomes.count(state, how)
        if read.problem is not None:
            self._outcomes.count(state, IntakeOutcome.UNMAPPABLE)


def signature_refused() -> AppError:
    """The refusal of a message that is not proven to be a vendor's."""
    return AppError(Problem("signature_refused"), status=401, headers={"WWW-Authenticate": "Signature"})
