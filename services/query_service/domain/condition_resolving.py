"""Resolves conditions: finds what they test and reads their values."""

from collections.abc import Callable

from crosslook.contracts.problems import Problems
from services.query_service.domain.calculations import Unsettled
from services.query_service.domain.condition_reading import InvalidCondition, Moment
from services.query_service.domain.grouping_reading import in_grouping
from services.query_service.domain.lookup import UnknownName, in_granularity
from services.query_service.domain.operators import predicate
from services.query_service.domain.predicates import EVERYTHING, Every, Operand, Predicate, Some
from services.query_service.domain.query import Condition, Filter, Junction, Name
from services.query_service.domain.warnings import OptionWarnings


class ConditionResolver:
    """Works through the conditions of one request. `problems` and `options` grow while it does."""

    def __init__(self, moment: Moment, problems: Problems, options: OptionWarnings) -> None:
        self._moment = moment
        self._problems = problems
        self._options = options

    def resolved(self, asked: Filter | None, find: Callable[[Name], Operand]) -> Predicate:
        """What conditions test, found by `find`; what is wrong with them is noted, and holds of everything."""
        match asked:
            case None:
                return EVERYTHING
            case Junction("and", parts):
                return Every(tuple(self.resolved(part, find) for part in parts))
            case Junction(_, parts):
                return Some(tuple(self.resolved(part, find) for part in parts))
            case Condition():
                return self._condition(asked, find)

    def _condition(self, asked: Condition, find: Callable[[Name], Operand]) -> Predicate:
        try:
            operand = find(asked.field)
            if asked.granularity is not None:
                operand = in_granularity(operand, asked.granularity)
            if asked.grouping is not None:
                operand = in_grouping(operand, asked.grouping)
            read = predicate(operand, asked, self._moment)
            self._options.condition(operand, asked)
            return read
        except UnknownName as missing:
            self._problems.add(missing.problem)
        except InvalidCondition as refused:
            self._problems.extend(refused.problems)
        except Unsettled:
            pass
        return EVERYTHING
