"""`up`, `down`, `status`, `token`."""

import asyncio
import os

from rich.status import Status

from crosslook.local.detached import start_detached, stop_stack
from crosslook.local.folder import DataFolder
from crosslook.local.keys import issue, parse_ttl
from crosslook.local.status import PartStatus, StackStatus, stack_status
from crosslook.local.supervisor import run_stack
from crosslook.local.terminal import Terminal
from crosslook.local.terminal_settings import auth_settings


def up(terminal: Terminal, folder: DataFolder, port_base: int | None, *, detach: bool) -> int:
    """Start the stack, here or on its own. Raises CommandRefused."""
    if not detach:
        asyncio.run(run_stack(folder, port_base, os.environ, lambda key, **values: _tell(terminal, key, **values)))
        return 0
    with Status(terminal.say("waiting"), console=terminal.err):
        start_detached(folder, port_base, terminal.report)
    found = asyncio.run(stack_status(folder))
    if terminal.json:
        terminal.answer(found.as_json())
    else:
        terminal.line("up", page=found.services[-1].url)
    return 0 if found.ready else 1


def down(terminal: Terminal, folder: DataFolder) -> int:
    """Stop the stack in order; without a stack, do nothing. Raises CommandRefused."""
    with Status(terminal.say("stopping", name=str(folder.root)), console=terminal.err):
        stopped = stop_stack(folder, terminal.report)
    if terminal.json:
        terminal.answer({"stopped": stopped})
    else:
        terminal.line("stopped" if stopped else "nothing_up", folder=str(folder.root))
    return 0


def status(terminal: Terminal, folder: DataFolder) -> int:
    """Show what runs; 0 only when everything is ready. Raises CommandRefused."""
    found = asyncio.run(stack_status(folder))
    if terminal.json:
        terminal.answer(found.as_json())
    else:
        _show(terminal, found)
    return 0 if found.ready else 1


def token(terminal: Terminal, folder: DataFolder, tenant: str, scope: str, ttl: str) -> int:
    """Print one token and nothing else. Raises CommandRefused."""
    issued = issue(folder, tenant, scope, parse_ttl(ttl), auth=auth_settings())
    if terminal.json:
        terminal.answer({"token": issued})
    else:
        terminal.text(issued)
    return 0


def _tell(terminal: Terminal, key: str, **values: str | int) -> None:
    terminal.report(key, **values)
    if key == "up":
        terminal.report("up_foreground")


def _show(terminal: Terminal, found: StackStatus) -> None:
    say = terminal.say
    headings = [say(key) for key in ("name", "url", "pid", "is_ready", "reason", "restarts")]
    terminal.table(headings, [_row(terminal, part) for part in (*found.services, found.kafka, found.clickhouse)])
    if found.page is not None:
        terminal.line("page", url=found.page)
    if found.snapshot is None and found.ready:
        terminal.line("no_snapshot")
    elif found.snapshot is not None:
        terminal.line("snapshot", snapshot=str(found.snapshot["id"]), as_of=str(found.snapshot["as_of"]))


def _row(terminal: Terminal, part: PartStatus) -> tuple[object, ...]:
    ready = terminal.say("yes" if part.ready else "no")
    return part.name, part.url, part.pid, ready, part.reason, part.restarts
