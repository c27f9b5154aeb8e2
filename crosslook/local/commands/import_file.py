"""`import`: sends a file to the import of an object, and shows what became of its rows."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn, TransferSpeedColumn

from crosslook.local.client import Api, patiently
from crosslook.local.commands.ask import api_of
from crosslook.local.folder import DataFolder
from crosslook.local.messages import CommandRefused
from crosslook.local.terminal import Terminal

PIECE_BYTES = 64 * 1024
ERRORS_SHOWN_MOST = 10
SOME_REFUSED = 3
"""The exit status of a file of which some was refused, whatever became of the rest. 1: nothing came of the command."""
_PATIENCE_SECONDS = 300
_NDJSON = frozenset({".ndjson", ".jsonl"})
Advance = Callable[[int], None]
"""Shows how many bytes are through."""


@dataclass(frozen=True, slots=True)
class ImportWish:
    """What is asked for: the object, and the parameters of the import."""

    tenant: str
    object: str
    mapping: str | None
    mode: str
    parameter: str
    dry_run: bool
    decimal: str | None = None
    dates: str = "iso"

    def address(self) -> str:
        """The path with its query."""
        query = {"mode": self.mode, "import": self.parameter, "dry_run": str(self.dry_run).lower()}
        said = {"decimal": self.decimal, "mapping": self.mapping}
        query |= {"dates": self.dates} | {name: value for name, value in said.items() if value is not None}
        path = f"/v1/tenants/{quote(self.tenant, safe='')}/objects/{quote(self.object, safe='')}/import"
        return f"{path}?{urlencode(query)}"


def import_file(terminal: Terminal, folder: DataFolder, path: Path, wish: ImportWish) -> int:
    """Import a file, again from its beginning while the service is away for a moment. Raises CommandRefused."""
    return show_import(terminal, asyncio.run(_import(terminal, folder, path, wish)), dry_run=wish.dry_run)


def show_import(terminal: Terminal, result: Mapping[str, Any], *, dry_run: bool) -> int:
    """Show what became of the rows; answers the exit status."""
    if terminal.json:
        terminal.answer(result)
    else:
        counts = {name: result[name] for name in ("rows", "accepted", "refused")}
        terminal.line("import_checked" if dry_run else "import_done", **counts, **{"import": result["import"] or ""})
        rows = [(error["line"], error["column"], error["code"], _message(error)) for error in result["errors"]]
        show_errors(terminal, ("file_line", "file_column", "file_code", "file_message"), rows, result["refused"])
    return SOME_REFUSED if result["refused"] else 0


def show_errors(terminal: Terminal, headings: tuple[str, ...], rows: list[tuple[Any, ...]], known: int) -> None:
    """The first errors as a table, and how many more there are."""
    shown = rows[:ERRORS_SHOWN_MOST]
    if shown:
        terminal.table([terminal.say(heading) for heading in headings], shown)
    if known > len(shown):
        terminal.line("file_errors_more", more=known - len(shown))


def size_of(path: Path) -> int:
    """The size of a file in bytes. Raises CommandRefused where it cannot be read."""
    try:
        with path.open("rb"):
            return path.stat().st_size
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise CommandRefused("file_unreadable", path=str(path), reason=reason) from error


@contextmanager
def byte_progress(terminal: Terminal, name: str, total: int | None) -> Iterator[Advance]:
    """A progress bar over the bytes of a file, on standard error."""
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeElapsedColumn(), console=terminal.err, transient=True) as bars:
        bar = bars.add_task(name, total=total)
        yield lambda done: bars.update(bar, completed=done)


def _message(error: Mapping[str, Any]) -> str:
    hint = f" → {error['suggestion']}" if error.get("suggestion") else ""
    return f"{error['message']}{hint}"


async def _import(terminal: Terminal, folder: DataFolder, path: Path, wish: ImportWish) -> dict[str, Any]:
    size_of(path)
    async with api_of(folder, "schema_service", wish.tenant, "records:write", terminal) as api:
        return await run_import(api, terminal, path, wish)


async def run_import(api: Api, terminal: Terminal, path: Path, wish: ImportWish) -> dict[str, Any]:
    """The answer of the import of a file. Raises CommandRefused."""
    kind = "application/x-ndjson" if path.suffix.lower() in _NDJSON else "text/csv"
    with byte_progress(terminal, path.name, size_of(path)) as advance:
        attempt = partial(_upload, api, path, wish, kind, advance)
        result: dict[str, Any] = await patiently(attempt, time.monotonic() + _PATIENCE_SECONDS)
        return result


async def _upload(api: Api, path: Path, wish: ImportWish, kind: str, advance: Advance) -> dict[str, Any]:
    answer: dict[str, Any] = await api.upload(wish.address(), _pieces(path, advance), kind)
    return answer


async def _pieces(path: Path, advance: Advance) -> AsyncIterator[bytes]:
    sent = 0
    with path.open("rb") as file:  # a local file, read in small pieces
        while piece := file.read(PIECE_BYTES):
            yield piece
            sent += len(piece)
            advance(sent)
