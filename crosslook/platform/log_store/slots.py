"""A log in slots on Kafka: each slot has a `transactional_id`, and so one writer at a time (decision 46)."""

import asyncio

from crosslook.platform.log_store.kafka import REQUEST_TIMEOUT_SECONDS
from crosslook.platform.log_store.kafka_view import SIGN_OF_LIFE_SECONDS, KafkaLogView
from crosslook.platform.log_store.kafka_writer import LogWriter
from crosslook.platform.log_store.protocol import LogUnavailable
from crosslook.platform.settings import KafkaSettings


class KafkaSlottedLog(KafkaLogView):
    """The SlottedLog on Kafka."""

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

    async def take(self, slot: int) -> LogWriter:
        """As SlottedLog.take."""
        if not self._complete:
            raise LogUnavailable(f"{self._topic}: not read yet")
        writer = LogWriter(
            self,
            self._fold,
            self._settings,
            client_id=self._client_id,
            timeout_seconds=self._timeout_seconds,
            place=f"slot-{slot}",
        )
        try:
            async with asyncio.timeout(self._timeout_seconds):  # the client looks for the broker for ever
                await writer.open()
        except BaseException as error:
            await writer.close()
            if isinstance(error, TimeoutError):
                raise LogUnavailable(f"{self._topic}: slot {slot} was not taken in time") from error
            raise
        return writer
