"""The problems that a request or an event can have.

A `Problem` is a value with an address: the code says what, the pointer where, the message why and what to do. Texts
are catalogued in `crosslook.contracts.messages` in English and French, never written at the place that refuses.
`Problems` collects those of one request and bounds how many there are.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from crosslook.contracts.messages import MESSAGES
from crosslook.contracts.suggestions import SUGGESTIONS_MAX, Guess

Language = Literal["en", "fr"]
SHOWN_MAX = 100
"""How many problems of one request are shown."""
FOUND_MAX = 1_000
"""At how many problems the reading of a request stops."""
_TOKEN_MAX = 200  # a longer name is cut in a pointer: what is sent back must not grow with what was sent


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason for a refusal.

    `pointer` is an RFC 6901 JSON pointer into what was sent ("" is the whole). `text` chooses among the texts of one
    code (`wrong_type.date`); `values` fill the text's placeholders. `suggestion` is what the caller probably meant.
    """

    code: str
    pointer: str = ""
    text: str = ""
    values: Mapping[str, str | int] = field(default_factory=dict)
    suggestion: str | Guess[Any] | None = None

    def message(self, language: Language = "en") -> str:
        """The sentence shown to people. Raises KeyError for a code without one; a test finds such codes."""
        return MESSAGES[self.text or self.code].render(language, self.values)

    def as_json(self, language: Language = "en") -> dict[str, Any]:
        """The member of `errors` in a problem document (CONTRACTS, preamble)."""
        body: dict[str, Any] = {"pointer": self.pointer, "code": self.code, "message": self.message(language)}
        suggestion = self.suggested()
        return body if suggestion is None else {**body, "suggestion": suggestion}

    def suggested(self) -> str | None:
        """The suggestion as a text, computed now where it is a Guess."""
        return self.suggestion.text() if isinstance(self.suggestion, Guess) else self.suggestion


class Suggestions:
    """Computes the suggestions of one request: those of its first problems, none of the rest."""

    def __init__(self, most: int = SUGGESTIONS_MAX) -> None:
        self._left = most

    def settle(self, problem: Problem) -> Problem:
        """The problem with its suggestion as a text, or without one when enough were computed."""
        if not isinstance(problem.suggestion, Guess):
            return problem
        self._left -= 1
        return replace(problem, suggestion=problem.suggested() if self._left >= 0 else None)


class ReadingStopped(Exception):
    """The request has so many problems that reading stops."""


class Problems:
    """The problems of one request. It keeps the first SHOWN_MAX, counts the others, and stops the reading at FOUND_MAX.

    `suggestions`: shared by requests that are parts of one.
    """

    def __init__(self, suggestions: Suggestions | None = None) -> None:
        self.shown: list[Problem] = []
        self.suggestions = suggestions or Suggestions()
        self._added = 0
        self._counted = 0
        self._unread = False

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> "Problems":
        """Problems that were found already."""
        made = cls()
        with made.reading():
            made.extend(problems)
        return made

    @property
    def omitted(self) -> int | None:
        """How many problems are known besides those shown; None when a part of the request was not read."""
        return None if self._unread else len(self) - len(self.shown)

    def add(self, problem: Problem) -> None:
        """One more problem. Raises ReadingStopped at the limit."""
        self._added += 1
        if len(self.shown) < SHOWN_MAX:
            self.shown.append(self.suggestions.settle(problem))
        if self._added >= FOUND_MAX:
            self._unread = True
            raise ReadingStopped

    def extend(self, problems: Iterable[Problem]) -> None:
        """Several more. Raises ReadingStopped at the limit."""
        for problem in problems:
            self.add(problem)

    def take(self, part: "Problems", at: str) -> None:
        """The problems of the part of the request at a place. Raises ReadingStopped at the limit."""
        self._unread = self._unread or part._unread
        self._counted += len(part) - len(part.shown)
        self.extend(replace(problem, pointer=at + problem.pointer) for problem in part.shown)

    def moved(self, move: Callable[[Problem], Problem]) -> "Problems":
        """The same problems, each as `move` answers it."""
        made = Problems(self.suggestions)
        made.shown = [move(problem) for problem in self.shown]
        made._added, made._counted, made._unread = self._added, self._counted, self._unread
        return made

    def count(self, more: int) -> None:
        """Problems that are known but not described, because there are so many of one kind."""
        self._counted += more

    def leave_unread(self) -> None:
        """A part of the request exceeds a limit and is not read, so the number of its problems is unknown."""
        self._unread = True

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Reading inside may stop at the limit of problems; the code after this block continues."""
        try:
            yield
        except ReadingStopped:
            self._unread = True

    def __len__(self) -> int:
        """How many are known."""
        return self._added + self._counted

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.shown)


def pointer(*parts: str | int) -> str:
    """An RFC 6901 pointer from unescaped reference tokens, each cut at 200 characters."""
    return "".join(f"/{str(part)[:_TOKEN_MAX].replace('~', '~0').replace('/', '~1')}" for part in parts)
