"""Cancels the work of a request whose client disconnects."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from fastapi import Request

T = TypeVar("T")


class ClientGone(Exception):
    """The client has disconnected."""


async def unless_gone(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The work's result. If the client disconnects first, the work is cancelled and ClientGone is raised.

    The request's body must have been read: from then on its channel says only that the client left.
    """
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(_departure(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()
        with suppress(asyncio.CancelledError):
            await leaving
    with suppress(asyncio.CancelledError, Exception):
        await working
    raise ClientGone


async def _departure(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
