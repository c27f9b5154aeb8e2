"""Personal fields: without `records:read` no answer, file, condition, order or cached result gives a value away."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from crosslook.contracts.formats import Format
from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition, FieldDef, FieldType, RemovedPersonal
from crosslook.platform.settings import AuthSettings, ClickHouseSettings
from services.schema_service.domain.changes import changed, created, deleted
from tests.helpers.builders import state
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.schema_service import Tokens
from tests.helpers.snapshots import PlainObject, PlainRow, publish
from tests.unit.query_service.dataset import TICKET

ALL, FEW = "reports:read reports:write records:read", "reports:read reports:write"
SECRETS = ("ada@x.example", "+33 1", "99.50")


def marked(definition: Definition, *slugs: str) -> Definition:
    """The definition with these fields marked."""
    fields = [f.model_copy(update={"personal": True}) if f.slug in slugs else f for f in definition.fields]
    return with_fields(definition, fields)


def with_fields(definition: Definition, fields: list[FieldDef]) -> Definition:
    # A copy would keep the fields by slug that the definition has computed already.
    return Definition.model_validate({**dict(definition), "fields": fields})


CONTACT = marked(BUILT_IN_CONTACT, "email", "phone")
PAID = marked(TICKET, "amount", "tags")
ROWS = [
    PlainRow(
        "t1",
        {"status": "open", "amount": "99.50", "tags": ["vip"], "opened_at": "2026-01-01T00:00:00Z"},
        {"requester": ["c1"]},
    ),
    PlainRow("t2", {"status": "open", "amount": "1.25"}, {"requester": ["c2"]}),
]
PEOPLE = [
    PlainRow("c1", {"email": SECRETS[0], "phone": SECRETS[1], "country": "FR"}),
    PlainRow("c2", {"country": "DE"}),
]
SUM: dict[str, Any] = {
    "object": "ticket",
    "dimensions": ["contact.email"],
    "measures": ["ticket.count", "ticket.amount.sum"],
}


@pytest.fixture(scope="module")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens.at(tmp_path_factory.mktemp("personal-keys"))


@pytest.fixture
async def stack(clickhouse: ClickHouseSettings, tokens: Tokens) -> AsyncIterator[QueryStack]:
    auth = AuthSettings(jwks_file=tokens.folder.key_set)
    async with query_stack(clickhouse, "query_personal", auth=auth) as running:
        await publish(
            running.clickhouse, running.snapshots, {"acme": [PlainObject(CONTACT, PEOPLE), PlainObject(PAID, ROWS)]}
        )
        await running.define(state(CONTACT, version=2))
        yield running
        await running.clickhouse.command("DROP DATABASE query_personal")


class Asking:
    """Asks as callers with these scopes."""

    def __init__(self, stack: QueryStack, tokens: Tokens) -> None:
        self._stack = stack
        self._tokens = tokens

    async def __call__(self, method: str, path: str, scope: str, **more: Any) -> httpx.Response:
        headers = {**self._tokens.header("acme", scope), **more.pop("headers", {})}
        return await self._stack.client.request(method, f"/v1/tenants/acme{path}", headers=headers, **more)

    async def report(self, scope: str, report: Any, **more: Any) -> dict[str, Any]:
        answer = await self("POST", "/query", scope, json=report, **more)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture
def ask(stack: QueryStack, tokens: Tokens) -> Asking:
    return Asking(stack, tokens)


def warned(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(warning["pointer"], warning["message"].split()[0]) for warning in found["warnings"]]


async def test_a_caller_without_the_scope_sees_nulls_and_is_warned_of_each_column(ask: Asking) -> None:
    shown, hidden = await ask.report(ALL, SUM), await ask.report(FEW, SUM)
    assert sorted(shown["rows"], key=str) == [["ada@x.example", 1, "99.50"], [None, 1, "1.25"]]
    assert (hidden["rows"], shown["warnings"]) == ([[None, 2, None]], [])
    assert {warning["code"] for warning in hidden["warnings"]} == {"personal_hidden"}
    assert warned(hidden) == [("/dimensions/0", "contact.email"), ("/measures/1", "ticket.amount")]
    french = await ask.report(FEW, SUM, headers={"Accept-Language": "fr"})
    assert "la portée records:read" in french["warnings"][0]["message"]


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ({"field": "ticket.amount", "op": "gt", "values": [50]}, 0),
        ({"field": "ticket.amount", "op": "is_empty"}, 2),
        ({"field": "ticket.tags", "op": "any_of", "values": ["vip"]}, 0),
        ({"field": "contact.email", "op": "starts_with", "values": ["ada"]}, 0),
        ({"field": "contact.email", "op": "neq", "values": ["ada@x.example"]}, 2),
    ],
)
async def test_no_condition_gives_a_value_away(ask: Asking, condition: dict[str, Any], count: int) -> None:
    report = {"object": "ticket", "measures": ["ticket.count"], "filters": {"and": [condition]}}
    found = await ask.report(FEW, report)
    assert (found["rows"], warned(found)) == ([[count]], [("/filters", condition["field"])])
    filtered = {"measure": "ticket.count", "name": "some", "filters": {"and": [condition]}}
    found = await ask.report(FEW, {"object": "ticket", "measures": [filtered]})
    assert (found["rows"], warned(found)) == ([[count]], [("/measures/0", condition["field"])])


async def test_no_formula_gives_a_value_away(ask: Asking) -> None:
    formula = {"name": "double", "expression": "ticket.amount * 2"}
    report = {"object": "ticket", "formulas": [formula], "measures": ["double.sum", "ticket.tags.count_distinct"]}
    assert (await ask.report(ALL, report))["rows"] == [["201.50", 1]]
    found = await ask.report(FEW, report)
    assert found["rows"] == [[None, 0]]
    assert ("/measures/0", "ticket.amount") in warned(found)


async def test_no_list_gives_a_value_away_by_its_cells_its_order_or_its_token(ask: Asking) -> None:
    listed = {
        "object": "ticket",
        "list": ["ticket._id", "ticket.amount", "ticket.tags", "contact.email"],
        "sort": [{"field": "ticket.amount", "direction": "desc"}],
        "limit": 1,
    }
    pages = {scope: await ask.report(scope, listed) for scope in (ALL, FEW)}
    assert pages[ALL]["rows"] == [["t1", "99.50", ["vip"], "ada@x.example"]]
    assert pages[FEW]["rows"] == [["t1", None, pages[FEW]["rows"][0][2], None]]
    assert not pages[FEW]["rows"][0][2]
    assert [where for where, _ in warned(pages[FEW])] == ["/list/1", "/list/2", "/list/3"]
    assert pages[FEW]["matching"] == 2
    following = await ask.report(FEW, {**listed, "after": pages[FEW]["next"]})
    assert [row[0] for row in following["rows"]] == ["t2"]
    assert following["rows"][0][1:] == [None, following["rows"][0][2], None]
    assert not following["rows"][0][2]
    descending = await ask.report(FEW, {**listed, "sort": [{"field": "ticket.amount"}]})
    assert descending["rows"][0][0] == "t1", "ordered by the id, not by the hidden value"


@pytest.mark.parametrize(
    "listed",
    [
        {"list": ["ticket._id", "ticket.amount"], "sort": [{"field": "ticket.amount"}]},
        {"list": ["ticket._id"], "filters": {"field": "ticket.amount", "op": "gt", "values": [1]}},
        {"list": ["ticket._id", "double"], "formulas": [{"name": "double", "expression": "ticket.amount * 2"}]},
    ],
)
async def test_a_token_of_a_caller_with_the_scope_does_not_continue_another_list(
    ask: Asking, listed: dict[str, Any]
) -> None:
    asked = {"object": "ticket", "limit": 1, **listed}
    token = (await ask.report(ALL, asked))["next"]
    refused = await ask("POST", "/query", FEW, json={**asked, "after": token})
    assert refused.status_code == 422
    assert [(error["code"], error["pointer"]) for error in refused.json()["errors"]] == [("bad_value", "/after")]
    plain = {"object": "ticket", "list": ["ticket._id"], "limit": 1}
    token = (await ask.report(ALL, plain))["next"]
    assert (await ask.report(FEW, {**plain, "after": token}))["rows"] == [["t2"]]


async def test_no_comparison_with_a_period_gives_a_value_away(ask: Asking, stack: QueryStack) -> None:
    await stack.define(state(marked(TICKET, "opened_at"), version=2))
    shifted = {"field": "ticket.opened_at", "shift": [1, "month"]}
    compared = {"object": "ticket", "measures": ["ticket.opened_at.max"], "compare": shifted}
    found = await ask.report(FEW, compared)
    assert set(found["rows"][0]) == {None}
    assert ("/compare", "ticket.opened_at") in warned(found)


async def test_callers_share_neither_a_cached_result_nor_an_entity_tag(ask: Asking) -> None:
    first, second = [await ask("POST", "/query", scope, json=SUM) for scope in (ALL, FEW)]
    assert first.headers["etag"] != second.headers["etag"]
    assert not second.json()["cached"]
    for scope, other in ((ALL, second), (FEW, first)):
        answer = await ask("POST", "/query", scope, json=SUM, headers={"If-None-Match": other.headers["etag"]})
        assert answer.status_code == 200
    kept = await ask("POST", "/query", FEW, json=SUM, headers={"If-None-Match": second.headers["etag"]})
    assert kept.status_code == 304
    plain = {"object": "ticket", "measures": ["ticket.count"]}
    assert (await ask.report(ALL, plain), (await ask.report(FEW, plain))["cached"])[1]


@pytest.mark.parametrize("form", [form for form in Format if form is not Format.JSON])
async def test_no_file_gives_a_value_away(ask: Asking, form: Format) -> None:
    plain = {**SUM, "dimensions": ["contact.email", "contact.phone"]}
    kept = (await ask("POST", "/query", ALL, json=plain, headers={"Accept": form.value})).content
    answer = await ask("POST", "/query", FEW, json=plain, headers={"Accept": form.value})
    assert answer.status_code == 200
    assert not any(secret.encode() in answer.content for secret in SECRETS)
    assert len(kept) != len(answer.content)
    assert "personal_hidden" in answer.headers["Crosslook-Warnings"]


async def test_no_look_dashboard_or_list_of_values_gives_a_value_away(ask: Asking) -> None:
    look = (await ask("POST", "/looks", FEW, json={"name": "Sum", "request": SUM})).json()
    board = (
        await ask("POST", "/dashboards", FEW, json={"name": "All", "tiles": [{"look": look["id"]}, {"request": SUM}]})
    ).json()
    paths = (f"/looks/{look['id']}/result", f"/dashboards/{board['id']}/result", "/catalog/values?field=contact.email")
    for path in paths:
        shown, hidden = await ask("GET", path, ALL), await ask("GET", path, FEW)
        assert (shown.status_code, hidden.status_code) == (200, 200)
        assert SECRETS[0] in shown.text
        assert not any(secret in hidden.text for secret in SECRETS)
        assert shown.headers["etag"] != hidden.headers["etag"]
    values = (await ask("GET", paths[2], FEW)).json()
    assert (values["values"], warned(values)) == ([], [("/field", "contact.email")])
    assert (await ask("GET", paths[2], ALL)).json()["warnings"] == []
    part = (await ask("GET", f"{paths[2]}&contains=ada", FEW)).json()
    assert {where for where, _ in warned(part)} == {"/field"}
    found = (await ask("GET", paths[0], FEW)).json()
    assert warned(found) == [("/request/dimensions/0", "contact.email"), ("/request/measures/1", "ticket.amount")]


async def test_the_mark_counts_at_once_for_every_snapshot(ask: Asking, stack: QueryStack) -> None:
    by_status = {"object": "ticket", "dimensions": ["ticket.status"], "measures": ["ticket.count"]}
    assert (await ask.report(FEW, by_status))["rows"] == [["open", 2]]
    await stack.define(state(marked(TICKET, "status"), version=2))
    hidden = await ask.report(FEW, by_status)
    assert (hidden["rows"], warned(hidden)) == ([[None, 2]], [("/dimensions/0", "ticket.status")])
    assert (await ask.report(FEW, {**by_status, "snapshot": hidden["snapshot"]["id"]}))["rows"] == [[None, 2]]
    # What is not marked any more is shown at once; what has left the schema keeps the snapshot's mark.
    total = {"object": "ticket", "measures": ["ticket.amount.sum"]}
    assert (await ask.report(FEW, total))["rows"] == [["100.75"]]
    fields = tuple(f for f in TICKET.fields if f.slug != "amount")
    await stack.define(state(TICKET.model_copy(update={"fields": fields}), version=3))
    assert (await ask.report(FEW, total))["rows"] == [[None]]
    reused = FieldDef(slug="amount", type=FieldType.TEXT)
    await stack.define(state(TICKET.model_copy(update={"fields": (*fields, reused)}), version=4))
    assert (await ask.report(FEW, total))["rows"] == [[None]]


async def test_what_was_marked_and_went_is_hidden_in_every_snapshot(ask: Asking, stack: QueryStack) -> None:
    by_status = {"object": "ticket", "dimensions": ["ticket.status"], "measures": ["ticket.count"], "snapshot": "s1"}
    personal = changed(state(TICKET), marked(TICKET, "status"), 0)
    lacking = with_fields(TICKET, [field for field in TICKET.fields if field.slug != "status"])
    gone, left = changed(personal, lacking, 0), deleted(personal)
    for now in (gone, deleted(gone), left, created("acme", lacking, left), created("acme", TICKET, left)):
        await stack.define(now)
        hidden = await ask.report(FEW, by_status)
        assert (hidden["rows"], ("/dimensions/0", "ticket.status") in warned(hidden)) == ([[None, 2]], True)
        assert (await ask.report(ALL, by_status))["rows"] == [["open", 2]]


async def test_a_comparison_hides_both_sides(ask: Asking, stack: QueryStack) -> None:
    datasets = {"acme": [PlainObject(CONTACT, PEOPLE), PlainObject(TICKET, ROWS)]}
    await publish(stack.clickhouse, stack.snapshots, datasets, number=2)
    await stack.define(state(PAID, version=2))
    compared = {"object": "ticket", "measures": ["ticket.amount.sum"], "compare": "previous"}
    assert (await ask.report(ALL, compared))["rows"] == [["100.75", "100.75", "0.00"]]
    assert (await ask.report(FEW, compared))["rows"] == [[None, None, None]]
    # It went at version 2 and came back without its mark: what was there before is hidden, with a warning.
    gone = (RemovedPersonal(slug="amount", version=2),)
    await publish(stack.clickhouse, stack.snapshots, {"acme": [PlainObject(TICKET, ROWS, version=2)]}, number=3)
    await stack.define(state(TICKET, version=3, removed_personal=gone))
    hidden = await ask.report(FEW, compared)
    assert (hidden["rows"], warned(hidden)) == ([["100.75", None, None]], [("/measures/0", "ticket.amount")])


async def test_the_catalog_shows_which_fields_are_personal(ask: Asking) -> None:
    explores = (await ask("GET", "/catalog", FEW)).json()["explores"]
    named = {d["name"] for explore in explores for d in explore["dimensions"] if d.get("personal")}
    assert named == {"contact.email", "contact.phone", "ticket.amount", "ticket.tags"}


async def test_a_moved_value_of_a_personal_field_is_hidden_as_the_stored_one_is(stack: QueryStack, ask: Asking) -> None:
    dated = [PlainObject(CONTACT, PEOPLE), PlainObject(marked(TICKET, "opened_at"), ROWS)]
    await publish(stack.clickhouse, stack.snapshots, {"acme": dated}, number=2)
    month = {"field": "ticket.opened_at", "shift": [1, "month"]}
    condition = {"field": "ticket.opened_at", "op": "after", "values": ["2026-01-15"]}
    latest = {"object": "ticket", "measures": ["ticket.opened_at.max", "ticket.count"], "compare": month}
    listed = {"object": "ticket", "list": ["ticket._id"], "filters": condition, "moved": month}
    for request, seen, hidden in (
        (latest, ["2025-12-31T18:00:00-06:00", "2026-01-31T18:00:00-06:00"], [None, None]),
        ({**latest, "filters": condition}, [None, "2026-01-31T18:00:00-06:00"], [None, None]),
    ):
        for scope, expected in ((ALL, seen), (FEW, hidden)):
            ((now, before, *_),) = (await ask.report(scope, request))["rows"]
            assert [now, before] == expected
    for scope, ids in ((ALL, [["t1"]]), (FEW, [])):
        assert (await ask.report(scope, listed))["rows"] == ids
