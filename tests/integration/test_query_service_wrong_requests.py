"""Wrong requests over HTTP: each is refused with its code, its place and a remedy, in both languages."""

import gzip
import json
from collections.abc import AsyncIterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish
from tests.unit.query_service.dataset import ASSET, BOOKING, TICKET

COUNT: dict[str, Any] = {"object": "ticket", "measures": ["ticket.count"]}
TABLE = Path(__file__).parent.parent / "helpers" / "wrong_requests.yaml"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A wrong request. `remedy`: a part of the sentence that helps. `suggestion`: what to write in its place."""

    name: str
    request: Any
    code: str
    pointer: str
    remedy: str
    suggestion: str | None = None


def _table() -> list[Wrong]:
    rows = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return [
        Wrong(row["name"], row["request"], remedy=row["remedy"], suggestion=row.get("suggestion"), **row["refused"])
        for row in rows
    ]


def _too_much() -> list[Wrong]:
    empty = {"field": "ticket.status", "op": "is_empty"}
    many = {"field": "ticket.status", "op": "in", "values": ["x"] * 1001}
    deep: dict[str, Any] = empty
    for _ in range(10):
        deep = {"and": [deep]}
    said: list[tuple[str, dict[str, Any], str, str, str]] = [
        ("columns", {"dimensions": ["x"] * 101}, "too_many_columns", "/dimensions", "at most 100 columns"),
        ("values", {"filters": many}, "bad_value", "/filters/values", "several conditions joined with or"),
        ("conditions", {"filters": {"or": [empty] * 201}}, "bad_value", "/filters/or/200", "one condition with in"),
        ("levels", {"filters": deep}, "bad_value", "/filters" + "/and/0" * 10, "in fewer groups"),
    ]
    return [
        Wrong(f"too many {name}", {**COUNT, **members}, code, place, remedy)
        for name, members, code, place, remedy in said
    ]


WRONG = [*_table(), *_too_much()]


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_wrong") as running:
        dataset = [PlainObject(TICKET, [PlainRow("t1", {"status": "open", "tags": ["a"]})]), PlainObject(ASSET, [])]
        contacts = [PlainObject(BUILT_IN_CONTACT, [PlainRow("ann")]), PlainObject(BOOKING, [])]
        await publish(running.clickhouse, running.snapshots, {"acme": [*dataset, *contacts]})
        yield running


async def _problems(stack: QueryStack, request: Any, language: str = "en") -> list[dict[str, Any]]:
    """What is wrong with a request."""
    response = await stack.ask(request, headers={"Accept-Language": language})
    body = response.json()
    if response.status_code == 200:
        return []
    return body.get("errors") or [{**body, "pointer": "/snapshot", "message": body["detail"]}]


@pytest.mark.parametrize("wrong", WRONG, ids=[f"{case.pointer} {case.name}" for case in WRONG])
async def test_a_wrong_request_is_refused_with_code_place_and_remedy(stack: QueryStack, wrong: Wrong) -> None:
    problem, *_ = await _problems(stack, wrong.request)
    assert (problem["code"], problem["pointer"]) == (wrong.code, wrong.pointer)
    assert wrong.remedy in problem["message"]
    assert problem.get("suggestion") == wrong.suggestion
    french, *_ = await _problems(stack, wrong.request, "fr")
    assert (french["code"], french["pointer"]) == (wrong.code, wrong.pointer)
    assert french["message"] != problem["message"]


CORRECTED = [case for case in WRONG if case.suggestion is not None and case.suggestion != "is_empty"]


@pytest.mark.parametrize("wrong", CORRECTED, ids=[f"{case.pointer} {case.name}" for case in CORRECTED])
async def test_a_request_with_the_suggestion_in_its_place_does_not_have_the_problem(
    stack: QueryStack, wrong: Wrong
) -> None:
    before = [(problem["code"], problem["pointer"]) for problem in await _problems(stack, wrong.request)]
    after = [(problem["code"], problem["pointer"]) for problem in await _problems(stack, _corrected(wrong))]
    assert (wrong.code, wrong.pointer) not in after
    assert set(after) < set(before)


def _corrected(wrong: Wrong) -> Any:
    request, suggestion = deepcopy(wrong.request), wrong.suggestion or ""
    *path, last = wrong.pointer.split("/")[1:]
    holder = request
    for part in path:
        holder = holder[int(part) if isinstance(holder, list) else part]
    value = json.loads(suggestion) if suggestion.startswith("{") else suggestion
    if wrong.code != "unknown_property":
        holder[int(last) if isinstance(holder, list) else last] = value
        if wrong.pointer.endswith("/expression"):
            holder[last] = f"{suggestion} * 2"
    elif isinstance(value, dict):
        holder.clear()
        holder.update(value)
    else:
        sent = holder.pop(last)
        holder.setdefault(value, sent if not (value == "values" and isinstance(sent, str)) else [sent])
    return request


async def test_an_option_that_does_not_exist_is_answered_with_a_warning(stack: QueryStack) -> None:
    filters = {"field": "ticket.status", "op": "in", "values": ["open", "opne"]}
    for language, said in (("en", "opne is not an option of ticket.status"), ("fr", "n'est pas une option de")):
        response = await stack.ask({**COUNT, "filters": filters}, headers={"Accept-Language": language})
        (warning,) = response.json()["warnings"]
        assert (warning["code"], warning["pointer"]) == ("unknown_option", "/filters/values/1")
        assert said in warning["message"]
        assert warning["suggestion"] == "open"
        assert response.json()["rows"] == [[1]]


async def test_a_body_that_is_not_json_is_refused_with_the_reason(stack: QueryStack) -> None:
    async def refused(content: bytes, **headers: str) -> tuple[int, dict[str, Any]]:
        response = await stack.client.post("/v1/tenants/acme/query", content=content, headers=headers)
        return response.status_code, response.json()

    compressed = gzip.compress(b'{"object": "ticket"}')
    status, body = await refused(compressed)
    assert (status, body["code"]) == (400, "not_json")
    assert "compressed with gzip; send it uncompressed" in body["detail"]
    status, body = await refused(compressed, **{"Content-Encoding": "gzip"})
    assert (status, body["code"]) == (415, "unsupported_encoding")
    assert "send it uncompressed, without that header" in body["detail"]
    status, body = await refused(b'{"object": "ticket", "filters": ' + b'{"and": [' * 5000 + b"]}" * 5000 + b"}")
    assert (status, body["errors"][0]["code"]) == (422, "bad_value")
    assert "nested deeper than 1024 levels" in body["errors"][0]["message"]
    status, body = await refused(b'{"object": "ticket",}')
    assert (status, body["code"]) == (400, "not_json")
    assert "line 1, column 20" in body["detail"]
    status, body = await refused(b"")
    assert "The body is empty; send JSON." in body["detail"]


async def test_parameters_that_do_not_exist_are_refused_before_anything_runs(stack: QueryStack) -> None:
    response = await stack.ask(COUNT, params={"dryrun": "true"})
    (problem,) = response.json()["errors"]
    assert (response.status_code, problem["code"], problem["suggestion"]) == (422, "unknown_parameter", "dry_run")
