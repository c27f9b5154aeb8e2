"""Replies, first reply, reopens and the last solution, by the definitions of Zendesk's reporting."""

from collections.abc import Mapping
from itertools import permutations
from typing import Any

import pytest

from crosslook.integrations.interface import Unmappable
from crosslook.integrations.zendesk.facts import zendesk_facts
from tests.helpers.zendesk import SEQUENCE, TICKET_DETAIL, comment, fields_of, status_change, webhook, zendesk_event

COUNTERS = ("replies", "reopens", "first_reply_minutes", "solved_at")
CREATED = zendesk_event("created", status="NEW")
OPENING = zendesk_event("comment_added", comment("1", body=TICKET_DETAIL["description"]), position=2, status="NEW")


def at(minute: int, nanos: int = 0, hour: int = 11) -> str:
    """An instant after the creation at 10:12:07."""
    return f"2025-01-08T{hour:02d}:{minute:02d}:00.{nanos:09d}Z"


def changed(previous: str, current: str, when: str, **more: Any) -> dict[str, Any]:
    """A change of status."""
    return zendesk_event("status_changed", status_change(previous, current), at=when, status=current, **more)


def replied(id_: str, when: str, status: str = "OPEN", sequence: Any = "B", **more: Any) -> dict[str, Any]:
    """A public comment by the staff, where not said otherwise."""
    return zendesk_event("comment_added", comment(id_, **more), at=when, status=status, sequence=sequence)


def counters(*events: Mapping[str, Any]) -> dict[str, Any]:
    """The counters that are not empty."""
    fields = fields_of(*events)
    return {name: fields[name] for name in COUNTERS if name in fields}


def test_counters_are_zero_once_the_creation_is_known() -> None:
    assert counters(CREATED) == {"replies": 0, "reopens": 0}


def test_counters_are_empty_where_the_creation_is_not_known() -> None:
    assert counters(replied("2", at(0)), changed("SOLVED", "OPEN", at(1))) == {}


def test_a_solution_is_known_without_the_creation() -> None:
    assert counters(changed("OPEN", "SOLVED", at(1))) == {"solved_at": "2025-01-08T11:01:00Z"}


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_a_ticket_that_was_solved_and_opened_again(order: tuple[int, ...]) -> None:
    events = [CREATED, changed("NEW", "SOLVED", at(1)), changed("SOLVED", "OPEN", at(2)), OPENING]
    assert counters(*(events[index] for index in order)) == {"replies": 0, "reopens": 1}


def test_solved_at_is_the_last_solution() -> None:
    events = [CREATED, changed("NEW", "SOLVED", at(1)), changed("SOLVED", "PENDING", at(2))]
    again = changed("PENDING", "SOLVED", at(3))
    assert counters(*events, again) == {"replies": 0, "reopens": 1, "solved_at": "2025-01-08T11:03:00Z"}


def test_closing_keeps_when_it_was_solved() -> None:
    events = [CREATED, changed("NEW", "SOLVED", at(1)), changed("SOLVED", "CLOSED", at(9))]
    assert counters(*events)["solved_at"] == "2025-01-08T11:01:00Z"


def test_closed_without_being_solved_counts_as_solved() -> None:
    assert counters(CREATED, changed("NEW", "CLOSED", at(5)))["solved_at"] == "2025-01-08T11:05:00Z"


@pytest.mark.parametrize("with_change", [True, False])
def test_a_merged_ticket_is_closed_and_solved_when_it_was_merged(with_change: bool) -> None:
    merged = zendesk_event("merged", {"target_ticket_id": "9"}, at=at(7), status="CLOSED" if with_change else "OPEN")
    change = [changed("OPEN", "CLOSED", at(7, 40))] if with_change else []
    fields = fields_of(CREATED, merged, *change)
    assert (fields["status"], fields["merged_into"]) == ("closed", "9")
    assert (fields["solved_at"], fields["reopens"]) == ("2025-01-08T11:07:00Z", 0)


def test_the_target_of_a_merge_is_not_merged() -> None:
    assert "merged_into" not in fields_of(zendesk_event("merged", {"target_ticket_id": 5158}))


def test_created_as_solved_is_solved_at_its_creation() -> None:
    events = [zendesk_event("created", status="SOLVED")]
    assert counters(*events)["solved_at"] == "2025-01-08T10:12:07Z"
    reopened = changed("SOLVED", "OPEN", at(1))
    assert counters(*events, reopened) == {"replies": 0, "reopens": 1}


def test_created_as_solved_and_closed_later_was_solved_at_its_creation() -> None:
    events = [zendesk_event("created", status="SOLVED"), changed("SOLVED", "CLOSED", at(9))]
    assert counters(*events)["solved_at"] == "2025-01-08T10:12:07Z"


def test_a_creation_that_shows_a_later_state_is_no_reopening() -> None:
    events = [zendesk_event("created", status="SOLVED"), changed("NEW", "SOLVED", at(1))]
    assert counters(*events) == {"replies": 0, "reopens": 0, "solved_at": "2025-01-08T11:01:00Z"}


def test_a_thin_change_counts_more_than_an_older_state() -> None:
    thin = {**changed("NEW", "SOLVED", at(1)), "detail": {"id": "5158"}}
    assert counters(CREATED, thin) == {"replies": 0, "reopens": 0, "solved_at": "2025-01-08T11:01:00Z"}


def test_a_change_that_did_not_arrive_shows_in_the_next_one() -> None:
    events = [CREATED, changed("NEW", "SOLVED", at(1)), changed("OPEN", "PENDING", at(5))]
    assert counters(*events)["reopens"] == 1
    assert counters(*events, changed("SOLVED", "OPEN", at(3)))["reopens"] == 1


def test_a_reopening_shows_in_the_state_before_its_change_arrives() -> None:
    solved, answer = changed("NEW", "SOLVED", at(1)), replied("2", at(3), staff=False, author="1")
    assert counters(CREATED, solved, answer) == {"replies": 0, "reopens": 1}
    assert counters(CREATED, solved, answer, changed("SOLVED", "OPEN", at(3, 5))) == {"replies": 0, "reopens": 1}


def test_the_state_beside_a_change_counts_once() -> None:
    """The events of one action show the state after it, before and after the change among them."""
    solved = [CREATED, changed("NEW", "SOLVED", at(1))]
    action = [replied("2", at(2)), changed("SOLVED", "OPEN", at(2, 1)), zendesk_event("tags_changed", at=at(2, 2))]
    assert counters(*solved, *action)["reopens"] == 1


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_changes_of_one_second_are_chained(order: tuple[int, ...]) -> None:
    whole = "2025-01-08T11:00:00Z"
    changes = [("OPEN", "SOLVED"), ("SOLVED", "OPEN"), ("OPEN", "PENDING")]
    events = [changed(*changes[index], whole, sequence=None, id_=f"{place}") for place, index in enumerate(order)]
    begun = [CREATED, changed("NEW", "OPEN", at(0, 0, 10).replace(".000000000", ""))]
    assert counters(*begun, *events)["reopens"] == 1


def test_a_change_of_the_custom_status_reopens_nothing() -> None:
    events = [CREATED, changed("NEW", "SOLVED", at(1))]
    custom = zendesk_event("custom_status_changed", {"previous": "1", "current": "2"}, at=at(2), status="SOLVED")
    assert counters(*events, custom)["reopens"] == 0


def test_a_public_comment_by_the_staff_is_a_reply() -> None:
    assert counters(CREATED, OPENING, replied("2", at(12)))["replies"] == 1


@pytest.mark.parametrize(
    "how",
    [
        {"public": False},
        {"staff": False},
        {"author": "-1"},
        {"author": "0"},
        {"author_more": {"type": "bot"}},
    ],
)
def test_other_comments_are_not_replies(how: dict[str, Any]) -> None:
    assert counters(CREATED, replied("2", at(12), **how))["replies"] == 0


def test_what_the_system_writes_in_an_agents_name_is_not_a_reply() -> None:
    automatic = replied("2", at(12))
    automatic["detail"]["actor_id"] = "-1"
    assert counters(CREATED, automatic)["replies"] == 0
    bot = replied("2", at(12))
    bot["event"]["actor"] = {"type": "Bot"}
    assert counters(CREATED, bot)["replies"] == 0


def test_a_comment_without_an_author_is_not_a_reply() -> None:
    event = replied("2", at(12))
    del event["event"]["comment"]["author"]
    assert counters(CREATED, event)["replies"] == 0


@pytest.mark.parametrize(("member", "pointer"), [("is_public", ""), ("is_staff", "/author")])
def test_a_comment_of_another_shape_waits(member: str, pointer: str) -> None:
    event = replied("2", at(12))
    place = event["event"]["comment"]["author"] if pointer else event["event"]["comment"]
    place[member] = "yes"
    with pytest.raises(Unmappable) as raised:
        zendesk_facts(webhook(event))
    assert raised.value.problem.pointer == f"/event/comment{pointer}/{member}"


def test_the_opening_comment_of_an_agent_is_not_a_reply() -> None:
    assert counters(CREATED, OPENING) == {"replies": 0, "reopens": 0}


def test_a_reply_within_the_second_of_the_creation_is_one() -> None:
    quick = replied("2", "2025-01-08T10:12:07.9Z")
    assert counters(CREATED, OPENING, quick) == {"replies": 1, "reopens": 0, "first_reply_minutes": 0}


def test_numbers_beyond_64_bits_do_not_become_equal() -> None:
    """As doubles these are one number, and the reply would be taken for the opening comment."""
    created = zendesk_event("created", sequence=2**64 + 1)
    reply = replied("2", "2025-01-08T10:12:08Z", sequence=2**64 + 2, body=TICKET_DETAIL["description"])
    assert counters(created, reply)["replies"] == 1


def test_without_sequences_time_and_text_show_the_opening_comment() -> None:
    created = zendesk_event("created", sequence=None)
    opening = replied("1", "2025-01-08T10:12:08.5Z", sequence=None, body="Hello,  my printer is on fire. ")
    assert counters(created, opening)["replies"] == 0
    quick = replied("2", "2025-01-08T10:12:08.6Z", sequence=None)
    assert counters(created, opening, quick)["replies"] == 1
    same_words_later = replied("3", at(1), sequence=None, body=TICKET_DETAIL["description"])
    assert counters(created, opening, same_words_later)["replies"] == 1


def test_without_the_creation_time_and_text_show_the_opening_comment_too() -> None:
    facts = zendesk_facts(webhook(replied("1", "2025-01-08T10:12:07.7Z", body=TICKET_DETAIL["description"])))
    assert facts[0].data["comment"] == {"id": "1", "reply": True, "opens": True}
    assert "body" not in str(facts)


def test_the_first_reply_is_counted_in_whole_minutes() -> None:
    late, first = replied("3", at(59)), replied("2", "2025-01-08T10:15:06.9Z")
    assert counters(CREATED, late, first) == {"replies": 2, "reopens": 0, "first_reply_minutes": 2}


def test_a_comment_that_was_made_private_is_no_reply_any_more() -> None:
    hidden = zendesk_event("comment_made_private", {"comment": {"id": "2"}}, at=at(30))
    events = [CREATED, replied("2", at(12)), replied("3", at(20)), hidden]
    assert counters(*events) == {"replies": 1, "reopens": 0, "first_reply_minutes": 67}
    assert counters(*reversed(events)) == counters(*events)


def test_a_redacted_comment_is_still_a_reply() -> None:
    redacted = zendesk_event("comment_redacted", {"comment": {"id": "2"}}, at=at(30))
    assert counters(CREATED, replied("2", at(12)), redacted)["replies"] == 1


def test_one_comment_counts_once_under_two_events() -> None:
    twice = {**replied("2", at(12)), "id": "another event"}
    assert counters(CREATED, replied("2", at(12)), twice)["replies"] == 1


def test_agents_who_opened_the_ticket_reply_with_their_next_comment() -> None:
    """A call that is created and solved, and later reopened: the reply after that ends the clock."""
    call = zendesk_event("created", status="SOLVED")
    opening = zendesk_event("comment_added", comment("1"), position=2, status="SOLVED")
    reopened = changed("SOLVED", "OPEN", at(0))
    assert counters(call, opening, reopened, replied("2", at(12)))["first_reply_minutes"] == 59


def test_nine_decimals_keep_their_order() -> None:
    first = zendesk_event("subject_changed", at="2025-01-08T10:12:08.672717030Z", subject="first", id_="z")
    last = zendesk_event("subject_changed", at="2025-01-08T10:12:08.672717031Z", subject="last", id_="a")
    assert fields_of(last, first)["subject"] == fields_of(first, last)["subject"] == "last"


def test_the_position_orders_events_of_one_instant() -> None:
    first = zendesk_event("subject_changed", position=1, subject="first", id_="z")
    last = zendesk_event("subject_changed", position=2, subject="last", id_="a")
    assert fields_of(last, first)["subject"] == fields_of(first, last)["subject"] == "last"


def test_sequences_are_missing_in_older_events() -> None:
    assert fields_of(zendesk_event("created", sequence=None))["reopens"] == 0
    (fact,) = zendesk_facts(webhook(CREATED))
    assert fact.data["sequence"] == SEQUENCE


@pytest.mark.parametrize(("score", "expected"), [("GOOD", "good"), ("BAD", "bad"), ("good_with_comment", "good")])
def test_the_last_rating_counts(score: str, expected: str) -> None:
    before = zendesk_event("csat_received", {"satisfaction_score": {"score": "BAD"}}, at=at(1))
    last = zendesk_event("csat_received", {"satisfaction_score": {"score": score}}, at=at(2))
    assert fields_of(last, before)["satisfaction"] == expected


def test_a_newer_survey_has_no_field() -> None:
    newer = zendesk_event("csat_received", {"survey_response": {"rating": 5}}, at=at(2))
    assert "satisfaction" not in fields_of(newer)
