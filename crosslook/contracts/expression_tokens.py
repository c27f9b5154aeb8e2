"""The tokens of calculations and formulas, and the names in a formula: what a saved report rests on can be told
without a parser."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from crosslook.contracts.suggestions import Guess

EXPRESSION_MAX = 1_000
"""The longest text of an expression, in characters."""
KEYWORDS = ("and", "or", "not", "true", "false", "null")
_TOKEN = re.compile(
    r"""(?P<number>\d+(?:\.\d+)?)
      | (?P<word>[^\W\d]\w*(?:\.\w+)*(?:[:@]\w+)*(?:\|(?:\d{4}-\d\d-\d\d|\w+(?:\.\d+)?))*)
      | (?P<bracket>\[(?:[^\]]|\]\])*\])
      | (?P<text>"(?:[^"]|"")*"|'(?:[^']|'')*')
      | (?P<sign><=|>=|<>|!=|==|[-+*/()=<>,×÷−≤≥≠])""",  # noqa: RUF001  # people paste them
    re.VERBOSE,
)


class Mistake(Exception):
    """A problem of an expression: the key of its sentence, and the values of its placeholders."""

    def __init__(self, text: str, suggestion: str | Guess[Any] | None = None, **values: str | int) -> None:
        super().__init__(text)
        self.text = text
        self.values = values
        self.suggestion = suggestion


@dataclass(frozen=True, slots=True)
class Token:
    """A part of an expression as it was written, and where (the first character is 1). The last one is of kind
    `end`."""

    kind: str
    text: str
    at: int

    @property
    def name(self) -> str:
        """What stands between brackets."""
        return self.text[1:-1].replace("]]", "]")


def tokens_of(text: str) -> list[Token]:
    """The tokens of an expression. Raises Mistake for the first character that belongs to none."""
    if len(text) > EXPRESSION_MAX:
        raise Mistake("bad_expression.length", limit=EXPRESSION_MAX)
    tokens: list[Token] = []
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        found = _TOKEN.match(text, position)
        if found is None:
            unclosed = text[position] in "[\"'"
            reason = "bad_expression.unclosed" if unclosed else "bad_expression.character"
            raise Mistake(reason, at=position + 1, found=text[position])
        tokens.append(Token(str(found.lastgroup), found.group(), position + 1))
        position = found.end()
    return [*tokens, Token("end", "", len(text) + 1)]


def names_in(expression: str) -> tuple[str, ...]:
    """The names of fields and formulas in an expression; none where it cannot be read."""
    try:
        return tuple(_names(tokens_of(expression)))
    except Mistake:
        return ()


def _names(tokens: list[Token]) -> Iterator[str]:
    for token, following in pairwise(tokens):
        if token.kind == "bracket":
            yield token.name
        elif token.kind == "word" and following.text != "(" and token.text.lower() not in KEYWORDS:
            yield token.text
