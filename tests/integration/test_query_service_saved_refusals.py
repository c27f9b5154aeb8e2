"""What each call of saved reports says to bad input: the exact problem body."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.saved_dataset import COUNT, LOOK, Dataset, saved_dataset
from tests.helpers.schema_service import Tokens


@pytest.fixture(scope="module")
async def dataset(clickhouse: ClickHouseSettings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Dataset]:
    tokens = Tokens.at(tmp_path_factory.mktemp("keys"))
    async with saved_dataset(clickhouse, "query_saved_refusals", tokens) as made:
        yield made


def problem(code: str, status: int, detail: str, **more: Any) -> dict[str, Any]:
    """A problem document without its request id."""
    return {
        "type": f"https://crosslook.dev/problems/{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        **more,
        **({"errors_omitted": 0} if "errors" in more else {}),
    }


def invalid(*errors: tuple[str, str, str] | tuple[str, str, str, str]) -> dict[str, Any]:
    """The document of a body with these problems: (pointer, code, message, suggestion)."""
    codes = {code for _, code, *_ in errors}
    code = codes.pop() if len(codes) == 1 else "invalid_body"
    detail = "The request is not valid; errors lists the problems found."
    told = [dict(zip(("pointer", "code", "message", "suggestion"), error, strict=False)) for error in errors]
    return problem(code, 422, detail, errors=told)


NOBODY = "00000000-0000-4000-8000-000000000000"
NO_OBJECT = "A JSON object is expected here."
NO_TEXT = "Text is expected here."
NOT_JSON = problem(
    "not_json",
    400,
    "The body is not JSON: line 1, column 2 cannot be read. Send UTF-8 JSON without NaN or Infinity.",
)
NO_LOOK = problem("unknown_look", 404, f"There is no Look {NOBODY}; it may have been deleted.")
NO_DASHBOARD = problem("unknown_dashboard", 404, f"There is no dashboard {NOBODY}; it may have been deleted.")
BAD_PAGE = "The page token is not valid; request the first page without page_token."
NOT_HERE = "{} does not exist in this snapshot; the catalog lists the fields and measures."
READ_ONLY = "{} is set by the service; leave it out."
CHART_BOUNDS = (
    "A chart contains at most 1000 values, nested at most ten levels deep, with texts of at most 10,000 characters."
)
TILE = "A tile shows either a Look, named by its id in look, or its own request."
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
        invalid(("/request/snapshot", "unknown_snapshot", "There is no snapshot s9; use current or previous.")),
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
        {
            **invalid(("/tiles", "too_many_tiles", "A dashboard has at most 50 tiles; this one has 51.")),
            "errors_omitted": None,
        },
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
                f"gt is not an operator of ticket.urgent, which takes {BOOLEAN_OPS}.",
            ),
            (
                "/filters/or/1/field",
                "unknown_object",
                "There is no object tickets in this snapshot; the catalog lists the objects.",
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
    dataset: Dataset, method: str, path: str, sent: dict[str, Any], expected: dict[str, Any]
) -> None:
    answer = await dataset.ask(method, f"/acme{path}", "acme", **sent)
    body = answer.json()
    assert body.pop("request_id") == answer.headers["x-request-id"]
    assert body == expected
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_change_is_refused_as_a_creation_is(dataset: Dataset) -> None:
    match = {"If-Match": '"1"'}
    for path, wrong in (
        (f"/acme/looks/{dataset.look}", WRONG_LOOK),
        (f"/acme/dashboards/{dataset.dashboard}", WRONG_BOARD),
    ):
        made = await dataset.ask("POST", path.rpartition("/")[0], "acme", json=wrong)
        changed = await dataset.ask("PUT", path, "acme", json=wrong, headers=match)
        assert (made.status_code, changed.status_code) == (422, 422)
        assert made.json()["errors"] == changed.json()["errors"]


async def test_a_refusal_speaks_french(dataset: Dataset) -> None:
    answer = await dataset.ask("GET", f"/acme/looks/{NOBODY}", "acme", headers={"Accept-Language": "fr"})
    assert answer.json()["detail"] == f"L'aperçu {NOBODY} n'existe pas ; il a peut-être été supprimé."
