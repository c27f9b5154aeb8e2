"""Splits formulas into steps that are computed one after the other, each of bounded depth: neither the engine nor what
writes its statements takes expressions of any depth."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.query_service.domain.formula import FormulaFunction
from services.query_service.domain.row_terms import EarlierFormula, FormulaOf, RowFormula, RowOperation, parts_of
from services.query_service.domain.terms import ColumnType

STEP_DEPTH_MAX = 10
_ROUND_DEPTH = 4


@dataclass(frozen=True, slots=True)
class FormulaStep:
    """A part of a formula, or what is left of it: the `whole` one has its name and its value."""

    name: str
    formula: RowFormula
    whole: bool

    @property
    def earlier(self) -> frozenset[str]:
        """The steps and formulas that it names."""
        return frozenset(part.name for part in parts_of(self.formula) if isinstance(part, EarlierFormula))


def steps_of(formula: FormulaOf) -> Iterator[FormulaStep]:
    """The steps of a formula, each after those that it names. The name of a part is unlike that of any formula."""
    splitting = _Splitting(formula.name)
    left = splitting.split(formula.formula)[0]
    yield from splitting.steps
    yield FormulaStep(formula.name, left, whole=True)


def operations_of(formula: RowFormula) -> int:
    """How much a formula computes: its operations, of which rounding a number is as long as several."""
    return sum(_weight(part) for part in parts_of(formula))


class _Splitting:
    def __init__(self, name: str) -> None:
        self.steps: list[FormulaStep] = []
        self._name = name

    def split(self, formula: RowFormula) -> tuple[RowFormula, int]:
        """What is left of a formula, and its depth."""
        if not isinstance(formula, RowOperation):
            return formula, 0
        parts = [self.split(argument) for argument in formula.arguments]
        left = replace(formula, arguments=tuple(part for part, _ in parts))
        depth = _weight(formula) + max(depth for _, depth in parts)
        if depth < STEP_DEPTH_MAX or formula.type is None:
            return left, depth
        name = f"{self._name}.{len(self.steps) + 1}"
        self.steps.append(FormulaStep(name, left, whole=False))
        return EarlierFormula(name, formula.type), 0


def _weight(part: RowFormula) -> int:
    if not isinstance(part, RowOperation):
        return 0
    long = part.function is FormulaFunction.ROUND and part.type is ColumnType.NUMBER
    return _ROUND_DEPTH if long else 1
