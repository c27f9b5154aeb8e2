"""Counts work instead of measuring time: how many names a suggestion looked at, and how many it compared in full."""

from dataclasses import dataclass
from difflib import SequenceMatcher

import pytest

from crosslook.contracts import suggestions


@dataclass(slots=True)
class Comparisons:
    """`looked_at`: names that got at least a quick look; `in_full`: those compared to the last character."""

    looked_at: int = 0
    in_full: int = 0


def counting(monkeypatch: pytest.MonkeyPatch) -> Comparisons:
    """Counts the comparisons of all suggestions from now on."""
    counted = Comparisons()

    class Counting(SequenceMatcher[str]):
        def real_quick_ratio(self) -> float:
            counted.looked_at += 1
            return super().real_quick_ratio()

        def ratio(self) -> float:
            counted.in_full += 1
            return super().ratio()

    monkeypatch.setattr(suggestions, "SequenceMatcher", Counting)
    return counted


def in_bounds(counted: Comparisons, requests: int = 1) -> bool:
    """Whether the suggestions of so many requests did no more work than they may."""
    names = requests * suggestions.SUGGESTIONS_MAX
    # A name of a report is compared part by part: its object, its field in two objects, its aggregate.
    return counted.looked_at <= names * suggestions.CANDIDATES_MAX and counted.in_full <= (
        names * 4 * suggestions.COMPARED_MAX
    )
