"""Lookups that include what another worker has just written."""

from collections.abc import Callable
from typing import TypeVar

from crosslook.platform.errors import Unavailable
from crosslook.platform.log_store.protocol import LogUnavailable, LogView

T = TypeVar("T")
_SECONDS = 2.0


async def known(log: LogView, look: Callable[[], T | None]) -> T | None:
    """What `look` finds in the view of a log; if nothing, it looks once more at the log's end. A client that
    alternates between workers must not be told that what one of them answered does not exist.

    Raises Unavailable where the end is not reached in time: then nobody knows.
    """
    found = look()
    if found is not None:
        return found
    try:
        await log.catch_up(_SECONDS)
    except LogUnavailable as error:
        raise Unavailable("snapshots_log") from error
    return look()
