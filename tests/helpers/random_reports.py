"""Random good reports about a world: dimensions, measures, filters, and what is composed of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.helpers.nights import CHANGES
from tests.helpers.oracle_calendar import WEEK_STARTS, kind_of_granularity
from tests.helpers.oracle_measures import INEXACT, kind_of_measure
from tests.helpers.random_conditions import GRANULARITIES, MEASURES, Conditions, terms_of
from tests.helpers.random_dataset import World

ZONES = (
    "America/Chicago",
    "Europe/Paris",
    "Asia/Kolkata",
    "UTC",
    "Pacific/Auckland",
    "America/Santiago",
    "Asia/Beirut",
)
FEW = ("ticket.status", "ticket.urgent", "ticket.tags", "contact.country", "contact.segments")
_LARGE = ("ticket.effort",)


@dataclass(slots=True)
class Draft:
    """A request under way, and what its parts are: `terms` and `columns` by name."""

    request: dict[str, Any]
    terms: dict[str, str]
    dimensions: dict[str, str] = field(default_factory=dict)
    measures: dict[str, str] = field(default_factory=dict)

    @property
    def base(self) -> str:
        """The object that it is about."""
        found: str = self.request["object"]
        return found


@dataclass(slots=True)
class Reports:
    """Writes reports. `periods`: with conditions on periods and weeks that begin on any day; `truncated`: with
    conditions on truncated values, too."""

    dice: Random
    world: World
    periods: bool = False
    truncated: bool = False

    @property
    def conditions(self) -> Conditions:
        """Writes their conditions."""
        return Conditions(self.dice, self.world, self.periods, self.truncated)

    def chance(self, share: float) -> bool:
        """True so often."""
        return self.dice.random() < share

    def start(self, base: str | None = None) -> Draft:
        """A request about an object of a snapshot, in a zone."""
        base = base or self.dice.choice(["ticket", "ticket", "ticket", "contact"])
        request: dict[str, Any] = {"object": base, "snapshot": self.world.snapshot}
        if self.chance(0.7):
            request["timezone"] = self.dice.choice([*ZONES, *CHANGES] if self.periods else ZONES)
        if self.periods and self.chance(0.7):
            request["week_start"] = self.dice.choice(sorted(WEEK_STARTS))
        return Draft(request, {**terms_of(base), **terms_of("contact")})

    def report(self, base: str | None = None) -> Draft:
        """A plain report with a filter, mostly."""
        draft = self.start(base)
        self.dimensions(draft, self.dice.choice([0, 1, 1, 2, 3]))
        self.measures(draft, self.dice.choice([0, 1, 2, 3]))
        if not draft.dimensions and not draft.measures:
            self.add_measure(draft, f"{draft.base}.count", "integer")
        if self.chance(0.5):
            draft.request["filters"] = self.conditions.tree(draft.terms)
        return draft

    def finish(self, draft: Draft, *, having: bool = True) -> dict[str, Any]:
        """The request with a having, an order, a limit, totals and what it says of contacts."""
        columns = {**draft.dimensions, **draft.measures}
        if having and self.chance(0.25):
            draft.request["having"] = Conditions(self.dice, self.world).tree(columns)
        if self.chance(0.5):
            chosen = self.dice.sample(sorted(columns), min(len(columns), self.dice.choice([1, 2])))
            draft.request["sort"] = [{"field": name, "direction": self.dice.choice(["asc", "desc"])} for name in chosen]
        if self.chance(0.3):
            draft.request["limit"] = self.dice.choice([1, 2, 3, 5])
        draft.request["totals"] = self.chance(0.5)
        return self.about_contacts(draft)

    def about_contacts(self, draft: Draft) -> dict[str, Any]:
        """The request with its relationship and which records it keeps."""
        request, over = draft.request, self.dice.choice(["requester", "watchers"])
        if draft.base == "contact":
            match = self.dice.choice([None, None, "with", "without"])
            if match:
                request["records"] = {"object": "ticket", "relationship": over, "match": match}
            return request
        uses = "contact." in repr(request) or "of_contact" in repr(request)
        request["relationship"] = over
        request["contacts"] = self.dice.choice(["any", "any", "with"] if uses else ["any", "any", "with", "without"])
        return request

    def dimensions(self, draft: Draft, count: int) -> None:
        """Add so many dimensions, of fields of all kinds; most have few values."""
        few = [name for name in FEW if name in draft.terms]
        for _ in range(count):
            name = self.dice.choice(few) if self.chance(0.4) else self.dice.choice(sorted(draft.terms))
            self.add_dimension(draft, *self.dimension(name, draft.terms[name]))

    def dimension(self, name: str, kind: str) -> tuple[Any, str, str]:
        """As a request writes it, its column's name and kind."""
        part = self.dice.choice([None, *GRANULARITIES[kind]]) if kind in GRANULARITIES else None
        if part is None:
            return name, name, "text" if kind in ("multiselect", "dropdown", "textarea") else kind
        return {"field": name, "granularity": part}, f"{name}:{part}", kind_of_granularity(kind, part)

    def add_dimension(self, draft: Draft, asked: Any, column: str, kind: str) -> None:
        """Add a dimension, unless the report has it."""
        if column not in draft.dimensions:
            draft.dimensions[column] = kind
            draft.request.setdefault("dimensions", []).append(asked)

    def measures(self, draft: Draft, count: int) -> None:
        """Add so many measures of any kind."""
        known = self.known_measures(draft)
        for _ in range(count):
            name = f"{draft.base}.count" if self.chance(0.3) else self.dice.choice(sorted(known))
            self.add_measure(draft, name, known[name])

    def known_measures(self, draft: Draft) -> dict[str, str]:
        """The measures that the report may have, and what they are."""
        return measures_of(draft.terms) | {f"{name}.count": "integer" for name in {draft.base, "contact"}}

    def add_measure(self, draft: Draft, asked: Any, kind: str) -> None:
        """Add a measure, unless the report has it."""
        column = asked if isinstance(asked, str) else asked["name"]
        if column not in draft.measures:
            draft.measures[column] = kind
            draft.request.setdefault("measures", []).append(asked)


def measures_of(terms: Mapping[str, str]) -> dict[str, str]:
    """The measures of named values, and what they are. Without those that are exact but for their last bits of numbers
    so large that these bits are whole numbers."""
    return {
        f"{name}.{function}": kind_of_measure(function, kind)
        for name, kind in terms.items()
        for function in MEASURES[kind]
        if not (name in _LARGE and function in INEXACT)
    }
