"""A chain of reschedules is one booking, whatever part of it is known; bad data end well."""

from itertools import permutations
from random import Random
from typing import Any

import pytest

from crosslook.integrations.calendly import INTEGRATION
from crosslook.integrations.interface import (
    FoldedState,
    JsonObject,
    RecordGone,
)
from crosslook.local.demo.calendly_account import CalendlyAccount
from tests.helpers.calendly import CALENDLY, booked, folded, received, whole
from tests.helpers.fact_sets import FactSet

MESSAGE = booked()
OTHER = "https://api.calendly.com/scheduled_events/EEEEEEEEEEEEEEEE/invitees/"


def fields(*messages: dict[str, Any]) -> JsonObject:
    """The fields of the booking that the messages are about."""
    return whole(folded(*messages)).fields


def gone(states: list[FoldedState]) -> list[str]:
    """The records that are deleted."""
    return [state.record for state in states if isinstance(state, RecordGone)]


def chain(*moves: str) -> CalendlyAccount:
    """A booking that is moved by each of these, every message once."""
    account = CalendlyAccount(Random(11))  # noqa: S311  # examples, no secrets
    invitee = account.book("ada@example.com")
    for by in moves:
        invitee = account.move(invitee, by)
    account.messages = [message for number, message in enumerate(account.messages) if _first(account, number)]
    return account


def _first(account: CalendlyAccount, number: int) -> bool:
    """Whether no message before says the same."""
    said = [(message["event"], message["payload"]["uri"]) for message in account.messages]
    return said.index(said[number]) == number


def about(account: CalendlyAccount, number: int, event: str) -> dict[str, Any]:
    """The message of that event about the invitee with that number."""
    uri = account.invitees[number].resource["uri"]
    (message,) = (m for m in account.messages if m["event"] == f"invitee.{event}" and m["payload"]["uri"] == uri)
    return message


def ids(account: CalendlyAccount) -> list[str]:
    """The invitees of the chain in order."""
    return [invitee.resource["uri"].rpartition("/")[2] for invitee in account.invitees]


def test_a_moved_booking_is_one_record_from_the_first_message_about_its_link_on() -> None:
    account = chain("invitee", "host")
    first, second, third = ids(account)
    expected = account.truth()[first]
    for messages in permutations(account.messages):
        states = folded(*messages)
        assert whole(states).record == first
        assert {slug: value for slug, value in whole(states).fields.items() if slug in expected} == expected
        assert set(gone(states)) == {second, third}


def test_only_the_new_invitee_is_known() -> None:
    account = chain("invitee")
    first, second = ids(account)
    states = folded(about(account, 1, "created"))
    assert (whole(states).record, gone(states)) == (first, [second])
    known = whole(states).fields
    assert (known["status"], known["reschedules"], known["starts_at"]) == (
        "active",
        1,
        account.truth()[first]["starts_at"],
    )


@pytest.mark.parametrize("new_is_named", [True, False])
def test_only_the_cancellation_of_the_old_invitee_is_known(new_is_named: bool) -> None:
    account = chain("invitee")
    first, second = ids(account)
    canceled = about(account, 0, "canceled")
    canceled["payload"] |= {} if new_is_named else {"new_invitee": None}
    states = folded(canceled)
    assert (whole(states).record, gone(states)) == (first, [second] if new_is_named else [])
    known = whole(states).fields
    assert (known["status"], known["reschedules"], "canceled_at" in known) == ("active", 1, False)
    assert known["starts_at"] == account.invitees[0].event["start_time"][:23] + "Z"


def test_the_root_of_a_chain_is_known_last() -> None:
    account = chain("invitee", "invitee")
    first, second, third = ids(account)
    facts = FactSet(INTEGRATION, CALENDLY)
    facts.take([received(about(account, 2, "created"))])
    assert (whole(facts.states(third)).record, gone(facts.states(third))) == (second, [third])
    facts.take([received(about(account, 1, "canceled"))])
    assert (whole(facts.states(third)).record, gone(facts.states(third))) == (first, [second, third])
    facts.take([received(about(account, 0, "created"))])
    assert facts.states(first) == facts.states(third)
    assert whole(facts.states(first)).fields["booked_at"] == account.truth()[first]["booked_at"]


def test_a_campaign_is_that_of_the_first_booking_and_a_payment_the_last_that_is_known() -> None:
    old, new = f"{OTHER}OLD", f"{OTHER}NEW"
    first = booked(
        uri=old,
        new_invitee=new,
        tracking={"utm_source": "newsletter", "utm_campaign": "spring"},
        payment={"amount": 10, "currency": "EUR"},
        timezone="Europe/Paris",
    )
    mail = {"utm_source": "reschedule", "utm_medium": "email", "utm_campaign": None}
    second = booked(uri=new, created_at="2026-11-04T10:00:00Z", tracking=mail, payment=None, timezone=None)
    known = fields(second, first)
    assert (known["utm_source"], known["utm_campaign"], "utm_medium" in known) == ("newsletter", "spring", False)
    assert (known["payment_amount"], known["payment_currency"], known["timezone"]) == (10, "EUR", "Europe/Paris")
    paid = {**second, "payload": {**second["payload"], "payment": {"amount": 12, "currency": "USD"}}}
    assert (fields(first, paid)["payment_amount"], fields(first, paid)["payment_currency"]) == (12, "USD")


def test_a_canceled_booking_that_is_moved_after_all_is_active() -> None:
    plain = {**booked(status="canceled", rescheduled=False), "event": "invitee.canceled"}
    moved = booked(uri=f"{OTHER}NEW", old_invitee=MESSAGE["payload"]["uri"], created_at="2026-11-04T10:00:00Z")
    for messages in permutations([plain, moved]):
        known = fields(*messages)
        assert (known["status"], known["reschedules"]) == ("active", 1)
        assert "canceled_at" not in known


def test_circles_end() -> None:
    links = {"A": "B", "B": "C", "C": "A"}
    messages = [
        booked(uri=f"{OTHER}{new}", old_invitee=f"{OTHER}{old}", created_at=f"2026-11-0{number}T10:00:00Z")
        for number, (old, new) in enumerate(links.items(), 1)
    ]
    expected = folded(*messages)
    assert whole(expected).record == "B"  # the oldest
    assert sorted(gone(expected)) == ["A", "C"]
    for order in permutations(messages):
        assert folded(*order) == expected


def test_two_successors_and_two_predecessors_are_one_booking() -> None:
    def invitee(name: str, day: int, **links: str) -> dict[str, Any]:
        uris = {link: f"{OTHER}{to}" for link, to in links.items()}
        return booked(uri=f"{OTHER}{name}", created_at=f"2026-11-0{day}T10:00:00Z", timezone=name, **uris)

    fork = [invitee("A", 1), invitee("B", 2, old_invitee="A"), invitee("C", 3, old_invitee="A")]
    for order in permutations(fork):
        states = folded(*order)
        assert (whole(states).record, sorted(gone(states))) == ("A", ["B", "C"])
        assert whole(states).fields["timezone"] == "C"
    joined = [invitee("A", 1, new_invitee="C"), invitee("B", 2, new_invitee="C"), invitee("C", 3)]
    for order in permutations(joined):
        states = folded(*order)
        assert (whole(states).record, sorted(gone(states))) == ("A", ["B", "C"])


def test_facts_that_say_nothing_of_anybody_make_no_record() -> None:
    facts = [fact for fact in INTEGRATION.facts(received(booked(old_invitee=f"{OTHER}A"))) if fact.kind == "moved"]
    assert list(INTEGRATION.fold(facts, CALENDLY)) == []
