"""Whether a booking shows as a no-show: the last mark or removal counts, and that of the last meeting."""

from itertools import permutations
from random import Random
from typing import Any

import orjson

from crosslook.integrations.calendly import INTEGRATION
from crosslook.integrations.interface import (
    JsonObject,
    MessageOrigin,
)
from crosslook.local.demo.calendly_account import CalendlyAccount
from tests.helpers.calendly import booked, folded, received, whole

MESSAGE = booked()
OTHER = "https://api.calendly.com/scheduled_events/EEEEEEEEEEEEEEEE/invitees/"


def fields(*messages: dict[str, Any]) -> JsonObject:
    """The fields of the booking that the messages are about."""
    return whole(folded(*messages)).fields


def test_the_mark_of_a_meeting_that_was_missed_does_not_count_for_the_next() -> None:
    account = CalendlyAccount(Random(3))  # noqa: S311  # examples, no secrets
    missed = account.book("ada@example.com")
    account.mark(missed)
    assert fields(*account.messages)["no_show"] is True
    account.move(missed)
    assert fields(*account.messages)["no_show"] is False
    only_old = [message for message in account.messages if message["payload"]["uri"] == missed.resource["uri"]]
    assert fields(*only_old)["no_show"] is False


def test_the_last_mark_or_removal_counts() -> None:
    def no_show(event: str, minute: int, uri: str | None = None) -> dict[str, Any]:
        mark = uri and {"uri": uri, "created_at": f"2026-11-05T09:{minute:02}:00Z"}
        message = {**booked(no_show=mark), "event": f"invitee_no_show.{event}"}
        return {**message, "created_at": f"2026-11-05T09:{minute:02}:01Z"}

    marked, removed, again = no_show("created", 1), no_show("deleted", 2), no_show("created", 3)
    assert fields(marked)["no_show"] is True
    for messages in permutations([marked, removed]):
        assert fields(*messages)["no_show"] is False
    for messages in permutations([marked, removed, again]):
        assert fields(*messages)["no_show"] is True
    named, other = no_show("created", 1, "n/1"), no_show("created", 2, "n/2")
    for messages in permutations([named, other, no_show("deleted", 3, "n/1")]):
        assert fields(*messages)["no_show"] is True
    for messages in permutations([named, other, no_show("deleted", 3)]):
        assert fields(*messages)["no_show"] is False


def test_the_export_takes_back_a_mark_whose_removal_was_lost() -> None:
    marked = {**booked(), "event": "invitee_no_show.created", "created_at": "2026-11-05T09:00:00Z"}
    listed = booked(updated_at="2026-11-05T10:00:00Z")["payload"]
    assert INTEGRATION.history is not None
    page = {"collection": [{**listed["scheduled_event"], "invitees": [listed]}]}
    (export,) = INTEGRATION.history(orjson.dumps(page))
    item = received(export.body, MessageOrigin.HISTORY)
    assert whole(folded(marked, item)).fields["no_show"] is False
    assert whole(folded({**marked, "created_at": "2026-11-05T11:00:00Z"}, item)).fields["no_show"] is True
