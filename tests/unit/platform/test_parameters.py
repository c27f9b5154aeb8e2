"""Query parameters: what a route does not declare is refused, as unknown properties of a body are."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal

import httpx
import pytest
from fastapi import Depends, FastAPI, Query

from crosslook.contracts.problems import SHOWN_MAX
from crosslook.platform.auth import Principal, authorize
from crosslook.platform.http import PageSize, PageToken
from tests.helpers.probe import probe
from tests.helpers.work import Comparisons, in_bounds


def _filter(kind: Annotated[Literal["a", "b"], Query()] = "a") -> str:
    return kind


def _add_routes(app: FastAPI) -> None:
    @app.get("/items")
    async def items(
        caller: Annotated[Principal, Depends(authorize("ops"))],
        kind: Annotated[str, Depends(_filter)],
        page_size: PageSize = 50,
        page_token: PageToken = None,
        deep: Annotated[bool, Query(alias="dry-run")] = False,
        tag: Annotated[list[str] | None, Query()] = None,
    ) -> Any:
        return {"kind": kind, "deep": deep, "tags": tag}

    @app.get("/nothing")
    async def nothing(caller: Annotated[Principal, Depends(authorize("ops"))]) -> Any:
        return {}


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with probe(_add_routes) as made:
        yield made


async def test_known_parameters_are_taken_also_those_of_dependencies(client: httpx.AsyncClient) -> None:
    answer = await client.get("/items?kind=b&dry-run=true&page_size=3")
    assert answer.json() == {"kind": "b", "deep": True, "tags": None}


async def test_a_declared_list_is_sent_several_times(client: httpx.AsyncClient) -> None:
    assert (await client.get("/items?tag=x&tag=y")).json()["tags"] == ["x", "y"]


@pytest.mark.parametrize(
    "query", ["dry-run=true&dry-run=false", "dry-run=false&dry-run=true", "dry-run=true&dry-run=true"]
)
async def test_a_parameter_that_is_sent_twice_is_refused(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"/items?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_parameter")
    assert [(error["pointer"], error["message"]) for error in answer.json()["errors"]] == [
        ("/dry-run", "The parameter dry-run occurs more than once in the URL; send it once.")
    ]


@pytest.mark.parametrize(
    ("query", "problems"),
    [
        ("dryrun=true", [("/dryrun", "unknown_parameter", "dry-run")]),
        ("nothing_like_it=1", [("/nothing_like_it", "unknown_parameter", None)]),
        ("a=1&a=2&b=", [("/a", "unknown_parameter", None), ("/b", "unknown_parameter", None)]),
        ("kind=a&kind=b&x=1", [("/x", "unknown_parameter", None), ("/kind", "bad_parameter", None)]),
        (
            "page_sizze=0&page_size=0",
            [("/page_sizze", "unknown_parameter", "page_size"), ("/page_size", "bad_parameter", None)],
        ),
    ],
)
async def test_unknown_parameters_are_refused_with_all_other_problems(
    client: httpx.AsyncClient, query: str, problems: list[tuple[str, str, str | None]]
) -> None:
    answer = await client.get(f"/items?{query}")
    assert answer.status_code == 422
    assert [(error["pointer"], error["code"], error.get("suggestion")) for error in answer.json()["errors"]] == problems


async def test_an_unknown_parameter_is_answered_with_those_that_there_are(client: httpx.AsyncClient) -> None:
    (error,) = (await client.get("/items?x=1")).json()["errors"]
    known = "page_size, page_token, dry-run, tag, kind"
    assert error["message"] == f"This address has no query parameter x; it takes {known}."
    (none,) = (await client.get("/nothing?x=1")).json()["errors"]
    assert none["message"] == "This address has no query parameter x; it takes none."


async def test_however_many_parameters_are_unknown_the_answer_is_small(
    client: httpx.AsyncClient, comparisons: Comparisons
) -> None:
    query = "&".join(f"page_siz{number}=1" for number in range(3_000))
    body = (await client.get(f"/items?{query}")).json()
    assert (len(body["errors"]), body["errors_omitted"]) == (SHOWN_MAX, 3_000 - SHOWN_MAX)
    assert in_bounds(comparisons)
