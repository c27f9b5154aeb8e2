"""Finding what a request names, and saying precisely why something is not there. Only the tenant's own names are known
here, so a suggestion cannot give away anybody else's."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import FieldDef, RelationshipDef, SchemaState
from crosslook.contracts.suggestions import Guess, guess
from services.query_service.domain.catalog import (
    Aggregate,
    Catalog,
    Explore,
    Granularity,
    aggregates_of,
    granularities_of,
)
from services.query_service.domain.names import Explores, meant_dimension, meant_measure
from services.query_service.domain.predicates import FieldOf, Side
from services.query_service.domain.query import DimensionAsked, Name
from services.query_service.domain.report import DimensionColumn, MeasureColumn

Meant = Guess[Explores]
_NAME_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Outlook:
    """The tenant's schemas as they stand now, deleted objects included. They explain what the snapshot lacks, so they
    are empty when an older snapshot is asked."""

    live: Mapping[str, SchemaState]


NO_OUTLOOK = Outlook({})


class NotFound(Exception):
    """What a name is not, and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Lookup:
    """Names of one tenant's catalog. Every method raises NotFound."""

    catalog: Catalog
    outlook: Outlook

    def explore(self, name: Name) -> Explore:
        """The base object of a report."""
        found = self.catalog.explores.get(name.text)
        if found is None:
            raise NotFound(self._missing_object(name))
        return found

    def dimension(self, base: Explore, asked: DimensionAsked) -> DimensionColumn:
        """A dimension, perhaps in a granularity that its type allows."""
        if asked.granularity is None:
            self._refuse_truncated(base, asked.field)
            return DimensionColumn(self.field(base, asked.field))
        of = self.field(base, asked.field)
        return DimensionColumn(of, _granularity(of.name, of.field, asked.granularity))

    def field(self, base: Explore, name: Name) -> FieldOf:
        """A field of the base object or of contact."""
        explore, side = self._side(base, name, self._meant_dimension(base, name))
        found = explore.dimension(name.text)
        if found is not None:
            return FieldOf(side, explore.object, found)
        if explore.measure(name.text) is not None:
            raise NotFound(_elsewhere(name, "unknown_field.is_measure"))
        untruncated, colon, _ = name.text.partition(":")
        if colon and explore.dimension(untruncated) is not None:
            values = {"name": name.text[:_NAME_SHOWN], "field": untruncated}
            raise NotFound(Problem("unknown_field", name.pointer, "unknown_field.truncated", values, untruncated))
        raise NotFound(self._missing_field(explore, name, self._meant_dimension(base, name)))

    def measure(self, base: Explore, name: Name) -> MeasureColumn:
        """A measure of the base object or of contact."""
        explore, side = self._side(base, name, self._meant_measure(base, name))
        found = explore.measure(name.text)
        if found is not None:
            return MeasureColumn(side, found)
        if explore.dimension(name.text) is not None:
            raise NotFound(_elsewhere(name, "unknown_field.is_dimension"))
        slug, _, aggregate = name.text.partition(".")[2].partition(".")
        field = explore.definition.field_by_slug.get(slug)
        if field is not None and (aggregate in list(Aggregate) or not aggregates_of(field.type)):
            # The measure makes no sense for this type: the catalog says why.
            raise NotFound(Problem("unknown_field", name.pointer, f"measures_of.{field.type}"))
        raise NotFound(self._missing_field(explore, name, self._meant_measure(base, name)))

    def relationship(self, explore: Explore, name: Name) -> RelationshipDef:
        """A relationship of the object to contact."""
        known = {one.slug: one for one in explore.relationships}
        if name.text in known:
            return known[name.text]
        elsewhere = explore.definition.relationship_by_slug.get(name.text)
        if elsewhere is not None:
            values = {"base": explore.object, "other": elsewhere.target}
            raise NotFound(Problem("join_not_allowed", name.pointer, "", values))
        values = {"name": name.text[:_NAME_SHOWN], "object": explore.object}
        meant = guess(name.text, known)
        raise NotFound(Problem("unknown_field", name.pointer, "unknown_field.relationship", values, meant))

    def offers(self, base: Explore, text: str) -> str | None:
        """What a name is in a report on the base object: `dimension`, `measure`, None for nothing. Never raises."""
        for explore in (base, self.catalog.contact):
            if explore.dimension(text) is not None:
                return "dimension"
            if explore.measure(text) is not None:
                return "measure"
        return None

    def _meant_dimension(self, base: Explore, name: Name) -> Meant:
        return Guess(name.text, (base, self.catalog.contact), meant_dimension)

    def _meant_measure(self, base: Explore, name: Name) -> Meant:
        return Guess(name.text, (base, self.catalog.contact), meant_measure)

    def _side(self, base: Explore, name: Name, meant: Meant) -> tuple[Explore, Side]:
        slug = name.text.partition(".")[0]
        if slug == base.object:
            return base, Side.BASE
        if slug == CONTACT:
            return self.catalog.contact, Side.CONTACT
        if slug in self.catalog.explores or slug in self.catalog.not_reportable or slug in self.outlook.live:
            values = {"base": base.object, "other": slug}
            text = "join_not_allowed.base_contact" if base.object == CONTACT else ""
            raise NotFound(Problem("join_not_allowed", name.pointer, text, values))
        raise NotFound(_unknown(name, meant))

    def _refuse_truncated(self, base: Explore, name: Name) -> None:
        """A dimension is not asked by the name that its column has."""
        text, colon, granularity = name.text.partition(":")
        field = base.dimension(text) or self.catalog.contact.dimension(text) if colon else None
        if field is None:
            return
        found = _granularity(text, field, Name(granularity, name.pointer))
        example = json.dumps({"field": text, "granularity": found.value})
        values = {"name": name.text[:_NAME_SHOWN], "example": example}
        raise NotFound(Problem("unknown_field", name.pointer, "unknown_field.granularity", values, example))

    def _missing_object(self, name: Name) -> Problem:
        shown = {"object": name.text[:_NAME_SHOWN]}
        state = self.outlook.live.get(name.text)
        live = state.definition if state is not None else None
        if name.text in self.catalog.not_reportable or (live is not None and not live.reportable):
            return Problem("not_reportable", name.pointer, "not_reportable.report", shown)
        if live is not None:
            return Problem("pending_object", name.pointer, "", shown)
        meant = guess(name.text, self.catalog.explores)
        return Problem("unknown_object", name.pointer, "unknown_object.report", shown, meant)

    def _missing_field(self, explore: Explore, name: Name, meant: Meant) -> Problem:
        shown = {"name": name.text[:_NAME_SHOWN]}
        slug = name.text.partition(".")[2].partition(".")[0]
        state = self.outlook.live.get(explore.object)
        if slug in explore.definition.field_by_slug or state is None:
            return _unknown(name, meant)
        if state.definition is not None and slug in state.definition.field_by_slug:
            return Problem("pending_field", name.pointer, "", shown)
        if any(removed.slug == slug for removed in state.removed):
            return Problem("removed_field", name.pointer, "", shown)
        return _unknown(name, meant)


def _granularity(name: str, field: FieldDef, asked: Name) -> Granularity:
    allowed = [one.value for one in granularities_of(field.type)]
    if asked.text in allowed:
        return Granularity(asked.text)
    text = "unknown_granularity" if allowed else "unknown_granularity.undated"
    values = {"field": name, "name": asked.text[:100], "known": ", ".join(allowed)}
    raise NotFound(Problem("unknown_granularity", asked.pointer, text, values, guess(asked.text, allowed)))


def _unknown(name: Name, meant: Meant) -> Problem:
    return Problem("unknown_field", name.pointer, "unknown_field.report", {"name": name.text[:_NAME_SHOWN]}, meant)


def _elsewhere(name: Name, text: str) -> Problem:
    return Problem("unknown_field", name.pointer, text, {"name": name.text})
