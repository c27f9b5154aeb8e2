"""The report whose rows are the values of a field, to choose from in a filter (CONTRACTS 5, `catalog/values`)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.problems import Problem, Problems
from crosslook.contracts.report_uses import conditions_in, is_of
from services.query_service.domain.built_in import RECORD_ID
from services.query_service.domain.degrade import Merged, merged, within

_FIELD, _FILTERS = "/field", "/filters"
_NAMED_FIRST = ("/dimensions", "/list", "/object")
_SAME_PLACE = ("/relationship", "/limit")


@dataclass(frozen=True, slots=True)
class ValuesAsked:
    """Which values are asked for: those of `field` that contain a text, among the rows that pass `filters`, whose
    shape is right. `object`: the base object of the filters, where it is named; see `values_report`."""

    field: str
    limit: int
    contains: str | None = None
    filters: Mapping[str, Any] | None = None
    relationship: str | None = None
    object: str | None = None


@dataclass(frozen=True, slots=True)
class ValuesReport:
    """The report of `asked`. `base_at`: the place of the name that its base object comes from."""

    asked: ValuesAsked
    whole: Merged
    base_at: str

    @property
    def body(self) -> dict[str, Any]:
        """The report request."""
        return self.whole.body

    def placed(self, problem: Problem) -> Problem:
        """A problem or warning of the report, at the parameter that it is about."""
        return replace(problem, pointer=self._place(problem)) if problem.pointer else problem

    def refused(self, problems: Problems) -> Problems:
        """The problems of the report as those of the parameters. What is wrong with the field is said once, although
        the report names it several times."""
        about_field = [problem for problem in problems if self._place(problem) == _FIELD]
        about_field.sort(key=lambda problem: not problem.pointer.startswith(_NAMED_FIRST))
        once = about_field[:1]
        others = [
            problem
            for problem in problems
            if problem not in about_field and not (once and within(problem.pointer, self.whole.shared))
        ]
        found = Problems.of(map(self.placed, (*once, *others)))
        if problems.omitted is None:
            found.leave_unread()
        return found

    def _place(self, problem: Problem) -> str:
        where, whole = problem.pointer, self.whole
        if within(where, whole.shared):
            return "/contains" if within(where, f"{whole.shared}/and/1") else _FIELD
        if self.asked.filters is not None and within(where, whole.own):
            # A hidden field among the filters has no place of its own; only one of them may be the field itself.
            itself = where == _FILTERS and problem.values.get("name") == self.asked.field
            return _FIELD if itself else _FILTERS + where[len(whole.own) :]
        if self.asked.filters is not None and where == _FILTERS:
            return _FIELD if problem.values.get("name") == self.asked.field else _FILTERS
        if where == "/object":
            return self.base_at
        return where if where in _SAME_PLACE or not where else _FIELD


def values_report(asked: ValuesAsked) -> ValuesReport:
    """The report whose rows are the values, the most frequent first, each with how many records of the field's own
    object have it.

    Its base is the object that is named, else that of the field. The values of a contact field are those of the
    contacts of the first other object that the filters name; without one, those of all contacts."""
    base, base_at = _base(asked)
    conditions: list[dict[str, Any]] = [{"field": asked.field, "op": "is_not_empty"}]
    if asked.contains:
        conditions.append({"field": asked.field, "op": "contains", "values": [asked.contains]})
    request = {"object": base, **_columns(asked, base), "limit": asked.limit, "filters": asked.filters}
    if asked.relationship is not None:
        request["relationship"] = asked.relationship
    return ValuesReport(asked, merged(request, {"and": conditions}), base_at)


def _base(asked: ValuesAsked) -> tuple[str, str]:
    """The base object, and the place of its name."""
    if asked.object is not None:
        return asked.object, "/object"
    if is_of(CONTACT, asked.field):
        for where, condition in conditions_in(asked.filters, _FILTERS):
            if not is_of(CONTACT, condition["field"]):
                return condition["field"].partition(".")[0], f"{where}/field"
    return asked.field.partition(".")[0], _FIELD


def _columns(asked: ValuesAsked, base: str) -> dict[str, Any]:
    if asked.field == f"{base}.{RECORD_ID.slug}":
        # Each record has its own: grouping them all would count to one, millions of times.
        return {"list": [asked.field]}
    count = f"{asked.field.partition('.')[0]}.count"
    return {"dimensions": [asked.field], "measures": [count], "sort": [{"field": count, "direction": "desc"}]}
