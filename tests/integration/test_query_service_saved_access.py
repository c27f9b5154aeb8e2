"""Saved reports are their tenant's alone."""

from collections.abc import AsyncIterator

import pytest

from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.saved_world import LOOK, World, saved_world
from tests.helpers.schema_service import Tokens


@pytest.fixture(scope="module")
async def world(clickhouse: ClickHouseSettings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    tokens = Tokens.at(tmp_path_factory.mktemp("keys"))
    async with saved_world(clickhouse, "query_saved_access", tokens) as made:
        yield made


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
