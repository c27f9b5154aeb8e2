"""One replica of a service: it finds the writer, waits for its writes, and shuts down in order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

from crosslook.platform.errors import AppError, Unavailable, Unconfirmed
from crosslook.platform.log_store.protocol import ElectedStore, LogError, NotTheWriter
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import FORWARDED_REQUESTS, LOG_WRITER, Meters
from crosslook.platform.writer_client import Call, ForwardedAnswer, NotSent, Unanswered, WriterClient

_LOG = get_logger(__name__)
WAIT_SECONDS = 12.0
"""How long a request waits for a writer; an election after a crash takes about 8 seconds."""
_LOOK_SECONDS = 0.05
_QUIET_SECONDS = 1.0
_READ_SECONDS = 5.0
_CATCH_UP_SECONDS = 2.0

MAY_BE_OLD = frozenset({404, 409, 412, 422})
"""Refusals that another replica's write may have made wrong before this one has read it."""

AnswerHere = Callable[[], Awaitable[ForwardedAnswer]]


class Replica:
    """One replica of a service among the others: its store, and the way to the writer."""

    def __init__(
        self,
        store: ElectedStore,
        address: str,
        meters: Meters,
        *,
        client: WriterClient | None = None,
        wait_seconds: float = WAIT_SECONDS,
        most_waiting: int = 100,
    ) -> None:
        self.store = store
        self._address = address
        self._meters = meters
        self._client = client or WriterClient()
        self._wait_seconds = wait_seconds
        self._most_waiting = most_waiting
        self._waiting = 0
        self._asked = 0.0
        self._leaving = False
        store.on_role(lambda writes: meters.set(LOG_WRITER, float(writes), topic=store.topic))

    @property
    def leaving(self) -> bool:
        """Whether this replica is about to stop, so that clients should use another one."""
        return self._leaving

    async def close(self) -> None:
        """Close the connections to other replicas."""
        await self._client.close()

    async def leave(self, at_most_seconds: float, hurry: Callable[[], bool] = lambda: False) -> None:
        """Prepare the end of this process: 1. be unready, 2. leave the writer's place to another replica, 3. answer
        until no request came for a second, where there are others to turn to. `hurry` ends the last step."""
        self._leaving = True
        self.asked()
        others = self.store.has_peers
        await self.store.resign()
        clock = asyncio.get_running_loop().time
        deadline = clock() + at_most_seconds
        while others and not hurry() and clock() < min(deadline, self._asked + _QUIET_SECONDS):
            await asyncio.sleep(_LOOK_SECONDS)

    def asked(self) -> None:
        """Take note of a request."""
        self._asked = asyncio.get_running_loop().time()

    async def newer(self, position: int) -> bool | None:
        """Whether the log holds more than stands below `position`; None where that cannot be found out in time."""
        if self.store.failure is None:
            with contextlib.suppress(LogError):
                return await self.store.catch_up(_CATCH_UP_SECONDS) > position
        return None

    async def answer(self, call: Call, here: AnswerHere) -> ForwardedAnswer:
        """The writer's answer, once this replica has read what it wrote. `here` answers the call at this replica.

        Raises Unavailable where no writer is found in time, Unconfirmed where the call may have been applied.
        """
        if self._waiting >= self._most_waiting:
            raise Unavailable("no_writer")
        self._waiting += 1
        try:
            answer = await self._search(call, here)
        except AppError as error:
            outcome = "unconfirmed" if isinstance(error, Unconfirmed) else "no_writer"
            self._meters.add(FORWARDED_REQUESTS, outcome=outcome)
            raise
        finally:
            self._waiting -= 1
        self._meters.add(FORWARDED_REQUESTS, outcome="answered")
        await self._read(answer.position)
        return answer

    async def stream(self, call: Call, body: Callable[[], AsyncIterator[bytes]]) -> ForwardedAnswer | None:
        """The writer's answer to a call whose body can be read once, as `answer`; None where this replica is the
        writer, and answers itself. A writer that is gone is waited for until its successor is known, as long as
        nothing of the body was read. Raises Unavailable, Unconfirmed."""
        deadline = asyncio.get_running_loop().time() + self._wait_seconds
        begun = False

        async def read() -> AsyncIterator[bytes]:
            nonlocal begun
            begun = True
            async for piece in body():
                yield piece

        while not self.store.writes:
            writer = self.store.writer
            if writer is not None and writer.address != self._address:
                try:
                    answer = await self._client.stream(writer.address, call, read())
                except NotSent:
                    pass
                except Unanswered:
                    raise Unconfirmed from None
                else:
                    await self._read(answer.position)
                    return answer
            if begun or asyncio.get_running_loop().time() > deadline:
                raise Unavailable("no_writer")
            await asyncio.sleep(_LOOK_SECONDS)
        return None

    async def _search(self, call: Call, here: AnswerHere) -> ForwardedAnswer:
        """Try the writer of the moment until one answers. What certainly had no effect is tried again, and what can be
        repeated; its refusal then proves nothing, as it may be its own first effect that it meets."""
        unanswered = False
        deadline = asyncio.get_running_loop().time() + self._wait_seconds
        while True:
            try:
                answer = await here() if self.store.writes else await self._at_writer(call)
            except (NotTheWriter, NotSent):
                pass
            except Unanswered:
                unanswered = True
                if not call.repeatable:
                    raise Unconfirmed from None
            else:
                if unanswered and answer.status in MAY_BE_OLD:
                    raise Unconfirmed
                return answer
            if asyncio.get_running_loop().time() > deadline:
                raise Unconfirmed if unanswered else Unavailable("no_writer")
            await asyncio.sleep(_LOOK_SECONDS)

    async def _at_writer(self, call: Call) -> ForwardedAnswer:
        writer = self.store.writer
        if writer is None or writer.address == self._address:
            raise NotSent
        return await self._client.send(writer.address, call, lambda: self.store.writer != writer)

    async def _read(self, position: int) -> None:
        try:
            async with asyncio.timeout(_READ_SECONDS):
                await self.store.reach(position)
        except (LogError, TimeoutError) as error:
            # The write is applied: that is what the client must hear, even though it cannot be read here yet.
            _LOG.warning("write_not_read_yet", topic=self.store.topic, error=type(error).__name__)
