"""Exports of vendors, page by page: Zendesk's incremental exports, Calendly's scheduled events."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, Protocol

import orjson

from crosslook.contracts import exact_json
from crosslook.local.backfill.vendor_api import VendorApi
from crosslook.local.messages import CommandRefused

BODY_MAX = 4 * 1024 * 1024
"""The largest page that is posted; a larger one is divided."""
_ZENDESK = "/api/v2/incremental/{items}/cursor"
_CALENDLY = "/scheduled_events"
_LISTED = "100"


class ExportPage(NamedTuple):
    """One page: bodies for the integration, how many items they have, and the cursor of what follows. `last`: nothing
    follows now. `reached`: up to when the export has come, seconds since 1970, where the vendor says so."""

    bodies: list[bytes]
    items: int
    cursor: str | None
    last: bool
    reached: float | None = None


class VendorExport(Protocol):
    """An export that is read from its start or from a cursor."""

    async def page(self, start: datetime, cursor: str | None) -> ExportPage:
        """The page at a cursor, or the first one from `start`. Raises CommandRefused."""


class ZendeskCursor(NamedTuple):
    """Where Zendesk's two exports are: cursors of tickets and of users, and whether users are being read."""

    tickets: str | None = None
    users: str | None = None
    reading_users: bool = False

    @staticmethod
    def parse(text: str | None) -> "ZendeskCursor":
        """The inverse of `encode`; the beginning for None."""
        return ZendeskCursor(*json.loads(text)) if text is not None else ZendeskCursor()

    def encode(self) -> str:
        """As a text."""
        return json.dumps(self)


@dataclass(frozen=True, slots=True)
class ZendeskExport:
    """Tickets in the order of their changes with their requesters and metrics, then all users in that order, whose
    e-mail addresses link tickets to contacts. After the last page the cursors stay good for what changes later."""

    api: VendorApi

    async def page(self, start: datetime, cursor: str | None) -> ExportPage:
        """The page at a cursor, or the first one from `start`. Raises CommandRefused."""
        place = ZendeskCursor.parse(cursor)
        if place.reading_users:
            page, _, after, last = await self._stream("users", start, place.users, {})
            following = place._replace(users=after, reading_users=not last)
            return ExportPage(list(divided_users(page["users"])), len(page["users"]), following.encode(), last)
        included = {"include": "users,metric_sets"}
        page, body, after, last = await self._stream("tickets", start, place.tickets, included)
        stamps = [ticket.get("generated_timestamp") for ticket in page["tickets"] if isinstance(ticket, Mapping)]
        reached = max((float(stamp) for stamp in stamps if isinstance(stamp, int)), default=None)
        bodies = list(divided_tickets(body, page)) if page["tickets"] else []
        following = place._replace(tickets=after, reading_users=last)
        return ExportPage(bodies, len(page["tickets"]), following.encode(), last=False, reached=reached)

    async def _stream(
        self, items: str, start: datetime, cursor: str | None, included: Mapping[str, str]
    ) -> tuple[Mapping[str, Any], bytes, str | None, bool]:
        """A page of one export, its bytes, the cursor behind it, and whether it is the last one now."""
        at = {"start_time": str(int(start.timestamp()))} if cursor is None else {"cursor": cursor}
        body = await self.api.get(_ZENDESK.format(items=items), {**at, **included})
        page = _document(body, items)
        after, last = page.get("after_cursor"), page.get("end_of_stream") is not False
        if not last and not after:
            raise CommandRefused("vendor_shape", place="after_cursor")
        return page, body, after or cursor, last


def divided_users(users: list[Any]) -> Iterator[bytes]:
    """The users in bodies that are small enough; none for nobody."""
    yield from _divided("users", users) if users else ()


def divided_tickets(body: bytes, page: Mapping[str, Any]) -> Iterator[bytes]:
    """The page in bodies that are small enough, each with the users and metrics of its tickets."""
    tickets = page["tickets"]
    if len(body) <= BODY_MAX or len(tickets) < 2:
        yield body
        return
    for half in (tickets[: len(tickets) // 2], tickets[len(tickets) // 2 :]):
        ids = {ticket.get("id") for ticket in half}
        people = {ticket.get("requester_id") for ticket in half}
        part = {
            "tickets": half,
            "users": [user for user in page.get("users") or () if user.get("id") in people],
            "metric_sets": [found for found in page.get("metric_sets") or () if found.get("ticket_id") in ids],
        }
        yield from divided_tickets(exact_json.dumps(part), part)


@dataclass(slots=True)
class CalendlyExport:
    """Scheduled events of an organization by their start, each with its invitees: also those in the future, and those
    that were canceled later. Nothing says which of them changed, so each run reads all from its start again."""

    api: VendorApi
    organization: str | None = None

    async def page(self, start: datetime, cursor: str | None) -> ExportPage:
        """The page at a cursor, or the first one from `start`. Raises CommandRefused."""
        if self.organization is None:
            self.organization = await self._own_organization()
        moment = start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        wanted = {"organization": self.organization, "count": _LISTED, "sort": "start_time:asc"}
        at = {} if cursor is None else {"page_token": cursor}
        page = _document(await self.api.get(_CALENDLY, {**wanted, "min_start_time": moment, **at}), "collection")
        events = [{**event, "invitees": await self._invitees(event)} for event in page["collection"]]
        after = _next_token(page)
        bodies = list(divided_events(events)) if events else []
        return ExportPage(bodies, sum(len(event["invitees"]) for event in events), after, after is None)

    async def _own_organization(self) -> str:
        me = _document(await self.api.get("/users/me", {}))
        found = (me.get("resource") or {}).get("current_organization")
        if not isinstance(found, str):
            raise CommandRefused("vendor_shape", place="resource/current_organization")
        return found

    async def _invitees(self, event: Mapping[str, Any]) -> list[Any]:
        """All invitees of an event, on however many pages."""
        name = str(event.get("uri", "")).rpartition("/")[2]
        if not name.replace("-", "").isalnum():
            raise CommandRefused("vendor_shape", place="collection/uri")
        invitees: list[Any] = []
        token: str | None = None
        while True:
            at = {} if token is None else {"page_token": token}
            body = await self.api.get(f"{_CALENDLY}/{name}/invitees", {"count": _LISTED, **at})
            page = _document(body, "collection")
            invitees.extend(page["collection"])
            token = _next_token(page)
            if token is None:
                return invitees


def divided_events(events: list[Any]) -> Iterator[bytes]:
    """The events in bodies that are small enough."""
    yield from _divided("collection", events)


def _divided(name: str, items: list[Any]) -> Iterator[bytes]:
    body = exact_json.dumps({name: items})
    if len(body) <= BODY_MAX or len(items) < 2:
        yield body
        return
    yield from _divided(name, items[: len(items) // 2])
    yield from _divided(name, items[len(items) // 2 :])


def _next_token(page: Mapping[str, Any]) -> str | None:
    """The token of the next page; older answers only have the address of the next page."""
    pagination = page.get("pagination") or {}
    token = pagination.get("next_page_token")
    if token is None and pagination.get("next_page"):
        raise CommandRefused("vendor_shape", place="pagination/next_page_token")
    return token if isinstance(token, str) and token else None


def _document(body: bytes, items: str = "") -> Mapping[str, Any]:
    """A JSON object, with a list of that name. Raises CommandRefused."""
    try:
        found = exact_json.loads(body)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict) or (items and not isinstance(found.get(items), list)):
        raise CommandRefused("vendor_shape", place=items or "/")
    return found
