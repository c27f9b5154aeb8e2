"""The back-fill itself: read a page, hand it to the integration, then keep the cursor behind it.

A crash between two of these steps repeats a page, and a page that is read again changes nothing.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple

import httpx

from crosslook.local.backfill.cursor_file import BackfillState, CursorFile
from crosslook.local.backfill.exports import ExportPage, VendorExport
from crosslook.local.backfill.vendor_api import VendorRefused

_BAD_TOKEN = {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}


class TakenItems(NamedTuple):
    """What the integration answered to one body."""

    accepted: int
    refused: int


Post = Callable[[bytes], Awaitable[TakenItems]]


@dataclass(frozen=True, slots=True)
class BackfillWatch:
    """Who wants to know what happens: after each page, and where a cursor is not known any more."""

    page: Callable[[BackfillState, ExportPage], object]
    expired: Callable[[], object]


def next_state(
    kept: BackfillState | None, kind: str, url: str, start: datetime | None, earliest: datetime
) -> BackfillState:
    """Where this run begins: at the cursor of the last one where it is of the same vendor and start. `earliest`: the
    start where none is asked for. Calendly's finished runs begin again; Zendesk's continue with what changed since."""
    if kept is not None and (kept.kind, kept.url) == (kind, url) and start in (None, kept.began):
        if not kept.finished:
            return kept
        if kept.cursor is not None:
            return replace(kept, finished=False, pages=0, accepted=0, refused=0)
    return BackfillState(kind, url, (start or earliest).astimezone(UTC).isoformat())


async def read_export(
    state: BackfillState, export: VendorExport, post: Post, file: CursorFile, watch: BackfillWatch
) -> BackfillState:
    """Read an export to its end; answers the state that was kept last. Raises CommandRefused.

    1. Read the page at the cursor. 2. Post it; return from this step means that the integration has it. 3. Keep the
    cursor behind it."""
    resumed = state.cursor is not None
    while not state.finished:
        try:
            page = await export.page(state.began, state.cursor)
        except VendorRefused as error:
            if not resumed or state.cursor is None or error.status in _BAD_TOKEN:
                raise
            watch.expired()
            state, resumed = replace(state, cursor=None), False
            continue
        resumed = False
        for body in page.bodies:
            taken = await post(body)
            state = replace(state, accepted=state.accepted + taken.accepted, refused=state.refused + taken.refused)
        state = replace(state, cursor=page.cursor, finished=page.last, pages=state.pages + 1)
        file.write(state)
        watch.page(state, page)
    return state
