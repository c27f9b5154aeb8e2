"""Local servers with the documented shapes of vendors' export APIs, and a clock of their own for the limits.

Zendesk: `/api/v2/incremental/tickets/cursor` and `…/users/cursor` (start_time, then cursor; end_of_stream; 10 requests
a minute, 429 with `Retry-After`). Calendly: `/users/me`, `/scheduled_events` and the invitees of each (page tokens; 429
with `X-RateLimit-Reset`). `faults` are answered first, one a request: a status, or 0 for a connection that breaks.
"""

import base64
import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

from crosslook.integrations.interface import ReadHistory

AnyServer = TypeVar("AnyServer", bound="VendorServer")
MINUTE = 60.0
TOKEN = "vendor-token-that-nobody-may-see"  # of a server that only tests know
START = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class VendorAnswer:
    """One answer: status, body, headers."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class VendorServer:
    """What all of them have: a token, a limit of requests a minute on a clock that only pauses move, faults."""

    limit: int = 10
    page_size: int = 100
    faults: list[int] = field(default_factory=list)
    reset_header: str = "Retry-After"
    now: float = 0.0
    asked: list[str] = field(default_factory=list)
    refused: int = 0
    expired: set[str] = field(default_factory=set)
    url: str = ""
    _recent: list[float] = field(default_factory=list)

    async def pause(self, seconds: float) -> None:
        """What a client under test pauses with: the clock of the server moves at once."""
        self.now += seconds

    def handle(self, method: str, target: str, authorization: str, body: bytes) -> VendorAnswer:
        """The answer to one request; status 0 breaks the connection."""
        parts = urlsplit(target)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self.asked.append(target)
        if self.faults:
            return VendorAnswer(self.faults.pop(0))
        accepted = {f"Bearer {TOKEN}", "Basic " + base64.b64encode(f"me@x.com/token:{TOKEN}".encode()).decode()}
        if authorization not in accepted:
            return VendorAnswer(401, {"error": "Couldn't authenticate you"})
        self._recent = [at for at in self._recent if at > self.now - MINUTE]
        if len(self._recent) >= self.limit:
            self.refused += 1
            wait = int(self._recent[0] + MINUTE - self.now) + 1
            return VendorAnswer(429, {"error": "APIRateLimitExceeded"}, {self.reset_header: str(wait)})
        self._recent.append(self.now)
        if query.get("cursor", query.get("page_token")) in self.expired:
            return VendorAnswer(400, {"error": "InvalidCursor"})
        return self.answer(parts.path, query)

    def answer(self, path: str, query: dict[str, str]) -> VendorAnswer:
        """The answer of this vendor to a request that passed the limits."""
        return VendorAnswer(404, {"error": f"{path} {query}"})


@dataclass
class ZendeskServer(VendorServer):
    """Tickets and users in the order of their changes; one more can change at any time."""

    tickets: list[dict[str, Any]] = field(default_factory=list)
    users: list[dict[str, Any]] = field(default_factory=list)

    def answer(self, path: str, query: dict[str, str]) -> VendorAnswer:
        """A page of one of the cursor exports."""
        if path == "/api/v2/incremental/tickets/cursor":
            return VendorAnswer(200, self._tickets(query))
        if path == "/api/v2/incremental/users/cursor":
            return VendorAnswer(200, self._page("users", self.users, query))
        return VendorAnswer(404, {"error": "InvalidEndpoint"})

    def _tickets(self, query: dict[str, str]) -> dict[str, Any]:
        body = self._page("tickets", self.tickets, query)
        page = body["tickets"]
        included = query.get("include", "").split(",")
        if "users" in included:
            body["users"] = [zendesk_user(person) for person in sorted({ticket["requester_id"] for ticket in page})]
        if "metric_sets" in included:
            body["metric_sets"] = [{"ticket_id": ticket["id"], "reopens": 1, "replies": 2} for ticket in page]
        return body

    def _page(self, name: str, items: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
        ordered = sorted(items, key=_changed)
        if "cursor" in query:
            stamp, _, number = base64.urlsafe_b64decode(query["cursor"]).decode().partition("|")
            ordered = [item for item in ordered if _changed(item) > (int(stamp), int(number))]
        else:
            ordered = [item for item in ordered if _changed(item)[0] >= int(query["start_time"])]
        page = ordered[: self.page_size]
        after = query.get("cursor")
        if page:
            after = base64.urlsafe_b64encode("{}|{}".format(*_changed(page[-1])).encode()).decode()
        return {name: page, "after_cursor": after, "before_cursor": None, "end_of_stream": page == ordered}


def _changed(item: dict[str, Any]) -> tuple[int, int]:
    """The place of an item in its export: when it changed last, and its id."""
    stamp = item.get("generated_timestamp")
    return stamp or int(datetime.fromisoformat(item["updated_at"]).timestamp()), item["id"]


@dataclass
class CalendlyServer(VendorServer):
    """Scheduled events of one organization with their invitees."""

    limit: int = 500
    reset_header: str = "X-RateLimit-Reset"
    events: list[dict[str, Any]] = field(default_factory=list)
    invitees: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def answer(self, path: str, query: dict[str, str]) -> VendorAnswer:
        """The organization, a page of events, or a page of the invitees of one event."""
        organization = f"{self.url}/organizations/ABCDEFGHIJKLMNOP"
        if path == "/users/me":
            return VendorAnswer(
                200, {"resource": {"uri": f"{self.url}/users/me", "current_organization": organization}}
            )
        if path == "/scheduled_events":
            if query.get("organization") != organization:
                return VendorAnswer(400, {"title": "Invalid Argument"})
            found = [event for event in self.events if event["start_time"] >= query["min_start_time"]]
            return self._page(sorted(found, key=lambda event: str(event["start_time"])), query, self.page_size)
        name = path.removeprefix("/scheduled_events/").removesuffix("/invitees")
        return self._page(self.invitees[name], query, 2) if name in self.invitees else VendorAnswer(404, {})

    def _page(self, found: list[dict[str, Any]], query: dict[str, str], size: int) -> VendorAnswer:
        first = int(query.get("page_token", "0"))
        following = str(first + size) if first + size < len(found) else None
        pagination = {"count": len(found[first : first + size]), "next_page_token": following, "next_page": None}
        return VendorAnswer(200, {"collection": found[first : first + size], "pagination": pagination})


@dataclass
class IntakeServer(VendorServer):
    """A stand-in for the back-fill route: it splits pages with the integration's own `history` and keeps the items."""

    history: ReadHistory | None = None
    items: list[bytes] = field(default_factory=list)
    left: int | None = None
    """How many pages it accepts before it refuses all others; None for all."""

    def handle(self, method: str, target: str, authorization: str, body: bytes) -> VendorAnswer:
        """202 with the counts of the vendor's items."""
        self.asked.append(target)
        if self.left == 0:
            return VendorAnswer(500, {"code": "internal", "detail": "out of order"})
        self.left = None if self.left is None else self.left - 1
        assert self.history is not None
        found = self.history(body)
        self.items.extend(item.body for item in found if item.problem is None)
        refused = sum(item.problem is not None for item in found)
        return VendorAnswer(202, {"accepted": len(found) - refused, "refused": refused})


def zendesk_tickets(count: int, first: int = 1) -> list[dict[str, Any]]:
    """Tickets of the export's shape, changed a second apart, two of a time."""
    return [_ticket(number) for number in range(first, first + count)]


def _ticket(number: int) -> dict[str, Any]:
    at = START + timedelta(seconds=number // 2)
    stamp = at.isoformat().replace("+00:00", "Z")
    return {
        "id": number,
        "subject": f"Ticket {number}",
        "description": "It does not work.",
        "status": "open",
        "priority": "normal",
        "type": None,
        "via": {"channel": "email"},
        "requester_id": 900 + number % 7,
        "submitter_id": 900 + number % 7,
        "assignee_id": None,
        "group_id": 7,
        "organization_id": None,
        "brand_id": 5,
        "tags": ["vip"],
        "custom_fields": [],
        "satisfaction_rating": {"score": "unoffered"},
        "created_at": stamp,
        "updated_at": stamp,
        "generated_timestamp": int(at.timestamp()),
    }


def zendesk_user(number: int) -> dict[str, Any]:
    """A user of the export's shape."""
    stamp = START.isoformat().replace("+00:00", "Z")
    person = {"id": number, "name": f"P {number}", "email": f"u{number}@x.com", "role": "end-user", "active": True}
    return {**person, "external_id": None, "created_at": stamp, "updated_at": stamp}


def calendly_calendar(server: CalendlyServer, events: int, invitees: int = 1) -> None:
    """Fill a server with bookings, half of them in the future, some canceled."""
    for number in range(events):
        name = f"EVENT{number:011d}"
        at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=number - events // 2, minutes=number)
        start, end, made = (_stamp(moment) for moment in (at, at + timedelta(minutes=30), at - timedelta(days=400)))
        status = "canceled" if number % 5 == 4 else "active"
        uri = f"https://api.calendly.com/scheduled_events/{name}"
        times = {"start_time": start, "end_time": end, "created_at": made, "updated_at": made}
        event_type = "https://api.calendly.com/event_types/TYPE000000000001"
        members = {"uri": uri, "name": "Demo", "status": status, "event_type": event_type}
        server.events.append({**members, **times, "location": None, "event_memberships": [], "event_guests": []})
        server.invitees[name] = [_invitee(uri, status, made, each) for each in range(invitees)]


def _invitee(event: str, status: str, made: str, number: int) -> dict[str, Any]:
    canceled = {"canceled_by": "Jo", "reason": None, "canceler_type": "invitee", "created_at": made}
    return {
        "uri": f"{event}/invitees/INVITEE{number:09d}",
        "email": f"p{number}@x.com",
        "name": "P",
        "status": status,
        "event": event,
        "timezone": "Europe/Paris",
        "created_at": made,
        "updated_at": made,
        "rescheduled": False,
        "old_invitee": None,
        "new_invitee": None,
        "no_show": None,
        "questions_and_answers": [],
        "tracking": {},
        "payment": None,
        **({"cancellation": canceled} if status == "canceled" else {}),
    }


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@contextlib.contextmanager
def serving(server: AnyServer) -> Iterator[AnyServer]:
    """Serve on a free port of loopback until the block ends; the server knows its address."""
    listener = ThreadingHTTPServer(("127.0.0.1", 0), _handler(server.handle))
    server.url = f"http://127.0.0.1:{listener.server_address[1]}"
    thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown()
        listener.server_close()
        thread.join()


def _handler(handle: Callable[[str, str, str, bytes], VendorAnswer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = handle(self.command, self.path, self.headers.get("Authorization", ""), body)
            if answer.status == 0:
                return  # closed without an answer
            content = b"" if answer.body is None else json.dumps(answer.body).encode()
            self.send_response(answer.status)
            for name, value in {**answer.headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        do_GET = _do  # the names that the base class looks for
        do_POST = _do  # the same

        def log_message(self, format: str, *arguments: object) -> None:
            """Quiet."""

    return Handler
