"""The brute-force model's calculations: read by Python's own parser, computed with fractions, a column at a time."""

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any

_NAME = re.compile(r"\[((?:[^\]]|\]\])*)\]|\"[^\"]*\"|'[^']*'|([^\W\d]\w*(?:\.\w+)*(?:[:@]\w+)*)(?!\w*\()")
_WORDS = ("and", "or", "not", "true", "false", "null")
_ARITHMETIC: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARE: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


@dataclass(frozen=True, slots=True)
class Column:
    """The values of a column and what they are: integer, number, currency, boolean, or anything else by its name.
    Amounts are fractions in here."""

    kind: str | None
    values: list[Any]


Find = Callable[[str], Column]


def names_in(expression: str) -> list[str]:
    """The columns that an expression names."""
    return [name for name in _prepared(expression)[1] if name]


def evaluated(expression: str, find: Find, total: Find | None, rows: int, summary: bool) -> Column:
    """The expression over columns found by name. `total` finds them in the one row of all data; without it this is that
    row. `summary`: these rows are totals, where no other row can be looked at."""
    tree, names = parsed(expression)
    found = Walk(names, find, total, rows, summary).column(tree)
    return Column(found.kind, [settled(value, found.kind) for value in found.values])


def parsed(expression: str) -> tuple[ast.expr, list[str]]:
    """The expression as Python reads it, and the columns that `_0`, `_1` … stand for."""
    text, names = _prepared(expression)
    return ast.parse(text, mode="eval").body, names


def _prepared(expression: str) -> tuple[str, list[str]]:
    """The expression with its names replaced by `_0`, `_1` …, as Python reads it."""
    names: list[str] = []

    def replaced(match: re.Match[str]) -> str:
        bracketed, plain = match.groups()
        if bracketed is None and (plain is None or plain.lower() in _WORDS):
            return match.group()
        names.append(plain if bracketed is None else bracketed.replace("]]", "]"))
        return f"_{len(names) - 1}"

    text = _NAME.sub(replaced, expression)
    text = re.sub(r"(?<![<>!=])=(?!=)", "==", text)
    return re.sub(r"\bif\(", "if_(", text).replace("<>", "!="), names


class Walk:
    """An expression computed over columns, its result one, too."""

    exact_quotients = False
    """Whether a number that a quotient with an amount gives is the double nearest to the exact quotient."""

    def __init__(self, names: Sequence[str], find: Find, total: Find | None, rows: int, summary: bool) -> None:
        self._names = names
        self._find = find
        self._total = total
        self._rows = rows
        self._summary = summary

    def column(self, node: ast.expr) -> Column:
        """The values of a part of the expression."""
        match node:
            case ast.Constant(value):
                return self._constant(value)
            case ast.Name("true" | "false" | "null" as word):
                return self._constant({"true": True, "false": False, "null": None}[word])
            case ast.Name(identifier):
                return self._exact(self._find(self._names[int(identifier[1:])]))
            case ast.UnaryOp(ast.USub(), inner):
                found = self.column(inner)
                return self.each(found.kind, lambda item: -item, found)
            case ast.UnaryOp(ast.Not(), inner):
                return self.each("boolean", lambda item: not item, self.column(inner))
            case ast.BinOp(left, sign, right):
                return self._arithmetic(type(sign), self.column(left), self.column(right))
            case ast.Compare(left, [sign], [right]):
                compare = _COMPARE[type(sign)]
                return self.each(
                    "boolean", lambda a, b: compare(*self.level(a, b)), self.column(left), self.column(right)
                )
            case ast.BoolOp(junction, inner):
                return self._junction(isinstance(junction, ast.And), [self.column(item) for item in inner])
            case ast.Call(ast.Name(function), arguments):
                return self.call(function, arguments)
        raise ValueError(ast.dump(node))

    def _constant(self, value: Any) -> Column:
        kinds = {bool: "boolean", int: "integer", float: "number", str: "text", type(None): None}
        # The text of a number is what was written.
        exact = Fraction(repr(value)) if isinstance(value, float) else value
        return Column(kinds[type(value)], [exact] * self._rows)

    def _exact(self, column: Column) -> Column:
        values = [Fraction(value) if isinstance(value, Decimal) else value for value in column.values]
        return Column(column.kind, values)

    def held(self, value: Any, kind: str | None) -> Any:
        """A value as a column of that kind holds it; None where it cannot."""
        return _held(value, kind)

    def amount(self, value: Any) -> Fraction:
        """A value as it is calculated with among amounts."""
        return _fraction(value)

    def level(self, left: Any, right: Any) -> tuple[Any, Any]:
        """Two values as they are compared."""
        return (float(left), float(right)) if isinstance(left, float) or isinstance(right, float) else (left, right)

    def each(self, kind: str | None, apply: Callable[..., Any], *columns: Column) -> Column:
        """The results of a function of one row's values, empty where one of them is."""
        rows = zip(*(column.values for column in columns), strict=True)
        return Column(kind, [None if None in row else self.held(apply(*row), kind) for row in rows])

    def _arithmetic(self, sign: type[ast.operator], left: Column, right: Column) -> Column:
        kinds = [left.kind, right.kind]
        if sign is ast.Div:
            kind: str | None = "currency" if kinds[0] == "currency" and kinds[1] != "currency" else "number"
        elif sign is ast.Mult and kinds == ["currency", "currency"]:
            kind = "number"
        else:
            kind = common(kinds)

        exact = kind == "currency" or (sign is ast.Div and "currency" in kinds and self.exact_quotients)

        def apply(a: Any, b: Any) -> Any:
            if sign is ast.Div and b == 0:
                return None
            if exact:
                a, b = self.amount(a), self.amount(b)
            elif isinstance(a, float) or isinstance(b, float):
                a, b = float(a), float(b)
            elif sign is ast.Div:
                a = Fraction(a)
            return _ARITHMETIC[sign](a, b)

        return self.each(kind, apply, left, right)

    def _junction(self, every: bool, columns: list[Column]) -> Column:
        values = []
        for row in zip(*(column.values for column in columns), strict=True):
            decided = (not every) in row
            values.append((not every) if decided else None if None in row else every)
        return Column("boolean", values)

    def call(self, function: str, arguments: list[ast.expr]) -> Column:
        """The values of a function's results."""
        if function == "total":
            walk = self if self._total is None else Walk(self._names, self._total, None, 1, True)
            inner = walk.column(arguments[0])
            return Column(inner.kind, inner.values if self._total is None else inner.values * self._rows)
        columns = [self.column(argument) for argument in arguments]
        first = columns[0]
        match function:
            case "if_":
                kind = common([columns[1].kind, columns[2].kind])
                rows = zip(*(column.values for column in columns), strict=True)
                return Column(kind, [self.held(a if test is True else b, kind) for test, a, b in rows])
            case "coalesce":
                kind = common([column.kind for column in columns])
                rows = zip(*(column.values for column in columns), strict=True)
                return Column(kind, [self.held(next((v for v in row if v is not None), None), kind) for row in rows])
            case "abs":
                return self.each(first.kind, abs, first)
            case "round":
                places = columns[1].values[0] if len(columns) > 1 and self._rows else 0
                return self.each(first.kind, lambda item: item if isinstance(item, int) else round(item, places), first)
        kind = {"rank": "integer", "moving_average": _mean_kind(first.kind)}.get(function, first.kind)
        if self._summary:
            return Column(kind, [None] * self._rows)
        if function == "moving_average":
            width = int(columns[1].values[0]) if self._rows else 1
            return Column(kind, _moving_averages(first.values, width, kind))
        return _over_rows(function, first)


def _mean_kind(kind: str | None) -> str | None:
    return "number" if kind == "integer" else kind


def _moving_averages(values: Sequence[Any], width: int, kind: str | None) -> list[Any]:
    found = []
    for place in range(len(values)):
        seen = [value for value in values[max(0, place - width + 1) : place + 1] if value is not None]
        found.append(_held(sum(map(Fraction, seen)) / len(seen), kind) if seen else None)
    return found


def _over_rows(function: str, column: Column) -> Column:
    values = column.values
    if function == "previous":
        return Column(column.kind, [None, *values][: len(values)])
    if function == "rank":
        return Column(
            "integer", [None if value is None else 1 + sum(_more(v, value) for v in values) for value in values]
        )
    found = []
    for place, _ in enumerate(values):
        seen = [value for value in values[: place + 1] if value is not None]
        found.append(_held(reduce(operator.add, seen), column.kind) if seen else None)
    return Column(column.kind, found)


def _more(value: Any, than: Any) -> bool:
    return bool(value is not None and value > than)


def common(kinds: Sequence[str | None]) -> str | None:
    """The kind that holds values of all."""
    known = {kind for kind in kinds if kind is not None}
    if len(known) <= 1:
        return next(iter(known), None)
    return "currency" if "currency" in known else "number"


def _fraction(value: Any) -> Fraction:
    return Fraction(repr(value)) if isinstance(value, float) else Fraction(value)


def _held(value: Any, kind: str | None) -> Any:
    if value is None:
        return None
    match kind:
        case "integer":
            return value if abs(value) <= 2**53 else None
        case "number":
            return float(value) if math.isfinite(value) else None
        case "currency":
            return _fraction(value) if abs(value) < 10**34 else None
        case _:
            return value


def settled(value: Any, kind: str | None) -> Any:
    """A result as it is shown: amounts rounded half to even to four places."""
    held = _held(value, kind)
    if held is None or kind != "currency":
        return held
    return Decimal(round(held * 10_000)).scaleb(-4)
