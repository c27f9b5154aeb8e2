"""Public replies by the staff, and how long the first one took.

The opening comment is none, whoever wrote it, nor is a private one, one that was made private since, or one by a bot.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from crosslook.integrations.interface import Fact
from crosslook.integrations.zendesk.metrics import Metrics
from crosslook.integrations.zendesk.moments import MINUTE_MS, SECOND_MS
from crosslook.integrations.zendesk.resolution import TICKET_CREATED

OPENING_MS: Final = 2 * SECOND_MS
"""How far from the creation the opening comment may be where no sequence connects the two."""


class Replies(NamedTuple):
    """How many there are, and whole minutes from the creation to the first; None while there is none."""

    number: int
    first_minutes: int | None


def replies(facts: Sequence[Fact], base: Metrics | None, created_ms: int | None) -> Replies:
    """The replies that all facts of a ticket make, in their order; `base` counts for all that it covers."""
    found = list(_replies(facts, created_ms))
    hidden = {fact.data["hidden"] for fact in facts if "hidden" in fact.data}
    later = [reply for reply in found if base is None or not base.covers(reply)]
    shown = [reply for reply in later if reply.data["comment"]["id"] not in hidden]
    first = _minutes(shown[0].time_ms, created_ms) if shown else None
    if base is None:
        return Replies(len(shown), first)
    known = first if base.first_reply_minutes is None else base.first_reply_minutes
    return Replies(max(0, base.replies + len(shown) - _hidden_since(facts, found, base)), known)


def _hidden_since(facts: Sequence[Fact], found: Sequence[Fact], base: Metrics) -> int:
    """How many of the replies that the base counts were made private after it."""
    counted = {reply.data["comment"]["id"] for reply in found if base.covers(reply)}
    return len({fact.data["hidden"] for fact in facts if "hidden" in fact.data and not base.covers(fact)} & counted)


def _replies(facts: Sequence[Fact], created_ms: int | None) -> Iterator[Fact]:
    """Each public comment by the staff once, but the opening one."""
    creation = next((fact for fact in facts if fact.kind == TICKET_CREATED), None)
    sequence = "" if creation is None else creation.data.get("sequence", "")
    seen: set[str] = set()
    for fact in facts:
        comment = fact.data.get("comment")
        if comment is None or comment["id"] in seen:
            continue
        seen.add(comment["id"])
        if comment["reply"] and not _opens(fact, sequence, created_ms):
            yield fact


def _opens(fact: Fact, sequence: str, created_ms: int | None) -> bool:
    """Whether it is the opening comment: of the same action as the creation; where that is not known, within two
    seconds of it and with the text of the ticket's description."""
    own = fact.data.get("sequence", "")
    if sequence and own:
        return bool(sequence == own)
    if created_ms is None or not fact.data["comment"]["opens"]:
        return False
    # The time of the creation is cut to the second.
    return created_ms - OPENING_MS <= fact.time_ms < created_ms + OPENING_MS + SECOND_MS


def _minutes(at_ms: int, created_ms: int | None) -> int | None:
    return None if created_ms is None else max(0, at_ms - created_ms) // MINUTE_MS
