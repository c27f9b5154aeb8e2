"""One vocabulary for everything that can be wrong with what somebody sent.

A `Problem` is a value with an address: the code says what, the pointer where, the message why and what to do. Texts
are catalogued in `crosslook.contracts.messages` in English and French, never written at the place that refuses.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal

from crosslook.contracts.messages import MESSAGES

Language = Literal["en", "fr"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason for a refusal.

    `pointer` is an RFC 6901 JSON pointer into what was sent ("" is the whole). `text` chooses among the texts of one
    code (`wrong_type.date`); `values` fill the text's placeholders. `suggestion` is what the asker probably meant.
    """

    code: str
    pointer: str = ""
    text: str = ""
    values: dict[str, str | int] = field(default_factory=dict)
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
    close = get_close_matches(str(name), sorted(known), n=1, cutoff=0.6)
    return close[0] if close else None


def pointer(*parts: str | int) -> str:
    """An RFC 6901 pointer from unescaped reference tokens."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)
