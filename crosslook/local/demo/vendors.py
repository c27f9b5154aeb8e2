"""What the demonstration's Zendesk and Calendly post, a pair of accounts for each tenant, and what is true of them.

The people of the accounts are contacts of the tenant, known by their e-mails, and some strangers. Everything follows
from the seed and the instant that the dataset is told from.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any, Final
from zlib import crc32

from crosslook.local.demo.calendly_account import CalendlyAccount, simulate_days
from crosslook.local.demo.dataset import Dataset
from crosslook.local.demo.schemas import TENANTS
from crosslook.local.demo.zendesk_account import SimulatedUser, ZendeskAccount
from crosslook.local.demo.zendesk_actions import happen
from crosslook.local.demo.zendesk_shapes import true_fields

ZENDESK: Final = "zendesk"
CALENDLY: Final = "calendly"
VENDORS: Final = (ZENDESK, CALENDLY)
REPEATED_SHARE: Final = 0.08
_ACTIONS_PER_TICKET, _STEPS_PER_BOOKING = 6, 3
_STRANGERS = 3
_SPAN = timedelta(days=20)
_MICROSECOND, _NANOSECONDS = timedelta(microseconds=1), 1000


@dataclass(frozen=True, slots=True)
class PostedMessage:
    """One message of a vendor, unsigned: whoever sends it signs it at that moment, as vendors do."""

    tenant: str
    vendor: str
    body: bytes


@dataclass(frozen=True, slots=True)
class VendorRecord:
    """What is true of a ticket or booking, by the names of our fields. `emails`: of its person, the best first."""

    fields: dict[str, Any]
    emails: tuple[str, ...]


@dataclass(slots=True)
class VendorStory:
    """`messages`: in their order of arrival, mixed up and some of them repeated. `truth`: by (tenant, vendor)."""

    messages: list[PostedMessage] = field(default_factory=list)
    truth: dict[tuple[str, str], list[VendorRecord]] = field(default_factory=dict)
    repeats: int = 0


def tell_vendors(dataset: Dataset, now: datetime, records: int, seed: int = 7) -> VendorStory:
    """About a four-hundredth of `records` tickets of each tenant and as many bookings, over the twenty days before
    `now` (UTC)."""
    story = VendorStory()
    for tenant in TENANTS:
        random = Random(seed + crc32(tenant.encode()))  # noqa: S311  # a demonstration wants repeatable data
        people = _people(random, dataset, tenant)
        number = max(10, records // 400)
        tickets, bookings = _helpdesk(random, now, people, number), _scheduling(random, now, people, number)
        story.truth[tenant, ZENDESK] = [
            _ticket(tickets, ticket.id) for ticket in tickets.tickets.values() if not ticket.gone
        ]
        story.truth[tenant, CALENDLY] = [
            VendorRecord(booking.fields, (booking.email,)) for booking in bookings.bookings
        ]
        for vendor, messages in ((ZENDESK, tickets.messages), (CALENDLY, bookings.messages)):
            story.messages += [PostedMessage(tenant, vendor, json.dumps(message).encode()) for message in messages]
    _mix(story, Random(seed))  # noqa: S311  # as above
    return story


def _people(random: Random, dataset: Dataset, tenant: str) -> list[str]:
    """E-mails of some contacts, as people write them, and of strangers."""
    known = [data["fields"]["email"] for data in dataset.truth.get((tenant, "contact"), {}).values()]
    chosen = random.sample(known, min(len(known), 80))
    return [email.title() if random.random() < 0.1 else email for email in chosen] + [
        f"stranger{number}@nowhere.example" for number in range(_STRANGERS)
    ]


def _helpdesk(random: Random, now: datetime, people: Sequence[str], tickets: int) -> ZendeskAccount:
    account = ZendeskAccount(random)
    actions = tickets * (1 + _ACTIONS_PER_TICKET)
    step = (_SPAN / (actions + len(people) + 2)) // _MICROSECOND * _NANOSECONDS
    at = int((now - _SPAN).timestamp()) * 1_000_000_000
    users: list[SimulatedUser] = []
    for email in people:
        at += step
        users.append(account.sign_up(at, email))
    for action in range(actions):
        at += step // 2 + random.randrange(step // 2)
        if action % (1 + _ACTIONS_PER_TICKET) == 0:
            account.open_ticket(random.choice(users), at)
        elif random.random() < 0.01:
            account.change_email(random.choice(users), at)
        else:
            happen(account, random.choice(list(account.tickets.values())), at)
    return account


def _scheduling(random: Random, now: datetime, people: Sequence[str], bookings: int) -> CalendlyAccount:
    steps = bookings * _STEPS_PER_BOOKING
    account = CalendlyAccount(random, (now - _SPAN).replace(microsecond=0), pace=_SPAN / (2 * steps))
    simulate_days(account, steps, people)
    return account


def _ticket(account: ZendeskAccount, ticket: str) -> VendorRecord:
    user = account.users[account.tickets[ticket].requester]
    return VendorRecord(true_fields(account.tickets[ticket]), (user.email, *user.others))


def _mix(story: VendorStory, random: Random) -> None:
    """Repeats some messages, and loses all order."""
    again = [message for message in story.messages if random.random() < REPEATED_SHARE]
    story.repeats = len(again)
    story.messages += again
    random.shuffle(story.messages)
