"""What an integration is: a manifest, and pure functions from a vendor's messages to facts and from facts to records.

One message cannot tell how often a ticket was reopened; the set of all facts about it can. So `facts` says what one
message states, and `fold` computes the state of a record from everything that was ever stated about it, in whatever
order and however often it arrived. Nothing here knows a clock, a network or a store.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from crosslook.contracts.problems import Language, Problem
from crosslook.contracts.schemas import Definition

JsonObject = Mapping[str, Any]
VendorHeaders = Mapping[str, str]
"""The headers of a webhook message by their names in lower case."""


class SignatureVerdict(StrEnum):
    """What a signature is worth. STALE: right, but signed longer ago than the vendor's documented tolerance: it counts
    in the integration's health, and is accepted, because a repeat is harmless and a refused message may be lost.
    EXPIRED: right, and so old that no vendor still tries to deliver it."""

    VALID = "valid"
    STALE = "stale"
    EXPIRED = "expired"
    BAD = "bad"


class MessageOrigin(StrEnum):
    """How a message reached us: the vendor posted it, or it is one item of the vendor's export."""

    WEBHOOK = "webhook"
    HISTORY = "history"


class Unmappable(Exception):
    """A message states nothing that the integration understands; it is quarantined with its bytes and can be replayed.

    `record`: the vendor's id of the record that it is about, "" where that is not known either.
    """

    def __init__(self, problem: Problem, record: str = "") -> None:
        super().__init__(problem.code)
        self.problem = problem
        self.record = record


@dataclass(frozen=True, slots=True)
class Connection:
    """A connected integration as its functions see it: the tenant's name for it, the slug of its object, its options
    (valid by the manifest's JSON Schema). `definition`: the object as it is defined now, for a fold that fits values to
    fields which the tenant defines; None where it is not known."""

    name: str
    object: str
    options: JsonObject = field(default_factory=dict)
    definition: Definition | None = None

    def foreign_id(self, user: str) -> str:
        """The foreign id of a user of the vendor: `zendesk:88`. Two connected accounts of one vendor have different
        names, so that equal ids of theirs stay apart."""
        return f"{self.name}:{user}"


@dataclass(frozen=True, slots=True)
class WebhookMessage:
    """A vendor's message as received. `headers`: those that `kept_headers` names. `received_ms`: when the broker took
    it, milliseconds since the epoch."""

    body: bytes
    headers: VendorHeaders
    origin: MessageOrigin
    received_ms: int
    connection: Connection


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a message states about a record.

    `record`: the vendor's id of that record. `key`: names the fact among all of the record, made of what the vendor
    promises (an event's id) and never of arrival, so that a repeat is the same fact. `kind` and `data` (JSON) are the
    integration's own. `time_ms`: since when it is true by the vendor's clock, milliseconds since the epoch; `order`
    sorts facts of one millisecond (the nanoseconds below it). `version`: of several facts with one key the greatest
    (version, time, order) counts. `related`: records that are one record of ours together with this one, such as the
    bookings of a chain of reschedules; both ends state it, because either may arrive first.
    """

    record: str
    key: str
    kind: str
    time_ms: int
    data: JsonObject = field(default_factory=dict)
    order: int = 0
    version: int = 0
    related: tuple[str, ...] = ()


class WholeRecord(NamedTuple):
    """The whole state of a record: fields and relationships as record events carry them (CONTRACTS 3)."""

    record: str
    fields: JsonObject
    relationships: Mapping[str, Sequence[Mapping[str, str]]]


class RecordGone(NamedTuple):
    """The record is deleted, or it is part of another record."""

    record: str


class UserAlias(NamedTuple):
    """A user of the vendor: links by `foreign_id` (`zendesk:88`) lead to the first contact that `targets` find, each an
    `email:…` or `external:…` reference, the best first; none where the user is not known any more."""

    foreign_id: str
    targets: tuple[str, ...]


class ContactDetails(NamedTuple):
    """What the vendor knows of a person, for integrations that make contacts: by e-mail, with fields of contact."""

    email: str
    fields: JsonObject


FoldedState = WholeRecord | RecordGone | UserAlias | ContactDetails


@dataclass(frozen=True, slots=True)
class CircuitBreaker:
    """The vendor stops delivering for a while at this share of errors among at least `least` requests within `seconds`,
    or at more than `errors` of them; what falls into the pause is lost."""

    share: float
    least: int
    errors: int
    seconds: int


@dataclass(frozen=True, slots=True)
class DisabledAfter:
    """The vendor ends the subscription, without telling anybody, when it could not deliver for so long."""

    hours: int


VendorLimit = CircuitBreaker | DisabledAfter | None


@dataclass(frozen=True, slots=True)
class IntegrationManifest:
    """What an integration is called and how it is connected.

    `kind`: its slug. `labels`: by language. `object`: the slug of the bundled object, None where the options name one.
    `options`: JSON Schema (2020-12) of the options. `signed_by`, `answers`: by language, how the vendor signs and what
    it does with our answers, for the page that connects it. `headers`: names in lower case of the headers that `facts`
    reads. `mapper`: raised when `facts` is corrected, so that facts read again replace those read before. `limit`: when
    the vendor stops delivering.
    """

    kind: str
    labels: Mapping[Language, str]
    object: str | None
    options: JsonObject
    signed_by: Mapping[Language, str]
    answers: Mapping[Language, str]
    headers: tuple[str, ...] = ()
    mapper: int = 1
    limit: VendorLimit = None


class HistoryItem(NamedTuple):
    """One item of a page of the vendor's export, to be read as a message of its own. `problem`: why it cannot be."""

    body: bytes
    problem: Problem | None = None


Verify = Callable[[VendorHeaders, bytes, Sequence[str], datetime, JsonObject], SignatureVerdict]
Define = Callable[[str, JsonObject], Definition | None]
ReadFacts = Callable[[WebhookMessage], Sequence[Fact]]
FoldFacts = Callable[[Sequence[Fact], Connection], Iterable[FoldedState]]
ReadHistory = Callable[[bytes], Sequence[HistoryItem]]
CheckOptions = Callable[[JsonObject], Iterable[Problem]]
CheckObject = Callable[[JsonObject, Definition], Iterable[Problem]]
ReadHeaders = Callable[[JsonObject], Sequence[str]]


def _no_problems(options: JsonObject) -> Iterable[Problem]:
    return ()


def _suits(options: JsonObject, definition: Definition) -> Iterable[Problem]:
    return ()


def _no_headers(options: JsonObject) -> Sequence[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Integration:
    """A manifest with its functions. All are pure and total over bytes from outside, except where said.

    `verify(headers, body, secrets, now, options)`: the verdict over the body as received, by any of the secrets.
    `define(slug, options)`: the bundled object under that slug; None where the tenant brings the object.
    `facts(message)`: what it states; nothing where it is understood and says nothing of ours. Raises Unmappable.
    `fold(facts, connection)`: the state that all facts of a record, and of those related to it, make; at least one
    fact, one per key, sorted by (time, order, record, key).
    `history(page)`: the items of one page of the vendor's export. Raises Unmappable where it is not a page. None where
    the vendor has no export that we read.
    `check(options)`: problems that the JSON Schema cannot express, pointers into the options.
    `suits(options, definition)`: why these options do not fit the object that the tenant brings.
    `headers(options)`: headers that `facts` reads besides those of the manifest, in lower case.
    """

    manifest: IntegrationManifest
    verify: Verify
    define: Define
    facts: ReadFacts
    fold: FoldFacts
    history: ReadHistory | None = None
    check: CheckOptions = _no_problems
    suits: CheckObject = _suits
    headers: ReadHeaders = _no_headers
