"""A server that stops loses no request that a client had begun to send, or could not take back."""

import asyncio
import socket

import pytest

from tests.helpers.served import SECONDS, Served, get, serving


def connected(served: Served) -> socket.socket:
    """A connection that the operating system has taken, while the server does nothing."""
    return socket.create_connection(("127.0.0.1", served.port), SECONDS)


async def answer_of(client: socket.socket) -> bytes:
    """What comes back until the server closes."""
    reader, writer = await asyncio.open_connection(sock=client)
    try:
        async with asyncio.timeout(SECONDS):
            return await reader.read()
    finally:
        writer.close()


async def stopped_listening(served: Served) -> None:
    async with asyncio.timeout(SECONDS):
        while served.uvicorn.servers[0].is_serving():
            await asyncio.sleep(0.01)


async def test_a_request_that_came_in_the_last_moment_is_answered() -> None:
    clients: list[socket.socket] = []
    async with serving() as served:

        async def ask_at_the_end() -> None:
            for _ in range(100):
                clients.append(connected(served))
                clients[-1].sendall(get("/livez", b"Connection: close"))

        served.uvicorn.before_shutdown = ask_at_the_end
        served.uvicorn.should_exit = True
        await stopped_listening(served)
        answers = [await answer_of(client) for client in clients]
    assert len(answers) == 100
    assert {answer[:15] for answer in answers} == {b"HTTP/1.1 200 OK"}


@pytest.mark.parametrize("begun", [0, 10, 30], ids=["nothing", "a part of the line", "a part of the headers"])
async def test_a_request_that_is_on_its_way_is_answered(begun: int) -> None:
    request = get("/livez", b"Connection: close")
    async with serving() as served:
        client = connected(served)
        client.sendall(request[:begun])
        served.uvicorn.should_exit = True
        await stopped_listening(served)
        client.sendall(request[begun:])
        assert (await answer_of(client)).startswith(b"HTTP/1.1 200 OK")


async def test_a_client_that_sends_nothing_does_not_hold_the_end_up() -> None:
    async with asyncio.timeout(SECONDS), serving(header_seconds=60) as served:
        client = connected(served)
        while not served.uvicorn.server_state.connections:
            await asyncio.sleep(0.01)
        served.uvicorn.should_exit = True
        assert await answer_of(client) == b""
