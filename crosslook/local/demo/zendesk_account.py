"""A simulated Zendesk account: tickets and users that live by actions, the events of each action, and the truth.

Everything follows from the random numbers and the instants that it is given; nothing reads a clock. An action changes a
ticket and gives several events with the state after it, as Zendesk does: one sequence, nearly one time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from crosslook.local.demo.zendesk_shapes import (
    SYSTEM,
    SimulatedComment,
    SimulatedTicket,
    event_document,
    exported_metrics,
    exported_ticket,
    exported_user,
    template_document,
    user_document,
)

AGENTS: Final = ("8001", "8002", "8003")
WORDS: Final = ("invoice", "login", "export", "refund", "webhook", "report", "sync", "password")
TICKET_LABELS: Final = ("vip", "billing", "bug", "question", "churn_risk")
_GROUPS = ("7001", "7002")
_BRANDS = ("6001", "6002")
_ORGANIZATIONS = ("5001", "5002", None)
_CHANNELS = ("mail", "web_form", "web_service", "chat")
_LAG = 17  # nanoseconds between the events of an action

EventPart = tuple[str, Mapping[str, Any]]
"""The name of an event and its `event`."""


@dataclass(slots=True)
class SimulatedUser:
    """A requester. `others`: e-mails besides the primary one, the newest first. `merged_into`: the user that took
    over; `merged_with`: all that a merge brought it together with, the newest first. `updated`: nanoseconds since the
    epoch."""

    id: str
    email: str
    updated: int
    others: list[str] = field(default_factory=list)
    merged_into: str | None = None
    merged_with: list[str] = field(default_factory=list)


class ZendeskAccount:
    """The account. `messages`: every event so far, in the order in which it happened.

    `decimals` of the times, 9 or 0. `sequences`: whether events name their sequence; those of older accounts do not.
    """

    def __init__(self, random: Random, *, decimals: int = 9, sequences: bool = True) -> None:
        self.random = random
        self.tickets: dict[str, SimulatedTicket] = {}
        self.users: dict[str, SimulatedUser] = {}
        self.messages: list[dict[str, Any]] = []
        self._decimals = decimals
        self._sequences = sequences
        self._numbers = 0

    def sign_up(self, at: int, email: str = "") -> SimulatedUser:
        """A new user, with an e-mail of its own where none is given. `at`: nanoseconds since the epoch."""
        number = self._number()
        user = SimulatedUser(str(880_000 + number), email or f"user{number}@example.com", at)
        self.users[user.id] = user
        self._tell_user(user, "created", {}, at)
        return user

    def change_email(self, user: SimulatedUser, at: int) -> None:
        """The user gets another primary e-mail and keeps the old one."""
        user.others.insert(0, user.email)
        user.email = f"user{self._number()}@example.com"
        secondary, primary = _identity(user.email, primary=False), _identity(user.email, primary=True)
        self._tell_user(user, "identity_created", {"identity": secondary}, at)
        self._tell_user(user, "identity_changed", {"previous": secondary, "current": primary}, at + _LAG)

    def drop_email(self, user: SimulatedUser, at: int) -> None:
        """One of the user's other e-mails is removed."""
        if user.others:
            gone = user.others.pop(self.random.randrange(len(user.others)))
            self._tell_user(user, "identity_deleted", {"identity": _identity(gone, primary=False)}, at)

    def merge_users(self, loser: SimulatedUser, winner: SimulatedUser, at: int) -> None:
        """The winner takes over the loser's tickets, each of which shows a change of its requester."""
        loser.merged_into = winner.id
        loser.merged_with.insert(0, winner.id)
        winner.merged_with.insert(0, loser.id)
        self._tell_user(winner, "merged", {"user": {"id": loser.id}}, at)
        for ticket in self.tickets.values():
            if ticket.requester == loser.id and not ticket.gone and ticket.status != "CLOSED":
                ticket.requester = winner.id
                self.tell(ticket, [("requester_changed", change_of(loser.id, winner.id))], at + _LAG, actor=SYSTEM)
        self._tell_user(loser, "deleted", {}, at + 2 * _LAG)

    def open_ticket(self, requester: SimulatedUser, at: int) -> SimulatedTicket:
        """A new ticket with its opening comment, by the requester or by an agent; some calls are solved at once."""
        random = self.random
        by_agent = random.random() < 0.3
        status = random.choice(["NEW", "NEW", "OPEN", "SOLVED" if by_agent else "NEW"])
        ticket = SimulatedTicket(
            id=str(5_000 + self._number()),
            requester=requester.id,
            subject=f"{random.choice(WORDS)} {random.choice(WORDS)}",
            description=f"About {random.choice(WORDS)}, {self._number()}",
            status=status,
            priority=random.choice([None, "LOW", "NORMAL", "HIGH", "URGENT"]),
            type=random.choice([None, "PROBLEM", "INCIDENT", "QUESTION", "TASK"]),
            channel=random.choice(_CHANNELS),
            group=random.choice(_GROUPS),
            assignee=random.choice(AGENTS) if status != "NEW" else None,
            organization=random.choice(_ORGANIZATIONS),
            brand=random.choice(_BRANDS),
            custom_status="9001",
            tags=sorted(random.sample(TICKET_LABELS, random.randrange(3))),
            created=at,
            solved=at if status == "SOLVED" else None,
        )
        self.tickets[ticket.id] = ticket
        author = random.choice(AGENTS) if by_agent else requester.id
        opening = self.comment(ticket, at, author, body=ticket.description, opening=True)
        self.tell(ticket, [("created", {}), opening], at, actor=author)
        return ticket

    def comment(
        self,
        ticket: SimulatedTicket,
        at: int,
        author: str,
        *,
        public: bool = True,
        body: str = "",
        opening: bool = False,
        bot: bool = False,
    ) -> EventPart:
        """A new comment of the ticket, and its event."""
        staff = author in AGENTS
        comment = SimulatedComment(str(90_000 + self._number()), at, staff, public, opening, bot)
        ticket.comments.append(comment)
        text = body or f"Comment {comment.id} about {self.random.choice(WORDS)}"
        who = {"id": author, "is_staff": staff, "name": f"Person {author}"}
        shown = {"id": comment.id, "body": text, "html_body": f"<p>{text}</p>", "is_public": public, "author": who}
        return "comment_added", {"comment": shown}

    def set_status(self, ticket: SimulatedTicket, status: str, at: int) -> list[EventPart]:
        """Changes the status; answers the event of it, none where it was the same."""
        old, ticket.status = ticket.status, status
        if old == status:
            return []
        if status in ("SOLVED", "CLOSED"):
            ticket.solved = at if ticket.solved is None else ticket.solved
        else:
            ticket.reopens += old == "SOLVED"
            ticket.solved = None
        return [("status_changed", change_of(old, status))]

    def tell(
        self,
        ticket: SimulatedTicket,
        parts: Sequence[EventPart],
        at: int,
        *,
        actor: str = AGENTS[0],
        system: bool = False,
    ) -> None:
        """The events of one action, each with the state after it; none where nothing changed. An update by the system
        leaves `updated` alone."""
        if not parts:
            return
        ticket.generated = at
        if not system:
            ticket.updated = at
        sequence = self.random.choice([f"{self.random.getrandbits(128):032X}", 2**64 + self.random.getrandbits(40)])
        for position, (name, event) in enumerate(parts, 1):
            meta = {"meta": {"sequence": {"id": sequence, "position": position}}} if self._sequences else {}
            told = event_document(ticket, name, {**event, **meta}, at + _LAG * position, actor, self._decimals)
            self._send(told)

    def export(self, *, metrics: bool = False, users: bool = False) -> dict[str, Any]:
        """One page of the incremental export with all tickets as they are now, and what is asked for beside them."""
        tickets = list(self.tickets.values())
        page: dict[str, Any] = {
            "tickets": [exported_ticket(ticket) for ticket in tickets],
            "after_cursor": None,
            "after_url": None,
            "before_cursor": None,
            "before_url": None,
            "end_of_stream": True,
        }
        if metrics:
            page["metric_sets"] = [exported_metrics(ticket) for ticket in tickets]
        if users:
            page |= self.export_users()
        return page

    def export_users(self) -> dict[str, Any]:
        """One page of the incremental export of users, all that were not merged into others."""
        there = [user for user in self.users.values() if user.merged_into is None]
        return {"users": [exported_user(user.id, user.email, user.updated) for user in there], "end_of_stream": True}

    def template(self, ticket: SimulatedTicket) -> dict[str, Any]:
        """What a trigger with the documented template posts about the ticket as it is now."""
        return template_document(ticket, self.users[ticket.requester].email)

    def _tell_user(self, user: SimulatedUser, name: str, event: Mapping[str, Any], at: int) -> None:
        user.updated = at
        self._send(user_document(user.id, user.email, name, event, at, self._decimals))

    def _send(self, document: Mapping[str, Any]) -> None:
        self.messages.append({**document, "id": f"{self.random.getrandbits(128):032x}"})

    def _number(self) -> int:
        self._numbers += 1
        return self._numbers


def change_of(old: str | None, new: str | None) -> dict[str, str | None]:
    """The `event` of most changes."""
    return {"previous": old, "current": new}


def _identity(email: str, *, primary: bool) -> dict[str, Any]:
    return {"id": f"identity of {email}", "type": "email", "value": email, "primary": primary}
