"""The checker and the proxy themselves: a checker that overlooks a loss would make every fault test worthless."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import orjson
import pytest

from crosslook.contracts.records import EventKind
from tests.helpers.checker import Found, History, Message, Row, Sent, check, violations
from tests.helpers.proxy import running_proxy

GOOD = Sent("good", "1", b"good bytes", 1000, {"status": "open"})
BAD = Sent("bad", "2", b"bad bytes", 1000, None)
EARLY = Sent("early", "3", b"early bytes", 302_001, {"status": "open"})
HISTORY = History(7, {sent.value: sent for sent in (GOOD, BAD, EARLY)}, {(0, 0): GOOD, (0, 1): BAD})
LOG = (Message((0, 0), b"good bytes", 2000), Message((0, 1), b"bad bytes", 2000), Message((1, 0), b"early bytes", 2000))
STAGED = Row((0, 0), "good", "1", orjson.dumps({"status": "open"}), 2000)
REFUSED = Row((0, 1), "", "", b"bad bytes", 2000)
AHEAD = Row((1, 0), "early", "3", b"early bytes", 2000)
SOUND = Found({0: 2, 1: 1}, (STAGED,), (REFUSED, AHEAD), LOG)


def test_nothing_is_wrong_with_what_is_sound() -> None:
    assert list(violations(HISTORY, SOUND, drained=True)) == []
    check(HISTORY, replace(SOUND, staged=(STAGED, STAGED)), drained=True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda found: replace(found, log=LOG[1:]), "good was acknowledged"),
        (lambda found: replace(found, log=(*LOG, Message((2, 0), b"x", 1))), "was never sent"),
        (lambda found: replace(found, staged=()), "lies below the committed 2"),
        (lambda found: replace(found, staged=(), committed={}), "(0, 0) is stored nowhere"),
        (lambda found: replace(found, staged=(STAGED, replace(STAGED, place=(3, 3)))), "in staging and was never sent"),
        (lambda found: replace(found, staged=(replace(STAGED, event_id="other"),)), "as something else"),
        (lambda found: replace(found, staged=(replace(STAGED, content=b"{}"),)), "as something else"),
        (lambda found: replace(found, staged=(replace(STAGED, kind=EventKind.PATCH),)), "as something else"),
        (lambda found: replace(found, staged=(replace(STAGED, received_ms=1),)), "says 1"),
        (lambda found: replace(found, staged=(STAGED, replace(STAGED, place=(0, 1)))), "bad at (0, 1) must not be in"),
        (lambda found: replace(found, staged=(STAGED, replace(AHEAD, content=b"{}"))), "early at (1, 0) must not be"),
        (lambda found: replace(found, quarantined=(replace(REFUSED, content=b"x"), AHEAD)), "with other bytes"),
        (
            lambda found: replace(found, quarantined=(REFUSED, AHEAD, replace(REFUSED, place=(0, 0)))),
            "(0, 0) is in staging and in quarantine",
        ),
    ],
)
def test_every_broken_promise_is_seen(change: Callable[[Found], Found], said: str) -> None:
    found = change(SOUND)
    assert said in " ".join(violations(HISTORY, found, drained=True))
    with pytest.raises(AssertionError, match="seed 7"):
        check(HISTORY, found, drained=True)


def test_what_is_not_stored_yet_is_no_loss_before_the_end() -> None:
    assert list(violations(HISTORY, replace(SOUND, staged=(), committed={}), drained=False)) == []


def test_a_process_dies_at_the_named_pass_of_the_named_step_and_nowhere_else() -> None:
    code = (
        "from services.snapshot_service.failpoints import failpoint\n"
        "point = failpoint('staged:2')\n"
        "for name in ('staged', 'admitted', 'admitted', 'staged', 'committed'): print(name, flush=True); point(name)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL
    assert done.stdout.split() == ["staged", "admitted", "admitted", "staged"]


async def test_the_proxy_cuts_the_answer_to_a_certain_request_and_passes_the_others() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while asked := await reader.readline():
            writer.write(b"answer to " + asked)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server, running_proxy(server.sockets[0].getsockname()[1]) as (proxy, port):
        proxy.cut_request, proxy.cut_after, proxy.cuts_left = b"insert", 3, 1
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"select\n")
        assert await reader.readline() == b"answer to select\n"
        writer.write(b"insert\n")
        assert (await reader.read(), proxy.cuts) == (b"ans", 1)
        writer.close()
