"""Looks: a tenant's saved reports."""

from typing import Any

from crosslook.contracts.reports import Look
from crosslook.platform.errors import Invalid
from services.query_service.answering.preparation import Prepared
from services.query_service.catalog.feed import CatalogFeed
from services.query_service.domain.looks import parse_look
from services.query_service.saved.questions import REQUEST, Question, Questions
from services.query_service.saved.saved_reports import SavedReports
from services.query_service.saved.store import SavedReportStore


class Looks(SavedReports[Look]):
    """Creates, changes, deletes and prepares Looks."""

    def __init__(self, store: SavedReportStore[Look], questions: Questions, catalogs: CatalogFeed) -> None:
        super().__init__(store, catalogs)
        self._questions = questions

    async def prepare(self, look: Look, max_rows: int) -> Prepared:
        """As Questions.prepare."""
        return await self._questions.prepare(look.tenant, Question(look.request, look.relationship), max_rows)

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
