"""Puts messages of a connection on the webhooks topic once more, as they arrived: for a mapper that was corrected, or
after facts were lost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crosslook.contracts.integrations import RECEIVED_HEADER, WebhookKey
from crosslook.contracts.topics import WEBHOOKS
from crosslook.contracts.values import milliseconds
from crosslook.platform.kafka import Publisher, RawMessage, read_between
from crosslook.platform.logging import get_logger
from crosslook.platform.settings import KafkaSettings

_LOG = get_logger(__name__)


@dataclass(slots=True)
class RawReplayTally:
    """How many messages of the connection arrived within the time, and how many of them were sent again."""

    matched: int = 0
    replayed: int = 0


class RawReplay:
    """A repeat of facts changes nothing, so a replay may be repeated, also one that died. What was itself put there by
    a replay is left out: its original is within the seven days, or it is older than they are."""

    def __init__(self, publisher: Publisher, settings: KafkaSettings) -> None:
        self._publisher = publisher
        self._settings = settings

    async def replay(
        self, tenant: str, name: str, since: datetime, until: datetime, *, dry_run: bool
    ) -> RawReplayTally:
        """Send the messages of a connection that arrived in [since, until) again. Raises KafkaUnavailable."""
        tally = RawReplayTally()
        async for batch in read_between(WEBHOOKS.name, milliseconds(since), milliseconds(until), self._settings):
            mine = [message for message in batch if _belongs(message, tenant, name)]
            tally.matched += len(mine)
            if mine and not dry_run:
                await self._publisher.publish(WEBHOOKS.name, [_again(message) for message in mine])
                tally.replayed += len(mine)
        _LOG.info("webhooks_replayed", tenant=tenant, integration=name, matched=tally.matched, replayed=tally.replayed)
        return tally


def _belongs(message: RawMessage, tenant: str, name: str) -> bool:
    key = WebhookKey.parse(message.key)
    again = any(header == RECEIVED_HEADER for header, _ in message.headers)
    return message.value is not None and not again and key is not None and (key.tenant, key.name) == (tenant, name)


def _again(message: RawMessage) -> tuple[bytes | None, bytes | None, Sequence[tuple[str, bytes]]]:
    headers = [(header, value or b"") for header, value in message.headers]
    return message.key, message.value, [*headers, (RECEIVED_HEADER, str(message.timestamp).encode())]
