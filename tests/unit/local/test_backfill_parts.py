"""The parts of a back-fill: shapes of answers, sizes of pages, pauses, the file of the cursor."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from crosslook.local.backfill.cursor_file import CursorFile
from crosslook.local.backfill.exports import BODY_MAX, ZendeskExport, divided_events, divided_tickets
from crosslook.local.backfill.vendor_api import VendorApi, VendorWait
from crosslook.local.client import Api
from crosslook.local.commands.backfill import BackfilledVendor, BackfillRequest, check_connection, start_named
from crosslook.local.messages import CommandRefused
from tests.helpers.vendor_servers import TOKEN, zendesk_tickets

FIRST = datetime(1970, 1, 1, tzinfo=UTC)


async def test_a_token_is_not_sent_over_an_open_connection() -> None:
    with pytest.raises(CommandRefused) as refused:
        VendorApi("http://acme.zendesk.com", TOKEN, lambda _: None)
    assert refused.value.key == "vendor_url_open"


@pytest.mark.parametrize(
    "body",
    [
        b"<html>",
        b"[]",
        b"{}",
        b'{"tickets": {}}',
        b'{"tickets": [], "end_of_stream": false}',
    ],
)
async def test_an_answer_of_another_shape_ends_the_run(body: bytes) -> None:
    class Odd(VendorApi):
        async def get(self, path: str, parameters: Any) -> bytes:
            return body

    with pytest.raises(CommandRefused) as refused:
        await ZendeskExport(Odd("https://x.zendesk.com", TOKEN, lambda _: None)).page(FIRST, None)
    assert refused.value.key == "vendor_shape"


def test_a_page_that_is_too_large_is_divided_with_what_belongs_together() -> None:
    tickets = [{**ticket, "description": "x" * 60_000} for ticket in zendesk_tickets(200)]
    users = [{"id": 900 + number, "email": f"u{number}@x.com"} for number in range(7)]
    metrics = [{"ticket_id": ticket["id"]} for ticket in tickets]
    page = {"tickets": tickets, "users": users, "metric_sets": metrics}
    bodies = list(divided_tickets(orjson.dumps(page), page))
    assert len(bodies) > 1
    assert max(map(len, bodies)) <= BODY_MAX
    parts = [orjson.loads(body) for body in bodies]
    assert [ticket["id"] for part in parts for ticket in part["tickets"]] == [ticket["id"] for ticket in tickets]
    for part in parts:
        assert {ticket["requester_id"] for ticket in part["tickets"]} == {user["id"] for user in part["users"]}
        assert [ticket["id"] for ticket in part["tickets"]] == [found["ticket_id"] for found in part["metric_sets"]]
    events = [{"uri": str(number), "meeting_notes_plain": "x" * 100_000} for number in range(100)]
    divided = [orjson.loads(body)["collection"] for body in divided_events(events)]
    assert [event for part in divided for event in part] == events


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (httpx.Response(200, json={"integration": "zendesk"}), None),
        (httpx.Response(200, json={"integration": "calendly"}), "backfill_other_vendor"),
        (httpx.Response(404, json={"code": "unknown_integration", "detail": "Not connected."}), "service_refused"),
    ],
)
async def test_a_connection_is_looked_at_before_the_vendor_is_asked(answer: httpx.Response, key: str | None) -> None:
    asked: list[str] = []

    def service(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return answer

    request = BackfillRequest(BackfilledVendor.ZENDESK, "acme", "support", "https://x.zendesk.com", TOKEN, None)
    found: str | None = None
    async with Api("http://service", "token", transport=httpx.MockTransport(service)) as api:
        try:
            await check_connection(api, request)
        except CommandRefused as refused:
            found = refused.key
    assert (found, asked) == (key, ["/v1/tenants/acme/integrations/support"])


def test_one_back_fill_of_an_integration_runs_at_a_time(tmp_path: Path) -> None:
    file = CursorFile(tmp_path / "backfill" / "acme.zendesk.json")
    with file.held(), pytest.raises(CommandRefused) as refused, file.held():
        pass
    assert refused.value.key == "backfill_runs"
    with file.held():
        pass


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    file = CursorFile(tmp_path / "a.json")
    assert file.read() is None
    for text in ("", "[]", '{"kind": "zendesk"}', '{"unknown": 1}'):
        file.path.write_text(text, encoding="utf-8")
        with pytest.raises(CommandRefused):
            file.read()


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17),
        ({"Retry-After": "Thu, 01 Jan 1970 00:00:42 GMT"}, 42),
        ({"Retry-After": "soon", "X-RateLimit-Reset": "5"}, 5),
        ({"Retry-After": "soon"}, 1),
        ({}, 1),
    ],
)
async def test_a_vendor_says_in_several_ways_how_long_to_wait(headers: dict[str, str], seconds: float) -> None:
    waits: list[VendorWait] = []

    async def pause(_: float) -> None:
        await asyncio.sleep(0)

    async with VendorApi("https://x.zendesk.com", TOKEN, waits.append, pause=pause, now=lambda: 0.0) as api:
        await api._wait_for(0, httpx.Response(429, headers=headers), "HTTP 429")
    assert waits == [VendorWait(seconds, limited=True)]


def test_a_start_is_a_date_or_an_instant() -> None:
    assert start_named(None) is None
    assert start_named("2026-11-01") == datetime(2026, 11, 1, tzinfo=UTC)
    assert start_named("2026-11-01T10:00:00+02:00") == datetime(2026, 11, 1, 8, tzinfo=UTC)
    for text in ("yesterday", "2026-13-01", "2026-11-01T10:00:00"):
        with pytest.raises(CommandRefused):
            start_named(text)
