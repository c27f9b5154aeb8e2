"""How many files of the service one question passes through: whoever follows it in the code opens so many."""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

import services.query_service
from crosslook.contracts.schemas import SchemaState
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.looks import BY_STATUS, dataset, reopened, saved
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import publish
from tests.unit.query_service.dataset import TICKET

SERVICE = Path(services.query_service.__file__).parent
REPORT_FILES, LOOK_FILES = 44, 45
"""28 and 30 before lists, formulas, bins, periods and plans came, each in files of its own. What a report does not ask
for it does not pass through."""
BESIDE = frozenset({"readiness.py"})
"""What looks at the engine every two seconds, whatever is asked."""


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_path") as running:
        await publish(running.clickhouse, running.snapshots, dataset())
        await running.define(SchemaState(tenant="acme", object="ticket", version=1, definition=TICKET))
        yield running


@contextmanager
def files_passed() -> Iterator[set[str]]:
    """The files of the service in which a function was called, in this thread and in those that are started inside."""
    passed: set[str] = set()

    def note(frame: FrameType, event: str, _: Any) -> None:
        path = frame.f_code.co_filename
        if event == "call" and path.startswith(str(SERVICE)) and frame.f_code.co_name != "<module>":
            passed.add(Path(path).relative_to(SERVICE).as_posix())

    # Threads that work already would not be seen.
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield passed
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
        passed -= BESIDE


async def test_one_report_passes_through_few_files(stack: QueryStack) -> None:
    await stack.rows(BY_STATUS)  # what is read once for a snapshot is there
    with files_passed() as passed:
        await stack.rows({**BY_STATUS, "limit": 7})
    assert "domain/sql.py" in passed  # it was computed, not found in the cache
    assert len(passed) <= REPORT_FILES, sorted(passed)


async def test_the_result_of_one_look_passes_through_few_files(stack: QueryStack) -> None:
    look = await saved(stack)
    with files_passed() as passed:
        await reopened(stack, look)
    assert "domain/sql.py" in passed
    assert len(passed) <= LOOK_FILES, sorted(passed)
