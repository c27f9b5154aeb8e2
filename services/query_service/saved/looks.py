"""Saved reports of any kind, the check of their requests when saved and run, and Looks."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.problems import Problem, Problems, Suggestions, pointer
from crosslook.contracts.reports import Look
from crosslook.platform.errors import AppError, Invalid
from crosslook.platform.preconditions import check_match
from services.query_service.answering.allowance import ReportAllowance
from services.query_service.answering.preparation import Prepared, ReportPreparer
from services.query_service.catalog.feed import CatalogFeed
from services.query_service.domain.degrade import LeftOut, merged, to_leave_out, within, without
from services.query_service.domain.filter_fields import NOT_APPLIED
from services.query_service.domain.looks import parse_look
from services.query_service.domain.predicates import fields
from services.query_service.domain.query import ContactMatch
from services.query_service.domain.row_terms import FieldOf
from services.query_service.domain.saved import under
from services.query_service.saved.store import CreateRequest, S, SavedReportStore

_OF_SNAPSHOTS = ("unknown_snapshot", "snapshot_expired")
REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Question:
    """A request with the relationship it was saved with, and the filters that it is asked under besides its own."""

    request: Mapping[str, Any]
    relationship: str | None = None
    filters: Mapping[str, Any] | None = None


class Questions:
    """Checks requests that are to be saved, and prepares saved ones."""

    def __init__(self, preparer: ReportPreparer, max_rows: int) -> None:
        self._preparer = preparer
        self._max_rows = max_rows

    async def check(self, tenant: str, request: Any, problems: Problems, *place: str | int) -> str | None:
        """The relationship that the request leaves out and joins over. Every problem with it is noted, under its place
        in the body. Raises ReadingStopped, and what ReportPreparer.prepare raises besides Invalid, such as Conflict
        `no_snapshot`."""
        try:
            prepared = await self._preparer.check(tenant, request, self._max_rows, problems.suggestions)
        except Invalid as invalid:
            problems.take(invalid.found, pointer(*place))
            return None
        except AppError as error:
            if error.problem.code not in _OF_SNAPSHOTS:
                raise
            problems.extend(under([error.problem], *place))
            return None
        return _implied(request, prepared)

    async def tested(self, tenant: str, request: Any, suggestions: Suggestions) -> tuple[FieldOf, ...]:
        """The fields that the filters of a request test. Raises what ReportPreparer.check raises."""
        prepared = await self._preparer.check(tenant, request, self._max_rows, suggestions)
        return tuple(fields(prepared.report.filters))

    async def prepare(
        self, tenant: str, question: Question, max_rows: int | None = None, *, personal: bool
    ) -> Prepared:
        """The report, without what is gone; its warnings say what that is. Their places start with `/request`, those
        of the filters it is asked under with `/filters`. `personal` as in ReportPreparer.prepare.

        Raises Invalid with the first problems when nothing is left of it, or what ReportPreparer.prepare raises."""
        whole = merged(_completed(question), question.filters)
        gone: list[LeftOut] = []
        refused: Problems | None = None
        while True:
            lesser = without(whole.body, gone)
            try:
                rows = max_rows or self._max_rows
                prepared = await self._preparer.prepare(tenant, lesser.body, rows, personal=personal)
            except Invalid as invalid:
                problems = invalid.found.moved(lesser.original)
                refused = refused or problems
                more = to_leave_out(whole.body, problems.shown, gone, whole.shared)
                if more is None:
                    raise Invalid(refused.moved(lambda problem: _placed(problem, whole.own, whole.shared))) from None
                gone += more
            else:
                warnings = [*(part.warning() for part in gone), *map(lesser.original, prepared.warnings)]
                return replace(prepared, warnings=tuple(_placed(w, whole.own, whole.shared) for w in warnings))


def _completed(question: Question) -> dict[str, Any]:
    """The request with the relationship that it was saved with."""
    request, over = dict(question.request), question.relationship
    if over is None:
        return request
    if request.get("object") == CONTACT:
        return {**request, "records": {"relationship": over, **request["records"]}}
    return {"relationship": over, **{name: member for name, member in request.items() if member is not None}}


def _implied(request: Mapping[str, Any], prepared: Prepared) -> str | None:
    report = prepared.report
    if report.records is not None:
        return None if request["records"].get("relationship") else report.records.relationship.slug
    joins = report.contact is not None or report.contacts is not ContactMatch.ANY
    if not joins or report.relationship is None or request.get("relationship") is not None:
        return None
    return report.relationship.slug


def _placed(problem: Problem, own: str, shared: str) -> Problem:
    """The problem with its place in what was saved."""
    where, text, code = problem.pointer, problem.text, problem.code
    if shared and within(where, shared):
        where = "/filters" + where[len(shared) :]
        if code == "left_out":
            code, text = NOT_APPLIED, ""
    elif where:
        inner = "/filters" + where[len(own) :] if own != "/filters" and within(where, own) else where
        where = pointer(REQUEST) + inner
    return replace(problem, code=code, pointer=where, text=text)


class SavedReports(ABC, Generic[S]):
    """Creates, changes and deletes saved reports.

    Every method raises NotFound for an unknown tenant or report. Writes raise what SavedReportStore does, Invalid
    with every problem that the catalog finds, or Conflict `no_snapshot`; those that create or change, PlanRequired.
    """

    def __init__(self, store: SavedReportStore[S], catalogs: CatalogFeed, allowance: ReportAllowance) -> None:
        self._store: SavedReportStore[S] = store
        self._catalogs = catalogs
        self._allowance = allowance

    @abstractmethod
    async def content(self, tenant: str, body: Any) -> dict[str, Any]:
        """The members of a report from what was sent, checked against the catalog. Raises Invalid."""

    def get(self, tenant: str, identity: str) -> S:
        """One report."""
        self._catalogs.require_tenant(tenant)
        return self._store.get(tenant, identity)

    def all(self, tenant: str) -> list[S]:
        """Every report of the tenant by name."""
        self._catalogs.require_tenant(tenant)
        return self._store.all(tenant)

    async def create(self, tenant: str, body: Any, key: str | None) -> S:
        """Save a report. `key` is the request's Idempotency-Key: repeated with the same body it makes nothing and
        answers the report it made, for as long as that lives."""
        self._catalogs.require_tenant(tenant)
        creation = CreateRequest(key, body)
        made = self._store.made_by(tenant, creation)
        if made is not None:
            return made
        await self._allowance.require_custom(tenant)
        return await self._store.add(tenant, creation, await self.content(tenant, body))

    async def change(self, tenant: str, identity: str, body: Any, if_match: str | None) -> S:
        """Replace a report; an unchanged one writes nothing. Raises PreconditionRequired, PreconditionFailed."""
        before = self.get(tenant, identity)
        await self._allowance.require_custom(tenant)
        check_match(if_match, before.version, required=True)
        return await self._store.replace(before, await self.content(tenant, body), if_match)

    async def delete(self, tenant: str, identity: str, if_match: str | None) -> None:
        """Delete a report. Raises PreconditionFailed."""
        await self._store.remove(self.get(tenant, identity), if_match)


class Looks(SavedReports[Look]):
    """Creates, changes, deletes and prepares Looks."""

    def __init__(
        self,
        store: SavedReportStore[Look],
        questions: Questions,
        catalogs: CatalogFeed,
        allowance: ReportAllowance,
    ) -> None:
        super().__init__(store, catalogs, allowance)
        self._questions = questions

    async def prepare(self, look: Look, max_rows: int, *, personal: bool) -> Prepared:
        """As Questions.prepare."""
        question = Question(look.request, look.relationship)
        return await self._questions.prepare(look.tenant, question, max_rows, personal=personal)

    async def content(self, tenant: str, body: Any) -> dict[str, Any]:
        """As SavedReports.content."""
        sent, problems = parse_look(body)
        relationship = None
        if sent is not None and sent.request is not None:
            with problems.reading():
                relationship = await self._questions.check(tenant, sent.request, problems, REQUEST)
        if sent is None or problems:
            raise Invalid(problems)
        return {
            "name": sent.name,
            "description": sent.description,
            "request": sent.request,
            "relationship": relationship,
            "chart": sent.chart,
        }
