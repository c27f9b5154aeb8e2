"""An outage in the log: one line when it begins, one a minute while it lasts, one when it ends."""

import time
from collections.abc import Callable

from crosslook.platform.log_storms import REPEAT_SECONDS
from crosslook.platform.logging import get_logger

_LOG = get_logger(__name__)


class Outage:
    """An unavailable server, as one client sees it. `name`: the snake_case event that its lines begin with.

    A loop that tries again calls `failed` after each failure and `worked` after each success; both are cheap.
    """

    def __init__(
        self,
        name: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        repeat_seconds: float = REPEAT_SECONDS,
        **fields: str,
    ) -> None:
        self._name = name
        self._fields = fields
        self._clock = clock
        self._repeat_seconds = repeat_seconds
        self._began: float | None = None
        self._logged = 0.0
        self._failures = 0

    def failed(self, reason: str) -> None:
        """Count a failure; log it when it is the first one, or a minute after the last line."""
        now = self._clock()
        self._failures += 1
        if self._began is None:
            self._began = self._logged = now
            _LOG.warning(f"{self._name}_began", reason=reason, **self._fields)
        elif now - self._logged >= self._repeat_seconds:
            self._logged = now
            seconds = round(now - self._began)
            _LOG.warning(f"{self._name}_lasts", reason=reason, seconds=seconds, failures=self._failures, **self._fields)

    def worked(self) -> None:
        """Log the end of an outage, if there was one."""
        if self._began is None:
            return
        seconds = round(self._clock() - self._began)
        _LOG.warning(f"{self._name}_ended", seconds=seconds, failures=self._failures, **self._fields)
        self._began, self._failures = None, 0
