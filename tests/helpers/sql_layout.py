"""SQL laid out for reading: only white space differs from what the engine gets."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

_WIDTH = 120
_INDENT = 2
_TOKEN = re.compile(r"'(?:\\.|[^'\\])*'|`[^`]*`|\{[^}]*\}|[()\[\],]|[^\s'`(){}\[\],]+|\s+", re.DOTALL)
_CLAUSES = {
    *("SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "UNION", "INNER", "USING", "WITH"),
    *("INSERT", "CREATE", "ENGINE", "SETTINGS"),
}
_CONDITIONS = ("WHERE", "HAVING")
_OPERATORS = ("AND", "OR")
_CLOSING = {"(": ")", "[": "]"}


@dataclass(slots=True)
class _Token:
    """A word, or what stands in brackets."""

    text: str
    spaced: bool
    inside: "list[_Token]" = field(default_factory=list)

    @property
    def flat(self) -> str:
        """All on one line."""
        return f"{self.text}{_flat(self.inside)}{_CLOSING[self.text]}" if self.text in _CLOSING else self.text


def laid_out(sql: str) -> str:
    """The statement with its clauses and long lists on lines of their own."""
    return "\n".join(_clauses(_parsed(sql), 0))


def _parsed(sql: str) -> list[_Token]:
    levels: list[list[_Token]] = [[]]
    spaced = False
    for text in _TOKEN.findall(sql):
        if text.isspace():
            spaced = True
        elif text in _CLOSING.values():
            levels.pop()
            spaced = False
        else:
            token = _Token(text, spaced)
            levels[-1].append(token)
            spaced = False
            if text in _CLOSING:
                levels.append(token.inside)
    (tokens,) = levels
    return tokens


def _flat(tokens: list[_Token]) -> str:
    return "".join(f" {token.flat}" if token.spaced and number else token.flat for number, token in enumerate(tokens))


def _clauses(tokens: list[_Token], indent: int) -> Iterator[str]:
    if indent and _fits(tokens, indent):
        yield " " * indent + _flat(tokens)
        return
    for clause in _split_before(tokens, _CLAUSES):
        elements = _split_after(clause, ",")
        if _fits(clause, indent) and clause[0].text not in _CONDITIONS:
            yield " " * indent + _flat(clause)
        elif len(elements) == 1:
            first, *others = _split_before(clause, _OPERATORS)
            yield from _line(first, indent)
            for condition in others:
                yield from _line(condition, indent + _INDENT)
        else:
            yield from _list(clause[0], elements, indent)


def _list(first: _Token, elements: list[list[_Token]], indent: int) -> Iterator[str]:
    if first.text in _CLAUSES:
        yield " " * indent + first.text
        elements = [elements[0][1:], *elements[1:]]
        indent += _INDENT
    for element in elements:
        yield from _line(element, indent)


def _line(tokens: list[_Token], indent: int) -> Iterator[str]:
    """One line; where it is too long, what stands in brackets goes on lines of its own."""
    line = " " * indent
    for number, token in enumerate(tokens):
        space = " " if token.spaced and number else ""
        if token.inside and len(line + space + token.flat) > _WIDTH:
            yield line + space + token.text
            yield from _clauses(token.inside, indent + _INDENT)
            line = " " * indent + _CLOSING[token.text]
        else:
            line += space + token.flat
    yield line


def _fits(tokens: list[_Token], indent: int) -> bool:
    return indent + len(_flat(tokens)) <= _WIDTH


def _split_before(tokens: list[_Token], words: Collection[str]) -> list[list[_Token]]:
    parts: list[list[_Token]] = []
    for token in tokens:
        if token.text in words or not parts:
            parts.append([])
        parts[-1].append(token)
    return parts


def _split_after(tokens: list[_Token], word: str) -> list[list[_Token]]:
    parts: list[list[_Token]] = [[]]
    for token in tokens:
        parts[-1].append(token)
        if token.text == word:
            parts.append([])
    return parts
