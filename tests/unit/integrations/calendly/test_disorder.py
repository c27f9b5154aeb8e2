"""The same records in whatever order, however often and in how many refreshes Calendly's messages arrive."""

from collections.abc import Sequence
from random import Random
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosslook.contracts.values import canonical_instant
from crosslook.integrations.calendly import INTEGRATION
from crosslook.integrations.interface import MessageOrigin, WebhookMessage
from crosslook.integrations.publication import RecordMessage
from crosslook.local.demo.calendly_account import CalendlyAccount, simulate_days
from tests.helpers.calendly import CALENDLY, RECEIVED_MS, received
from tests.helpers.examples import examples
from tests.helpers.fact_sets import FactSet, RefreshedFacts

EMAILS = ("ada@example.com", "grace@example.com", "alan@example.com")
INSTANTS = {"starts_at", "ends_at", "booked_at", "canceled_at"}
MISSING = object()


@st.composite
def accounts(draw: st.DrawFn) -> CalendlyAccount:
    """Some days at Calendly."""
    dice = Random(draw(st.integers(0, 2**32)))  # noqa: S311  # examples, no secrets
    account = CalendlyAccount(
        dice, old_payloads=draw(st.booleans()), bump=draw(st.booleans()), named_marks=draw(st.booleans())
    )
    simulate_days(account, draw(st.integers(1, 14)), EMAILS)
    return account


def history(account: CalendlyAccount) -> list[WebhookMessage]:
    """The items of Calendly's export as it is now."""
    assert INTEGRATION.history is not None
    items = [item for page in account.pages() for item in INTEGRATION.history(page)]
    assert all(item.problem is None for item in items)
    return [received(item.body, MessageOrigin.HISTORY) for item in items]


def webhooks(account: CalendlyAccount) -> list[WebhookMessage]:
    """The messages in the order in which they happened."""
    return [received(message) for message in account.messages]


def shown(rows: dict[str, Any]) -> dict[str, Any]:
    """Records with their fields and their invitee's e-mail."""
    return {record: (row.whole.fields, row.whole.references) for record, row in rows.items()}


def truth(account: CalendlyAccount) -> dict[str, Any]:
    """What the records must be by the account."""
    fields = {
        record: {slug: canonical_instant(value) if slug in INSTANTS else value for slug, value in known.items()}
        for record, known in account.truth().items()
    }
    people = {booking.record: booking.email for booking in account.bookings}
    return {record: (known, {"invitee": (f"email:{people[record]}",)}) for record, known in fields.items()}


def refreshed(parts: Sequence[Sequence[WebhookMessage]], dice: Random | None = None) -> dict[str, Any]:
    """The records after a refresh for each part, whose events are published in any order."""
    facts = FactSet(INTEGRATION, CALENDLY)
    refresh = RefreshedFacts(INTEGRATION, CALENDLY, RECEIVED_MS)
    rows: dict[str, Any] = {}
    for part in parts:
        published: list[RecordMessage] = []
        batches, left = [], list(part)
        while left:
            size = dice.randint(1, 4) if dice else 1
            batches.append(left[:size])
            left = left[size:]
        for batch in batches:
            published += facts.take(batch)
        if dice:
            dice.shuffle(published)
            published += dice.sample(published, len(published) // 3)
        rows = refresh.refresh(published)
    return shown(rows)


@settings(max_examples=examples(40, 2_000))
@given(accounts())
def test_messages_in_order_make_the_true_bookings(account: CalendlyAccount) -> None:
    assert refreshed([webhooks(account)]) == truth(account)


@settings(max_examples=examples(40, 2_000))
@given(accounts())
def test_the_export_alone_makes_the_true_bookings(account: CalendlyAccount) -> None:
    expected = truth(account)
    found = refreshed([history(account)])
    if account.old_payloads:  # of which the export lacks no-shows
        for known, _ in (*expected.values(), *found.values()):
            known.pop("no_show")
    assert found == expected


@settings(max_examples=examples(40, 2_000))
@given(accounts(), st.integers(0, 2**32), st.integers(1, 3))
def test_order_repeats_delays_and_refreshes_change_nothing(account: CalendlyAccount, seed: int, refreshes: int) -> None:
    dice = Random(seed)  # noqa: S311  # examples, no secrets
    sent = webhooks(account)
    sent += dice.sample(sent, len(sent) // 2)
    if dice.random() < 0.5:
        sent += history(account)
    dice.shuffle(sent)
    parts: list[list[WebhookMessage]] = [[] for _ in range(refreshes)]
    for message in sent:
        dice.choice(parts).append(message)
    assert refreshed(parts, dice) == truth(account)


@settings(max_examples=examples(40, 2_000))
@given(accounts(), st.integers(0, 2**32))
def test_the_export_of_any_moment_changes_nothing(account: CalendlyAccount, seed: int) -> None:
    dice = Random(seed)  # noqa: S311  # examples, no secrets
    before = history(account)
    simulate_days(account, dice.randint(1, 6), EMAILS)
    sent = [*before, *webhooks(account), *history(account)]
    dice.shuffle(sent)
    assert refreshed([sent], dice) == truth(account)


@settings(max_examples=examples(40, 2_000))
@given(accounts(), st.integers(0, 2**32))
def test_no_part_of_a_moved_booking_shows_as_canceled(account: CalendlyAccount, seed: int) -> None:
    """Whatever is known of the chains: a booking that was moved is active until the end of its chain is canceled."""
    dice = Random(seed)  # noqa: S311  # examples, no secrets
    sent = webhooks(account)
    known = dice.sample(sent, dice.randint(1, len(sent)))
    canceled = {record for record, fields in account.truth().items() if fields["status"] == "canceled"}
    ends = {invitee.resource["uri"]: invitee.booking.record for invitee in account.invitees}
    of_canceled = {uri.rpartition("/")[2] for uri, record in ends.items() if record in canceled}
    rows = refreshed([known], dice)
    assert {record for record, (fields, _) in rows.items() if fields["status"] == "canceled"} <= of_canceled


@pytest.mark.parametrize("seed", range(3))
def test_a_repeat_publishes_the_same_events(seed: int) -> None:
    account = CalendlyAccount(Random(seed))  # noqa: S311  # examples, no secrets
    simulate_days(account, 10, EMAILS)
    facts = FactSet(INTEGRATION, CALENDLY)
    facts.take(webhooks(account))
    again = facts.take(webhooks(account))
    assert facts.take(webhooks(account)) == again
    assert len({orjson.loads(message.value)["id"] for message in again}) == len(again)
