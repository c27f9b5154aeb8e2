"""Resolves the fields of a list and its sort."""

from crosslook.contracts.problems import Problem, Problems
from crosslook.contracts.suggestions import guess
from services.query_service.domain.after_token import AfterToken
from services.query_service.domain.calculations import Unsettled
from services.query_service.domain.listing import ListedColumn, Listing
from services.query_service.domain.lookup import UnknownName
from services.query_service.domain.query import Name, SortAsked
from services.query_service.domain.report import SortColumn
from services.query_service.domain.term_lookup import TermLookup

_NAME_SHOWN = 200


class ListResolver:
    """Works through the list of one request. `problems` grows while it does."""

    def __init__(self, terms: TermLookup, problems: Problems) -> None:
        self._terms = terms
        self._problems = problems
        self._refused: set[str] = set()

    def listing(self, asked: tuple[Name, ...], after: AfterToken | None) -> Listing:
        """The fields that are known, each once; from the row of the token on."""
        found: dict[str, ListedColumn] = {}
        for name in asked:
            try:
                column = ListedColumn(self._terms.term(name))
            except (UnknownName, Unsettled) as missing:
                self._refused.add(name.text)
                if isinstance(missing, UnknownName):
                    self._problems.add(missing.problem)
                continue
            if column.name in found:
                self._problems.add(Problem("bad_value", name.pointer, "bad_value.repeated", {"name": column.name}))
            found[column.name] = column
        return Listing(tuple(found.values()), after.position if after is not None else None)

    def sort(self, asked: tuple[SortAsked, ...], listing: Listing) -> tuple[SortColumn, ...]:
        """The listed fields to sort by, each once: where one is named again the first counts."""
        known = {column.name for column in listing.columns}
        found: dict[str, SortColumn] = {}
        for sort in asked:
            name = sort.column.text
            if name in known:
                found.setdefault(name, SortColumn(name, sort.descending))
            elif name not in self._refused:
                shown = {"name": name[:_NAME_SHOWN]}
                where, meant = sort.column.pointer, guess(name, known)
                self._problems.add(Problem("unknown_field", where, "unknown_field.not_listed", shown, meant))
        return tuple(found.values())
