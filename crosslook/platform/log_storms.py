"""Reduces what client libraries log while a server is unavailable: a first line, one a minute, and a last line.

A client that cannot reach its broker logs several lines per attempt and makes several attempts per second, for each of
its connections. Nothing is lost by thinning: the summaries count every line by its message template.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

REPEAT_SECONDS = 60.0
QUIET_SECONDS = 15.0
_TEMPLATES_SHOWN = 5


@dataclass(slots=True)
class _Storm:
    """What one library has logged since its first line. Times are seconds of a monotonic clock."""

    began: float
    last_seen: float
    last_summary: float
    suppressed: int = 0
    templates: Counter[str] = field(default_factory=Counter)


class StormFilter(logging.Filter):
    """Passes the first line of a library and suppresses what follows, until the library was quiet for
    `quiet_seconds`; lines of other loggers pass. Summaries go to `emit`.

    It lives on a handler. `sweep` emits the summaries that are due; a thread calls it while a storm lasts.
    """

    def __init__(
        self,
        libraries: tuple[str, ...],
        emit: Callable[[logging.LogRecord], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        repeat_seconds: float = REPEAT_SECONDS,
        quiet_seconds: float = QUIET_SECONDS,
        sweep_seconds: float | None = 1.0,
    ) -> None:
        super().__init__()
        self._libraries = libraries
        self._emit = emit
        self._clock = clock
        self._repeat_seconds = repeat_seconds
        self._quiet_seconds = quiet_seconds
        self._sweep_seconds = sweep_seconds
        self._lock = threading.Lock()
        self._storms: dict[str, _Storm] = {}
        self._sweeper: threading.Thread | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line passes."""
        library = record.name.partition(".")[0]
        if library not in self._libraries:
            return True
        now = self._clock()
        with self._lock:
            storm = self._storms.get(library)
            if storm is None:
                self._storms[library] = _Storm(now, now, now)
                self._start_sweeper()
                return True
            storm.last_seen = now
            storm.suppressed += 1
            storm.templates[str(record.msg)[:120]] += 1
            return False

    def sweep(self) -> bool:
        """Emit the summaries that are due; answers whether a storm is left to watch."""
        due: list[logging.LogRecord] = []
        with self._lock:
            now = self._clock()
            for library, storm in list(self._storms.items()):
                if now - storm.last_seen >= self._quiet_seconds:
                    del self._storms[library]
                    if storm.suppressed:
                        due.append(_summary(library, storm, "library_quiet_again", storm.last_seen - storm.began))
                elif now - storm.last_summary >= self._repeat_seconds and storm.suppressed:
                    storm.last_summary = now
                    due.append(_summary(library, storm, "library_repeats_itself", now - storm.began))
            watched = bool(self._storms)
            if not watched:
                self._sweeper = None
        for record in due:
            self._emit(record)
        return watched

    def _start_sweeper(self) -> None:
        if self._sweep_seconds is None or self._sweeper is not None:
            return
        self._sweeper = threading.Thread(target=self._sweep_on, args=(self._sweep_seconds,), daemon=True, name="storms")
        self._sweeper.start()

    def _sweep_on(self, seconds: float) -> None:
        while True:
            time.sleep(seconds)
            if not self.sweep():
                return


def _summary(library: str, storm: _Storm, event: str, seconds: float) -> logging.LogRecord:
    """One line for all that was held back so far: how many, for how long, and the most frequent templates."""
    record = logging.LogRecord(library, logging.WARNING, "", 0, event, None, None)
    record.held_back = {
        "lines": storm.suppressed,
        "seconds": round(seconds, 1),
        "messages": dict(storm.templates.most_common(_TEMPLATES_SHOWN)),
    }
    return record
