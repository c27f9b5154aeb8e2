"""What replicas have counted of vendors' messages: the documents of the health topic.

Each replica holds a slot, a number from 0, and writes the documents of its slot only. The health of a connection is the
sum of its documents over all slots.
"""

from datetime import datetime
from typing import Final, Literal

import orjson
from pydantic import Field

from crosslook.contracts.documents import read_document
from crosslook.contracts.ids import SLUG, TENANT
from crosslook.contracts.schemas import Contract

SLOT_PREFIX: Final = "~slot/"
"""`~slot/<slot>`: a `SlotClaim`."""
_DIGITS_MAX = 6


class StoredHealth(Contract):
    """What was counted for one connection in one slot, since the connection was made.

    `hours`: how often each outcome occurred, by hours since the epoch; outcomes that this release does not know are
    kept. `minutes`: requests and errors, by minutes since the epoch, as far back as the vendor looks. `failing_since`:
    the first failure after the last message that was taken. `near_limit_at`: when errors were last near the vendor's
    circuit breaker.
    """

    type: Literal["crosslook.integration.health.v1"] = "crosslook.integration.health.v1"
    tenant: str
    name: str
    slot: int
    connected_at: datetime
    hours: dict[int, dict[str, int]] = Field(default_factory=dict)
    minutes: dict[int, tuple[int, int]] = Field(default_factory=dict)
    last_event_at: datetime | None = None
    last_refused_at: datetime | None = None
    last_failed_at: datetime | None = None
    failing_since: datetime | None = None
    near_limit_at: datetime | None = None

    @property
    def key(self) -> str:
        """Its key on the topic."""
        return health_key(self.tenant, self.name, self.slot)

    def encode(self) -> bytes:
        """The value on the topic."""
        return orjson.dumps(self.model_dump(mode="json", exclude_none=True), option=orjson.OPT_NON_STR_KEYS)

    @staticmethod
    def decode(value: bytes) -> "StoredHealth":
        """The document. Raises UnreadableDocument."""
        return read_document(StoredHealth, value)


class SlotClaim(Contract):
    """Which process holds a slot. `holder`: the process; "" once it has ended in order. `address`: of its replica.
    `at`: when it last said that it holds the slot."""

    type: Literal["crosslook.health.slot.v1"] = "crosslook.health.slot.v1"
    slot: int
    holder: str
    address: str
    at: datetime

    @property
    def key(self) -> str:
        """Its key on the topic."""
        return slot_key(self.slot)

    def encode(self) -> bytes:
        """The value on the topic."""
        return orjson.dumps(self.model_dump(mode="json"))

    @staticmethod
    def decode(value: bytes) -> "SlotClaim":
        """The claim. Raises UnreadableDocument."""
        return read_document(SlotClaim, value)


def health_key(tenant: str, name: str, slot: int) -> str:
    """The key of what was counted for a connection in a slot."""
    return f"{tenant}/{name}/{slot}"


def slot_key(slot: int) -> str:
    """The key of a slot's claim."""
    return f"{SLOT_PREFIX}{slot}"


def slot_of(key: str) -> int | None:
    """The slot to which a key of the health topic belongs; None for a key that belongs to none."""
    if key.startswith(SLOT_PREFIX):
        return _number(key.removeprefix(SLOT_PREFIX))
    tenant, _, rest = key.partition("/")
    name, _, slot = rest.partition("/")
    return _number(slot) if TENANT.match(tenant) and SLUG.match(name) else None


def _number(text: str) -> int | None:
    """A number as `str` writes it."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= _DIGITS_MAX
    return int(text) if is_number and str(int(text)) == text else None
