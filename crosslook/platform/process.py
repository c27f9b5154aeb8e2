"""How a service's process exits: in order on a signal, with a non-zero status if continuing would be wrong.

A service's `__main__` is `sys.exit(run(main()))`, where `main` awaits `server.serve(app, settings.http, fatal=…)`.
`fatal` answers why the process must end, None while it may go on: usually `lambda: lost(store, view)`.
"""

import asyncio
import gc
import signal
from collections.abc import Callable, Coroutine, Mapping
from types import FrameType
from typing import Any

from pydantic import BaseModel, ValidationError

from crosslook.platform.errors import StopService
from crosslook.platform.log_store.protocol import LogView
from crosslook.platform.logging import get_logger
from crosslook.platform.settings import ENV_PREFIX
from crosslook.platform.settings_group import old_names

_LOG = get_logger(__name__)
_CHECK_SECONDS = 0.25
_FOR_GOOD = ("reader_stopped",)

Fatal = Callable[[], str | None]
"""Why the process must end, in words for operators; None while it may go on."""


def lost(*views: LogView) -> str | None:
    """A `Fatal` over log stores: the first failure that is not temporary. A broker that is away is none, and neither
    is another writer: this process reads on."""
    return next((f"{view.topic}: {view.failure}" for view in views if view.failure in _FOR_GOOD), None)


async def watch(fatal: Fatal, check_seconds: float = _CHECK_SECONDS) -> None:
    """Look every `check_seconds` whether the process must end; never returns. Raises StopService with the reason."""
    while (reason := fatal()) is None:
        await asyncio.sleep(check_seconds)
    raise StopService(reason)


def warn_of_old_names(settings: BaseModel, environment: Mapping[str, str]) -> None:
    """Log every setting that the environment sets under the name it had in the release before."""
    for old, new in old_names(type(settings), environment, ENV_PREFIX):
        _LOG.warning("setting_renamed", setting=old, use=new, reason="the next release does not read the old name")


def relax_collector() -> None:
    """For processes that read many events: run the garbage collector rarely.

    Events are freed by their reference counts; the collector's passes over a chunk of them found nothing and took more
    time than admitting it (45 µs an event with the usual threshold, 27 without, two cores). The threshold lies above
    what two chunks of 20,000 events hold: at 100,000 a pass in each chunk still took 2.5 of 18 µs an event.
    """
    gc.freeze()
    gc.set_threshold(600_000, 20, 20)


def run(main: Coroutine[Any, Any, None]) -> int:
    """Run a service to its end; answers its exit status.

    0 after an orderly end, SIGTERM and SIGINT included; 1 after StopService, which is one log line and no stack trace:
    whoever supervises the process starts it afresh; 2 for settings that cannot be used, each named with
    what is wrong and never with its value. Any other exception is a bug and goes through.
    """
    # The HTTP server shuts down in order and then raises the signal again: without a handler that would be a death by
    # signal, which supervisors count as a crash.
    before = signal.signal(signal.SIGTERM, _exit)
    try:
        asyncio.run(main)
    except StopService as error:
        _LOG.error("service_stopped", reason=str(error))
        return 1
    except ValidationError as error:
        for wrong in error.errors(include_input=False, include_url=False):
            _LOG.error("bad_setting", setting=_variable(wrong["loc"]), reason=wrong["msg"])
        return 2
    except KeyboardInterrupt:
        _LOG.info("service_interrupted")
    finally:
        signal.signal(signal.SIGTERM, before)
    return 0


def _variable(place: tuple[int | str, ...]) -> str:
    """The environment variable of a setting."""
    return f"{ENV_PREFIX}{'__'.join(str(part) for part in place)}".upper()


def _exit(signum: int, frame: FrameType | None) -> None:
    raise SystemExit(0)
