"""From a cell of a report to the request of the list behind it."""

from typing import Any

from crosslook.contracts.problems import Problem, Problems
from crosslook.platform.errors import Invalid
from services.query_service.answering.allowance import ReportAllowance
from services.query_service.answering.preparation import Prepared, ReportPreparer
from services.query_service.answering.runner import ReportRunner
from services.query_service.catalog.feed import CatalogFeed
from services.query_service.domain.absences import absences
from services.query_service.domain.drill import AbsentFormula, CellSource, list_request
from services.query_service.domain.drill_columns import DrilledColumn, drilled_column, drilled_figure
from services.query_service.domain.drill_conditions import BadRow
from services.query_service.domain.drill_parsing import DrillAsked, parse_drill
from services.query_service.domain.lookup import UnknownName


class Drilling:
    """Drills into reports of all tenants."""

    def __init__(
        self,
        preparer: ReportPreparer,
        catalogs: CatalogFeed,
        runner: ReportRunner,
        allowance: ReportAllowance,
        max_rows: int,
    ) -> None:
        self._preparer = preparer
        self._catalogs = catalogs
        self._runner = runner
        self._allowance = allowance
        self._max_rows = max_rows

    async def list_request(self, tenant: str, body: Any, *, personal: bool) -> dict[str, Any]:
        """The list request of a body. `personal` as in ReportPreparer.prepare. Raises what
        ReportAllowance.require_custom raises, Invalid with every problem, and what ReportPreparer.prepare and, for a
        pivoted report, ReportRunner.run raise."""
        await self._allowance.require_custom(tenant)
        asked, problems = parse_drill(body)
        if asked is None or problems:
            raise Invalid(problems)
        try:
            prepared = await self._preparer.prepare(tenant, asked.request, self._max_rows, personal=personal)
        except Invalid as invalid:
            found = Problems()
            found.take(invalid.found, "/request")
            raise Invalid(found) from None
        return await self._of_cell(prepared, asked)

    async def _of_cell(self, prepared: Prepared, asked: DrillAsked) -> dict[str, Any]:
        if len(asked.row) > len(prepared.report.dimensions):
            values = {"count": len(asked.row), "limit": len(prepared.report.dimensions)}
            raise Invalid([Problem("bad_value", "/row", "bad_value.drill_row", values)])
        try:
            column = await self._column(prepared, asked)
            source = await self._source(prepared, asked, column)
            return list_request(source, asked.row, column, self._max_rows)
        except UnknownName as unknown:
            raise Invalid([unknown.problem]) from None
        except AbsentFormula as formula:
            where, shown = asked.column.pointer, {"name": str(formula)}
            raise Invalid([Problem("not_drillable", where, "not_drillable.formula", shown)]) from None
        except BadRow as wrong:
            raise Invalid(wrong.problems) from None

    async def _column(self, prepared: Prepared, asked: DrillAsked) -> DrilledColumn:
        figure = drilled_figure(prepared.report, asked.column)
        if not prepared.report.pivot:
            return DrilledColumn(figure)
        answer = await self._runner.run(prepared)
        return drilled_column(figure, asked.column, answer.kept.shape)

    async def _source(self, prepared: Prepared, asked: DrillAsked, column: DrilledColumn) -> CellSource:
        """What the cell is computed from. Raises UnknownName with `not_drillable` where the snapshot before does not
        have the object."""
        report, previous = prepared.report, prepared.previous
        if column.figure.side is None or previous is None:
            return CellSource(asked.request, report, prepared.manifest.snapshot)
        absent = absences(report, await self._catalogs.catalog(prepared.tenant, previous))
        if absent.base:
            values = {"object": report.base.object}
            raise UnknownName(Problem("not_drillable", asked.column.pointer, "not_drillable.not_in_previous", values))
        return CellSource(asked.request, report, previous.snapshot, absent)
