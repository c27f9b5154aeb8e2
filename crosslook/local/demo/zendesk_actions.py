"""What happens to the tickets of a simulated Zendesk account: agents, customers, automations and administrators."""

from collections.abc import Callable, Sequence
from typing import Final

from crosslook.local.demo.zendesk_account import AGENTS, TICKET_LABELS, ZendeskAccount, change_of
from crosslook.local.demo.zendesk_shapes import CUSTOM_FIELD, SYSTEM, SimulatedTicket

TicketAction = Callable[[ZendeskAccount, SimulatedTicket, int], None]
"""Something that happens to a ticket at an instant, in nanoseconds since the epoch."""

_UNSOLVED = ("OPEN", "PENDING", "HOLD")
_EDITS: Sequence[tuple[str, str, Sequence[str | None]]] = (
    ("subject_changed", "subject", ("refund", "refund of an invoice", "login")),
    ("priority_changed", "priority", ("LOW", "HIGH", "URGENT", None)),
    ("type_changed", "type", ("QUESTION", "INCIDENT", None)),
    ("agent_assignment_changed", "assignee", (*AGENTS, None)),
    ("group_assignment_changed", "group", ("7001", "7002")),
    ("organization_changed", "organization", ("5001", "5002", None)),
    ("brand_changed", "brand", ("6001", "6002")),
    ("custom_status_changed", "custom_status", ("9001", "9002")),
)
_BY_PEOPLE = (
    "followers_changed",
    "email_ccs_changed",
    "external_id_changed",
    "task_due_at_changed",
    "form_changed",
    "problem_link_changed",
    "submitter_changed",
    "comment_redacted",
    "description_changed",
    "attachment_linked_to_comment",
    "attachment_redacted_from_comment",
)
_BY_SYSTEM = (
    "sla_policy_changed",
    "schedule_changed",
    "next_sla_breach_changed",
    "ola_policy_changed",
    "csat_requested",
)


def happen(account: ZendeskAccount, ticket: SimulatedTicket, at: int, *, hides: bool = True) -> None:
    """Something happens to the ticket; to one that is closed or deleted, only what still can. `hides`: comments may be
    made private, which the counts of an export do not show afterwards."""
    if ticket.gone:
        undelete(account, ticket, at)
    elif ticket.status == "CLOSED":
        system_changes(account, ticket, at)
    else:
        weights, actions = zip(*(entry for entry in _LIFE if hides or entry[1] is not hide), strict=True)
        (action,) = account.random.choices(actions, weights)
        action(account, ticket, at)


def reply(account: ZendeskAccount, ticket: SimulatedTicket, at: int) -> None:
    """An agent answers, mostly with another status."""
    agent = account.random.choice(AGENTS)
    parts = [account.comment(ticket, at, agent)]
    if account.random.random() < 0.6:
        parts += account.set_status(ticket, account.random.choice(["PENDING", "SOLVED", "HOLD"]), at)
    account.tell(ticket, parts, at, actor=agent)


def answer(account: ZendeskAccount, ticket: SimulatedTicket, at: int) -> None:
    """The customer writes, which opens the ticket."""
    parts = [account.comment(ticket, at, ticket.requester)]
    if ticket.status in ("PENDING", "HOLD", "SOLVED"):
        parts += account.set_status(ticket, "OPEN", at)
    account.tell(ticket, parts, at, actor=ticket.requester)


def note(account: ZendeskAccount, ticket: SimulatedTicket, at: int) -> None:
    """A private comment."""
    account.tell(ticket, [account.comment(ticket, at, account.random.choice(AGENTS), public=False)], at)


def automate(account: ZendeskAccount, ticket: SimulatedTicket, at: int) -> None:
    """An automation writes in the name of an agent."""
    account.tell(ticket, [account.comment(ticket, at, AGENTS[0], bot=True)], at, actor=SYSTEM)


def solve(account: ZendeskAccount, ticket: SimulatedTicket, at: int) -> None:
    """An agent solves the ticket without a word."""
    account.tell(ticket, account.set_status(ticket, "SOLVED", at), at)


def reopen(account: ZendeskAccount, ticket: SimulatedTicket, at: int) -> None:
    """An agent gives the ticket an unsolved status."""
    account.tell(ticket, account.set_status(ticket, account.random.choice(_UNSOLVED), at), at)


def close(account: ZendeskAccount, ticket: SimulatedTicket, at: int) -> None:
    """An automation closes a solved ticket."""
    if ticket.status == "SOLVED":
        account.tell(ticket, account.set_status(ticket, "CLOSED", at), at, actor=SYSTEM)


def rate(account: ZendeskAccount, ticket: SimulatedTicket, at: int) -> None:
    """The customer rates the ticket."""
    ticket.satisfaction = account.random.choice(["GOOD", "BAD"])
    account.tell(ticket, [("csat_received", {"satisfaction_score": {"score": ticket.satisfaction}})], at)


def edit(account: ZendeskAccount, ticket: SimulatedTicket, at: int) -> None:
    """An agent changes one property."""
    name, attribute, values = account.random.choice(_EDITS)
    old, new = getattr(ticket, attribute), account.random.choice(values)
    setattr(ticket, attribute, new)
    account.tell(ticket, [(name, change_of(old, new))], at)


def tag(account: ZendeskAccount, ticket: SimulatedTicket, at: int) -> None:
    """A tag comes or goes."""
    label = account.random.choice(TICKET_LABELS)
    added, removed = ([], [label]) if label in ticket.tags else ([label], [])
    ticket.tags = sorted({*ticket.tags, *added} - {*removed})
    account.tell(ticket, [("tags_changed", {"tags_added": added, "tags_removed": removed})], at)


def customise(account: ZendeskAccount, ticket: SimulatedTicket, at: int) -> None:
    """A custom field changes."""
    old, ticket.plan = ticket.plan, account.random.choice([None, "gold", "silver"])
    named = {"custom_field": {"id": CUSTOM_FIELD, "title": "Plan", "type": "text"}}
    event = {**named, "current": {"value": ticket.plan}, "previous": {"value": old}}
    account.tell(ticket, [("custom_field_changed", event)], at)


def hide(account: ZendeskAccount, ticket: SimulatedTicket, at: int) -> None:
    """A public comment is made private."""
    shown = [comment for comment in ticket.comments if comment.public and not comment.opening]
    if shown:
        comment = account.random.choice(shown)
        comment.public = False
        account.tell(ticket, [("comment_made_private", {"comment": {"id": comment.id}})], at)


def people_change(account: ZendeskAccount, ticket: SimulatedTicket, at: int) -> None:
    """Somebody changes what has no field of ours."""
    account.tell(ticket, [(account.random.choice(_BY_PEOPLE), {"users_added": ["8001"], "users_removed": []})], at)


def system_changes(account: ZendeskAccount, ticket: SimulatedTicket, at: int) -> None:
    """The system changes what has no field of ours."""
    account.tell(ticket, [(account.random.choice(_BY_SYSTEM), {})], at, actor=SYSTEM, system=True)


def delete(account: ZendeskAccount, ticket: SimulatedTicket, at: int) -> None:
    """The ticket is deleted, or marked as spam, or deleted for good."""
    kind = account.random.choice(["soft_deleted", "soft_deleted", "marked_as_spam", "permanently_deleted"])
    ticket.before = None if kind == "permanently_deleted" else ticket.status
    ticket.gone, ticket.status = True, "DELETED" if ticket.before else "SCRUBBED"
    account.tell(ticket, [(kind, {})], at)


def undelete(account: ZendeskAccount, ticket: SimulatedTicket, at: int) -> None:
    """A ticket that was not deleted for good comes back."""
    if ticket.before is not None:
        ticket.gone, ticket.status, ticket.before = False, ticket.before, None
        account.tell(ticket, [("undeleted", {})], at)


def merge(account: ZendeskAccount, ticket: SimulatedTicket, at: int) -> None:
    """The ticket is merged into another one and closed, whatever its status was; both get a private comment."""
    others = [other for other in account.tickets.values() if other is not ticket and not other.gone]
    if not others:
        return
    target = account.random.choice(others)
    ticket.merged_into = target.id
    ticket.tags = sorted({*ticket.tags, "closed_by_merge"})
    parts = [
        ("merged", {"target_ticket_id": target.id}),
        account.comment(ticket, at, AGENTS[0], public=False),
        ("tags_changed", {"tags_added": ["closed_by_merge"], "tags_removed": []}),
        *account.set_status(ticket, "CLOSED", at),
    ]
    account.tell(ticket, parts, at)
    if target.status != "CLOSED":
        account.tell(target, [account.comment(target, at, AGENTS[0], public=False)], at)


_LIFE: Final[Sequence[tuple[int, TicketAction]]] = (
    (20, reply),
    (16, answer),
    (6, note),
    (4, automate),
    (10, solve),
    (8, reopen),
    (2, close),
    (5, rate),
    (12, edit),
    (5, tag),
    (5, customise),
    (3, hide),
    (4, people_change),
    (4, system_changes),
    (2, delete),
    (1, merge),
)
"""How likely each action is."""
