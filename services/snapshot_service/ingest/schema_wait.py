"""Decides again about events with unknown names, once all schemas have been read."""

from collections.abc import Callable, Iterable, Sequence

from crosslook.contracts.admission import MAY_BE_NEWS
from crosslook.contracts.records import Admitted, Refused
from crosslook.platform.feeds import SchemaFeed
from crosslook.platform.kafka import RawMessage
from crosslook.platform.log_store.protocol import LogUnavailable
from crosslook.platform.logging import get_logger
from services.snapshot_service.ingest.insertion import Insertion, Interrupted
from services.snapshot_service.ingest.message_admission import MessageAdmission
from services.snapshot_service.ingest.state import IngestState

_LOG = get_logger(__name__)
_BEHIND = "schemas_behind"
_UNREADABLE = "schemas_unreadable"
Decided = Admitted | Refused


def may_be_news(decided: Decided) -> bool:
    """Whether a schema that was not read yet, or cannot be read, may decide otherwise."""
    return isinstance(decided, Refused) and decided.problem.code in MAY_BE_NEWS


class SchemaWait:
    """Waits for schemas. `stopping`: whether ingest is stopping."""

    def __init__(
        self,
        schemas: SchemaFeed,
        admission: MessageAdmission,
        state: IngestState,
        insertion: Insertion,
        retry_seconds: float,
        stopping: Callable[[], bool],
    ) -> None:
        self._schemas = schemas
        self._admission = admission
        self._state = state
        self._insertion = insertion
        self._retry_seconds = retry_seconds
        self._stopping = stopping

    async def decide(self, messages: Sequence[RawMessage]) -> list[Decided]:
        """Decide by the schemas as of the end of their topic, however long its broker is away: a good event must not be
        quarantined for it. Where a schema is needed that cannot be read, wait for that: whether its events are
        good is unknown. Raises Interrupted."""
        while True:
            await self._catch_up()
            decided = self._admission.admit_all(messages)
            if self._lacking(decided) is None:
                return decided
            await self._wait_for_schema(decided)

    async def _catch_up(self) -> None:
        while True:
            try:
                await self._schemas.view.catch_up()
                if self._state.reason == _BEHIND:
                    self._state.running()
                return
            except LogUnavailable as error:
                await self._pause(_BEHIND, str(error))

    def _lacking(self, decided: Iterable[Decided]) -> str | None:
        """Which unreadable document decides about one of these events; None where none does."""
        if not self._schemas.view.unreadable:
            return None
        doubtful = {(refusal.tenant, refusal.object) for refusal in decided if may_be_news(refusal)}
        return next((found for key in sorted(doubtful) if (found := self._schemas.unreadable(*key))), None)

    async def _wait_for_schema(self, decided: Sequence[Decided]) -> None:
        _LOG.error("ingest_waits_for_schema", reason=self._lacking(decided))
        while (reason := self._lacking(decided)) is not None:
            await self._pause(_UNREADABLE, reason)
        self._state.running()

    async def _pause(self, reason: str, error: str) -> None:
        self._state.paused(reason)
        self._state.last_error = error
        if self._stopping():
            raise Interrupted
        await self._insertion.pause(self._retry_seconds)
