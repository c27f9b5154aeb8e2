"""The documented shapes of Zendesk for a simulated account: events, rows of the export, the trigger template; and the
truth about a ticket by the names of our fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

SECOND: Final = 1_000_000_000
MINUTE: Final = 60 * SECOND
SYSTEM: Final = "-1"
CUSTOM_FIELD: Final = "36000001"
_ACCOUNT = 22129848
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXPORTED_CHANNELS = {"mail": "email", "web_form": "web", "web_service": "api"}
_SHOWN_CHANNELS = {"mail": "Mail", "web_form": "Web form", "web_service": "Web service", "chat": "Chat"}


@dataclass(slots=True)
class SimulatedComment:
    """A comment. `at`: nanoseconds since the epoch."""

    id: str
    at: int
    by_staff: bool
    public: bool
    opening: bool = False
    bot: bool = False


@dataclass(slots=True)
class SimulatedTicket:
    """A ticket as it is now, in the words of events. Instants are nanoseconds since the epoch; `generated` also moves
    when the system changes something; `before`: the status of a deleted ticket that can come back."""

    id: str
    requester: str
    subject: str
    description: str
    status: str
    priority: str | None
    type: str | None
    channel: str
    group: str | None
    assignee: str | None
    organization: str | None
    brand: str | None
    custom_status: str | None
    tags: list[str]
    created: int
    updated: int = 0
    generated: int = 0
    solved: int | None = None
    reopens: int = 0
    satisfaction: str | None = None
    plan: str | None = None
    merged_into: str | None = None
    before: str | None = None
    gone: bool = False
    comments: list[SimulatedComment] = field(default_factory=list)

    @property
    def replies(self) -> list[SimulatedComment]:
        """Public replies by people of the staff, without the opening comment."""
        return [
            comment
            for comment in self.comments
            if comment.public and comment.by_staff and not comment.opening and not comment.bot
        ]

    @property
    def first_reply_minutes(self) -> int | None:
        """Whole minutes to the first reply; the creation is cut to the second, as everybody sees it."""
        created = self.created - self.created % SECOND
        return (self.replies[0].at - created) // MINUTE if self.replies else None


def second(at: int) -> str:
    """An instant as tickets show it, in whole seconds."""
    return (_EPOCH + timedelta(seconds=at // SECOND)).isoformat().replace("+00:00", "Z")


def fine(at: int, decimals: int = 9) -> str:
    """An instant as events show it."""
    shown = second(at)
    return shown if decimals == 0 else f"{shown[:-1]}.{at % SECOND:09d}Z"


def event_document(
    ticket: SimulatedTicket, name: str, event: Mapping[str, Any], at: int, actor: str, decimals: int
) -> dict[str, Any]:
    """An event about a ticket, but its id."""
    detail = {
        "actor_id": actor,
        "assignee_id": ticket.assignee,
        "brand_id": ticket.brand,
        "created_at": second(ticket.created),
        "custom_status": ticket.custom_status,
        "description": ticket.description,
        "external_id": None,
        "form_id": "0",
        "group_id": ticket.group,
        "id": ticket.id,
        "is_public": True,
        "organization_id": ticket.organization,
        "priority": ticket.priority,
        "requester_id": ticket.requester,
        "status": ticket.status,
        "subject": ticket.subject,
        "submitter_id": ticket.requester,
        "tags": ticket.tags or None,
        "type": ticket.type,
        "updated_at": second(ticket.updated),
        "via": {"channel": ticket.channel},
    }
    return _envelope("ticket", ticket.id, name, detail, event, fine(at, decimals))


def user_document(user: str, email: str, name: str, event: Mapping[str, Any], at: int, decimals: int) -> dict[str, Any]:
    """An event about a user, but its id."""
    detail = {
        "created_at": second(at),
        "default_group_id": "0",
        "email": email,
        "external_id": "",
        "id": user,
        "organization_id": "0",
        "role": "end-user",
        "updated_at": second(at),
    }
    return _envelope("user", user, name, detail, event, fine(at, decimals))


def _envelope(
    domain: str, about: str, name: str, detail: Mapping[str, Any], event: Mapping[str, Any], time: str
) -> dict[str, Any]:
    return {
        "account_id": _ACCOUNT,
        "detail": dict(detail),
        "event": dict(event),
        "subject": f"zen:{domain}:{about}",
        "time": time,
        "type": f"zen:event-type:{domain}.{name}",
        "zendesk_event_version": "2022-11-06",
    }


def exported_ticket(ticket: SimulatedTicket) -> dict[str, Any]:
    """A ticket as the incremental export lists it: ids are numbers, words in lower case."""
    score = ticket.satisfaction.lower() if ticket.satisfaction else "unoffered"
    return {
        "id": int(ticket.id),
        "url": f"https://example.zendesk.com/api/v2/tickets/{ticket.id}.json",
        "subject": ticket.subject,
        "description": ticket.description,
        "status": ticket.status.lower(),
        "priority": _lower(ticket.priority),
        "type": _lower(ticket.type),
        "via": {"channel": _EXPORTED_CHANNELS.get(ticket.channel, ticket.channel), "source": {"rel": None}},
        "group_id": _number(ticket.group),
        "assignee_id": _number(ticket.assignee),
        "organization_id": _number(ticket.organization),
        "brand_id": _number(ticket.brand),
        "custom_status_id": _number(ticket.custom_status),
        "requester_id": int(ticket.requester),
        "tags": list(ticket.tags),
        "created_at": second(ticket.created),
        "updated_at": second(ticket.updated),
        "generated_timestamp": ticket.generated // SECOND,
        "satisfaction_rating": {"score": score},
        "custom_fields": [{"id": int(CUSTOM_FIELD), "value": ticket.plan}, {"id": 36000002, "value": None}],
    }


def exported_metrics(ticket: SimulatedTicket) -> dict[str, Any]:
    """A ticket's metric set as the export lists it beside the tickets."""
    minutes = ticket.first_reply_minutes
    return {
        "id": int(ticket.id) + 1_000_000,
        "ticket_id": int(ticket.id),
        "reopens": ticket.reopens,
        "replies": len(ticket.replies),
        "solved_at": second(ticket.solved) if ticket.solved is not None else None,
        "reply_time_in_minutes": {"calendar": minutes, "business": minutes},
    }


def exported_user(user: str, email: str, updated: int) -> dict[str, Any]:
    """A user as exports list it."""
    return {"id": int(user), "email": email, "role": "end-user", "active": True, "updated_at": second(updated)}


def template_document(ticket: SimulatedTicket, email: str) -> dict[str, Any]:
    """What the documented trigger template renders: everything as text, times to the minute."""
    shown = {"HOLD": "On-hold"}.get(ticket.status, ticket.status.capitalize())
    return {
        "source": "zendesk-trigger",
        "ticket": {
            "id": ticket.id,
            "subject": ticket.subject,
            "status": shown,
            "priority": (ticket.priority or "").capitalize(),
            "type": (ticket.type or "").capitalize(),
            "via": _SHOWN_CHANNELS[ticket.channel],
            "tags": " ".join(ticket.tags),
            "group": f"Group {ticket.group}" if ticket.group else "",
            "assignee": f"Agent {ticket.assignee}" if ticket.assignee else "",
            "created_at": f"{second(ticket.created)[:16]}Z",
            "updated_at": f"{second(ticket.updated)[:16]}Z",
            "satisfaction": (ticket.satisfaction or "").capitalize(),
        },
        "requester": {"id": ticket.requester, "email": email, "name": f"Person {ticket.requester}"},
    }


def true_fields(ticket: SimulatedTicket) -> dict[str, Any]:
    """What is true of a ticket that is not deleted, by the names of our fields and without those that are empty."""
    fields = {
        "ticket_id": ticket.id,
        "subject": ticket.subject,
        "status": ticket.status.lower(),
        "custom_status": ticket.custom_status,
        "priority": _lower(ticket.priority),
        "type": _lower(ticket.type),
        "channel": _EXPORTED_CHANNELS.get(ticket.channel, ticket.channel),
        "group": ticket.group,
        "assignee": ticket.assignee,
        "organization": ticket.organization,
        "brand": ticket.brand,
        "tags": sorted(ticket.tags),
        "created_at": second(ticket.created),
        "updated_at": second(ticket.updated),
        "solved_at": second(ticket.solved) if ticket.solved is not None else None,
        "first_reply_minutes": ticket.first_reply_minutes,
        "replies": len(ticket.replies),
        "reopens": ticket.reopens,
        "satisfaction": _lower(ticket.satisfaction),
        "merged_into": ticket.merged_into,
        "plan": ticket.plan,
    }
    return {name: value for name, value in fields.items() if value not in (None, [])}


def _lower(word: str | None) -> str | None:
    return word.lower() if word is not None else None


def _number(id_: str | None) -> int | None:
    return int(id_) if id_ is not None else None
