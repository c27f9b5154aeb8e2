"""Two requests whose answers differ never share a cache key or an entity tag."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import Definition
from crosslook.contracts.zones import zone_of
from services.query_service.answering.identity import identity, of_problems
from services.query_service.answering.preparation import Prepared
from services.query_service.domain.catalog import Catalog, build_catalog
from services.query_service.domain.condition_reading import Moment
from services.query_service.domain.lookup import NO_OUTLOOK, Lookup
from services.query_service.domain.parsing import parse_request
from services.query_service.domain.personal import NOT_PERSONAL
from services.query_service.domain.plan import plan
from services.query_service.domain.resolve import resolve
from services.query_service.domain.sql import render
from services.query_service.domain.tenancy import scope
from services.query_service.domain.zones import Zone
from tests.helpers.builders import entry, manifest
from tests.helpers.examples import NIGHTLY, examples
from tests.helpers.oracle import Oracle
from tests.helpers.oracle_truth import Truth
from tests.helpers.questions import CONTACT, TICKET, datasets, questions
from tests.helpers.questions_composed import composed_questions, earlier_datasets
from tests.helpers.snapshots import PlainObject

AS_OF = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
BEFORE = AS_OF - timedelta(days=1)
ZONE = "America/Chicago"


NOW, THEN = manifest(2, as_of=AS_OF), manifest(1, as_of=BEFORE)


def _catalog(*definitions: Definition) -> Catalog:
    return build_catalog("acme", "s2", [entry(definition, build=1) for definition in definitions])


def prepared(request: dict[str, Any], known: Catalog | None = None, edition: str = "") -> Prepared | None:
    """The report of a request; None where it is not a good one."""
    asked, problems = parse_request(request, 50_000)
    if asked is None or problems:
        return None
    catalog = known or _catalog(CONTACT, TICKET)
    name = asked.timezone.text if asked.timezone is not None else ZONE
    zone = Zone(name, zone_of(name), edition)
    report, problems = resolve(asked, Lookup(catalog, NO_OUTLOOK), Moment(AS_OF, zone))
    if report is None or problems:
        return None
    planned = plan(report)
    return Prepared(
        "acme",
        NOW,
        report,
        planned,
        render(scope(planned, catalog, NOT_PERSONAL)),
        (),
        THEN if report.compared else None,
    )


def variants(asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Requests that differ from this one in one thing each; not all of them are good ones."""
    for name in ("totals", "subtotals"):
        yield {**asked, name: not asked.get(name)}
    yield {**asked, "compare": None if asked.get("compare") else "previous"}
    yield {**asked, "timezone": "Asia/Tokyo"}
    yield from ({**asked, "limit": limit} for limit in (1, 2, 499))
    for name in ("dimensions", "measures", "pivot", "sort", "calculations"):
        parts = asked.get(name) or []
        yield from ({**asked, name: parts[:index] + parts[index + 1 :]} for index in range(len(parts)))
        yield {**asked, name: parts[::-1]}
    *first, last = asked["dimensions"] or [None]
    yield {**asked, "dimensions": first, "pivot": [*(asked.get("pivot") or []), last]}
    yield from ({**asked, name: None} for name in ("filters", "having", "records"))
    yield {**asked, "contacts": "with"}
    yield {**asked, "relationship": "watchers"}
    for calculations in ([], [{"name": "one", "expression": "1"}], [{"name": "two", "expression": "1"}]):
        yield {**asked, "calculations": calculations}


@settings(max_examples=examples(12, 2000), derandomize=not NIGHTLY)
@given(dataset=datasets(least=2), before=earlier_datasets(), asked=questions() | composed_questions())
def test_requests_whose_answers_differ_have_different_keys_and_tags(
    dataset: list[PlainObject], before: list[PlainObject], asked: dict[str, Any]
) -> None:
    oracle = Oracle(dataset, AS_OF, ZONE, (before, BEFORE))
    known: dict[str, Truth] = {}
    for request in (asked, *variants(asked)):
        report = prepared(request)
        if report is not None:
            truth = oracle.answer(request)
            assert known.setdefault(report.key, truth) == truth
            assert known.setdefault(report.tag(), truth) == truth


def test_totals_of_a_report_without_measures_are_part_of_its_key() -> None:
    plain = {"object": "ticket", "dimensions": ["ticket.status"]}
    keys = {field.key for field in (prepared(plain), prepared({**plain, "totals": True})) if field is not None}
    assert len(keys) == 2


def test_everything_beside_the_request_that_shapes_an_answer_is_part_of_its_key() -> None:
    request = {"object": "ticket", "dimensions": ["ticket.status"], "compare": "previous", "measures": ["ticket.count"]}
    report = prepared(request)
    assert report is not None
    sent = TICKET.model_dump(exclude_unset=True)
    renamed = Definition.model_validate({**sent, "fields": [{**field, "label": "X"} for field in sent["fields"]]})
    others = [
        replace(report, tenant="globex"),
        replace(report, manifest=THEN),
        replace(report, previous=NOW),
        prepared(request, edition="2099z"),
        prepared(request, _catalog(CONTACT, renamed)),
    ]
    assert len({report.key, *(other.key for other in others if other is not None)}) == 6
    assert report.key == replace(report).key


def test_what_is_shown_beside_the_rows_is_part_of_the_tag() -> None:
    report = prepared({"object": "ticket", "measures": ["ticket.count"]})
    assert report is not None
    warned = [
        replace(report, warnings=warnings)
        for warnings in (
            (),
            (Problem("a"),),
            (Problem("b"),),
            (Problem("a", "/x"),),
            (Problem("a", values={"n": 1}),),
            (Problem("a", suggestion="c"),),
            (Problem("a"), Problem("b")),
        )
    ]
    assert len({warning.tag() for warning in warned}) == len(warned)
    assert len({warning.key for warning in warned}) == 1
    assert len({report.tag(), report.tag("look-1", 1), report.tag("look-1", 2), report.tag("look-2", 1)}) == 4


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (1, 1.0),
        (1, True),
        (0, False),
        (0, None),
        ("1", 1),
        (Decimal("1.5"), "1.5"),
        (Decimal("1.5"), Decimal("1.50")),
        (2**70, 2**70 + 1),
        ([], [[]]),
        ([1, [2]], [[1], 2]),
        ({"a": 1}, {"a": 2}),
        ({"a": None}, {}),
    ],
)
def test_unlike_values_have_unlike_identities(left: Any, right: Any) -> None:
    assert identity(left) != identity(right)
    assert identity(left) == identity(left)


def test_what_has_no_identity_is_refused_and_not_left_out() -> None:
    with pytest.raises(TypeError, match="set has no identity"):
        identity({"a"})
    assert of_problems([]) != of_problems([Problem("a")])
