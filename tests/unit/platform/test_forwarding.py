"""The replicas of a service answer alike: a write at any of them reaches the writer, once, and can be read there."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import httpx
import pytest

from crosslook.platform.log_store.memory import MemoryTopic
from crosslook.platform.writer_client import Call, NotSent, WriterClient
from tests.helpers.replicas import Network, Running, replica

TOKEN = {"Authorization": "Bearer the-caller's-own"}
FORWARDED = {**TOKEN, "Crosslook-Forwarded": "1"}


@dataclass(frozen=True, slots=True)
class Service:
    """Two replicas; `writer` was elected."""

    topic: MemoryTopic
    network: Network
    writer: Running
    reader: Running


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    topic, network = MemoryTopic("test"), Network()
    async with replica(topic, network, "a") as writer, replica(topic, network, "b", most_waiting=2) as reader:
        yield Service(topic, network, writer, reader)


async def test_a_write_at_a_reader_is_answered_as_by_the_writer_and_can_be_read_there(service: Service) -> None:
    target = "/things/x%2Fy%20z?mode=a%26b&again=1"
    headers = {**TOKEN, "Accept-Language": "fr"}
    at_reader = await service.reader.http.put(target, content=b"\x00body", headers=headers)
    stored = service.reader.store.get("x/y z")
    assert stored is not None
    assert stored.value == at_reader.content == b"\x00body|mode=a%26b&again=1|fr"
    at_writer = await service.writer.http.put(target, content=b"\x00body", headers=headers)
    assert (at_reader.status_code, at_reader.content) == (at_writer.status_code, at_writer.content)
    assert at_reader.headers.keys() == at_writer.headers.keys()
    assert at_reader.headers["x-caller"] == TOKEN["Authorization"]
    assert (at_reader.headers["etag"], at_writer.headers["etag"]) == ('"1"', '"2"')
    assert len(service.network.requests) == 1
    assert 'crosslook_forwarded_requests_total{outcome="answered"} 1.0' in service.reader.metrics


async def test_a_refusal_of_the_writer_is_passed_back(service: Service) -> None:
    await service.writer.http.put("/things/a", content=b"1", headers=TOKEN)
    answer = await service.reader.http.put("/things/a", content=b"2", headers={**TOKEN, "If-Match": '"7"'})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


async def test_a_reader_answers_reads_itself(service: Service) -> None:
    await service.writer.http.put("/things/a", content=b"1", headers=TOKEN)
    assert (await service.reader.http.get("/things/a")).content == b"1||"
    assert service.network.requests == []


async def test_a_request_is_passed_on_once(service: Service) -> None:
    answer = await service.reader.http.put("/things/a", content=b"1", headers=FORWARDED)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert answer.headers["crosslook-not-the-writer"] == "true"
    assert int(answer.headers["retry-after"]) > 0
    assert service.network.requests == []
    assert service.writer.store.get("a") is None


async def test_without_a_writer_a_write_is_refused_in_time_and_changes_nothing(service: Service) -> None:
    del service.network.hosts["http://a"]
    async with replica(service.topic, service.network, "c", wait_seconds=0.2) as reader:
        answer = await reader.http.post("/things", content=b"a", headers=TOKEN)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "no_writer" in answer.json()["detail"]
    assert int(answer.headers["retry-after"]) > 0
    assert 'crosslook_forwarded_requests_total{outcome="no_writer"} 1.0' in reader.metrics
    assert reader.store.get("a") is None


async def test_a_write_that_waits_is_done_here_when_this_replica_is_elected(service: Service) -> None:
    del service.network.hosts["http://a"]
    writing = asyncio.create_task(service.reader.http.post("/things", content=b"a", headers=TOKEN))
    await _until(lambda: bool(service.network.requests))
    await service.writer.store.resign()
    answer = await writing
    assert (answer.status_code, answer.content) == (201, b"a")
    assert service.reader.store.get("a") is not None


async def test_few_requests_wait_for_a_writer_and_the_others_are_refused_at_once(service: Service) -> None:
    service.network.delivers.clear()
    waiting = [
        asyncio.create_task(service.reader.http.post("/things", content=name, headers=TOKEN)) for name in (b"a", b"b")
    ]
    await _until(lambda: len(service.network.requests) == 2)
    refused = await service.reader.http.post("/things", content=b"c", headers=TOKEN)
    assert refused.status_code == 503
    service.network.delivers.set()
    assert [(await item).status_code for item in waiting] == [201, 201]


async def test_a_write_whose_answer_was_lost_is_not_sent_twice_unless_it_can_be_repeated(service: Service) -> None:
    service.network.loses_answers = 1
    answer = await service.reader.http.post("/things", content=b"a", headers=TOKEN)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "may or may not have been applied" in answer.json()["detail"]
    assert len(service.network.requests) == 1
    assert 'crosslook_forwarded_requests_total{outcome="unconfirmed"} 1.0' in service.reader.metrics
    service.network.loses_answers = 1
    answer = await service.reader.http.post("/things", content=b"b", headers={**TOKEN, "Idempotency-Key": "k"})
    assert answer.status_code == 201
    assert len(service.network.requests) == 3


async def test_a_repeated_write_that_meets_its_own_effect_is_unconfirmed_and_not_refused(service: Service) -> None:
    await service.writer.http.put("/things/a", content=b"1", headers=TOKEN)
    service.network.loses_answers = 1
    answer = await service.reader.http.put("/things/a", content=b"2", headers={**TOKEN, "If-Match": '"1"'})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "may or may not have been applied" in answer.json()["detail"]
    entry = service.writer.store.get("a")
    assert entry is not None
    assert (entry.value, entry.version) == (b"2||", 2)


async def test_a_writer_that_hangs_is_left_when_another_one_takes_over(service: Service) -> None:
    service.network.delivers.clear()
    writing = asyncio.create_task(
        service.reader.http.post("/things", content=b"a", headers={**TOKEN, "Idempotency-Key": "k"})
    )
    await _until(lambda: bool(service.network.requests))
    await service.writer.store.resign()
    answer = await writing
    assert (answer.status_code, answer.content) == (201, b"a")
    assert len(service.network.requests) == 1


async def test_a_replica_that_lags_refuses_nothing_for_what_another_one_has_written(service: Service) -> None:
    service.reader.store.lags = True
    await service.writer.http.put("/things/a", content=b"1", headers=TOKEN)
    assert service.reader.store.get("a") is None
    assert (await service.reader.http.get("/things/a")).content == b"1||"
    service.reader.store.lags = True
    await service.writer.http.put("/things/b", content=b"1", headers=TOKEN)
    assert (await service.reader.http.delete("/things/b", headers=TOKEN)).status_code == 204
    assert service.writer.store.get("b") is None


async def test_a_refusal_that_is_right_stays_and_an_address_that_does_not_exist_is_not_looked_into(
    service: Service,
) -> None:
    assert (await service.reader.http.get("/things/a")).json()["code"] == "not_found"
    assert service.reader.store.caught_up == 1
    assert (await service.reader.http.get("/nowhere")).json()["code"] == "not_found"
    assert service.reader.store.caught_up == 1


async def test_a_replica_that_leaves_is_unready_hands_over_and_answers_until_nobody_asks(service: Service) -> None:
    leaving = asyncio.create_task(service.writer.replica.leave(30))
    await _until(lambda: service.reader.store.writes)
    for number in range(3):
        answer = await service.writer.http.put("/things/a", content=str(number).encode(), headers=TOKEN)
        assert (answer.status_code, answer.headers["connection"]) == (201, "close")
        ready = await service.writer.http.get("/readyz")
        assert (ready.status_code, ready.json()) == (503, {"status": "unready", "reason": "stopping"})
        assert not leaving.done()
    assert len(service.network.requests) == 3
    await leaving
    assert (await service.reader.http.get("/things/a")).content == b"2||"
    assert "connection" not in (await service.reader.http.get("/things/a")).headers


async def test_a_replica_that_leaves_stops_in_time_though_it_is_asked_on(service: Service) -> None:
    leaving = asyncio.create_task(service.writer.replica.leave(0.3))

    async def left() -> bool:
        await service.writer.http.get("/things/a")
        return leaving.done()

    async with asyncio.timeout(10):
        while not await left():
            await asyncio.sleep(0.01)


async def test_a_replica_alone_and_one_in_a_hurry_wait_for_nobody(service: Service) -> None:
    hurried = asyncio.create_task(service.writer.replica.leave(3600, hurry=lambda: True))
    async with asyncio.timeout(10):
        await hurried
        await service.reader.replica.leave(3600)


async def test_a_replica_that_is_cut_off_refuses_no_change_for_what_it_cannot_have_read(service: Service) -> None:
    service.reader.store.reachable = False
    change = await service.reader.http.delete("/things/a", headers=TOKEN)
    assert (change.status_code, change.json()["code"]) == (503, "unavailable")
    read = await service.reader.http.get("/things/a")
    assert (read.status_code, read.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "address",
    ["", "a:1", "ftp://a", "http://", "http://user:secret@a", "https://user@a", "file:///etc/hosts", "http://[::1"],
)
async def test_what_is_no_address_of_a_replica_is_not_called(address: str) -> None:
    client = WriterClient(httpx.AsyncClient(transport=httpx.MockTransport(lambda request: pytest.fail("called"))))
    with pytest.raises(NotSent):
        await client.send(address, Call("PUT", b"/", (), b""), lambda: False)
    await client.close()


async def test_only_scheme_host_and_port_of_an_address_are_used() -> None:
    urls: list[str] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        urls.append(str(request.url))
        raise httpx.ConnectError("refused")

    client = WriterClient(httpx.AsyncClient(transport=httpx.MockTransport(refuse)))
    with pytest.raises(NotSent):
        await client.send("http://a:1/somewhere?else=1#x", Call("PUT", b"/v1/x?y=1", (), b""), lambda: False)
    await client.close()
    assert urls == ["http://a:1/v1/x?y=1"]


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def _pieces(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * 1_000_000


async def test_a_streamed_body_reaches_the_writer_piece_by_piece_from_every_replica(service: Service) -> None:
    for running in (service.reader, service.writer):
        answer = await running.http.post("/streams/a", content=_pieces(10), headers=TOKEN)
        assert (answer.status_code, answer.text) == (200, "10000000 bytes, at most 1000000 at once")
        stored = running.store.get("a")
        assert stored is not None
        assert stored.value == b"10000000"
    assert len(service.network.requests) == 1


async def test_a_streamed_body_has_a_limit_of_its_own(service: Service) -> None:
    for running in (service.reader, service.writer):
        answer = await running.http.post("/streams/a", content=_pieces(21), headers=TOKEN)
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert service.writer.store.get("a") is None
    answer = await service.writer.http.put("/things/a", content=_pieces(10), headers=TOKEN)
    assert answer.status_code == 413


async def test_a_streamed_call_without_a_writer_is_to_be_repeated() -> None:
    topic, network = MemoryTopic("test"), Network()
    async with (
        replica(topic, network, "a") as writer,
        replica(topic, network, "b", wait_seconds=0.1) as reader,
    ):
        assert (await reader.http.post("/streams/a", content=_pieces(1), headers=FORWARDED)).status_code == 503
        network.loses_answers = 1
        lost = await reader.http.post("/streams/a", content=_pieces(1), headers=TOKEN)
        assert (lost.status_code, lost.headers["retry-after"]) == (503, "5")
        assert writer.store.get("a") is not None
        del network.hosts["http://a"]
        gone = await reader.http.post("/streams/a", content=_pieces(1), headers=TOKEN)
        assert (gone.status_code, gone.json()["code"]) == (503, "unavailable")


async def test_a_streamed_call_waits_for_the_successor_of_a_writer_that_is_gone(service: Service) -> None:
    del service.network.hosts["http://a"]
    writing = asyncio.create_task(service.reader.http.post("/streams/a", content=_pieces(3), headers=TOKEN))
    await _until(lambda: len(service.network.requests) > 1)
    await service.writer.store.resign()
    answer = await writing
    assert (answer.status_code, answer.text) == (200, "3000000 bytes, at most 1000000 at once")


async def test_a_streamed_body_that_was_begun_is_not_sent_again(service: Service) -> None:
    service.network.hosts["http://a"] = _Halfway()
    answer = await service.reader.http.post("/streams/a", content=_pieces(3), headers=TOKEN)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert len(service.network.requests) == 1


class _Halfway(httpx.AsyncBaseTransport):
    """A replica that reads the beginning of a body and then answers that it is not the writer."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)
        await anext(aiter(request.stream))
        return httpx.Response(503, headers={"Crosslook-Not-The-Writer": "true"}, content=_pieces(1))
