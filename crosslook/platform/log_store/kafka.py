"""The exclusive log store on Kafka: starting it takes the writer's place from any other."""

from crosslook.platform.log_store.kafka_view import SIGN_OF_LIFE_SECONDS, KafkaLogView
from crosslook.platform.log_store.kafka_writer import LogWriter
from crosslook.platform.log_store.protocol import LogEntry, LogError, Repair, WriterFenced
from crosslook.platform.settings import KafkaSettings

__all__ = ["KafkaLogStore", "KafkaLogView"]

REQUEST_TIMEOUT_SECONDS = 15.0


class KafkaLogStore(KafkaLogView):
    """The ExclusiveStore: at most one process can write, as taking over bumps the epoch of the `transactional_id`."""

    def __init__(
        self,
        topic: str,
        settings: KafkaSettings,
        *,
        client_id: str = "crosslook",
        sign_of_life_seconds: float = SIGN_OF_LIFE_SECONDS,
        request_timeout_seconds: float = REQUEST_TIMEOUT_SECONDS,
    ) -> None:
        super().__init__(topic, settings, client_id=client_id, sign_of_life_seconds=sign_of_life_seconds)
        self._timeout_seconds = request_timeout_seconds
        self._writer: LogWriter | None = None

    @property
    def failure(self) -> str | None:
        """Why the store does not work: the reader's reason, or that another writer has taken over."""
        return "writer_fenced" if self._writer is not None and self._writer.fenced else super().failure

    async def start(self) -> None:
        """Replay, take over from any other writer, and read to a barrier of our own. Raises LogUnavailable."""
        await super().start()
        self._writer = LogWriter(
            self, self._fold, self._settings, client_id=self._client_id, timeout_seconds=self._timeout_seconds
        )
        try:
            await self._writer.open()
        except LogError:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop writing and reading."""
        if self._writer is not None:
            await self._writer.close()
        await super().stop()

    async def put(self, key: str, value: bytes | None, *, expected_version: int | None = None) -> LogEntry | None:
        """As LogStore.put."""
        if self._writer is None:
            raise WriterFenced(f"{self._topic}: the store was not started")
        return await self._writer.put(key, value, expected_version=expected_version)

    async def repair(self, repair: Repair) -> None:
        """As ExclusiveStore.repair."""
        if self._writer is None:
            raise WriterFenced(f"{self._topic}: the store was not started")
        await self._writer.repair(repair)
