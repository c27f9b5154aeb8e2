"""A transport that closes in a way that the client can read the answer it was sent (RFC 9112, 9.6).

A socket that is closed while unread bytes arrive is reset, and a reset discards what the client has not read yet: a
client that sends its whole body before it reads would never see its 413. So the sending side is closed first, and what
still comes is read and forgotten until the client closes too, or for a bounded time.
"""

import asyncio
from collections.abc import Callable
from typing import Any

LINGER_SECONDS = 30
"""How long what a client still sends is read after the last answer."""
LINGER_SILENT_SECONDS = 5
"""For how long a client may send nothing meanwhile."""


class LingeringTransport:
    """Wraps the transport of one connection. Instants are seconds of the event loop's clock."""

    def __init__(self, transport: asyncio.Transport, resume_reading: Callable[[], None]) -> None:
        self._transport = transport
        self._resume_reading = resume_reading
        self._now = asyncio.get_running_loop().time
        self._written = 0
        self._taken = 0
        self._taken_at = self._now()
        self.lingering_since: float | None = None
        self.polite = True
        """Whether `close` waits for the client."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """As asyncio.Transport.write."""
        self._written += len(data)
        self._transport.write(data)

    def is_closing(self) -> bool:
        """Whether `close` or `end` was called; nothing may be written then."""
        return self.lingering_since is not None or self._transport.is_closing()

    def close(self) -> None:
        """Close the sending side once everything is sent, and keep reading; `check` ends that."""
        if self.is_closing():
            return
        if not self.polite or not self._transport.can_write_eof():
            self._transport.close()
            return
        self.lingering_since = self._now()
        try:
            self._transport.write_eof()
        except OSError:  # the client has gone already
            self._transport.abort()
        else:
            self._resume_reading()

    def end(self) -> None:
        """Close the connection once everything is sent, whatever still comes."""
        self._transport.close()

    def stalled(self, seconds: float) -> bool:
        """Whether the client has taken nothing of what is to be sent for so long. Must be called regularly."""
        taken, now = self._written - self._transport.get_write_buffer_size(), self._now()
        if taken != self._taken or taken == self._written:
            self._taken, self._taken_at = taken, now
        return now - self._taken_at > seconds
