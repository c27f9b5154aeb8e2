"""Replay and discard: how quarantined events leave the quarantine. Each is moved, never copied."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from crosslook.contracts.admission import Admission
from crosslook.contracts.topics import RECORDS, WEBHOOKS
from crosslook.contracts.values import milliseconds
from crosslook.platform.clock import Clock
from crosslook.platform.feeds import SchemaFeed
from crosslook.platform.kafka import Publisher
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import QUARANTINE_RESOLVED, Meters
from services.snapshot_service.domain.limits import Sender
from services.snapshot_service.domain.replaying import Held, Judged, RefuseHeld, Tally, judged
from services.snapshot_service.domain.selection import Selection
from services.snapshot_service.failpoints import Failpoint
from services.snapshot_service.ingest.controls import IngestControls
from services.snapshot_service.quarantine.store import Action, QuarantineStore
from services.snapshot_service.settings import QuarantineSettings

_LOG = get_logger(__name__)
_UNFINISHED_AFTER = timedelta(minutes=1)
"""Longer than the broker and the store may take for one batch."""


@dataclass(slots=True)
class MoveProgress:
    """What a replay or a discard under way has done so far; of the last one when none is."""

    running: Action | None = None
    done: int = 0


class Replayer:
    """Moves quarantined events, one call at a time in this process.

    A second process may replay the same event at the same moment: it is then published twice, which counts once,
    because an event's source and id are its identity.
    """

    def __init__(
        self,
        store: QuarantineStore,
        publisher: Publisher,
        schemas: SchemaFeed,
        controls: IngestControls,
        clock: Clock,
        meters: Meters,
        failpoint: Failpoint = lambda name: None,
        refuse: RefuseHeld | None = None,
    ) -> None:
        self._refuse = refuse
        self.store = store
        self._publisher = publisher
        self._schemas = schemas
        self._controls = controls
        self._admission = Admission(schemas)
        self._clock = clock
        self._meters = meters
        self._failpoint = failpoint
        self._turn = asyncio.Lock()
        self.progress = MoveProgress()

    async def diverted(self) -> Collection[Sender]:
        """Senders whose events ingest only puts back into quarantine. Raises ClickHouseError."""
        return (await self._controls.read()).diversions

    async def would_replay(self, selection: Selection) -> Tally:
        """What a replay would do, by the schemas and diversions of this moment; changes nothing. Raises
        ClickHouseError, LogUnavailable."""
        await self._schemas.view.catch_up()
        diverted = await self.diverted()
        tally = Tally()
        async for batch in self.store.batches(selection):
            events = self._judge(batch, diverted)
            tally.judge(events)
            tally.moved += len(_admitted(events))
        return tally

    async def replay(self, selection: Selection, by: str) -> Tally:
        """Publish those of the selected events that would be admitted now; the others stay, with the reason of today.
        Raises ClickHouseError, KafkaUnavailable, LogUnavailable: what was not moved yet is still there, and replaying
        it again is harmless."""
        await self._schemas.view.catch_up()
        tally, recoded = Tally(), 0
        async with self._running(Action.REPLAYED):
            diverted = await self.diverted()
            async for batch in self.store.batches(selection):
                events = self._judge(batch, diverted)
                tally.judge(events)
                tally.moved += await self._move(_admitted(events), by, "")
                recoded += await self._recode(events, by)
                self.progress.done = tally.matched
            if recoded:  # the former rows would count against their tenants' quotas
                await self.store.sweep(self._clock.now())
        _LOG.info("quarantine_replayed", matched=tally.matched, moved=tally.moved, recoded=recoded, by=by)
        return tally

    async def replay_admissible(self, selection: Selection, by: str, reason: str, pace: QuarantineSettings) -> int:
        """Publish those of the selected events that would be admitted now, and leave the others; answers how many went.
        Between two batches others have their turn. Raises ClickHouseError, KafkaUnavailable."""
        batches = self.store.batches(selection, pace.batch_events)
        diverted = await self.diverted()
        moved = 0
        while True:
            # Reading belongs to the turn: what somebody discards meanwhile must not be published.
            async with self._turn:
                batch = await anext(batches, None)
                if batch is None:
                    return moved
                sent = await self._move(_admitted(self._judge(batch, diverted)), by, reason)
            moved += sent
            await asyncio.sleep(sent / pace.replays_per_second)

    async def finish(self, by: str) -> int:
        """Replay again what began a while ago and did not end, so that no event stays in quarantine and in staging;
        answers how many events. What began would have been admitted then, and may be on the topic: it goes whatever
        would become of it today. Raises ClickHouseError, KafkaUnavailable."""
        ids = await self.store.unfinished(self._clock.now() - _UNFINISHED_AFTER)
        moved = 0
        if ids:
            async with self._running(Action.REPLAYED):
                async for batch in self.store.batches(Selection(ids=ids)):
                    moved += await self._move([event for event in self._judge(batch, ()) if event.held.fits], by, "")
                    self.progress.done = moved
        return moved

    async def would_discard(self, selection: Selection) -> Tally:
        """How many events a discard would remove. Raises ClickHouseError."""
        if selection.ids is None:
            events, _ = await self.store.summary(selection.filter)
            return Tally(events, events)
        events = sum([len(batch) async for batch in self.store.batches(selection)])
        return Tally(events, events)

    async def discard(self, selection: Selection, by: str, reason: str) -> Tally:
        """Take events away for good: 1. note them as gone, 2. take their rows out of the store, payload included. A
        crash between the two leaves rows that nobody sees and the hourly sweep takes out. Raises ClickHouseError."""
        tally = Tally()
        async with self._running(Action.DISCARDED):
            async for batch in self.store.batches(selection):
                await self.store.resolve(batch, Action.DISCARDED, reason, by, self._clock.now())
                self._count(Action.DISCARDED, len(batch))
                tally.matched += len(batch)
                tally.moved = self.progress.done = tally.matched
            await self.store.sweep(self._clock.now())
        _LOG.info("quarantine_discarded", matched=tally.matched, by=by, reason=reason)
        return tally

    async def _move(self, events: Sequence[Judged], by: str, reason: str) -> int:
        """1. note that it begins, 2. publish, 3. note as gone.

        Nothing is ever gone that the broker has not acknowledged. After a crash, or an answer that never came, the
        event may be on the topic and in quarantine: what began is then published once more by `finish`, which counts
        once.
        """
        if not events:
            return 0
        held = [event.held for event in events]
        await self.store.resolve(held, Action.REPLAYING, reason, by, self._clock.now())  # 1
        self._failpoint("noted")
        for topic in (RECORDS.name, WEBHOOKS.name):
            theirs = [
                event.message for event in events if (event.held.topic == WEBHOOKS.name) == (topic != RECORDS.name)
            ]
            if theirs:
                await self._publisher.publish(topic, theirs)  # 2
        self._failpoint("published")
        await self.store.resolve(held, Action.REPLAYED, reason, by, self._clock.now())  # 3
        self._count(Action.REPLAYED, len(held))
        return len(held)

    async def _recode(self, events: Sequence[Judged], by: str) -> int:
        rows = [(event.held, row) for event in events if (row := event.recoded) is not None]
        await self.store.recode(rows, by, self._clock.now())
        self._count(Action.RECODED, len(rows))
        return len(rows)

    def _judge(self, batch: Sequence[Held], diverted: Collection[Sender]) -> list[Judged]:
        return judged(self._admission, batch, milliseconds(self._clock.now()), diverted, self._refuse)

    def _count(self, action: Action, events: int) -> None:
        self._meters.add(QUARANTINE_RESOLVED, events, action=action.value)

    @asynccontextmanager
    async def _running(self, action: Action) -> AsyncIterator[None]:
        """One at a time, and told while it goes on."""
        async with self._turn:
            self.progress = MoveProgress(action)
            try:
                yield
            finally:
                self.progress.running = None


def _admitted(events: Sequence[Judged]) -> list[Judged]:
    return [event for event in events if event.refused is None]
