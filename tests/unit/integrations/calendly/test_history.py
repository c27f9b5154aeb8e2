"""Pages of Calendly's export, and what is refused of them."""

from typing import Any

import orjson
import pytest

from crosslook.integrations.calendly import INTEGRATION
from crosslook.integrations.interface import HistoryItem, MessageOrigin, Unmappable
from tests.helpers.calendly import booked, folded, received, whole

MESSAGE = booked()
EVENT = MESSAGE["payload"]["scheduled_event"]
INVITEE = {name: value for name, value in MESSAGE["payload"].items() if name != "scheduled_event"}


def items(page: Any) -> list[HistoryItem]:
    """The items of a page."""
    assert INTEGRATION.history is not None
    return list(INTEGRATION.history(page if isinstance(page, bytes) else orjson.dumps(page)))


@pytest.mark.parametrize(
    "listed",
    [
        {**EVENT, "invitees": [INVITEE]},
        {**EVENT, "invitees": {"collection": [INVITEE], "pagination": {"count": 1}}},
        {"event": EVENT, "invitees": [INVITEE]},
    ],
)
def test_an_invitee_of_the_export_is_read_like_a_message(listed: dict[str, Any]) -> None:
    (item,) = items({"collection": [listed], "pagination": {"count": 1, "next_page_token": None}})
    assert item.problem is None
    record = whole(folded(received(item.body, MessageOrigin.HISTORY)))
    assert record == whole(folded(MESSAGE))


def test_every_invitee_of_a_group_event_is_a_booking() -> None:
    others = [{**INVITEE, "uri": f"{EVENT['uri']}/invitees/{name}"} for name in ("A", "B")]
    found = items({"collection": [{**EVENT, "invitees": [INVITEE, *others]}, {**EVENT, "invitees": []}]})
    facts = [INTEGRATION.facts(received(item.body, MessageOrigin.HISTORY)) for item in found]
    assert len({stated[0].record for stated in facts}) == 3


@pytest.mark.parametrize(
    ("listed", "code", "where"),
    [
        ("https://api.calendly.com/scheduled_events/E", "wrong_type", "/collection/0"),
        (EVENT, "vendor_member_missing", "/collection/0/invitees"),
        ({**EVENT, "invitees": None}, "vendor_member_missing", "/collection/0/invitees"),
        ({**EVENT, "invitees": "all"}, "wrong_type", "/collection/0/invitees"),
        ({**EVENT, "invitees": {}}, "vendor_member_missing", "/collection/0/invitees/collection"),
        ({**EVENT, "invitees": ["I"]}, "wrong_type", "/collection/0/invitees/0"),
    ],
)
def test_what_cannot_be_read_is_one_refused_item(listed: Any, code: str, where: str) -> None:
    bad, good = items({"collection": [listed, {**EVENT, "invitees": [INVITEE]}]})
    assert bad.problem is not None
    assert (bad.problem.code, bad.problem.pointer) == (code, where)
    assert orjson.loads(bad.body) in (listed, "I")
    assert good.problem is None


@pytest.mark.parametrize("page", [b"", b"[]", {}, {"collection": None}, {"collection": {}}])
def test_what_is_not_a_page_is_refused(page: Any) -> None:
    with pytest.raises(Unmappable):
        items(page)


def test_an_event_that_was_canceled_as_a_whole_says_why_once() -> None:
    """The export of a canceled event may name the cancellation at the event only."""
    cancellation = {"canceled_by": "Grace", "reason": "Ill", "canceler_type": "host"}
    event = {**EVENT, "status": "canceled", "cancellation": cancellation}
    changes = {"status": "canceled", "updated_at": "2026-11-03T11:00:00Z"}
    (item,) = items({"collection": [{**event, "invitees": [{**INVITEE, **changes}]}]})
    fields = whole(folded(received(item.body, MessageOrigin.HISTORY))).fields
    assert (fields["status"], fields["canceled_by"], fields["cancel_reason"]) == ("canceled", "host", "Ill")
    assert fields["canceled_at"] == "2026-11-03T11:00:00.000Z"
