"""Runs the embedded stack from one process: starts its parts in order, restarts what dies, stops them in order.

Steps of a start: hold the folder, end what a dead supervisor left, check ports and Java, broker and engine, topics,
services. `stack.json` names every process from the moment it runs. A stop: services, engine, broker.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from crosslook.local.child import Child, Keeper, Report
from crosslook.local.folder import ChildState, DataFolder, StackState
from crosslook.local.keys import ensure_keys, ensure_sealing_keys
from crosslook.local.messages import CommandRefused
from crosslook.local.ports import Ports, outgoing_ports
from crosslook.local.processes import identify
from crosslook.local.stack import PORT_BASE, Stack, broker_of, stack_of
from crosslook.local.terminal_settings import check_environment, kafka_settings
from crosslook.platform.kafka import KafkaUnavailable, ensure_topics

Compose = Callable[[DataFolder, Ports, Mapping[str, str]], Stack]
"""Says what a stack consists of, given where it lives."""

_STALE_SECONDS = 10
_WRITE_AGAIN_SECONDS = 1.0
_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


async def run_stack(
    folder: DataFolder,
    port_base: int | None,
    environment: Mapping[str, str],
    report: Report,
    compose: Compose = stack_of,
) -> None:
    """Run the stack in this process until SIGTERM, SIGINT or SIGHUP. Raises CommandRefused when it does not come up.

    Without a port base, the one used here before is taken. A second signal kills what still runs.
    """
    check_environment()
    folder.prepare()
    with folder.held():
        before = folder.read()
        base = port_base_of(before, port_base)
        ports = Ports.from_base(base)
        if before is not None:
            end_stale(before, report)
        ports.check()
        tell_of_ports(ports, report)
        ensure_keys(folder)
        ensure_sealing_keys(folder)
        await broker_of(folder, ports).prepare()
        await _Supervisor(folder, base, report).run(compose(folder, ports, environment))


def port_base_of(before: StackState | None, port_base: int | None) -> int:
    """The port base of a stack: the one asked for, else that of the last time."""
    if port_base is not None:
        return port_base
    return before.port_base if before is not None else PORT_BASE


def tell_of_ports(ports: Ports, report: Report) -> None:
    """Warn if a port is one that outgoing connections may use."""
    first, last = outgoing_ports()
    if (port := ports.among_outgoing((first, last))) is not None:
        report("port_among_outgoing", port=port, first=first, last=last)


def end_stale(state: StackState, report: Report) -> None:
    """End processes that a dead supervisor left behind, after making sure that they are those it started."""
    for child in state.children:
        identity = child.identity
        if identity is None or not identity.running:
            continue
        identity.send(signal.SIGTERM)
        if not identity.gone_within(_STALE_SECONDS):
            identity.send(signal.SIGKILL)
            identity.gone_within(_STALE_SECONDS)
        report("stale_ended", name=child.name, pid=identity.pid)


class _Supervisor:
    def __init__(self, folder: DataFolder, port_base: int, report: Report) -> None:
        self._folder = folder
        self._report = report
        self._keepers: list[Keeper] = []
        self._keeping: list[asyncio.Task[None]] = []
        self._stop = asyncio.Event()
        self._writing: asyncio.Task[None] | None = None
        us = identify(os.getpid())
        self._state = StackState(port_base, "starting", us.pid, us.began)

    async def run(self, stack: Stack) -> None:
        """Start, supervise, stop."""
        self._record(self._state)
        with self._signals():
            try:
                if await self._until_stopped(self._start(stack)):
                    self._record(replace(self._state, phase="ready"))
                    self._report("up", page=stack.services[-1].url if stack.services else stack.engine.url)
                    await self._supervise()
            finally:
                self._record(replace(self._state, phase="stopping"))
                await self._stop_all(stack)
                self._record(StackState(self._state.port_base))

    async def _start(self, stack: Stack) -> None:
        await self._bring_up([stack.broker, stack.engine])
        try:
            await ensure_topics(kafka_settings(stack.broker.url))
        except KafkaUnavailable as error:
            raise CommandRefused("kafka_silent", reason=str(error)) from error
        await self._bring_up(stack.services)

    async def _bring_up(self, children: Sequence[Child]) -> None:
        keepers = [Keeper(child, self._report, self._child_changed) for child in children]
        self._keepers += keepers
        for keeper in keepers:
            self._report("starting", name=keeper.child.name)
            self._keeping.append(keeper.start())
        waits = [asyncio.create_task(keeper.ready()) for keeper in keepers]
        try:
            await asyncio.gather(*waits)
        finally:
            for wait in waits:
                wait.cancel()

    async def _until_stopped(self, start: Coroutine[Any, Any, None]) -> bool:
        """Run the start unless we are told to stop; answers whether it came to its end. Raises what it raises."""
        starting, stopped = asyncio.create_task(start), asyncio.create_task(self._stop.wait())
        await asyncio.wait({starting, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not starting.done():
            starting.cancel()
            await asyncio.wait({starting})
            return False
        await starting
        return True

    async def _supervise(self) -> None:
        """Until told to stop. Raises what ended a keeper: a child without a keeper would never be started again."""
        stopped = asyncio.create_task(self._stop.wait())
        await asyncio.wait([stopped, *self._keeping], return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        for keeping in self._keeping:
            if keeping.done():
                keeping.result()

    async def _stop_all(self, stack: Stack) -> None:
        """Services first, together; then the engine they write to, then the broker."""
        for names in ({service.name for service in stack.services}, {stack.engine.name}, {stack.broker.name}):
            await asyncio.gather(*(keeper.stop() for keeper in self._keepers if keeper.child.name in names))

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in _STOP_SIGNALS:
            loop.add_signal_handler(number, self._asked_to_stop)
        try:
            yield
        finally:
            for number in _STOP_SIGNALS:
                loop.remove_signal_handler(number)

    def _asked_to_stop(self) -> None:
        if self._stop.is_set():
            for keeper in self._keepers:
                keeper.hurry()
        self._stop.set()

    def _child_changed(self, child: ChildState) -> None:
        self._record(self._state.with_child(child))

    def _record(self, state: StackState) -> None:
        """Keep the state, and write it down as soon as the disk takes it: a full disk must not end a keeper."""
        self._state = state
        if self._writing is None or self._writing.done():
            try:
                self._folder.write(state)
            except OSError as error:
                self._report("state_unwritten", path=str(self._folder.state_file), reason=error.strerror or "")
                self._writing = asyncio.create_task(self._write_later(), name="write the state")

    async def _write_later(self) -> None:
        while True:
            await asyncio.sleep(_WRITE_AGAIN_SECONDS)
            with contextlib.suppress(OSError):
                self._folder.write(self._state)
                return
