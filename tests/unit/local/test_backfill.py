"""The back-fill of a vendor's history: every item arrives, whatever the vendor, the network or the machine do."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import orjson
import pytest

from crosslook.integrations.catalog import integrations
from crosslook.local.backfill.cursor_file import BackfillState, CursorFile
from crosslook.local.backfill.exports import (
    CalendlyExport,
    VendorExport,
    ZendeskCursor,
    ZendeskExport,
)
from crosslook.local.backfill.reading import BackfillWatch, TakenItems, next_state, read_export
from crosslook.local.backfill.vendor_api import VendorApi, VendorRefused, VendorWait
from crosslook.local.messages import CommandRefused
from tests.helpers.vendor_servers import (
    TOKEN,
    CalendlyServer,
    IntakeServer,
    VendorServer,
    ZendeskServer,
    calendly_calendar,
    serving,
    zendesk_tickets,
    zendesk_user,
)

FIRST = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.fixture
def zendesk() -> Iterator[ZendeskServer]:
    with serving(ZendeskServer(tickets=zendesk_tickets(25), page_size=4)) as server:
        yield server


@pytest.fixture
def calendly() -> Iterator[CalendlyServer]:
    server = CalendlyServer(page_size=3)
    calendly_calendar(server, events=10, invitees=5)
    with serving(server) as served:
        yield served


@pytest.fixture
def intake() -> Iterator[IntakeServer]:
    with serving(IntakeServer(history=integrations()["zendesk"].history)) as server:
        yield server


def ticket_ids(intake: IntakeServer) -> list[int]:
    return [item["ticket"]["id"] for item in map(orjson.loads, intake.items) if "ticket" in item]


def user_ids(intake: IntakeServer) -> list[int]:
    return [item["user"]["id"] for item in map(orjson.loads, intake.items) if "ticket" not in item]


class Run:
    """One run of a back-fill against local servers; `waits` and `expired` are what it reported."""

    def __init__(self, server: VendorServer, intake: IntakeServer, path: Path, token: str = TOKEN) -> None:
        self.server, self.intake, self.file, self.token = server, intake, CursorFile(path), token
        self.waits: list[VendorWait] = []
        self.expired = 0

    async def __call__(self, start: datetime | None = None) -> BackfillState:
        kind = "zendesk" if isinstance(self.server, ZendeskServer) else "calendly"
        earliest = FIRST if kind == "zendesk" else datetime.now(UTC) - timedelta(days=365)
        watch = BackfillWatch(lambda state, page: None, self._expire)
        pause = self.server.pause
        async with (
            VendorApi(self.server.url, self.token, self.waits.append, pause=pause, now=lambda: self.server.now) as api,
            httpx.AsyncClient(base_url=self.intake.url) as client,
        ):

            async def post(body: bytes) -> TakenItems:
                answer = (await client.post("/backfill", content=body)).json()
                return TakenItems(answer["accepted"], answer["refused"])

            export: VendorExport = ZendeskExport(api) if kind == "zendesk" else CalendlyExport(api)
            with self.file.held():
                state = next_state(self.file.read(), kind, self.server.url, start, earliest)
                return await read_export(state, export, post, self.file, watch)

    def _expire(self) -> None:
        self.expired += 1


async def test_every_ticket_arrives_with_its_requester_and_its_metrics(
    zendesk: ZendeskServer, intake: IntakeServer, tmp_path: Path
) -> None:
    zendesk.limit = 1000
    state = await Run(zendesk, intake, tmp_path / "a.json")()
    assert (state.accepted, state.refused, state.pages, state.finished) == (25, 0, 8, True)
    assert ticket_ids(intake) == list(range(1, 26))
    assert all({"ticket", "user", "metric_set"} <= set(orjson.loads(item)) for item in intake.items)
    assert ["start_time" in target for target in zendesk.asked] == [True, *[False] * 6, True]


async def test_all_users_follow_because_their_addresses_link_tickets(
    zendesk: ZendeskServer, intake: IntakeServer, tmp_path: Path
) -> None:
    zendesk.limit = 1000
    zendesk.users = [zendesk_user(number) for number in range(900, 911)]
    run = Run(zendesk, intake, tmp_path / "a.json")
    state = await run()
    assert (len(ticket_ids(intake)), user_ids(intake), state.refused) == (25, list(range(900, 911)), 0)
    zendesk.users.append(zendesk_user(950))
    zendesk.tickets.extend(zendesk_tickets(1, first=101))
    await run()
    assert (ticket_ids(intake)[25:], user_ids(intake)[11:]) == ([101], [950]), "only what changed since"


async def test_the_limit_of_requests_is_kept_by_waiting_as_long_as_the_vendor_says(
    zendesk: ZendeskServer, intake: IntakeServer, tmp_path: Path
) -> None:
    zendesk.page_size = 1
    zendesk.tickets = zendesk.tickets[:24]
    run = Run(zendesk, intake, tmp_path / "a.json")
    await run()
    assert ticket_ids(intake) == list(range(1, 25))
    assert [(wait.seconds, wait.limited) for wait in run.waits] == [(61, True), (61, True)]
    assert zendesk.refused == 2


async def test_failures_of_the_vendor_and_of_the_network_are_repeated_with_longer_pauses(
    zendesk: ZendeskServer, intake: IntakeServer, tmp_path: Path
) -> None:
    zendesk.faults = [500, 0, 503, 502]
    run = Run(zendesk, intake, tmp_path / "a.json")
    await run()
    assert ticket_ids(intake) == list(range(1, 26))
    assert [(wait.seconds, wait.limited) for wait in run.waits] == [(1, False), (2, False), (4, False), (8, False)]


async def test_a_vendor_that_keeps_failing_ends_the_run_and_the_next_one_continues(
    zendesk: ZendeskServer, intake: IntakeServer, tmp_path: Path
) -> None:
    run = Run(zendesk, intake, tmp_path / "a.json")
    zendesk.faults = [500] * 10
    with pytest.raises(CommandRefused) as refused:
        await run()
    assert refused.value.key == "vendor_silent"
    assert sum(wait.seconds for wait in run.waits) == 1 + 2 + 4 + 8 + 16 + 32 + 60 + 60 + 60
    await run()
    assert ticket_ids(intake) == list(range(1, 26))


async def test_an_export_continues_behind_the_last_page_that_was_accepted(
    zendesk: ZendeskServer, intake: IntakeServer, tmp_path: Path
) -> None:
    run = Run(zendesk, intake, tmp_path / "a.json")
    intake.left = 2
    with pytest.raises(KeyError):
        await run()  # an answer that refuses has no counts
    assert ticket_ids(intake) == list(range(1, 9))
    intake.left = None
    await run()
    assert ticket_ids(intake) == list(range(1, 26))
    await run()
    assert ticket_ids(intake) == list(range(1, 26)), "nothing changed since"
    zendesk.tickets.extend(zendesk_tickets(3, first=101))
    state = await run()
    assert ticket_ids(intake)[25:] == [101, 102, 103], "only what changed since"
    assert (state.accepted, state.finished) == (3, True)


async def test_a_cursor_that_the_vendor_forgot_begins_again(
    zendesk: ZendeskServer, intake: IntakeServer, tmp_path: Path
) -> None:
    run = Run(zendesk, intake, tmp_path / "a.json")
    finished = await run()
    cursor = ZendeskCursor.parse(finished.cursor).tickets
    assert cursor is not None
    zendesk.expired.add(cursor)
    zendesk.page_size = 100
    zendesk.tickets.extend(zendesk_tickets(1, first=101))
    await run()
    assert run.expired == 1
    assert set(ticket_ids(intake)) == {*range(1, 26), 101}


async def test_another_start_or_another_address_begins_again(
    zendesk: ZendeskServer, intake: IntakeServer, tmp_path: Path
) -> None:
    run = Run(zendesk, intake, tmp_path / "a.json")
    await run()
    await run(datetime(2026, 1, 1, 0, 0, 12, tzinfo=UTC))
    assert ticket_ids(intake)[25:] == [24, 25]
    kept = run.file.read()
    assert kept is not None
    assert next_state(replace(kept, url="https://other"), "zendesk", zendesk.url, None, FIRST).cursor is None


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refused_token_is_told_and_nothing_is_repeated(
    zendesk: ZendeskServer, intake: IntakeServer, tmp_path: Path, status: int
) -> None:
    zendesk.faults = [status] * 3
    run = Run(zendesk, intake, tmp_path / "a.json", token="wrong")
    with pytest.raises(VendorRefused) as refused:
        await run()
    assert (refused.value.key, len(zendesk.asked), run.waits) == ("vendor_forbids", 1, [])
    assert "wrong" not in refused.value.text("en").split()


async def test_an_email_with_an_api_token_is_basic_authentication(
    zendesk: ZendeskServer, intake: IntakeServer, tmp_path: Path
) -> None:
    await Run(zendesk, intake, tmp_path / "a.json", token=f"me@x.com/token:{TOKEN}")()
    assert len(intake.items) == 25


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_run_that_was_killed_at_any_step_loses_nothing(
    zendesk: ZendeskServer, intake: IntakeServer, tmp_path: Path, step: int
) -> None:
    zendesk.limit = 1000
    path = tmp_path / "a.json"
    run = [sys.executable, "-m", "tests.helpers.backfill_process", zendesk.url, intake.url, str(path)]
    assert subprocess.run([*run, "3", str(step)], check=False).returncode == -9
    subprocess.run([*run, "0", "0"], check=True)
    arrived = ticket_ids(intake)
    assert set(arrived) == set(range(1, 26))
    assert len(arrived) == 25 + (4 if step == 2 else 0), "only a page whose cursor was not kept is read again"
    assert TOKEN not in path.read_text(encoding="utf-8")


async def test_all_invitees_arrive_also_of_bookings_in_the_future_and_of_canceled_ones(
    calendly: CalendlyServer, intake: IntakeServer, tmp_path: Path
) -> None:
    intake.history = integrations()["calendly"].history
    run = Run(calendly, intake, tmp_path / "a.json")
    state = await run()
    payloads = [orjson.loads(item)["payload"] for item in intake.items]
    assert (state.accepted, state.refused, len({payload["uri"] for payload in payloads})) == (50, 0, 50)
    now = datetime.now(UTC).isoformat()
    assert any(payload["scheduled_event"]["start_time"] > now for payload in payloads)
    assert {payload["status"] for payload in payloads} == {"active", "canceled"}
    await run()
    assert len(intake.items) == 100, "nothing says what changed, so all is read again"


async def test_calendlys_limit_is_waited_for(calendly: CalendlyServer, intake: IntakeServer, tmp_path: Path) -> None:
    intake.history = integrations()["calendly"].history
    calendly.limit = 12
    run = Run(calendly, intake, tmp_path / "a.json")
    await run()
    assert len(intake.items) == 50
    assert run.waits
    assert all(wait.limited for wait in run.waits)


async def test_an_interrupted_window_continues_at_its_page(
    calendly: CalendlyServer, intake: IntakeServer, tmp_path: Path
) -> None:
    intake.history = integrations()["calendly"].history
    run = Run(calendly, intake, tmp_path / "a.json")
    intake.left = 2
    with pytest.raises(KeyError):
        await run()
    intake.left = None
    await run()
    assert len(intake.items) == 50
    assert len({orjson.loads(item)["payload"]["uri"] for item in intake.items}) == 50
