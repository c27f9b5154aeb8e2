"""Ingest: the loop that turns messages into staged rows (ARCHITECTURE 5)."""

import asyncio
from functools import partial

from crosslook.contracts.problems import Problem
from crosslook.contracts.records import Address, Admitted, Refused
from crosslook.platform.errors import StopService
from crosslook.platform.feeds import SchemaFeed
from crosslook.platform.kafka import (
    KafkaUnavailable,
    PartitionsLost,
    RawMessage,
    RecordSource,
    StartUnknown,
    next_offset,
)
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import (
    INGEST_CHUNK_EVENTS,
    INGEST_LEFT,
    INGEST_QUARANTINED,
    INGEST_SECONDS,
    INGEST_STAGED,
    Meters,
)
from services.snapshot_service.consistency.check import Inconsistent
from services.snapshot_service.domain.batching import Chunk
from services.snapshot_service.domain.diverting import divert
from services.snapshot_service.domain.limits import RefusalWatch
from services.snapshot_service.failpoints import Failpoint
from services.snapshot_service.ingest.back_pressure import BackPressure
from services.snapshot_service.ingest.chunk_reader import ChunkReader, MessagesByPartition, in_slices
from services.snapshot_service.ingest.diversions import Diversions
from services.snapshot_service.ingest.insertion import Insertion, Interrupted
from services.snapshot_service.ingest.message_admission import MessageAdmission
from services.snapshot_service.ingest.quarantine_quota import QuarantineQuota
from services.snapshot_service.ingest.schema_wait import SchemaWait, may_be_news
from services.snapshot_service.ingest.staging import Staging
from services.snapshot_service.ingest.start_offsets import StartOffsets
from services.snapshot_service.ingest.state import IngestState
from services.snapshot_service.ingest.unreadable import quarantined
from services.snapshot_service.settings import IngestSettings

_LOG = get_logger(__name__)


class Ingest:
    """One member of the ingest group. Offsets are committed only after both inserts, so *committed* means *staged*.

    `failure`: why the loop ended by itself.
    """

    def __init__(
        self,
        source: RecordSource,
        staging: Staging,
        schemas: SchemaFeed,
        settings: IngestSettings,
        meters: Meters,
        topic: str,
        diversions: Diversions,
        quota: QuarantineQuota,
        start_offsets: StartOffsets,
        failpoint: Failpoint = lambda name: None,
    ) -> None:
        self._source = source
        self.quota = quota
        self.diversions = diversions
        self._admission = MessageAdmission(schemas)
        self._settings = settings
        self._meters = meters
        self._topic = topic
        self._consistency = start_offsets.consistency
        self._start_offsets = start_offsets
        self._failpoint = failpoint
        self._watch = RefusalWatch(settings.limits)
        self._stopping = asyncio.Event()
        self.state = IngestState(meters)
        self._insertion = Insertion(staging, self.state, settings, meters, self._stopping, start_offsets.consistency)
        self._back_pressure = BackPressure(source, self.state, settings)
        self._schema_wait = SchemaWait(
            schemas, self._admission, self.state, self._insertion, settings.retry_seconds, self._stopping.is_set
        )
        self._chunks = ChunkReader(source, settings)
        self._settling: asyncio.Task[None] | None = None
        self.finished = asyncio.Event()
        self.finished.set()
        self.failure: str | None = None

    def stop(self) -> None:
        """Finish the current chunk, then stop."""
        self._stopping.set()

    async def run(self) -> None:
        """Run until stopped. Raises StopService if continuing would lose or damage events, KafkaUnavailable when the
        group cannot be joined."""
        self.finished.clear()
        try:
            await self._until_consistent()
            await self._source.start()
            self.state.running()
            while not self._stopping.is_set():
                try:
                    await self._step()
                except Inconsistent:  # nothing of the chunk is committed
                    await self._hold_while_inconsistent()
            await self._settled()
            self.state.stopped("asked to stop")
        except Interrupted:
            self.state.stopped("asked to stop while the store was away")
        except (StopService, KafkaUnavailable) as error:
            self.state.stopped(str(error))
            self.failure = str(error)
            raise
        finally:
            if self._settling is not None:
                self._settling.cancel()
            self.finished.set()
            await self._source.stop()

    async def _step(self) -> None:
        """One chunk: 1. read, 2. admit, 3. stage, 4. quarantine, 5. commit. A crash between any two only means that the
        next owner of the partitions does it again; rows that are then staged twice count once in a refresh.

        Steps 3 to 5 of a chunk overlap with 1 and 2 of the next; at most one chunk is in progress.
        """
        if self._consistency.mismatch is not None:
            await self._settled()
            raise Inconsistent
        try:
            batches = await self._chunks.chunk(self._stopping)  # 1
            self.state.start_known()
            if not batches:
                await self._settled()
                await self._back_pressure.until(self._commit(await self._idle_offsets()))
                self._remember_newest({})
                return
        except KafkaUnavailable as error:
            self.state.last_error = str(error)
            if isinstance(error, StartUnknown):
                self.state.start_unknown(error.reason)
            await self._insertion.pause(self._settings.retry_seconds)
            return
        started = asyncio.get_running_loop().time()
        generation = self._source.generation
        chunk = await self._decide(batches)  # 2
        await self._divert(chunk, batches)
        if self._too_many_diverted:
            await self._halt()
            if self._stopping.is_set() or generation != self._source.generation:
                return  # nothing of the chunk was stored: whoever owns its partitions reads it again
            chunk = await self._decide(batches)
        self._failpoint("admitted")
        await self._settled()
        if generation != self._source.generation:
            return  # nothing of the chunk was stored: whoever owns its partitions now reads it again
        self._settling = asyncio.create_task(self._settle(chunk, batches, generation, started), name=chunk.token)

    async def _divert(self, chunk: Chunk, batches: MessagesByPartition) -> None:
        """Move what diverted senders sent to the chunk's quarantined rows, and divert those that pass a limit in it."""
        await self._back_pressure.until(self.diversions.follow())
        if breaches := divert(chunk, batches, self.diversions.now.diversions, self._watch):
            write = partial(self.diversions.add, breaches)
            await self._back_pressure.until(self._insertion.durable(write, "the diversion of a sender"))

    @property
    def _too_many_diverted(self) -> bool:
        return len(self.diversions.now.diversions) >= self._watch.limits.senders

    async def _halt(self) -> None:
        """Wait until an operator resumes ingest, or until it is stopping."""
        await self._settled()
        senders = len(self.diversions.now.diversions)
        self.state.stopped(f"too_many_refusals: {senders} senders are diverted at the same time")
        _LOG.error("ingest_halted", diverted_senders=senders)
        waits = [asyncio.ensure_future(wait) for wait in (self.diversions.resumed(), self._stopping.wait())]
        try:
            await self._back_pressure.until(asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED))
        finally:
            for wait in waits:
                wait.cancel()
        self._watch.forgive()
        self.state.running()

    async def _until_consistent(self) -> None:
        """Wait while stored state does not belong together, or until ingest is stopping."""
        while (mismatch := self._consistency.mismatch) is not None and not self._stopping.is_set():
            self.state.stopped(mismatch.reason)
            self.state.last_error = mismatch.detail
            await self._consistency.changed(self._stopping)

    async def _hold_while_inconsistent(self) -> None:
        """Wait as a member of the group; then everything that was not committed is read again."""
        await self._back_pressure.until(self._until_consistent())
        if not self._stopping.is_set():
            self._source.start_again()
            self.state.last_error = None
            self.state.running()

    async def _settled(self) -> None:
        """Wait until the chunk in progress is durable and committed. Raises what prevented that."""
        settling, self._settling = self._settling, None
        if settling is not None:
            await self._back_pressure.until(settling)

    async def _settle(self, chunk: Chunk, batches: MessagesByPartition, generation: int, started: float) -> None:
        if chunk.staged:
            await self._store(chunk, batches)  # 3
            self._failpoint("staged")
        if chunk.quarantined:
            await self._quarantine(chunk)  # 4
            self._failpoint("quarantined")
        if generation == self._source.generation and self._consistency.mismatch is None:
            await self._commit(chunk.next_offsets)  # 5
            self._failpoint("committed")
        self._remember_newest(batches)
        self._count(chunk, asyncio.get_running_loop().time() - started)

    async def _quarantine(self, chunk: Chunk) -> None:
        """Keep what the tenants' quotas allow; the rest stays on Kafka only and is counted."""
        kept, left = await self._insertion.answer(partial(self.quota.divide, chunk.quarantined), "a count")
        if kept:
            await self._insertion.quarantine(kept, chunk.token)
        if left:
            await self._insertion.leave(left, chunk.token)
            for row in left:
                self._meters.add(INGEST_LEFT, len(row.offsets), code=row.code)

    def _remember_newest(self, batches: MessagesByPartition) -> None:
        """Partitions that other workers own now are left out."""
        newest = self.state.newest_ms | {p: messages[-1].timestamp for p, messages in batches.items()}
        self.state.newest_ms = {p: at for p, at in newest.items() if p in self._source.assigned}

    async def _commit(self, offsets: dict[int, int]) -> None:
        if not offsets:
            return
        try:
            await self._source.commit(offsets, self._start_offsets.metadata(offsets))
            self.state.committed |= offsets
        except PartitionsLost:
            _LOG.info("partitions_left_to_the_next_owner", offsets=offsets)
        except KafkaUnavailable as error:
            # The next commit of these partitions covers this one, too.
            self.state.last_error = str(error)

    async def _idle_offsets(self) -> dict[int, int]:
        """Positions that moved past the markers of transactions: a refresh waits for them as for events."""
        known = self.state.committed
        positions = {p: await self._source.position(p) for p in self._source.assigned if p in known}
        return {partition: at for partition, at in positions.items() if at > known[partition]}

    async def _decide(self, batches: MessagesByPartition) -> Chunk:
        chunk = Chunk(self._topic)
        unsure: list[RawMessage] = []
        for partition, messages in batches.items():
            chunk.first[partition] = messages[0].offset
            chunk.next_offsets[partition] = next_offset(messages[-1])
            for some in in_slices(messages):
                for message, decided in zip(some, self._admission.admit_all(some), strict=True):
                    if may_be_news(decided):
                        unsure.append(message)
                    else:
                        self._put(chunk, message, decided)
                await asyncio.sleep(0)
        if unsure:
            by_all = await self._back_pressure.until(self._schema_wait.decide(unsure))
            for message, decided in zip(unsure, by_all, strict=True):
                self._put(chunk, message, decided)
        return chunk

    def _put(self, chunk: Chunk, message: RawMessage, decided: Admitted | Refused) -> None:
        address = Address(self._topic, message.partition, message.offset, message.timestamp)
        if isinstance(decided, Admitted):
            chunk.staged.append((decided, address))
        else:
            chunk.quarantined.append(quarantined(decided, address, message))

    async def _store(self, chunk: Chunk, batches: MessagesByPartition) -> None:
        """Stage a chunk; what the store itself refuses goes to quarantine with the bytes it came in."""
        refused = await self._insertion.stage(chunk.staged, chunk.token)
        for event, address in refused:
            problem = Problem("store_refused", "/data")
            row = Refused(problem, event.tenant, event.object, event.record, event.source, event.event_id)
            sent = next(batch for batch in batches[address.partition] if batch.offset == address.offset)
            chunk.quarantined.append(quarantined(row, address, sent))
        out = {address for _, address in refused}
        self._start_offsets.staged(address for _, address in chunk.staged if address not in out)

    def _count(self, chunk: Chunk, seconds: float) -> None:
        self._meters.add(INGEST_STAGED, len(chunk.staged))
        self._meters.observe(INGEST_SECONDS, seconds)
        self._meters.observe(INGEST_CHUNK_EVENTS, len(chunk.staged) + len(chunk.quarantined))
        for row in chunk.quarantined:
            self._meters.add(INGEST_QUARANTINED, code=row.refused.problem.code)
        self.state.staged += len(chunk.staged)
        self.state.quarantined += len(chunk.quarantined)
