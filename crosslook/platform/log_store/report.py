"""Reports unreadable and foreign messages of a log to operators: log lines and metrics."""

from functools import partial

from crosslook.contracts.documents import Unreadable
from crosslook.platform.log_store.fold import Fold
from crosslook.platform.log_store.protocol import LogView
from crosslook.platform.logging import get_logger
from crosslook.platform.metrics import LOG_FOREIGN, LOG_UNREADABLE, Meters

_LOG = get_logger(__name__)


class LogReport:
    """Logs one error when a key becomes unreadable while none was, one line when all can be read again, and a warning
    for the first, the tenth, the hundredth … foreign message."""

    def __init__(self, topic: str) -> None:
        self._topic = topic
        self._unreadable: Unreadable | None = None
        self._next_foreign = 1

    def update(self, fold: Fold) -> None:
        """Compare with what was logged last."""
        first = next(iter(fold.unreadable.values()), None)
        if first is not None and self._unreadable is None:
            _LOG.error("log_unreadable", topic=self._topic, key=first.key[:200], offset=first.offset, cause=first.cause)
        elif first is None and self._unreadable is not None:
            _LOG.info("log_readable_again", topic=self._topic, position=fold.position)
        self._unreadable = first
        if fold.foreign >= self._next_foreign:
            _LOG.warning("foreign_messages_skipped", topic=self._topic, messages=fold.foreign, position=fold.position)
            self._next_foreign = 10 ** len(str(fold.foreign))


def export(meters: Meters, *views: LogView) -> None:
    """Have the metrics of these logs read whenever they are scraped."""
    for view in views:
        meters.track(LOG_UNREADABLE, partial(_unreadable, view), topic=view.topic)
        meters.track(LOG_FOREIGN, partial(_foreign, view), topic=view.topic)


def _unreadable(view: LogView) -> int:
    return len(view.unreadable)


def _foreign(view: LogView) -> int:
    return view.foreign
