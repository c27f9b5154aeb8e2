"""The log store of one replica on Kafka: reads always, and writes while it is elected (decision 25)."""

import asyncio
import contextlib
from collections.abc import Callable

from aiokafka.errors import KafkaError

from crosslook.platform.kafka.election import Election
from crosslook.platform.log_store.kafka import REQUEST_TIMEOUT_SECONDS
from crosslook.platform.log_store.kafka_view import SIGN_OF_LIFE_SECONDS, KafkaLogView
from crosslook.platform.log_store.kafka_writer import LogWriter
from crosslook.platform.log_store.protocol import (
    ElectedWriter,
    LogEntry,
    LogError,
    LogUnavailable,
    LogUnreadable,
    NotTheWriter,
    WriterFenced,
)
from crosslook.platform.logging import get_logger
from crosslook.platform.outage import Outage
from crosslook.platform.settings import KafkaSettings

_LOG = get_logger(__name__)
_AGAIN_SECONDS = 0.5


class KafkaElectedStore(KafkaLogView):
    """The ElectedStore. The election says who should write; the epoch of the `transactional_id` who can.

    `address`: where the other replicas reach this one. The store begins to write at once where the log names this very
    address as the writer's: that process was this one's predecessor and is gone.
    """

    def __init__(
        self,
        topic: str,
        settings: KafkaSettings,
        address: str,
        *,
        client_id: str = "crosslook",
        sign_of_life_seconds: float = SIGN_OF_LIFE_SECONDS,
        request_timeout_seconds: float = REQUEST_TIMEOUT_SECONDS,
    ) -> None:
        super().__init__(topic, settings, client_id=client_id, sign_of_life_seconds=sign_of_life_seconds)
        self._address = address
        self._timeout_seconds = request_timeout_seconds
        self._on_role: list[Callable[[bool], None]] = []
        self._writer: LogWriter | None = None
        self._began = -1
        self._election: Election | None = None
        self._lost = asyncio.Event()
        self._standing: asyncio.Task[None] | None = None
        self._outage = Outage("log_candidacy", topic=topic)

    @property
    def writes(self) -> bool:
        """Whether this replica is the writer, as far as it knows."""
        return self._writer is not None and not self._writer.fenced

    @property
    def writer(self) -> ElectedWriter | None:
        """The replica that took over last, as far as this one has read."""
        return self._fold.writer

    @property
    def has_peers(self) -> bool:
        """Whether other replicas took part in the last election."""
        return self._election is not None and self._election.candidates > 1

    def on_role(self, callback: Callable[[bool], None]) -> None:
        """As ElectedStore.on_role."""
        self._on_role.append(callback)
        callback(self.writes)

    async def start(self) -> None:
        """Replay, then stand for election in the background. Raises LogUnavailable."""
        await super().start()
        if self.whole and self.writer is not None and self.writer.address == self._address:
            with contextlib.suppress(LogError):
                await self._take_over()
        self._standing = asyncio.create_task(self._stand(), name=f"stand for election as writer of {self._topic}")

    async def stop(self) -> None:
        """Stop writing and reading. Safe to call twice."""
        await self.resign()
        await super().stop()

    async def resign(self) -> None:
        """As ElectedStore.resign: 1. write no more, 2. leave the group, so that another replica takes over at once."""
        standing, self._standing = self._standing, None
        if standing is not None:
            standing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await standing
        await self._step_down()
        await self._withdraw()

    async def put(self, key: str, value: bytes | None, *, expected_version: int | None = None) -> LogEntry | None:
        """As ElectedStore.put."""
        writer = self._writer
        if self._failure is not None:
            raise LogUnavailable(f"{self._topic}: {self._failure}")
        if self._fold.failure is not None:
            raise LogUnreadable(f"{self._topic}: {self._fold.failure}")
        if writer is None:
            raise NotTheWriter(f"{self._topic}: another replica writes")
        try:
            return await writer.put(key, value, expected_version=expected_version)
        except WriterFenced as error:
            raise NotTheWriter(f"{self._topic}: another replica has taken over") from error
        finally:
            if writer.fenced:
                self._lost.set()

    async def _stand(self) -> None:
        """Stand for election until resigned, again after whatever ends a candidacy; not while the log cannot be read,
        since a replica of a newer release may be able to write."""
        while True:
            try:
                if self.whole:
                    await self._candidacy()
            except (KafkaError, LogError, OSError, TimeoutError) as error:
                self._outage.failed(type(error).__name__)
            except Exception:
                _LOG.exception("log_candidacy_failed", topic=self._topic)
            await self._withdraw()
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _candidacy(self) -> None:
        """From joining the group until this replica is fenced or the group cannot go on; never returns otherwise."""
        self._lost.clear()
        self._election = election = Election(
            self._topic, self._settings, client_id=self._client_id, term=lambda: self._term
        )
        await election.join()
        self._outage.worked()
        while True:
            if not election.elected:
                await self._step_down()
            elif self._writer is None:
                await self._take_over()
            await self._change(election)

    async def _change(self, election: Election) -> None:
        """Wait for the next outcome. Raises WriterFenced where this replica lost the writer's place before that: it
        leaves the group and joins it again, since the group may still take it for the writer."""
        waits = [asyncio.create_task(election.change()), asyncio.create_task(self._lost.wait())]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.wait(waits)
        if self._lost.is_set():
            await self._step_down()
            raise WriterFenced(f"{self._topic}: another replica has taken over")
        waits[0].result()

    @property
    def _term(self) -> int:
        """Where this writer took over. Not where the last one did: who has read of the next writer, and not tried to
        write since, would stand with its term."""
        return self._began if self.writes else -1

    async def _take_over(self) -> None:
        writer = LogWriter(
            self, self._fold, self._settings, client_id=self._client_id, timeout_seconds=self._timeout_seconds
        )
        try:
            await writer.open(self._address)
        except BaseException:
            await writer.close()
            raise
        self._began = -1 if self.writer is None else self.writer.offset
        self._writer = writer
        self._changed_to(writes=True)
        _LOG.info("log_writer_elected", topic=self._topic, address=self._address, position=self.position)

    async def _step_down(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            self._changed_to(writes=False)
            _LOG.info("log_writer_stepped_down", topic=self._topic, address=self._address)
            await writer.close()

    def _changed_to(self, *, writes: bool) -> None:
        for callback in self._on_role:
            callback(writes)

    async def _withdraw(self) -> None:
        if self._election is not None:
            await self._election.leave()
            self._election = None
