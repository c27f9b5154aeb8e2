"""Looks up the names of a request, and explains precisely why one is unknown. Only the tenant's own names are known
here, so a suggestion cannot give away anybody else's."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import FieldDef, RelationshipDef, SchemaState
from crosslook.contracts.suggestions import Guess, did_you_mean, guess
from services.query_service.domain.catalog import Catalog, Explore
from services.query_service.domain.column_types import FIELD_USES, aggregates_of, granularities_of
from services.query_service.domain.names import Explores, meant_dimension, meant_measure
from services.query_service.domain.predicates import ColumnOf, Operand
from services.query_service.domain.query import DimensionAsked, Name
from services.query_service.domain.report import MeasureColumn
from services.query_service.domain.row_terms import DimensionColumn, FieldOf, Side
from services.query_service.domain.terms import Aggregate, Granularity

Meant = Guess[Explores]
_NAME_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Outlook:
    """The tenant's schemas as they stand now, deleted objects included. They explain what the snapshot lacks, so they
    are empty when an older snapshot is asked."""

    live: Mapping[str, SchemaState]


NO_OUTLOOK = Outlook({})


class UnknownName(Exception):
    """An unknown name, and the reason."""

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
            raise UnknownName(self._missing_object(name))
        return found

    def dimension(self, base: Explore, asked: DimensionAsked) -> DimensionColumn:
        """A dimension, perhaps in a granularity that its type allows."""
        if asked.granularity is None:
            self._refuse_truncated(base, asked.field)
            return DimensionColumn(self.field(base, asked.field))
        of = self.field(base, asked.field)
        return DimensionColumn(of, granularity_named(of.name, of.granularities, asked.granularity))

    def field(self, base: Explore, name: Name) -> FieldOf:
        """A field of the base object or of contact."""
        explore, side = self._side(base, name, self._meant_dimension(base, name))
        found = explore.dimension(name.text)
        if found is not None:
            return FieldOf(side, explore.object, found)
        if explore.measure(name.text) is not None:
            raise UnknownName(_elsewhere(name, "unknown_field.is_measure"))
        self._refuse_object(explore, name, next(iter(explore.fields)))
        self._refuse_relationship(explore, name)
        named = self.truncated(base, name.text)
        if named is not None:
            values = {"name": name.text[:_NAME_SHOWN], "field": named[0]}
            raise UnknownName(Problem("unknown_field", name.pointer, "unknown_field.truncated", values, named[0]))
        raise UnknownName(self._missing_field(explore, name, self._meant_dimension(base, name)))

    def measure(self, base: Explore, name: Name) -> MeasureColumn:
        """A measure of the base object or of contact."""
        explore, side = self._side(base, name, self._meant_measure(base, name))
        found = explore.measure(name.text)
        if found is not None:
            return MeasureColumn(side, found)
        named = explore.dimension(name.text)
        if named is not None:
            raise UnknownName(_no_measure(explore, named, name))
        self._refuse_object(explore, name, None)
        slug, _, aggregate = name.text.partition(".")[2].partition(".")
        field = explore.field(slug)
        if field is not None and (aggregate in list(Aggregate) or not aggregates_of(field.type)):
            # The measure makes no sense for this type: the catalog says why.
            meant = f"{explore.object}.{Aggregate.COUNT}" if aggregate == Aggregate.COUNT else None
            raise UnknownName(Problem("unknown_field", name.pointer, FIELD_USES[field.type].measures_text, {}, meant))
        raise UnknownName(self._missing_field(explore, name, self._meant_measure(base, name)))

    def relationship(self, explore: Explore, name: Name) -> RelationshipDef:
        """A relationship of the object to contact."""
        known = {relationship.slug: relationship for relationship in explore.relationships}
        if name.text in known:
            return known[name.text]
        elsewhere = explore.definition.relationship_by_slug.get(name.text)
        if elsewhere is not None:
            values = {"name": name.text, "other": elsewhere.target}
            raise UnknownName(Problem("join_not_allowed", name.pointer, "join_not_allowed.relationship", values))
        values = {"name": name.text[:_NAME_SHOWN], "object": explore.object}
        meant = guess(name.text, known)
        raise UnknownName(Problem("unknown_field", name.pointer, "unknown_field.relationship", values, meant))

    def offers(self, base: Explore, text: str) -> str | None:
        """What a name is in a report on the base object: `dimension`, `measure`, None for nothing. Never raises."""
        for explore in (base, self.catalog.contact):
            if explore.dimension(text) is not None:
                return "dimension"
            if explore.measure(text) is not None:
                return "measure"
        return None

    def truncated(self, base: Explore, text: str) -> tuple[str, FieldDef, str] | None:
        """The field and the granularity in `ticket.opened_at:month` or `ticket.opened_at.month`, the way a column is
        named and not a dimension. Never raises."""
        name, colon, granularity = text.partition(":")
        if not colon:
            name, _, granularity = text.rpartition(".")
            if granularity not in list(Granularity):
                return None
        field = base.dimension(name) or self.catalog.contact.dimension(name)
        return (name, field, granularity) if field is not None else None

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
            raise UnknownName(Problem("join_not_allowed", name.pointer, text, values))
        raise UnknownName(_unknown(name, meant))

    def _refuse_truncated(self, base: Explore, name: Name) -> None:
        """A dimension is not asked by the name that its column has."""
        named = self.truncated(base, name.text)
        if named is None:
            return
        text, field, granularity = named
        known = granularities_of(field.type)
        example = dimension_example(text, granularity_named(text, known, Name(granularity, name.pointer), text))
        values = {"name": name.text[:_NAME_SHOWN], "example": example}
        raise UnknownName(Problem("unknown_field", name.pointer, "unknown_field.granularity", values, example))

    def _refuse_object(self, explore: Explore, name: Name, field: FieldDef | None) -> None:
        """An object alone is neither a field nor a measure."""
        if name.text.rstrip(".") != explore.object:
            return
        example = f"{explore.object}.{Aggregate.COUNT if field is None else field.slug}"
        values = {"name": name.text, "example": example}
        text = "unknown_field.object_as_measure" if field is None else "unknown_field.object_as_field"
        raise UnknownName(Problem("unknown_field", name.pointer, text, values, example))

    def _refuse_relationship(self, explore: Explore, name: Name) -> None:
        """A relationship is not a field, and fields behind it are those of contact."""
        slug, _, rest = name.text.partition(".")[2].partition(".")
        if slug not in explore.definition.relationship_by_slug:
            return
        meant = f"{CONTACT}.{rest}"
        known = self.catalog.contact.dimension(meant) is not None
        values = {"name": f"{explore.object}.{slug}", "example": meant if known else f"{CONTACT}.email"}
        text = "unknown_field.is_relationship"
        raise UnknownName(Problem("unknown_field", name.pointer, text, values, meant if known else None))

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


def dimension_example(field: str, granularity: str) -> str:
    """A dimension in a granularity, as a request writes it."""
    return json.dumps({"field": field, "granularity": granularity})


def granularity_named(name: str, known: Sequence[Granularity], asked: Name, written: str | None = None) -> Granularity:
    """The granularity of that name among those known; `written`: the field whose dimension a suggestion writes out."""
    allowed = [granularity.value for granularity in known]
    if asked.text in allowed:
        return Granularity(asked.text)
    text = "unknown_granularity" if allowed else "unknown_granularity.undated"
    values = {"field": name, "name": asked.text[:100], "known": ", ".join(allowed)}
    meant = guess(asked.text, allowed) if written is None else Guess(asked.text, (written, allowed), _dimension_meant)
    raise UnknownName(Problem("unknown_granularity", asked.pointer, text, values, meant))


def in_granularity(operand: Operand, asked: Name) -> DimensionColumn:
    """What a condition with a granularity tests. Raises UnknownName where the operand is not a date or time of a
    row."""
    if not isinstance(operand, ColumnOf | DimensionColumn) and operand.granularities:
        return DimensionColumn(operand, granularity_named(operand.name, operand.granularities, asked))
    kind = "column" if isinstance(operand, ColumnOf) else "condition"
    values = {"field": operand.name[:_NAME_SHOWN], "name": asked.text[:100]}
    raise UnknownName(Problem("unknown_granularity", asked.pointer, f"unknown_granularity.{kind}", values))


def _dimension_meant(granularity: str, known: tuple[str, list[str]]) -> str | None:
    field, allowed = known
    meant = did_you_mean(granularity, allowed)
    return dimension_example(field, meant) if meant is not None else None


def _no_measure(explore: Explore, field: FieldDef, name: Name) -> Problem:
    """A field where a measure is expected."""
    known = ", ".join(f"{explore.object}.{field.slug}.{aggregate}" for aggregate in aggregates_of(field.type))
    text = "unknown_field.field_as_measure" if known else "unknown_field.is_dimension"
    return Problem("unknown_field", name.pointer, text, {"name": name.text, "known": known})


def _unknown(name: Name, meant: Meant) -> Problem:
    return Problem("unknown_field", name.pointer, "unknown_field.report", {"name": name.text[:_NAME_SHOWN]}, meant)


def _elsewhere(name: Name, text: str) -> Problem:
    return Problem("unknown_field", name.pointer, text, {"name": name.text})
