"""However much is wrong with a request, reading it is a bounded amount of work, and so is the answer."""

from typing import Any

import pytest

from crosslook.contracts.problems import SHOWN_MAX
from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from crosslook.platform.errors import Invalid
from crosslook.platform.responses import encoded, problem_document
from services.query_service.domain.catalog import Catalog
from services.query_service.domain.column_parsing import MAX_COLUMNS
from services.query_service.domain.condition_parsing import FILTER_DEPTH_MAX, MAX_CONDITIONS
from services.query_service.domain.lookup import Lookup
from services.query_service.domain.parsing import parse_request
from services.query_service.domain.resolve import resolve
from tests.helpers.work import Comparisons, in_bounds
from tests.unit.query_service.dataset import MAX_ROWS, MOMENT, catalog, live

ANSWER_MAX = 64 * 1024
WIDE = Definition.model_validate(
    {
        "object": "wide",
        "labels": {"singular": "Wide", "plural": "Wide"},
        "fields": [{"slug": f"amount_of_kind_{number}", "type": "number"} for number in range(200)],
        "relationships": [{"slug": "owner", "target": "contact"}],
    }
)
COUNT = {"object": "ticket", "measures": ["ticket.count"]}
WRONG = {"field": "ticket.statsu", "op": "equal", "values": [1]}


def nested(levels: int) -> Any:
    """A condition under so many junctions."""
    tree: Any = {"field": "ticket.status", "op": "is_empty"}
    for _ in range(levels):
        tree = {"and": [tree]}
    return tree


def refusal(request: Any, known: Catalog | None = None) -> Invalid:
    """What a request is refused with."""
    asked, problems = parse_request(request, MAX_ROWS)
    if asked is not None:
        resolve(asked, Lookup(known or catalog(), live()), MOMENT, problems)
    return Invalid(problems)


HOSTILE: dict[str, tuple[Any, str, int | None]] = {
    "50,000 unknown properties": (
        {**COUNT, **{f"name{number}": 1 for number in range(50_000)}},
        "unknown_property",
        50_000 - SHOWN_MAX,
    ),
    "10,000 unknown dimensions": (
        {**COUNT, "dimensions": [f"ticket.statsu{number}" for number in range(10_000)]},
        "too_many_columns",
        None,
    ),
    "100 unknown dimensions": (
        {"object": "ticket", "dimensions": [f"ticket.statsu{number}" for number in range(MAX_COLUMNS)]},
        "unknown_field",
        0,
    ),
    "50,000 wrong conditions": ({**COUNT, "filters": {"or": [WRONG] * 50_000}}, "bad_value", None),
    "50,000 empty junctions": ({**COUNT, "filters": {"or": [{"and": []}] * 50_000}}, "bad_value", None),
    "200 conditions of 1,000 wrong values": (
        {
            **COUNT,
            "filters": {"and": [{"field": "ticket.csat", "op": "in", "values": ["x"] * 1000}] * MAX_CONDITIONS},
        },
        "bad_value",
        None,
    ),
    "100,000 columns to sort by": ({**COUNT, "sort": [{"field": "x"}] * 100_000}, "too_long", None),
    "a name of 1 MB": ({**COUNT, "dimensions": ["ticket." + "x" * 1_000_000]}, "unknown_field", 0),
    "100 properties of 10 kB": ({**COUNT, **{"x" * 10_000 + str(n): 1 for n in range(100)}}, "unknown_property", 0),
    "a field's name as property, 1 MB": ({**COUNT, "filters": {"x" * 1_000_000: "y" * 1_000_000}}, "", 0),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_work_and_the_answer_are_bounded(name: str, comparisons: Comparisons) -> None:
    request, code, omitted = HOSTILE[name]
    refused = refusal(request)
    assert code in {error.code for error in refused.errors} | {""}
    assert 0 < len(refused.errors) <= SHOWN_MAX
    assert refused.errors_omitted == omitted
    assert in_bounds(comparisons)
    assert len(encoded(problem_document(refused, "fr", "x"))) < ANSWER_MAX


def test_unknown_measures_of_a_wide_object_are_compared_with_its_fields_only(comparisons: Comparisons) -> None:
    measures = [f"wide.amount_of_kin_{number}.avg" for number in range(MAX_COLUMNS)]
    refused = refusal({"object": "wide", "measures": measures}, catalog(BUILT_IN_CONTACT, WIDE))
    assert [error.code for error in refused.errors] == ["unknown_field"] * MAX_COLUMNS
    suggested = [error.suggestion for error in refused.errors if error.suggestion]
    assert suggested == [f"wide.amount_of_kind_{number}.avg" for number in range(10)]
    assert comparisons.looked_at <= 10 * (200 + 10)
    assert in_bounds(comparisons)


@pytest.mark.parametrize("levels", [FILTER_DEPTH_MAX, FILTER_DEPTH_MAX + 1, 254, 500, 2_000])
@pytest.mark.parametrize("part", ["filters", "having"])
def test_conditions_nested_too_deep_are_refused_at_the_level_where_reading_stops(part: str, levels: int) -> None:
    refused = refusal({**COUNT, part: nested(levels)})
    assert [(error.code, error.pointer) for error in refused.errors] == [
        ("bad_value", f"/{part}{'/and/0' * FILTER_DEPTH_MAX}")
    ]
    assert refused.errors[0].message().startswith(f"Conditions are nested deeper than {FILTER_DEPTH_MAX} levels; ")
    assert refused.errors_omitted is None


def test_nothing_is_looked_up_for_a_list_beyond_its_limit() -> None:
    request, problems = parse_request({**COUNT, "dimensions": ["x"] * (MAX_COLUMNS + 1)}, MAX_ROWS)
    assert request is not None
    assert request.dimensions == ()
    assert [(problem.code, problem.pointer) for problem in problems] == [("too_many_columns", "/dimensions")]
