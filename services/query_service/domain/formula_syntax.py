"""Parses the text of a calculation or formula into a tree; names are not looked up yet.

    either     = both ("or" both)*
    both       = negated ("and" negated)*
    negated    = "not" negated | compared
    compared   = sum (("=" | "!=" | "<" | "<=" | ">" | ">=") sum)?
    sum        = product (("+" | "-") product)*
    product    = signed (("*" | "/") signed)*
    signed     = "-" signed | operand
    operand    = number | text | "true" | "false" | "null" | name | call | "(" either ")"
    call       = function "(" either ("," either)* ")"

A name is written as it is (`ticket.count|open` and `ticket.count|2026-11-01` too), or in brackets where it has spaces
or signs of its own: `[Tickets, late]`. Texts stand in single or double quotes. A quote or a closing bracket inside is
written twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from crosslook.contracts.expression_tokens import KEYWORDS, Mistake, Token, tokens_of
from crosslook.contracts.suggestions import guess
from services.query_service.domain.formula import Constant, FormulaFunction
from services.query_service.domain.formula_functions import Notation, written_as
from services.query_service.domain.function_names import OF_CALCULATIONS, FunctionNames
from services.query_service.domain.terms import ColumnType

MAX_DIGITS = 30
MAX_NESTING = 20
FORMULA_DEPTH_MAX = 60
"""Of the tree: a sum of ten parts is nine deep. Both keep the recursion of whoever walks it far from Python's limit."""
_CONSTANTS = {
    "true": Constant(True, ColumnType.BOOLEAN),
    "false": Constant(False, ColumnType.BOOLEAN),
    "null": Constant(None, None),
}
_SIGNS = {"×": "*", "÷": "/", "−": "-", "≤": "<=", "≥": ">=", "≠": "!=", "<>": "!=", "==": "="}  # noqa: RUF001  # people paste them


@dataclass(frozen=True, slots=True)
class Spoken:
    """A name as it was written, and where (the first character is 1)."""

    name: str
    at: int


@dataclass(frozen=True, slots=True)
class Written:
    """A value as it was written."""

    constant: Constant
    at: int


@dataclass(frozen=True, slots=True)
class Applied:
    """An operator with what it is applied to."""

    operator: FormulaFunction
    arguments: "tuple[Syntax, ...]"
    at: int


Syntax = Spoken | Written | Applied
Inner = TypeVar("Inner", Syntax, tuple[Syntax, ...])


def read(text: str, functions: FunctionNames = OF_CALCULATIONS) -> Syntax:
    """The tree of an expression that may use these functions. Raises Mistake for the first thing that cannot be
    read."""
    parser = _Parser(tokens_of(text), functions)
    whole = parser.either()
    parser.end()
    if _depth(whole) > FORMULA_DEPTH_MAX:
        raise Mistake("bad_expression.depth", limit=FORMULA_DEPTH_MAX)
    return whole


def _depth(whole: Syntax) -> int:
    level: list[Syntax] = [whole]
    depth = 0
    while level:
        depth += 1
        level = [inner for node in level if isinstance(node, Applied) for inner in node.arguments]
    return depth


class _Parser:
    def __init__(self, tokens: list[Token], functions: FunctionNames) -> None:
        self._tokens = tokens
        self._functions = functions
        self._next = 0
        self._nested = 0

    def either(self) -> Syntax:
        return self._chain(self._both, Notation.OR)

    def end(self) -> None:
        """Raises Mistake where something is left over."""
        token = self._tokens[self._next]
        if token.kind != "end":
            raise Mistake("bad_expression.left_over", at=token.at, found=token.text[:50])

    def _both(self) -> Syntax:
        return self._chain(self._negated, Notation.AND)

    def _negated(self) -> Syntax:
        token = self._accepted("not")
        return self._compared() if token is None else self._applied(FormulaFunction.NOT, token.at, self._negated)

    def _compared(self) -> Syntax:
        left = self._sum()
        token = self._accepted(*written_as(Notation.COMPARISON))
        if token is None:
            return left
        right = self._sum()
        again = self._accepted(*written_as(Notation.COMPARISON))
        if again is not None:
            raise Mistake("bad_expression.chained", at=again.at, found=again.text)
        return Applied(FormulaFunction(_sign(token)), (left, right), token.at)

    def _sum(self) -> Syntax:
        return self._chain(self._product, Notation.SUM)

    def _product(self) -> Syntax:
        return self._chain(self._signed, Notation.PRODUCT)

    def _signed(self) -> Syntax:
        token = self._accepted("-")
        return self._operand() if token is None else self._applied(FormulaFunction.NEGATE, token.at, self._signed)

    def _operand(self) -> Syntax:
        token = self._tokens[self._next]
        self._next += 1
        match token.kind:
            case "number":
                return Written(_number(token), token.at)
            case "text":
                quote = token.text[0]
                return Written(Constant(token.text[1:-1].replace(quote * 2, quote), ColumnType.TEXT), token.at)
            case "bracket":
                return Spoken(token.name, token.at)
            case "word" if self._accepted("("):
                return self._call(token)
            case "word" if token.text.lower() in _CONSTANTS:
                return Written(_CONSTANTS[token.text.lower()], token.at)
            case "word" if token.text.lower() not in KEYWORDS:
                return Spoken(token.text, token.at)
            case "sign" if token.text == "(":
                return self._inside(self.either)
            case "end":
                raise Mistake("bad_expression.end", at=token.at)
            case _:
                raise Mistake("bad_expression.operand", at=token.at, found=token.text)

    def _call(self, token: Token) -> Syntax:
        calls, name = self._functions.calls, token.text.lower()
        known = calls.get(name)
        if known is None:
            if name in self._functions.others:
                raise Mistake(self._functions.others_text, at=token.at, name=name)
            shown = {"name": token.text[:50], "known": ", ".join(calls)}
            raise Mistake("bad_expression.function", guess(token.text, calls), at=token.at, **shown)
        fewest, most = known.fewest, known.most
        arguments = () if self._accepted(")") else self._inside(self._arguments)
        if not fewest <= len(arguments) <= most:
            wanted = str(fewest) if fewest == most else f"{fewest}-{most}"
            raise Mistake("bad_expression.arguments", at=token.at, name=token.text, wanted=wanted, count=len(arguments))
        return Applied(known.function, arguments, token.at)

    def _arguments(self) -> tuple[Syntax, ...]:
        found = [self.either()]
        while self._accepted(","):
            found.append(self.either())
        return tuple(found)

    def _inside(self, read: Callable[[], Inner]) -> Inner:
        """What stands before a closing parenthesis."""
        found = self._deeper(read)
        token = self._tokens[self._next]
        if self._accepted(")") is None:
            raise Mistake("bad_expression.closing", at=token.at)
        return found

    def _applied(self, operator: FormulaFunction, at: int, read: Callable[[], Syntax]) -> Syntax:
        return Applied(operator, (self._deeper(read),), at)

    def _deeper(self, read: Callable[[], Inner]) -> Inner:
        self._nested += 1
        if self._nested > MAX_NESTING:
            raise Mistake("bad_expression.nesting", at=self._tokens[self._next].at, limit=MAX_NESTING)
        found = read()
        self._nested -= 1
        return found

    def _chain(self, read: Callable[[], Syntax], notation: Notation) -> Syntax:
        """Operands between equal signs, from the left."""
        left = read()
        while (token := self._accepted(*written_as(notation))) is not None:
            left = Applied(FormulaFunction(_sign(token)), (left, read()), token.at)
        return left

    def _accepted(self, *signs: str) -> Token | None:
        token = self._tokens[self._next]
        if token.kind not in ("sign", "word") or _sign(token) not in signs:
            return None
        self._next += 1
        return token


def _sign(token: Token) -> str:
    return _SIGNS.get(token.text, token.text.lower())


def _number(token: Token) -> Constant:
    if len(token.text) > MAX_DIGITS:
        raise Mistake("bad_expression.digits", at=token.at, limit=MAX_DIGITS)
    if "." in token.text:
        return Constant(Decimal(token.text), ColumnType.NUMBER)
    return Constant(int(token.text), ColumnType.INTEGER)
