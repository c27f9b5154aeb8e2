"""Saved reports are their tenant's alone, and what each of their calls says to bad input: the exact problem body."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.platform.settings import AuthSettings, ClickHouseSettings
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.schema_service import EVERYTHING, Tokens
from tests.helpers.snapshots import PlainObject, PlainRow, publish
from tests.unit.query_service.world import TICKET

COUNT = {"object": "ticket", "measures": ["ticket.count"]}
LOOK: dict[str, Any] = {"name": "Secret", "request": COUNT}


@dataclass(frozen=True, slots=True)
class World:
    """A service with a Look and a dashboard of acme's; globex has the same objects."""

    stack: QueryStack
    tokens: Tokens
    look: str
    dashboard: str

    async def ask(self, method: str, path: str, tenant: str, **more: Any) -> httpx.Response:
        """One call with a token of the tenant's that may do everything."""
        headers = {**self.tokens.header(tenant, EVERYTHING), **more.pop("headers", {})}
        return await self.stack.client.request(method, f"/v1/tenants{path}", headers=headers, **more)

    def calls(self, tenant: str) -> Iterator[tuple[str, str, str]]:
        """(method, path, template) of every call that names something saved, with acme's ids under the tenant."""
        for template, methods in self.stack.app.openapi()["paths"].items():
            if "{look}" in template or "{dashboard}" in template:
                path = template.removeprefix("/v1/tenants").replace("{tenant}", tenant)
                path = path.replace("{look}", self.look).replace("{dashboard}", self.dashboard)
                yield from ((method.upper(), path, template) for method in methods)


@pytest.fixture(scope="module")
async def world(clickhouse: ClickHouseSettings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    tokens = Tokens.at(tmp_path_factory.mktemp("keys"))
    auth = AuthSettings(jwks_file=tokens.folder.key_set)
    async with query_stack(clickhouse, "query_saved_access", auth=auth) as running:
        objects = [PlainObject(BUILT_IN_CONTACT, []), PlainObject(TICKET, [PlainRow("t1")])]
        await publish(running.clickhouse, running.snapshots, {"acme": objects, "globex": objects})
        header = tokens.header("acme", EVERYTHING)
        look = await running.client.post("/v1/tenants/acme/looks", json=LOOK, headers=header)
        body = {"name": "Secret", "tiles": [{"look": look.json()["id"]}]}
        board = await running.client.post("/v1/tenants/acme/dashboards", json=body, headers=header)
        yield World(running, tokens, look.json()["id"], board.json()["id"])


async def test_a_neighbour_finds_nothing_of_ours_by_any_call(world: World) -> None:
    seen = set()
    for method, path, template in world.calls("acme"):
        answer = await world.ask(method, path, "globex", json=LOOK, headers={"If-Match": '"1"'})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
        seen.add(f"{method} {template}")
    assert len(seen) == 8


async def test_our_ids_name_nothing_under_a_neighbour(world: World) -> None:
    for method, path, template in world.calls("globex"):
        answer = await world.ask(method, path, "globex", json=LOOK, headers={"If-Match": '"1"'})
        expected = "unknown_look" if "{look}" in template else "unknown_dashboard"
        assert (answer.status_code, answer.json()["code"]) == (404, expected), path
    for path in ("/acme/looks", "/acme/dashboards"):
        kept = (await world.ask("GET", path, "acme")).json()["items"]
        assert [(one["name"], one["version"]) for one in kept] == [("Secret", 1)]


async def test_lists_and_impact_show_a_neighbour_nothing_of_ours(world: World) -> None:
    for path in ("/globex/looks", "/globex/dashboards", "/globex/impact?object=ticket"):
        answer = await world.ask("GET", path, "globex")
        assert answer.json() == {"items": [], "next_page_token": None}, path


async def test_a_neighbours_dashboard_cannot_show_our_look(world: World) -> None:
    answer = await world.ask(
        "POST", "/globex/dashboards", "globex", json={"name": "Theft", "tiles": [{"look": world.look}]}
    )
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [("/tiles/0/look", "unknown_look")]


async def test_an_idempotency_key_is_its_tenants_own(world: World) -> None:
    key = {"Idempotency-Key": "the same"}
    ours = await world.ask("POST", "/acme/looks", "acme", json=LOOK, headers=key)
    theirs = await world.ask("POST", "/globex/looks", "globex", json={**LOOK, "name": "Theirs"}, headers=key)
    assert (ours.status_code, theirs.status_code) == (201, 201)
    assert theirs.json()["name"] == "Theirs"
    for path, tenant, made in (("/acme/looks", "acme", ours), ("/globex/looks", "globex", theirs)):
        gone = await world.ask("DELETE", f"{path}/{made.json()['id']}", tenant)
        assert gone.status_code == 204


def problem(code: str, status: int, detail: str, **more: Any) -> dict[str, Any]:
    """A problem document without its request id."""
    return {
        "type": f"https://crosslook.dev/problems/{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        **more,
    }


def invalid(*errors: tuple[str, str, str] | tuple[str, str, str, str]) -> dict[str, Any]:
    """The document of a body with these problems: (pointer, code, message, suggestion)."""
    codes = {code for _, code, *_ in errors}
    code = codes.pop() if len(codes) == 1 else "invalid_body"
    detail = "The request was refused: see errors for every problem found."
    told = [dict(zip(("pointer", "code", "message", "suggestion"), one, strict=False)) for one in errors]
    return problem(code, 422, detail, errors=told)


NOBODY = "00000000-0000-4000-8000-000000000000"
NO_OBJECT = "A JSON object is expected here."
NO_TEXT = "Text is expected here."
NOT_JSON = problem("not_json", 400, "The body is not JSON; send UTF-8 JSON without NaN or Infinity.")
NO_LOOK = problem("unknown_look", 404, f"There is no Look {NOBODY}; it may have been deleted.")
NO_DASHBOARD = problem("unknown_dashboard", 404, f"There is no dashboard {NOBODY}; it may have been deleted.")
BAD_PAGE = "The page token is not one of ours; ask for the first page without page_token."
NOT_HERE = "There is no {} in this snapshot; the catalog lists what can be asked."
READ_ONLY = "{} is set by the service; leave it out."
CHART_BOUNDS = (
    "A chart holds at most 1000 values, nested ten deep at the most, with texts of at most 10,000 characters."
)
TILE = "A tile shows either a look, by its id, or a request of its own."
PLACE = "A whole number from 0 to 10000 is expected here."
WRONG_LOOK = {
    "name": " ",
    "descripton": "",
    "version": 3,
    "request": {"object": "ticket", "dimensions": ["ticket.sttus"], "limit": 0},
    "chart": {"options": []},
}
WRONG_BOARD = {
    "name": "x" * 201,
    "description": 7,
    "tiles": [
        {"look": NOBODY, "position": {"x": -1, "y": "2"}},
        {"request": {**COUNT, "measures": ["ticket.cuont"]}, "chart": "bar"},
        {"look": NOBODY, "request": COUNT},
        {},
        [],
        {"request": COUNT, "size": 3},
    ],
    "filters": {
        "or": [
            {"field": "ticket.urgent", "op": "gt", "values": [True]},
            {"field": "tickets.status", "op": "eq", "values": ["open"]},
            {"field": "contact.country", "op": "eq", "values": ["FR"]},
        ]
    },
}
BOOLEAN_OPS = "eq, neq, in, not_in, is_empty, is_not_empty"

CASES: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    ("POST", "/looks", {"content": b"{"}, NOT_JSON),
    ("POST", "/looks", {"json": []}, invalid(("", "wrong_type", NO_OBJECT))),
    (
        "POST",
        "/looks",
        {"json": {}},
        invalid(
            ("/name", "required_missing", "name is required."),
            ("/request", "required_missing", "request is required."),
        ),
    ),
    (
        "POST",
        "/looks",
        {"json": WRONG_LOOK},
        invalid(
            (
                "/descripton",
                "unknown_property",
                "There is no property descripton here; remove it or correct its name.",
                "description",
            ),
            ("/version", "unknown_property", READ_ONLY.format("version")),
            ("/name", "required_missing", "name is required."),
            ("/chart/type", "required_missing", "type is required."),
            ("/request/limit", "bad_value", "A whole number from 1 to 50000 is expected here."),
            ("/request/dimensions/0", "unknown_field", NOT_HERE.format("ticket.sttus"), "ticket.status"),
        ),
    ),
    (
        "POST",
        "/looks",
        {"json": {**LOOK, "chart": {"type": "bar", "options": list(range(1001))}}},
        invalid(("/chart", "too_large", CHART_BOUNDS)),
    ),
    (
        "POST",
        "/looks",
        {"json": {**LOOK, "request": {**COUNT, "snapshot": "s9"}}},
        invalid(("/request/snapshot", "unknown_snapshot", "There is no snapshot s9; ask for current or previous.")),
    ),
    ("GET", f"/looks/{NOBODY}", {}, NO_LOOK),
    ("GET", f"/looks/{NOBODY}/result", {}, NO_LOOK),
    ("PUT", f"/looks/{NOBODY}", {"json": LOOK}, NO_LOOK),
    ("DELETE", f"/looks/{NOBODY}", {}, NO_LOOK),
    (
        "GET",
        "/looks?page_token=rubbish",
        {},
        problem(
            "bad_page_token",
            422,
            BAD_PAGE,
            errors=[{"pointer": "/page_token", "code": "bad_page_token", "message": BAD_PAGE}],
        ),
    ),
    ("POST", "/dashboards", {"content": b"["}, NOT_JSON),
    ("POST", "/dashboards", {"json": "Support"}, invalid(("", "wrong_type", NO_OBJECT))),
    (
        "POST",
        "/dashboards",
        {"json": {"name": "Many", "tiles": [{}] * 51}},
        invalid(("/tiles", "too_many_tiles", "A dashboard has at most 50 tiles; this one has 51.")),
    ),
    (
        "POST",
        "/dashboards",
        {"json": {"name": "Shapes", "tiles": {}, "filters": {"field": "ticket.status"}}},
        invalid(
            ("/tiles", "wrong_type", "A JSON array is expected here."),
            ("/filters/op", "required_missing", "op is required."),
        ),
    ),
    (
        "POST",
        "/dashboards",
        {"json": WRONG_BOARD},
        invalid(
            ("/name", "too_long", "The text is longer than 200 characters."),
            ("/description", "wrong_type", NO_TEXT),
            ("/tiles/0/position/x", "bad_value", PLACE),
            ("/tiles/0/position/y", "bad_value", PLACE),
            ("/tiles/1/chart", "wrong_type", NO_OBJECT),
            ("/tiles/2", "bad_value", TILE),
            ("/tiles/3", "bad_value", TILE),
            ("/tiles/4", "wrong_type", NO_OBJECT),
            ("/tiles/5/size", "unknown_property", "There is no property size here; remove it or correct its name."),
            ("/tiles/0/look", "unknown_look", f"There is no Look {NOBODY}; it may have been deleted."),
            ("/tiles/1/request/measures/0", "unknown_field", NOT_HERE.format("ticket.cuont"), "ticket.count"),
            (
                "/filters/or/0/op",
                "bad_operator",
                f"gt cannot test ticket.urgent; it takes {BOOLEAN_OPS}.",
            ),
            (
                "/filters/or/1/field",
                "unknown_object",
                "There is no object tickets in this snapshot.",
                "ticket",
            ),
        ),
    ),
    ("GET", f"/dashboards/{NOBODY}", {}, NO_DASHBOARD),
    ("GET", f"/dashboards/{NOBODY}/result", {}, NO_DASHBOARD),
    ("PUT", f"/dashboards/{NOBODY}", {"json": {"name": "A"}}, NO_DASHBOARD),
    ("DELETE", f"/dashboards/{NOBODY}", {}, NO_DASHBOARD),
    (
        "GET",
        "/impact",
        {},
        invalid(("/object", "bad_parameter", "The parameter object is missing.")),
    ),
]


@pytest.mark.parametrize(("method", "path", "sent", "expected"), CASES)
async def test_it_is_refused_with_the_whole_truth(
    world: World, method: str, path: str, sent: dict[str, Any], expected: dict[str, Any]
) -> None:
    answer = await world.ask(method, f"/acme{path}", "acme", **sent)
    body = answer.json()
    assert body.pop("request_id") == answer.headers["x-request-id"]
    assert body == expected
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_change_is_refused_as_a_creation_is(world: World) -> None:
    match = {"If-Match": '"1"'}
    for path, wrong in (
        (f"/acme/looks/{world.look}", WRONG_LOOK),
        (f"/acme/dashboards/{world.dashboard}", WRONG_BOARD),
    ):
        made = await world.ask("POST", path.rpartition("/")[0], "acme", json=wrong)
        changed = await world.ask("PUT", path, "acme", json=wrong, headers=match)
        assert (made.status_code, changed.status_code) == (422, 422)
        assert made.json()["errors"] == changed.json()["errors"]


async def test_a_refusal_speaks_french(world: World) -> None:
    answer = await world.ask("GET", f"/acme/looks/{NOBODY}", "acme", headers={"Accept-Language": "fr"})
    assert answer.json()["detail"] == f"Il n'y a pas de Look {NOBODY} ; il a peut-être été supprimé."
