"""Reads a vendor's message into facts, or decides why it cannot be. Pure.

A mapper is code for one vendor and may be wrong: whatever it raises, and facts that cannot be stored, refuse its
message alone. The message waits in quarantine for a mended mapper.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple

from crosslook.contracts.admission import FUTURE_TOLERANCE_MS
from crosslook.contracts.events import MAX_EVENT_BYTES
from crosslook.contracts.ids import RECORD_ID_MAX
from crosslook.contracts.integrations import (
    LIFE_HEADER,
    ORIGIN_HEADER,
    RECEIVED_HEADER,
    IntegrationState,
    WebhookKey,
    header_text,
)
from crosslook.contracts.problems import Problem
from crosslook.contracts.records import Address, Refused
from crosslook.integrations.interface import (
    Connection,
    Fact,
    Integration,
    MessageOrigin,
    Unmappable,
    WebhookMessage,
)
from crosslook.integrations.publication import fact_content, fact_data

FACTS_MAX: Final = 10_000
"""Most facts of one message."""
LINK: Final = "~related/"
"""Begins the key of a row that is nothing but the other end of a fact's `related`."""
_KEY_MAX = 1_000
_RELATED_MAX = 100
_INT64 = 1 << 63
_EARLIEST = round(datetime(1900, 1, 1, tzinfo=UTC).timestamp() * 1000)
_LATEST = round(datetime(2300, 1, 1, tzinfo=UTC).timestamp() * 1000)


class VendorMessage(NamedTuple):
    """One message of the webhooks topic as it was read. `timestamp`: when the broker appended it, milliseconds since
    the epoch. `value` is None where the message cannot be read."""

    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]

    @property
    def received_ms(self) -> int:
        """When the vendor's message arrived, milliseconds since the epoch: a replay writes it beside the bytes, so that
        it is read as it was at first."""
        noted = dict(self.headers).get(RECEIVED_HEADER) or b""
        return int(noted) if noted.isdigit() and len(noted) <= len(str(_LATEST)) else self.timestamp

    @property
    def life(self) -> str:
        """The life of the connection that it was accepted for; "" where that is not known."""
        return header_text(dict(self.headers).get(LIFE_HEADER) or b"")

    def address(self, topic: str) -> Address:
        """Where it stands."""
        return Address(topic, self.partition, self.offset, self.timestamp)


@dataclass(frozen=True, slots=True)
class ConnectedIntegration:
    """A tenant's connection with the integration behind it. `mark`: changes with everything that a fold depends on.
    `life`: that of its state, of an older state that of its object. `since_version`: at which its object was created, 0
    where that is not known."""

    tenant: str
    state: IntegrationState
    integration: Integration
    connection: Connection
    mark: str = ""
    life: str = ""
    since_version: int = 0

    @property
    def source(self) -> str:
        """The source of the record events that it publishes."""
        return f"/integrations/{self.connection.name}"


class FactRow(NamedTuple):
    """A row of `integration_facts`."""

    tenant: str
    integration: str
    record: str
    key: str
    digest: str
    mapper: int
    kind: str
    time_ms: int
    order: int
    version: int
    related: tuple[str, ...]
    data: bytes
    received_ms: int
    partition: int
    offset: int
    life: str


@dataclass(frozen=True, slots=True)
class MappedMessage:
    """A message with what it states, or why it is refused. `connected` is None where nobody knows whose it is."""

    message: VendorMessage
    connected: ConnectedIntegration | None = None
    rows: tuple[FactRow, ...] = ()
    refused: Refused | None = None

    @property
    def place(self) -> tuple[int, int]:
        """Its partition and offset."""
        return self.message.partition, self.message.offset

    @property
    def records(self) -> frozenset[str]:
        """The records that it is about."""
        return frozenset(row.record for row in self.rows)

    @property
    def facts(self) -> int:
        """How many facts it states."""
        return sum(row.mapper > 0 for row in self.rows)


def map_message(message: VendorMessage, found: ConnectedIntegration | Problem) -> MappedMessage:
    """What a message states. `found`: the connection that its key names, or why there is none."""
    key = WebhookKey.parse(message.key)
    tenant, name, record = key or ("", "", "")
    source = f"/integrations/{name}" if key is not None else ""
    if isinstance(found, Problem):
        return MappedMessage(message, None, (), Refused(found, tenant, "", record, source))
    try:
        rows = _rows(message, found)
    except Unmappable as error:
        problem, record = error.problem, error.record or record
    except Exception:
        problem = Problem("mapping_failed", values={"integration": found.state.kind})
    else:
        return MappedMessage(message, found, rows)
    return MappedMessage(message, found, (), Refused(problem, tenant, found.connection.object, record, source))


def unreadable_problem(message: VendorMessage) -> Problem | None:
    """Why a message cannot be mapped whosever it is; None for all others."""
    if message.value is None:
        return Problem("unreadable")
    if WebhookKey.parse(message.key) is None:
        return Problem("unreadable", text="unreadable.webhook_key")
    if len(message.value) > MAX_EVENT_BYTES:
        return Problem("too_large", values={"limit": MAX_EVENT_BYTES})
    return None


def vendor_message(message: VendorMessage, connected: ConnectedIntegration) -> WebhookMessage:
    """The message as mappers read it."""
    headers = {name.lower(): header_text(value or b"") for name, value in message.headers}
    origin = headers.pop(ORIGIN_HEADER, MessageOrigin.WEBHOOK)
    for ours in (RECEIVED_HEADER, LIFE_HEADER):
        headers.pop(ours, None)
    history = origin == MessageOrigin.HISTORY
    return WebhookMessage(
        message.value or b"",
        headers,
        MessageOrigin.HISTORY if history else MessageOrigin.WEBHOOK,
        message.received_ms,
        connected.connection,
    )


def _rows(message: VendorMessage, connected: ConnectedIntegration) -> tuple[FactRow, ...]:
    """The rows of a message. Raises Unmappable, and whatever a mapper raises."""
    facts = connected.integration.facts(vendor_message(message, connected))
    if len(facts) > FACTS_MAX:
        raise ValueError(f"{len(facts)} facts")
    mapper = connected.integration.manifest.mapper
    found: dict[tuple[str, str, str], FactRow] = {}
    for fact in facts:
        _require_storable(fact, message.timestamp)
        row = _row(message, connected, fact, mapper)
        found[row.record, row.key, row.digest] = row
        for other in fact.related:
            end = _other_end(row, other)
            found.setdefault((end.record, end.key, end.digest), end)
    return tuple(found.values())


def _require_storable(fact: Fact, appended_ms: int) -> None:
    if fact.time_ms > appended_ms + FUTURE_TOLERANCE_MS:
        # Its record would keep this state until then, whatever the vendor says meanwhile.
        raise Unmappable(Problem("from_the_future"), fact.record)
    names = (fact.record, *fact.related)
    if not all(0 < len(name) <= RECORD_ID_MAX for name in names) or len(fact.related) > _RELATED_MAX:
        raise ValueError("a record id is empty or too long")
    if not 0 < len(fact.key) <= _KEY_MAX or fact.key.startswith(LINK) or len(fact.kind) > _KEY_MAX:
        raise ValueError("a key or kind is empty or too long")
    if not _EARLIEST <= fact.time_ms < _LATEST or not all(-_INT64 <= n < _INT64 for n in (fact.order, fact.version)):
        raise ValueError("a time or number is out of range")


def _row(message: VendorMessage, connected: ConnectedIntegration, fact: Fact, mapper: int) -> FactRow:
    data = fact_data(fact)
    return FactRow(
        connected.tenant,
        connected.connection.name,
        fact.record,
        fact.key,
        hashlib.sha256(b"%d:%s" % (mapper, fact_content(fact, data))).hexdigest()[:32],
        mapper,
        fact.kind,
        fact.time_ms,
        fact.order,
        fact.version,
        tuple(sorted({other for other in fact.related if other != fact.record})),
        data,
        message.received_ms,
        message.partition,
        message.offset,
        connected.life,
    )


def _other_end(row: FactRow, other: str) -> FactRow:
    """Names the record from the other end: of two related records either may be touched first."""
    return row._replace(record=other, key=f"{LINK}{row.record}", digest="", mapper=0, kind="", time_ms=0, order=0,
                        version=0, related=(row.record,), data=b"{}")  # fmt: skip
