"""Finding what a request names, and saying precisely why something is not there. Only the tenant's own names are known
here, so a suggestion cannot give away anybody else's."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.problems import Problem, did_you_mean
from crosslook.contracts.schemas import RelationshipDef, SchemaState
from services.query_service.domain.catalog import Catalog, Explore, Granularity, granularities_of
from services.query_service.domain.predicates import FieldOf, Side
from services.query_service.domain.query import DimensionAsked, Name
from services.query_service.domain.report import DimensionColumn, MeasureColumn

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
        of = self.field(base, asked.field)
        if asked.granularity is None:
            return DimensionColumn(of)
        allowed = [one.value for one in granularities_of(of.field.type)]
        if asked.granularity.text not in allowed:
            text = "unknown_granularity" if allowed else "unknown_granularity.undated"
            values = {"field": of.name, "name": asked.granularity.text[:100], "known": ", ".join(allowed)}
            guess = did_you_mean(asked.granularity.text, allowed)
            raise NotFound(Problem("unknown_granularity", asked.granularity.pointer, text, values, guess))
        return DimensionColumn(of, Granularity(asked.granularity.text))

    def field(self, base: Explore, name: Name) -> FieldOf:
        """A field of the base object or of contact."""
        object_slug, _, slug = name.text.partition(".")
        explore, side = self._side(base, name, object_slug, self._dimension_names(base))
        found = explore.definition.field_by_slug.get(slug)
        if found is None and name.text in explore.measures():
            raise NotFound(_elsewhere(name, "unknown_field.is_measure"))
        if found is None:
            raise NotFound(self._missing_field(explore, name, slug, self._dimension_names(base)))
        return FieldOf(side, explore.object, found)

    def measure(self, base: Explore, name: Name) -> MeasureColumn:
        """A measure of the base object or of contact."""
        object_slug, _, rest = name.text.partition(".")
        names = self._measure_names(base)
        explore, side = self._side(base, name, object_slug, names)
        found = explore.measures().get(name.text)
        if found is None and name.text in explore.dimension_names():
            raise NotFound(_elsewhere(name, "unknown_field.is_dimension"))
        if found is None:
            raise NotFound(self._missing_field(explore, name, rest.partition(".")[0], names))
        return MeasureColumn(side, found)

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
        guess = did_you_mean(name.text, known)
        raise NotFound(Problem("unknown_field", name.pointer, "unknown_field.relationship", values, guess))

    def _side(self, base: Explore, name: Name, slug: str, names: Iterable[str]) -> tuple[Explore, Side]:
        if slug == base.object:
            return base, Side.BASE
        if slug == CONTACT:
            return self.catalog.contact, Side.CONTACT
        if slug in self.catalog.explores or slug in self.catalog.not_reportable or slug in self.outlook.live:
            values = {"base": base.object, "other": slug}
            text = "join_not_allowed.base_contact" if base.object == CONTACT else ""
            raise NotFound(Problem("join_not_allowed", name.pointer, text, values))
        raise NotFound(_unknown(name, names))

    def _missing_object(self, name: Name) -> Problem:
        shown = {"object": name.text[:_NAME_SHOWN]}
        state = self.outlook.live.get(name.text)
        live = state.definition if state is not None else None
        if name.text in self.catalog.not_reportable or (live is not None and not live.reportable):
            return Problem("not_reportable", name.pointer, "not_reportable.report", shown)
        if live is not None:
            return Problem("pending_object", name.pointer, "", shown)
        guess = did_you_mean(name.text, self.catalog.explores)
        return Problem("unknown_object", name.pointer, "unknown_object.report", shown, guess)

    def _missing_field(self, explore: Explore, name: Name, slug: str, names: Iterable[str]) -> Problem:
        shown = {"name": name.text[:_NAME_SHOWN]}
        state = self.outlook.live.get(explore.object)
        if slug in explore.definition.field_by_slug or state is None:
            return _unknown(name, names)
        if state.definition is not None and slug in state.definition.field_by_slug:
            return Problem("pending_field", name.pointer, "", shown)
        if any(removed.slug == slug for removed in state.removed):
            return Problem("removed_field", name.pointer, "", shown)
        return _unknown(name, names)

    def _dimension_names(self, base: Explore) -> list[str]:
        return [*base.dimension_names(), *self.catalog.contact.dimension_names()]

    def _measure_names(self, base: Explore) -> list[str]:
        return [*base.measures(), *self.catalog.contact.measures()]


def _unknown(name: Name, names: Iterable[str]) -> Problem:
    values = {"name": name.text[:_NAME_SHOWN]}
    return Problem("unknown_field", name.pointer, "unknown_field.report", values, did_you_mean(name.text, names))


def _elsewhere(name: Name, text: str) -> Problem:
    return Problem("unknown_field", name.pointer, text, {"name": name.text})
