"""Connected integrations as services exchange them, and the messages of vendors on their topic."""

from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

import orjson
from pydantic import Field

from crosslook.contracts.documents import read_document
from crosslook.contracts.ids import SLUG, TENANT
from crosslook.contracts.schemas import Contract

INTEGRATION_CHANGED: Literal["crosslook.integration.changed.v1"] = "crosslook.integration.changed.v1"
INTEGRATION_PREFIX: Final = "~integration/"
"""Integrations stand under `~integration/<tenant>/<name>` on the schemas topic; removed, they are disconnected."""

ORIGIN_HEADER: Final = "crosslook-origin"
"""Header of a message on the webhooks topic: `webhook` or `history`. Headers of the vendor stand beside it."""

RECEIVED_HEADER: Final = "crosslook-received"
"""Header of a message that was put on the webhooks topic once more: when it arrived at first, in milliseconds since the
epoch. So a mapper reads the same from it."""


LIFE_HEADER: Final = "crosslook-life"
"""Header of a message on the webhooks topic: the `life` of the connection that it was accepted for, if it has one."""


class ObjectLife(NamedTuple):
    """An object between its creation and its deletion: its slug, and the version at which it was created."""

    object: str
    since_version: int

    def __str__(self) -> str:
        return f"{self.object}:{self.since_version}"

    @staticmethod
    def parse(text: str) -> "ObjectLife | None":
        """The inverse of `str`; None for another text."""
        slug, _, since = text.partition(":")
        return ObjectLife(slug, int(since)) if SLUG.match(slug) and since.isdecimal() and len(since) <= 10 else None


class SealedSecret(Contract):
    """A signing secret, encrypted. `until`: when it stops being valid, for one that was replaced."""

    sealed: str
    until: datetime | None = None


class IntegrationState(Contract):
    """The `data` of an integration event: everything about one connection of a tenant.

    `kind`: the integration; `name`: the tenant's name for it; `object`: the slug of its object. `life`: the object that
    it was connected to at first, as `ObjectLife` is written: options may name another object later, and facts stay. ""
    of a connection that an earlier release made.
    """

    tenant: str
    name: str
    kind: str
    object: str
    options: dict[str, Any] = Field(default_factory=dict)
    secrets: tuple[SealedSecret, ...] = ()
    connected_at: datetime
    life: str = ""

    @property
    def key(self) -> str:
        """The key of the state on its topic."""
        return integration_key(self.tenant, self.name)


class IntegrationEvent(Contract):
    """A structured CloudEvent about a tenant's integration; the last one of a key is what applies."""

    specversion: Literal["1.0"] = "1.0"
    id: str
    source: str
    type: Literal["crosslook.integration.changed.v1"] = INTEGRATION_CHANGED
    time: datetime
    datacontenttype: str = "application/json"
    data: IntegrationState

    def encode(self) -> bytes:
        """The value on the topic: without the members that are not set."""
        return orjson.dumps(self.model_dump(mode="json", exclude_none=True))

    @staticmethod
    def decode(value: bytes) -> "IntegrationEvent":
        """The event. Raises UnreadableDocument."""
        return read_document(IntegrationEvent, value)


def header_text(value: bytes) -> str:
    """The text of a vendor's header. HTTP does not say which encoding its bytes are in (RFC 9110, 5.5): UTF-8 where
    they are UTF-8, else Latin-1, which reads any bytes. On the topic headers are UTF-8."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


class WebhookKey(NamedTuple):
    """The key of a message on the webhooks topic. `record`: the vendor's id, "" where it is not known."""

    tenant: str
    name: str
    record: str

    def encode(self) -> bytes:
        """`tenant/integration/record`: messages about one record share a partition."""
        return f"{self.tenant}/{self.name}/{self.record}".encode()

    @staticmethod
    def parse(key: bytes | None) -> "WebhookKey | None":
        """The inverse of `encode`; None when the bytes are not such a key."""
        return _parsed_key(key or b"")


@lru_cache(maxsize=4_096)
def _parsed_key(key: bytes) -> WebhookKey | None:
    tenant, _, rest = key.decode(errors="replace").partition("/")
    name, slash, record = rest.partition("/")
    if not slash or not TENANT.match(tenant) or not SLUG.match(name):
        return None
    return WebhookKey(tenant, name, record)


def integration_key(tenant: str, name: str) -> str:
    """The key of a tenant's integration on the schemas topic."""
    return f"{INTEGRATION_PREFIX}{tenant}/{name}"
