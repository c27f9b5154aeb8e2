"""Saved reports are their tenant's alone."""

from collections.abc import AsyncIterator

import pytest

from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.saved_dataset import LOOK, Dataset, saved_dataset
from tests.helpers.schema_service import Tokens


@pytest.fixture(scope="module")
async def dataset(clickhouse: ClickHouseSettings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Dataset]:
    tokens = Tokens.at(tmp_path_factory.mktemp("keys"))
    async with saved_dataset(clickhouse, "query_saved_access", tokens) as made:
        yield made


async def test_a_neighbour_finds_nothing_of_ours_by_any_call(dataset: Dataset) -> None:
    seen = set()
    for method, path, template in dataset.calls("acme"):
        answer = await dataset.ask(method, path, "globex", json=LOOK, headers={"If-Match": '"1"'})
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
        seen.add(f"{method} {template}")
    assert len(seen) == 8


async def test_our_ids_name_nothing_under_a_neighbour(dataset: Dataset) -> None:
    for method, path, template in dataset.calls("globex"):
        answer = await dataset.ask(method, path, "globex", json=LOOK, headers={"If-Match": '"1"'})
        expected = "unknown_look" if "{look}" in template else "unknown_dashboard"
        assert (answer.status_code, answer.json()["code"]) == (404, expected), path
    for path in ("/acme/looks", "/acme/dashboards"):
        kept = (await dataset.ask("GET", path, "acme")).json()["items"]
        assert [(entry["name"], entry["version"]) for entry in kept] == [("Secret", 1)]


async def test_lists_and_impact_show_a_neighbour_nothing_of_ours(dataset: Dataset) -> None:
    for path in ("/globex/looks", "/globex/dashboards", "/globex/impact?object=ticket"):
        answer = await dataset.ask("GET", path, "globex")
        assert answer.json() == {"items": [], "next_page_token": None}, path


async def test_a_neighbours_dashboard_cannot_show_our_look(dataset: Dataset) -> None:
    answer = await dataset.ask(
        "POST", "/globex/dashboards", "globex", json={"name": "Theft", "tiles": [{"look": dataset.look}]}
    )
    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [
        ("/tiles/0/look", "unknown_look")
    ]


async def test_an_idempotency_key_is_its_tenants_own(dataset: Dataset) -> None:
    key = {"Idempotency-Key": "the same"}
    ours = await dataset.ask("POST", "/acme/looks", "acme", json=LOOK, headers=key)
    theirs = await dataset.ask("POST", "/globex/looks", "globex", json={**LOOK, "name": "Theirs"}, headers=key)
    assert (ours.status_code, theirs.status_code) == (201, 201)
    assert theirs.json()["name"] == "Theirs"
    for path, tenant, made in (("/acme/looks", "acme", ours), ("/globex/looks", "globex", theirs)):
        gone = await dataset.ask("DELETE", f"{path}/{made.json()['id']}", tenant)
        assert gone.status_code == 204
