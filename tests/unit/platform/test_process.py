"""A service's process ends zero when it is told to end, and non-zero when going on would be wrong."""

import asyncio
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from crosslook.local.ports import free_port
from crosslook.platform.errors import StopService
from crosslook.platform.log_store.memory import MemoryLog
from crosslook.platform.process import lost, run, watch
from crosslook.platform.settings import ServiceSettings
from tests.helpers.processes import answers, stop, wait_for

_SERVICE = """
import asyncio, contextlib, pathlib, sys
from crosslook.platform.http import create_app
from crosslook.platform.logging import configure_logging
from crosslook.platform.metrics import Meters
from crosslook.platform.process import run
from crosslook.platform.server import serve
from crosslook.platform.settings import AuthSettings, HttpSettings, ServiceSettings

settings = ServiceSettings(http=HttpSettings(port={port}), auth=AuthSettings(mode="off"))
trouble, ended = pathlib.Path({trouble!r}), pathlib.Path({ended!r})

@contextlib.asynccontextmanager
async def lifespan(app):
    if {broken}:
        raise RuntimeError("the start is broken")
    yield
    ended.write_text("in order")

def fatal():
    return trouble.read_text() if trouble.exists() else None

async def main():
    configure_logging(settings.log, "probe")
    app = create_app("Probe", "1", settings=settings, lifespan=lifespan, readiness=lambda: None, meters=Meters())
    await serve(app, settings.http, fatal=fatal)

sys.exit(run(main()))
"""


class Probe:
    """A small service in a process of its own, which stops when the file `trouble` appears."""

    def __init__(self, folder: Path, *, broken: bool = False) -> None:
        self.trouble, self.ended, self.log = folder / "trouble", folder / "ended", folder / "log"
        self.port = free_port()
        text = textwrap.dedent(_SERVICE).format(
            port=self.port, trouble=str(self.trouble), ended=str(self.ended), broken=broken
        )
        with self.log.open("wb") as log:
            self.process = subprocess.Popen([sys.executable, "-c", text], stderr=log, stdout=log)

    def wait_ready(self) -> None:
        wait_for(lambda: answers(f"http://127.0.0.1:{self.port}/readyz"), what="the probe's /readyz")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_service_in_order_with_status_zero(tmp_path: Path, number: signal.Signals) -> None:
    probe = Probe(tmp_path)
    try:
        probe.wait_ready()
        probe.process.send_signal(number)
        assert probe.process.wait(15) == 0
        assert probe.ended.read_text() == "in order"
        assert "Traceback" not in probe.log.read_text()
    finally:
        stop(probe.process)


def test_a_fatal_reason_ends_a_service_in_order_with_status_one(tmp_path: Path) -> None:
    probe = Probe(tmp_path)
    try:
        probe.wait_ready()
        probe.trouble.write_text("schemas: reader_stopped")
        assert probe.process.wait(15) == 1
        assert probe.ended.read_text() == "in order"
        logged = probe.log.read_text()
        assert '"reason": "schemas: reader_stopped"' in logged
        assert "Traceback" not in logged
    finally:
        stop(probe.process)


def test_a_start_that_fails_ends_a_service_non_zero(tmp_path: Path) -> None:
    probe = Probe(tmp_path, broken=True)
    try:
        assert probe.process.wait(15) > 0
        assert "the start is broken" in probe.log.read_text()
    finally:
        stop(probe.process)


async def _nothing() -> None:
    await asyncio.sleep(0)


def _raising(error: Exception) -> Callable[[], object]:
    async def main() -> None:
        raise error

    return lambda: run(main())


def test_what_ends_a_service_for_good_is_status_one() -> None:
    assert _raising(StopService("the topic is lost"))() == 1


def test_a_bug_is_not_swallowed() -> None:
    with pytest.raises(ZeroDivisionError):
        _raising(ZeroDivisionError())()


def test_running_leaves_the_signal_handler_as_it_was() -> None:
    before = signal.getsignal(signal.SIGTERM)
    assert run(_nothing()) == 0
    assert signal.getsignal(signal.SIGTERM) is before


def test_settings_that_cannot_be_used_are_named_without_their_values(capsys: pytest.CaptureFixture[str]) -> None:
    async def main() -> None:
        ServiceSettings.model_validate({"kafka": {"records_partitions": "s3cret"}, "http": {"port": 70_000}})

    assert run(main()) == 2
    said = capsys.readouterr()
    assert "CROSSLOOK_KAFKA__RECORDS_PARTITIONS" in said.out
    assert "CROSSLOOK_HTTP__PORT" in said.out
    assert "s3cret" not in said.out + said.err


async def test_watching_ends_with_the_first_reason() -> None:
    reasons = iter([None, None, "fenced"])
    with pytest.raises(StopService, match="fenced"):
        await watch(lambda: next(reasons), check_seconds=0)


class Failing(MemoryLog):
    """A log whose reader has failed."""

    def __init__(self, failure: str) -> None:
        super().__init__("schemas")
        self._reason = failure

    @property
    def failure(self) -> str | None:
        return self._reason


async def test_a_reader_that_stopped_ends_the_process() -> None:
    works = MemoryLog("snapshots", writer=False)
    await works.start()
    assert lost(works) is None
    assert lost(works, Failing("reader_stopped")) == "schemas: reader_stopped"


@pytest.mark.parametrize("failure", ["broker_unreachable", "writer_fenced"])
async def test_a_process_reads_on_without_a_broker_and_beside_another_writer(failure: str) -> None:
    assert lost(Failing(failure)) is None
