"""One vocabulary for all roads: `OPEN` in events, `open` in the export and `Open` in placeholders are one status.

A word that is in none of the tables is Unmappable, because an empty field would be a claim. Placeholders are rendered
in the account's language: English and French are known.
"""

from collections.abc import Mapping
from typing import Any, Final

from crosslook.integrations.zendesk.reading import plain_text, unreadable

GONE_STATUS: Final = "deleted"
"""A status that no record has: the ticket is deleted or scrubbed."""

STATUSES: Mapping[str, str] = {
    **{status: status for status in ("new", "open", "pending", "hold", "solved", "closed")},
    "on_hold": "hold",
    "archived": "closed",
    "deleted": GONE_STATUS,
    "scrubbed": GONE_STATUS,
    "nouveau": "new",
    "ouvert": "open",
    "en_attente": "pending",
    "en_pause": "hold",
    "résolu": "solved",
    "clos": "closed",
    "fermé": "closed",
}
PRIORITIES: Mapping[str, str] = {
    **{priority: priority for priority in ("low", "normal", "high", "urgent")},
    "basse": "low",
    "faible": "low",
    "normale": "normal",
    "élevée": "high",
    "haute": "high",
    "urgente": "urgent",
}
TICKET_TYPES: Mapping[str, str] = {
    **{kind: kind for kind in ("problem", "incident", "question", "task")},
    "problème": "problem",
    "tâche": "task",
}
RATINGS: Mapping[str, str | None] = {
    "good": "good",
    "good_with_comment": "good",
    "bad": "bad",
    "bad_with_comment": "bad",
    "offered": None,
    "unoffered": None,
    "received": None,
    "received_with_comment": None,
    "received_without_comment": None,
    "bon": "good",
    "bonne": "good",
    "mauvais": "bad",
    "mauvaise": "bad",
}
CHANNELS: Mapping[str, str] = {"mail": "email", "web_form": "web", "web_service": "api"}
"""Internal names of events by the export's names; others are the same in both."""
SOLVED_STATUSES: Final = frozenset({"solved", "closed"})
"""Statuses in which a ticket counts as solved: one that is closed without being solved, too."""
_SHOWN = 100


def normalised(word: str) -> str:
    """A word without case, with underscores for blanks and hyphens."""
    return "_".join(word.casefold().replace("-", " ").split())


def known_word(value: Any, words: Mapping[str, str | None], *place: str | int) -> str | None:
    """The canonical word; None when empty. Raises Unmappable for one that is not known."""
    text = plain_text(value, *place)
    if text is None or not (word := normalised(text)).strip("_"):
        return None
    if word not in words:
        raise unreadable("unknown_option", *place, value=text[:_SHOWN])
    return words[word]


def channel(value: Any, *place: str | int) -> str | None:
    """A channel by the export's names; one that is not known as it comes, in lower case. Raises Unmappable."""
    text = plain_text(value, *place)
    word = normalised(text) if text is not None else ""
    return CHANNELS.get(word, word) or None


def rating(value: Any, *place: str | int) -> str | None:
    """good or bad; None while there is none. A placeholder renders a sentence, "Good, I'm satisfied", whose first word
    decides. Raises Unmappable."""
    text = plain_text(value, *place)
    if text is not None and normalised(text) not in RATINGS:
        text = text.split(",")[0]
    return known_word(text, RATINGS, *place)
