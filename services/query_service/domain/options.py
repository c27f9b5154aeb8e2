"""Values in conditions that no record can have: a choice that is not among the options of its field."""

from crosslook.contracts.problems import Problem, Problems
from crosslook.contracts.schemas import FieldDef, FieldType
from crosslook.contracts.suggestions import guess
from services.query_service.domain.predicates import FieldOf, Operand
from services.query_service.domain.query import Condition, Operator

_OF_VALUES = (
    *(Operator.EQ, Operator.NEQ, Operator.IN, Operator.NOT_IN),
    *(Operator.ANY_OF, Operator.ALL_OF, Operator.NONE_OF),
)
_VALUE_SHOWN = 100


class OptionWarnings:
    """Collects them over the conditions of one report, as many as a request may have problems."""

    def __init__(self) -> None:
        self._found = Problems()
        self._known: dict[str, frozenset[str]] = {}

    @property
    def found(self) -> tuple[Problem, ...]:
        """The warnings, each with the place of its value and the option that was probably meant."""
        return tuple(self._found)

    def look_at(self, operand: Operand, condition: Condition) -> None:
        """Look at the values of one condition that was read."""
        if not isinstance(operand, FieldOf) or condition.operator.text not in _OF_VALUES or not _closed(operand.field):
            return
        known = self._known.setdefault(operand.name, frozenset(one.value for one in operand.field.options))
        with self._found.reading():
            for index, value in enumerate(condition.values):
                if value not in known:
                    values = {"value": value[:_VALUE_SHOWN], "field": operand.name}
                    where = f"{condition.pointer}/values/{index}"
                    meant = guess(value, known)
                    self._found.add(Problem("unknown_option", where, "unknown_option.condition", values, meant))


def _closed(field: FieldDef) -> bool:
    """Whether its options are all there is: a multiselect without options takes any text."""
    return field.type is FieldType.DROPDOWN or (field.type is FieldType.MULTISELECT and bool(field.options))
