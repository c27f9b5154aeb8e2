"""Suggestions for names that are not in the catalog, part by part, so that few names are compared."""

import re
from collections.abc import Callable

from crosslook.contracts.suggestions import did_you_mean
from services.query_service.domain.catalog import Explore
from services.query_service.domain.column_types import aggregates_of
from services.query_service.domain.terms import Aggregate

_ALSO_CALLED = {
    "average": Aggregate.AVG,
    "mean": Aggregate.AVG,
    "total": Aggregate.SUM,
    "minimum": Aggregate.MIN,
    "maximum": Aggregate.MAX,
    "p50": Aggregate.MEDIAN,
    "percentile": Aggregate.P90,
    "percentile_90": Aggregate.P90,
    "percentile_95": Aggregate.P95,
    "std": Aggregate.STDDEV,
    "stdev": Aggregate.STDDEV,
    "stddev_samp": Aggregate.STDDEV,
    "standard_deviation": Aggregate.STDDEV,
    "distinct": Aggregate.COUNT_DISTINCT,
    "unique": Aggregate.COUNT_DISTINCT,
}
"""What other systems call our aggregates."""

_CALL = re.compile(r"(?P<function>\w{1,64})\(\s*(?P<of>[\w.]{0,200}|\*)\s*\)")

Explores = tuple[Explore, Explore]
"""Whose names a report may use: its base object, and contact."""


def meant_dimension(text: str, explores: Explores) -> str | None:
    """The dimension that was probably meant; None when none is close."""
    return _meant(text, explores, _dimension)


def meant_measure(text: str, explores: Explores) -> str | None:
    """The measure that was probably meant, also by `avg(ticket.csat)`; None when none is close."""
    called = _CALL.fullmatch(text)
    if called is not None:
        text = ".".join(part for part in (called["of"].strip("*"), called["function"]) if part)
    return _meant(text, explores, _measure)


def _meant(text: str, explores: Explores, find: Callable[[Explore, str, bool], str | None]) -> str | None:
    object_slug, dot, rest = text.partition(".")
    meant = did_you_mean(object_slug, [explore.object for explore in explores]) if dot else None
    inner = rest if meant is not None else text
    ordered = sorted(explores, key=lambda item: meant is not None and item.object != meant)
    tries = ((explore, close) for close in (False, True) for explore in ordered)
    return next((name for explore, close in tries if (name := find(explore, inner, close))), None)


def _dimension(explore: Explore, text: str, close: bool) -> str | None:
    slug = _slug(explore, text.partition(".")[0], close)
    return f"{explore.object}.{slug}" if slug is not None else None


def _measure(explore: Explore, text: str, close: bool) -> str | None:
    part, dot, sent = text.partition(".")
    if not dot and did_you_mean(part, [Aggregate.COUNT]) is not None:
        return f"{explore.object}.{Aggregate.COUNT}"
    slug = _slug(explore, part, close)
    if slug is None:
        return None
    field = explore.field(slug)
    allowed = aggregates_of(field.type) if field is not None else ()
    aggregate = did_you_mean(_ALSO_CALLED.get(sent.lower(), sent), allowed)
    return f"{explore.object}.{slug}.{aggregate}" if aggregate is not None else None


def _slug(explore: Explore, text: str, close: bool) -> str | None:
    """The field of exactly this slug, or, with `close`, of the closest."""
    if close:
        return did_you_mean(text, [field.slug for field in explore.fields])
    return text if explore.field(text) is not None else None
