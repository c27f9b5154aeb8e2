"""A brute-force model of CONTRACTS 5, "Exact meanings": plain rows and a request in, the answer out. It knows neither
our SQL nor our resolver, goes through every pair, and is slow on purpose."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from crosslook.contracts.zones import zone_of
from tests.helpers.oracle_calendar import Calendar
from tests.helpers.oracle_conditions import Conditions
from tests.helpers.oracle_lists import ListTruth, listed
from tests.helpers.oracle_question import Pair, Question
from tests.helpers.oracle_rows import Records, Shift
from tests.helpers.oracle_table import Variant, composed
from tests.helpers.oracle_truth import Truth
from tests.helpers.snapshots import PlainObject


class Oracle:
    """Answers requests about one tenant's objects, `contact` among them. `before`: the objects of the snapshot before,
    and its as-of. `zone`, `week_start`: of a request that names none."""

    def __init__(
        self,
        objects: Iterable[PlainObject],
        as_of: datetime,
        zone: str,
        before: tuple[Iterable[PlainObject], datetime] | None = None,
        week_start: str = "monday",
    ) -> None:
        self._objects = list(objects)
        self._as_of = as_of
        self._before = before
        self._zone = zone
        self._week_start = week_start

    def answer(self, request: Mapping[str, Any]) -> Truth:
        """The answer to a report that must be a good one."""
        calendar = self._calendar(request)
        return composed(request, self._variants(request, calendar), Conditions(self._as_of, calendar))

    def listed(self, request: Mapping[str, Any]) -> ListTruth:
        """All rows of a list that must be a good one, whatever its limit."""
        return listed(request, self._question(request, self._calendar(request)), self._calendar(request))

    def behind(
        self, request: Mapping[str, Any], row: Sequence[Any] | None, pivot: Sequence[Any], variant: str, measure: str
    ) -> list[Pair]:
        """The records, or pairs with contacts, that a cell's figure is computed of. `row`: the values of its dimensions
        as Python has them, None for totals. `variant`: the suffix of its column, such as `@previous`."""
        return self._side(request, variant).behind(tuple(row or ()), tuple(pivot), measure)

    def behind_shown(
        self, request: Mapping[str, Any], row: Sequence[Any] | None, pivot: Sequence[Any], variant: str, measure: str
    ) -> list[Pair]:
        """The same of a row and a pivot's values as an answer shows them."""
        return self._side(request, variant).behind_shown(tuple(row or ()), tuple(pivot), measure)

    def _side(self, request: Mapping[str, Any], variant: str) -> Question:
        variants = self._variants(request, self._calendar(request))
        (side,) = [found.side for found in variants if found.value == variant]
        return side

    def _calendar(self, request: Mapping[str, Any]) -> Calendar:
        zone = zone_of(request.get("timezone") or self._zone)
        return Calendar(zone, request.get("week_start") or self._week_start)

    def _variants(self, request: Mapping[str, Any], calendar: Calendar) -> list[Variant[Question]]:
        """What is computed beside each other: the question, and what it is compared with."""
        found = [Variant("", None, self._question(request, calendar))]
        compare = request.get("compare")
        if compare == "previous":
            assert self._before is not None
            objects, as_of = self._before
            return [*found, Variant("@previous", "@delta", self._question(request, calendar, None, objects, as_of))]
        for shifted in [compare] if isinstance(compare, Mapping) else compare or []:
            side = self._question(request, calendar, Shift(shifted["field"], *shifted["shift"]))
            name = shifted.get("name")
            suffixes = (f"@{name}", f"@{name}:delta") if name else ("@previous", "@delta")
            found.append(Variant(*suffixes, side))
        return found

    def _question(
        self,
        request: Mapping[str, Any],
        calendar: Calendar,
        shift: Shift | None = None,
        objects: Iterable[PlainObject] | None = None,
        as_of: datetime | None = None,
    ) -> Question:
        known = {plain_object.definition.object: plain_object.definition for plain_object in self._objects}
        formulas = request.get("formulas") or ()
        records = Records(known, self._objects if objects is None else objects, calendar, formulas, shift)
        return Question(records, request, Conditions(as_of or self._as_of, calendar))
