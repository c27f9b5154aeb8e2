"""Suggestions for misspelt names, with a bounded amount of work.

A comparison of two texts costs about as much as reading a thousand of them, so each of the limits below holds whatever
is sent: a request with many mistakes gets suggestions for the first of them only.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from heapq import nsmallest
from itertools import islice
from typing import Any, Generic, TypeVar

SUGGESTIONS_MAX = 10
"""How many names of one request get a suggestion."""
SUGGESTION_MAX = 64
"""The longest name that gets a suggestion, in characters: slugs have at most 63."""
CANDIDATES_MAX = 1_000
"""How many known names are looked at for one suggestion."""
COMPARED_MAX = 10
"""How many of them, the most promising ones, are compared in full."""
_CLOSE = 0.6  # difflib's own idea of "close"


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """The known name that is closest to `name`, whatever the case of its letters; None when none is close.

    Ties go to the alphabetically first. Only a name of at most NAME_MAX characters gets a suggestion.
    """
    if len(name) > SUGGESTION_MAX:
        return None
    candidates = sorted(islice(known, CANDIDATES_MAX))
    same = [candidate for candidate in candidates if candidate.lower() == name.lower()]
    if same:
        return name if name in same else same[0]
    return _closest(name.lower(), candidates)


def _closest(name: str, candidates: Iterable[str]) -> str | None:
    matcher = SequenceMatcher(b=name, autojunk=False)
    promising: list[tuple[float, str]] = []
    for candidate in candidates:
        matcher.set_seq1(candidate.lower())
        # The two quick ratios are upper bounds of the ratio.
        if matcher.real_quick_ratio() >= _CLOSE and (bound := matcher.quick_ratio()) >= _CLOSE:
            promising.append((-bound, candidate))
    compared = [(-_ratio(matcher, candidate), candidate) for _, candidate in nsmallest(COMPARED_MAX, promising)]
    ratio, closest = min(compared, default=(0.0, ""))
    return closest if -ratio >= _CLOSE else None


def _ratio(matcher: "SequenceMatcher[str]", candidate: str) -> float:
    matcher.set_seq1(candidate.lower())
    return matcher.ratio()


Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class Guess(Generic[Known]):
    """A suggestion that is not computed yet: most are never shown. `find` compares the name with what is known."""

    name: str
    known: Known = field(repr=False)
    find: Callable[[str, Known], str | None]

    def text(self) -> str | None:
        """The suggestion, None when nothing is close."""
        return self.find(self.name, self.known)


def guess(name: Any, known: Iterable[str]) -> Guess[Iterable[str]] | None:
    """`did_you_mean`, later; None for what is not a text."""
    return Guess(name, known, did_you_mean) if isinstance(name, str) else None
