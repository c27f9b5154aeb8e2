"""Seeded events, whole and in parts, good and bad in every way, and a sender that remembers what it did."""

import itertools
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from crosslook.contracts.records import EventKind
from crosslook.contracts.topics import RECORDS
from crosslook.platform.kafka import KafkaUnavailable, Publisher
from tests.helpers.builders import SCORE, STATUS, Event, definition, event
from tests.helpers.checker import History, Sent

TENANT = "acme"
TICKET = definition(STATUS, SCORE)
_BATCH = 100
_PATCHED = 0.1


class Sender:
    """Sends events under a seed; `history` is what a checker needs. `skew`: how far its clock is ahead of ours."""

    def __init__(self, publisher: Publisher, history: History) -> None:
        self._publisher = publisher
        self._random = random.Random(history.seed)  # noqa: S311  # repeatable is what it is for
        self._numbers = itertools.count()
        self.history = history

    async def send(self, count: int, bad: float = 0.0, skew: timedelta = timedelta()) -> None:
        """Send so many events, a share of them bad. A batch that nobody acknowledged may be there or not."""
        for start in range(0, count, _BATCH):
            batch = [self._make(bad, skew) for _ in range(min(_BATCH, count - start))]
            self.history.attempted |= {sent.value: sent for sent in batch}
            try:
                places = await self._publisher.publish(RECORDS.name, [(s.record.encode(), s.value, ()) for s in batch])
            except KafkaUnavailable:
                continue
            self.history.acknowledged |= zip(places, batch, strict=True)

    def _make(self, bad: float, skew: timedelta) -> Sent:
        number = next(self._numbers)
        event_id, record = f"{self.history.seed}-{number}-{self._random.getrandbits(32)}", str(number % 50)
        kind, fields = self._content()
        time_ms = round((datetime.now(UTC) + skew).timestamp() * 1000)
        time = datetime.fromtimestamp(time_ms / 1000, UTC)
        sent = event(TENANT, "ticket", record, fields, event_id=event_id, time=time, kind=kind.name.lower())
        if self._random.random() < bad:
            return Sent(event_id, record, self._random.choice(_SPOILT)(sent), time_ms, None)
        return Sent(event_id, record, orjson.dumps(sent), time_ms, fields, kind)

    def _content(self) -> tuple[EventKind, dict[str, Any]]:
        fields = {"status": self._random.choice(("open", "solved", "héhé")), "score": self._random.random()}
        if self._random.random() >= _PATCHED:
            return EventKind.UPSERT, fields
        return EventKind.PATCH, self._random.choice(({"status": None}, {"score": fields["score"]}))


def _with_field(name: str, value: object) -> Callable[[Event], bytes]:
    def spoil(sent: Event) -> bytes:
        sent["data"]["fields"][name] = value
        return orjson.dumps(sent)

    return spoil


def _of_another_object(sent: Event) -> bytes:
    sent["data"]["object"] = "nothing_like_it"
    return orjson.dumps(sent)


_SPOILT: tuple[Callable[[Event], bytes], ...] = (
    lambda sent: orjson.dumps(sent)[:-1],
    lambda sent: sent["id"].encode() + b"\xff\x00",
    lambda sent: orjson.dumps({**sent, "type": "unheard.of"}),
    _with_field("score", "many"),
    _with_field("not_there", 1),
    _of_another_object,
)
