"""Users of Zendesk: where links to them lead, through e-mails, merges and deletions, in any order."""

from itertools import permutations
from typing import Any

import pytest

from crosslook.integrations.interface import Connection, Unmappable, UserAlias, WholeRecord
from crosslook.integrations.zendesk.facts import zendesk_facts
from tests.helpers.zendesk import facts_of, folded, folds, targets_of, user_event, webhook, zendesk_event

ANN, BOB, CAT = "ann@example.com", "bob@example.com", "cat@example.com"


def at(second: int) -> str:
    return f"2025-01-08T10:12:{second:02d}.000000001Z"


def identity(value: str, kind: str = "email", *, primary: bool = False) -> dict[str, Any]:
    """An identity as events name it."""
    return {"id": "1", "type": kind, "value": value, "primary": primary}


def test_a_new_user_is_found_by_its_email() -> None:
    assert targets_of(user_event("created", at=at(0))) == ("email:ann@example.com",)


def test_every_user_event_states_the_primary_email() -> None:
    assert targets_of(user_event("name_changed", {"previous": "A", "current": "B"}, at=at(0))) == (f"email:{ANN}",)


@pytest.mark.parametrize("empty", [None, "", "  ", "no address"])
def test_an_empty_email_identifies_nobody(empty: str | None) -> None:
    assert targets_of(user_event("created", at=at(0), email=empty)) == ()


@pytest.mark.parametrize("name", ["identity", "current"])
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_primary_email_comes_first_and_others_after_it(order: tuple[int, ...], name: str) -> None:
    events = [
        user_event("created", at=at(0)),
        user_event("identity_created", {name: identity(BOB)}, at=at(1)),
        user_event("identity_changed", {"previous": identity(BOB), "current": identity(BOB)}, at=at(2), email=BOB),
    ]
    assert targets_of(*(events[index] for index in order)) == (f"email:{BOB}", f"email:{ANN}")


def test_an_identity_that_is_deleted_or_changed_leads_nowhere() -> None:
    created = [user_event("created", at=at(0)), user_event("identity_created", {"identity": identity(BOB)}, at=at(1))]
    gone = user_event("identity_deleted", {"identity": identity(BOB)}, at=at(2))
    assert targets_of(*created, gone) == (f"email:{ANN}",)
    other = user_event("identity_changed", {"previous": identity(BOB), "current": identity(CAT)}, at=at(2))
    assert targets_of(*created, other) == (f"email:{ANN}", f"email:{CAT}")


def test_other_identities_are_not_emails() -> None:
    phone = user_event("identity_created", {"identity": identity("x@y", kind="twitter")}, at=at(1))
    assert targets_of(user_event("created", at=at(0)), phone) == (f"email:{ANN}",)


@pytest.mark.parametrize("event", [("deleted", {}), ("active_changed", {"previous": True, "current": False})])
def test_a_user_who_is_deleted_is_nobody(event: tuple[str, dict[str, bool]]) -> None:
    name, what = event
    assert targets_of(user_event("created", at=at(0)), user_event(name, what, at=at(1))) == ()


def test_a_user_who_is_active_again_is_found_again() -> None:
    gone = user_event("active_changed", {"previous": True, "current": False}, at=at(1))
    back = user_event("active_changed", {"previous": False, "current": True}, at=at(2))
    assert targets_of(back, gone) == (f"email:{ANN}",)


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_merged_users_stand_for_each_other_after_their_own_emails(order: tuple[int, ...]) -> None:
    events = [
        user_event("created", at=at(0)),
        user_event("created", at=at(1), id="99", email=BOB),
        user_event("merged", {"user": {"id": "88"}}, at=at(2), id="99", email=BOB),
        user_event("deleted", at=at(3)),
    ]
    told = [events[index] for index in order]
    assert targets_of(*told, user="88") == (f"email:{ANN}", "external:zendesk:99")
    assert targets_of(*told, user="99") == (f"email:{BOB}", "external:zendesk:88")


def test_a_merge_names_the_other_user() -> None:
    with pytest.raises(Unmappable) as raised:
        zendesk_facts(webhook(user_event("merged", at=at(0))))
    assert (raised.value.problem.code, raised.value.record) == ("vendor_member_missing", "user:88")


def test_another_connection_has_users_of_its_own() -> None:
    connection = Connection("zendesk_eu", "zendesk_eu_ticket")
    merge = webhook(user_event("merged", {"user": {"id": "7"}}, at=at(0)), connection=connection)
    states = folds(facts_of([merge]), connection)
    assert states["user:7"] == UserAlias("zendesk_eu:7", ("external:zendesk_eu:88",))
    ticket = folded(zendesk_event("created", requester_id=7), connection=connection)
    assert isinstance(ticket, WholeRecord)
    assert ticket.relationships == {"requester": [{"external": "zendesk_eu:7"}]}


def test_the_requester_follows_the_ticket() -> None:
    changed = zendesk_event("requester_changed", at="2025-01-09T00:00:00Z", requester_id="99")
    ticket = folded(changed, zendesk_event("created", requester_id="88"))
    assert isinstance(ticket, WholeRecord)
    assert ticket.relationships == {"requester": [{"external": "zendesk:99"}]}
