"""Looks: saved reports of a tenant. Each call gathers, lets the domain decide, then saves."""

from typing import Any

from crosslook.contracts.problems import Problem
from crosslook.contracts.reports import Look
from crosslook.platform.errors import Invalid
from crosslook.platform.preconditions import check_match
from services.query_service.catalog_feed import CatalogFeed
from services.query_service.domain.looks import parse_look
from services.query_service.questions import REQUEST, Question, Questions, key_of
from services.query_service.reports import Creation, Shelf
from services.query_service.runner import Prepared


class Looks:
    """Makes, changes, deletes and prepares Looks.

    Every method raises NotFound where the tenant or Look is none. Writes raise what Shelf does, and Invalid with every
    problem, or Conflict `no_snapshot`, for what the catalog does not know.
    """

    def __init__(self, shelf: Shelf[Look], questions: Questions, catalogs: CatalogFeed) -> None:
        self._shelf = shelf
        self._questions = questions
        self._catalogs = catalogs

    def get(self, tenant: str, identity: str) -> Look:
        """One Look."""
        self._catalogs.require_tenant(tenant)
        return self._shelf.get(tenant, identity)

    def all(self, tenant: str) -> list[Look]:
        """Every Look of the tenant by name."""
        self._catalogs.require_tenant(tenant)
        return self._shelf.all(tenant)

    async def create(self, tenant: str, body: Any, key: str | None) -> Look:
        """Save a Look. `key` is the request's Idempotency-Key: repeated with the same body it makes nothing and answers
        the Look it made, for as long as that lives."""
        self._catalogs.require_tenant(tenant)
        creation = Creation(key, body)
        made = self._shelf.made_by(tenant, creation)
        if made is not None:
            return made
        content = await self._content(tenant, body)
        return await self._shelf.add(
            tenant,
            creation,
            lambda identity, claim, now: Look.model_validate(
                {
                    "tenant": tenant,
                    "id": identity,
                    "version": 1,
                    "created_at": now,
                    "updated_at": now,
                    "claim": claim,
                    **content,
                }
            ),
        )

    async def change(self, tenant: str, identity: str, body: Any, if_match: str | None) -> Look:
        """Replace a Look; the same again writes nothing. Raises PreconditionRequired, PreconditionFailed."""
        before = self.get(tenant, identity)
        check_match(if_match, before.version, required=True)
        return await self._shelf.replace(before, await self._content(tenant, body), if_match)

    async def delete(self, tenant: str, identity: str, if_match: str | None) -> None:
        """Delete a Look. Tiles that show it say that it is gone. Raises PreconditionFailed."""
        await self._shelf.remove(self.get(tenant, identity), if_match)

    async def prepare(self, look: Look, max_rows: int | None = None) -> Prepared:
        """As Questions.prepare."""
        return await self._questions.prepare(look.tenant, question_of(look), max_rows)

    async def _content(self, tenant: str, body: Any) -> dict[str, Any]:
        sent, problems = parse_look(body)
        relationship, found = None, list[Problem]()
        if sent is not None and sent.request is not None:
            relationship, found = await self._questions.check(tenant, sent.request, REQUEST)
        if sent is None or problems or found:
            raise Invalid([*problems, *found])
        return {
            "name": sent.name,
            "description": sent.description,
            "request": sent.request,
            "relationship": relationship,
            "chart": sent.chart,
        }


def question_of(look: Look) -> Question:
    """What a Look asks."""
    return Question(look.request, look.relationship)


def answer_key(look: Look, prepared: Prepared) -> str:
    """The identity of a Look's answer: another version is another answer."""
    return key_of(prepared, look.id, look.version)
