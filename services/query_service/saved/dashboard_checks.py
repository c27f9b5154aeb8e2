"""What a dashboard's filters name, and what its tiles map them to: checked before they are saved or asked."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.problems import Problem, Problems, pointer
from crosslook.platform.errors import Invalid
from services.query_service.domain.column_types import operator_groups_of
from services.query_service.domain.degrade import LeftOut, conditions
from services.query_service.domain.filter_fields import FilterFields
from services.query_service.domain.row_terms import FieldOf
from services.query_service.saved.looks import Questions

FILTER_FIELDS = "filter_fields"


@dataclass(frozen=True, slots=True)
class TileReport:
    """What a mapping has to know of a tile's report: its base object and the relationship that joins the contact."""

    base: str
    relationship: str | None

    @staticmethod
    def of(request: Mapping[str, Any], relationship: str | None) -> "TileReport":
        """Of a request that is a good one, and the relationship that it was saved with."""
        return TileReport(request["object"], request.get("relationship") or relationship)

    def asked(self, condition: Mapping[str, Any]) -> dict[str, Any]:
        """The smallest report of the same base that tests the condition."""
        joined = self.base != CONTACT and self.relationship is not None
        over = {"relationship": self.relationship} if joined else {}
        return {"object": self.base, "measures": [f"{self.base}.count"], "filters": condition, **over}


class DashboardChecks:
    """Checks names against the catalog. `problems` of every method grows with what is wrong."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions

    async def filters(
        self, tenant: str, filters: Any, problems: Problems, known: Collection[Mapping[str, Any]] = ()
    ) -> None:
        """The names and values in filters, each condition asked of its own object. `known`: conditions that were
        checked when they were saved; what became of their fields since, each tile says."""
        body = {"filters": filters}
        for condition in conditions(body, "filters"):
            sent = _at(body, condition.pointer)
            if sent not in known:
                for problem in await self._condition(tenant, condition, sent, problems):
                    problems.add(replace(problem, pointer=_in_condition(condition.pointer, problem.pointer)))

    async def filter_fields(
        self, tenant: str, index: int, report: TileReport, fields: FilterFields, problems: Problems
    ) -> None:
        """The fields that a tile maps filters to: each exists in its report, and can be tested as the filter's."""
        for name, mapped in fields.items():
            place = pointer("tiles", index, FILTER_FIELDS, name)
            about = TileReport(name.partition(".")[0], None)
            # Of an object with several relationships, its own field needs none of them.
            asked = await self._field(tenant, about, name, place, problems)
            if asked is None or mapped is None:
                continue
            found = await self._field(tenant, report, mapped, place, problems)
            if found is not None and _kind(found) != _kind(asked):
                values = {"name": mapped, "type": found.field.type, "filter": name, "expected": asked.field.type}
                problems.add(Problem("bad_value", place, "bad_value.filter_field", values))

    async def _condition(self, tenant: str, condition: LeftOut, sent: Any, problems: Problems) -> Problems:
        """What is wrong with one condition, asked alone."""
        found = Problems(problems.suggestions)
        about = TileReport(condition.name.partition(".")[0], None)
        await self._questions.check(tenant, about.asked(sent), found)
        return found

    async def _field(
        self, tenant: str, report: TileReport, name: str, place: str, problems: Problems
    ) -> FieldOf | None:
        """The field of a name in a report; None where it has none, which is noted once, at a place."""
        asked = report.asked({"field": name, "op": "is_not_empty"})
        try:
            tested = await self._questions.tested(tenant, asked, problems.suggestions)
        except Invalid as invalid:
            problems.add(replace(next(iter(invalid.errors)), pointer=place))
            return None
        return tested[0]


def _kind(of: FieldOf) -> Any:
    return operator_groups_of(of.field.type)


def _in_condition(condition: str, where: str) -> str:
    """A place in the request that asks for a condition alone, as a place in the condition."""
    return condition + (where.removeprefix("/filters") if where.startswith("/filters") else "/field")


def _at(body: Any, where: str) -> Any:
    """What stands at a place that is there."""
    for part in where.split("/")[1:]:
        body = body[int(part)] if isinstance(body, list) else body[part]
    return body
