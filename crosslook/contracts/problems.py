"""One vocabulary for everything that can be wrong with what somebody sent.

A `Problem` is a value with an address: the code says what, the pointer where, the message why and what to do. Texts
are catalogued in `crosslook.contracts.messages` in English and French, never written at the place that refuses.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any, Literal

from crosslook.contracts.messages import MESSAGES

Language = Literal["en", "fr"]
_CLOSE = 0.6  # difflib's own idea of "close"
_SUGGEST_MAX = 100  # what is longer is no misspelt name, and comparing it would cost a sender's mistake too dearly


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason for a refusal.

    `pointer` is an RFC 6901 JSON pointer into what was sent ("" is the whole). `text` chooses among the texts of one
    code (`wrong_type.date`); `values` fill the text's placeholders. `suggestion` is what the asker probably meant.
    """

    code: str
    pointer: str = ""
    text: str = ""
    values: Mapping[str, str | int] = field(default_factory=dict)
    suggestion: str | None = None

    def message(self, language: Language = "en") -> str:
        """The sentence shown to people. Raises KeyError for a code that nobody catalogued (a test holds them all)."""
        return MESSAGES[self.text or self.code].render(language, self.values)

    def as_json(self, language: Language = "en") -> dict[str, Any]:
        """The member of `errors` in a problem document (CONTRACTS, preamble)."""
        body: dict[str, Any] = {"pointer": self.pointer, "code": self.code, "message": self.message(language)}
        if self.suggestion is not None:
            body["suggestion"] = self.suggestion
        return body


def did_you_mean(name: object, known: Iterable[str]) -> str | None:
    """The closest known name, or None when nothing is close. Ties go to the alphabetically first."""
    text = str(name)
    return None if len(text) > _SUGGEST_MAX else _closest(text, tuple(sorted(known)))


@lru_cache(maxsize=1024)  # a sender that gets one name wrong gets it wrong in every event
def _closest(text: str, known: tuple[str, ...]) -> str | None:
    matcher = SequenceMatcher(b=text)
    best, closest = _CLOSE, None
    for candidate in known:
        matcher.set_seq1(candidate)
        # The two quick ratios are upper bounds: most candidates need no real comparison.
        if matcher.real_quick_ratio() >= best and matcher.quick_ratio() >= best:
            ratio = matcher.ratio()
            if ratio > best or (closest is None and ratio == best):
                best, closest = ratio, candidate
    return closest


def pointer(*parts: str | int) -> str:
    """An RFC 6901 pointer from unescaped reference tokens."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)
