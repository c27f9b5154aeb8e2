"""A back-fill in a process of its own that dies at a numbered step: python -m tests.helpers.backfill_process …

Steps of `read_export`: 1 after a page was read, 2 after it was posted, 3 after the cursor was kept.
"""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx

from crosslook.local.backfill.cursor_file import BackfillState, CursorFile
from crosslook.local.backfill.exports import ExportPage, ZendeskExport
from crosslook.local.backfill.reading import BackfillWatch, TakenItems, next_state, read_export
from crosslook.local.backfill.vendor_api import VendorApi
from tests.helpers.vendor_servers import TOKEN


class DyingExport:
    """An export whose process is killed after so many pages, at a step."""

    def __init__(self, export: ZendeskExport, pages: int, step: int) -> None:
        self._export = export
        self._left = pages
        self._step = step

    async def page(self, start: datetime, cursor: str | None) -> ExportPage:
        """The page, unless the process dies first."""
        page = await self._export.page(start, cursor)
        self._left -= 1
        self.die_at(1)
        return page

    def die_at(self, step: int) -> None:
        """End this process as a power cut would, if this is the place."""
        if self._left == 0 and self._step == step:
            os.kill(os.getpid(), signal.SIGKILL)


async def main(vendor_url: str, intake_url: str, path: Path, pages: int, step: int) -> None:
    """Read all of the export, or die."""
    file = CursorFile(path)

    async def no_pause(seconds: float) -> None:
        await asyncio.sleep(0)

    async with (
        httpx.AsyncClient(base_url=intake_url) as intake,
        VendorApi(vendor_url, TOKEN, lambda _: None, pause=no_pause) as vendor,
    ):
        export = DyingExport(ZendeskExport(vendor), pages, step)

        async def post(body: bytes) -> TakenItems:
            answer = (await intake.post("/", content=body)).json()
            export.die_at(2)
            return TakenItems(answer["accepted"], answer["refused"])

        def kept(state: BackfillState, page: ExportPage) -> None:
            export.die_at(3)

        with file.held():
            state = next_state(file.read(), "zendesk", vendor_url, None, datetime(1970, 1, 1, tzinfo=UTC))
            await read_export(state, export, post, file, BackfillWatch(kept, lambda: None))


if __name__ == "__main__":
    vendor_address, intake_address, file_path, page_count, step_number = sys.argv[1:]
    asyncio.run(main(vendor_address, intake_address, Path(file_path), int(page_count), int(step_number)))
