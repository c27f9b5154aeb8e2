"""Starts a stack with its supervisor as a detached process, and stops it.

    python -m crosslook.local.detached --data DIR [--port-base N]

is that process.
"""

import argparse
import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from crosslook.local.child import Report
from crosslook.local.folder import DataFolder, StackState, tail
from crosslook.local.messages import CommandRefused, terminal_language
from crosslook.local.ports import Ports
from crosslook.local.processes import bound_to_us
from crosslook.local.supervisor import end_stale, port_base_of, run_stack, tell_of_ports
from crosslook.local.terminal import Terminal, quiet_libraries
from crosslook.local.terminal_settings import check_environment

SUPERVISOR = "supervisor"
_STOP_SECONDS = 90
_HURRY_SECONDS = 10


def start_detached(folder: DataFolder, port_base: int | None, report: Report, *, bound: bool = False) -> StackState:
    """Start a stack and return once it is ready. Raises CommandRefused, with the end of the supervisor's log. `report`
    shows messages to the user.

    With `bound` the stack is stopped when our process ends; else it outlives us.
    """
    check_environment()
    folder.prepare()
    if (state := folder.running()) is not None:
        raise CommandRefused("already_up", folder=str(folder.root), pid=state.pid or 0)
    tell_of_ports(Ports.from_base(port_base_of(folder.read(), port_base)), report)
    process = _spawn(folder, port_base, bound)
    try:
        while process.poll() is None:
            state = folder.running()
            if state is not None and state.pid == process.pid and state.phase == "ready":
                return state
            time.sleep(0.1)
    except BaseException:
        process.send_signal(signal.SIGTERM)
        process.wait(_STOP_SECONDS)
        raise
    log = folder.log(SUPERVISOR)
    raise CommandRefused("start_failed", log=str(log), tail=tail(log, 25))


def stop_stack(folder: DataFolder, report: Report) -> bool:
    """Stop the stack in order and answer whether there was one. Raises CommandRefused when it cannot be stopped."""
    state = folder.running()
    if state is None or state.supervisor is None:
        if (before := folder.read()) is not None:
            end_stale(before, report)
        return False
    supervisor = state.supervisor
    for number, patience in (
        (signal.SIGTERM, _STOP_SECONDS),
        (signal.SIGTERM, _HURRY_SECONDS),  # a second one kills what still runs
        (signal.SIGKILL, _HURRY_SECONDS),
    ):
        supervisor.send(number)
        if supervisor.gone_within(patience):
            if (after := folder.read()) is not None:
                end_stale(after, report)
            return True
    raise CommandRefused("stop_failed", folder=str(folder.root), pid=supervisor.pid)


def _spawn(folder: DataFolder, port_base: int | None, bound: bool) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "crosslook.local.detached", "--data", str(folder.root)]
    if port_base is not None:
        command += ["--port-base", str(port_base)]
    log = folder.log(SUPERVISOR)
    with log.open("wb") as said:
        return subprocess.Popen(
            bound_to_us(command, signal.SIGTERM) if bound else command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )


def main(arguments: list[str] | None = None) -> int:
    """Supervise until told to stop; answers the exit status."""
    parser = argparse.ArgumentParser(prog="python -m crosslook.local.detached", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port-base", type=int)
    options = parser.parse_args(arguments)
    quiet_libraries()
    terminal = Terminal(terminal_language(os.environ))
    try:
        asyncio.run(run_stack(DataFolder.at(options.data), options.port_base, os.environ, terminal.report))
    except CommandRefused as refusal:
        terminal.err.print(refusal.text(terminal.say.language), markup=False)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
