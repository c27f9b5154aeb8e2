"""The rules of the join: over which relationship, which contacts, which records elsewhere (R7; meanings 1 and 2)."""

from collections.abc import Callable
from typing import TypeVar

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.problems import Problem, Problems
from crosslook.contracts.schemas import RelationshipDef
from services.query_service.domain.catalog import Explore
from services.query_service.domain.lookup import Lookup, UnknownName
from services.query_service.domain.query import ContactMatch, Name, RecordsAsked, ReportRequest
from services.query_service.domain.report import RecordsElsewhere

Joined = TypeVar("Joined", Explore, RelationshipDef)


class JoinRules:
    """Checks the join of one request. `problems` grows while it does."""

    def __init__(self, asked: ReportRequest, lookup: Lookup, base: Explore, problems: Problems) -> None:
        self._asked = asked
        self._lookup = lookup
        self._base = base
        self._problems = problems

    def relationship(self, uses_contact: bool) -> RelationshipDef | None:
        """The relationship the report is about, where one matters or was named (meaning 1)."""
        named, known = self._asked.relationship, self._base.relationships
        if self._base.object == CONTACT:
            if named is not None:
                self._problems.add(Problem("bad_value", named.pointer, "bad_value.base_contact"))
            return None
        if named is not None:
            return self._found(named, lambda name: self._lookup.relationship(self._base, name))
        if len(known) == 1:
            return known[0]
        if uses_contact or self._asked.contacts is not ContactMatch.ANY:
            self._require_relationship("/relationship", self._base)
        return None

    def _require_relationship(self, where: str, explore: Explore) -> None:
        known = [relationship.slug for relationship in explore.relationships]
        values = {"object": explore.object, "known": ", ".join(known)}
        self._problems.add(Problem("relationship_required", where, "", values, known[0]))

    def check_contacts(self, uses_contact: bool) -> None:
        """Refuse `contacts` where it contradicts the report."""
        kept = self._asked.contacts
        if self._base.object == CONTACT and kept is not ContactMatch.ANY:
            self._problems.add(Problem("contacts_conflict", "/contacts", "contacts_conflict.base_contact"))
        elif uses_contact and kept is ContactMatch.WITHOUT:
            self._problems.add(Problem("contacts_conflict", "/contacts"))

    def records(self, asked: RecordsAsked) -> RecordsElsewhere | None:
        """The records elsewhere that contacts are kept by; None where they are refused."""
        if self._base.object != CONTACT:
            values = {"base": self._base.object, "other": asked.object.text[:100]}
            self._problems.add(Problem("join_not_allowed", "/records", "join_not_allowed.records", values))
            return None
        explore = self._found(asked.object, self._lookup.explore)
        if explore is None:
            return None
        over = next(iter(explore.relationships), None)
        if asked.relationship is not None:
            over = self._found(asked.relationship, lambda name: self._lookup.relationship(explore, name))
        elif len(explore.relationships) > 1:
            self._require_relationship("/records/relationship", explore)
        if explore.object == CONTACT:
            values = {"object": explore.object}
            self._problems.add(Problem("not_reportable", asked.object.pointer, "not_reportable.records", values))
            return None
        return RecordsElsewhere(explore, over, asked.match) if over is not None else None

    def _found(self, name: Name, find: Callable[[Name], Joined]) -> Joined | None:
        try:
            return find(name)
        except UnknownName as missing:
            self._problems.add(missing.problem)
            return None
