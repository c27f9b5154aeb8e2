"""Imports through a refresh into reports, and undoing them: three services on a real broker and engine."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.processes import own_topics
from tests.helpers.three_services import COUNT, TICKETS, Dataset, running_dataset, until

CSV = {"Content-Type": "text/csv"}
BY_COUNTRY = {
    "object": "ticket",
    "dimensions": ["contact.country"],
    "measures": ["ticket.count", "ticket.score.sum", "contact.count"],
    "filters": {"field": "contact.country", "op": "in", "values": ["FR", "DE"]},
    "sort": [{"field": "contact.country", "direction": "asc"}],
}
FILE = "_id,score,requester.email\n" + "".join(f"i{n},{n},{'ab'[n % 2]}@x.com\n" for n in range(20)) + "3,1000,\n"


@pytest.fixture(scope="module")
async def dataset(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Dataset]:
    engine = clickhouse.model_copy(update={"database": "import_undo"})
    async with running_dataset(tmp_path_factory.mktemp("undo"), own_topics(kafka), engine) as running:
        yield running


async def imported(dataset: Dataset, name: str, file: str, **query: str) -> Any:
    path = f"/v1/tenants/acme/objects/{name}/import"
    answer = await dataset.schemas.ask("POST", path, content=file, headers=CSV, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.json()["refused"] == 0, answer.text
    return answer.json()


async def undone(dataset: Dataset, import_id: str) -> Any:
    answer = await dataset.schemas.ask("DELETE", f"/v1/tenants/acme/imports/{import_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def refreshed(dataset: Dataset, tickets: int) -> None:
    assert (await dataset.snapshots.refreshed())["state"] == "published"

    async def counted() -> bool:
        response = await dataset.query.post("/v1/tenants/acme/query", json=COUNT)
        return response.status_code == 200 and response.json()["rows"] == [[tickets]]

    await until(counted, 30)


async def by_country(dataset: Dataset) -> Any:
    response = await dataset.query.post("/v1/tenants/acme/query", json=BY_COUNTRY)
    assert response.status_code == 200, response.text
    return response.json()["rows"]


async def test_a_file_is_in_the_reports_once_and_gone_after_its_undo_and_can_come_again(dataset: Dataset) -> None:
    await imported(dataset, "contact", "_id,Email,country\nc-1,a@x.com,FR\nc-2,b@x.com,DE\n")
    first = await imported(dataset, "ticket", FILE)
    again = await imported(dataset, "ticket", FILE)
    await refreshed(dataset, TICKETS + 20)
    assert await by_country(dataset) == [["DE", 10, 100, 1], ["FR", 10, 90, 1]]
    assert (await undone(dataset, again["import"]))["deleted"] == 0
    # the event of the last row is of a ticket from before; one of the file's is edited after the import
    edited = await dataset.schemas.ask(
        "POST",
        "/v1/tenants/acme/objects/ticket/import",
        content="_id,score\ni1,500\n",
        headers=CSV,
        params={"mode": "patch"},
    )
    assert edited.status_code == 200
    answer = await undone(dataset, first["import"])
    assert (answer["deleted"], [(kept["reason"], kept["count"]) for kept in answer["kept"]]) == (
        19,
        [("changed", 1), ("existed", 1)],
    )
    assert await undone(dataset, first["import"]) == answer
    await refreshed(dataset, TICKETS + 1)
    assert await by_country(dataset) == [["DE", 1, 500, 1]]
    restored = await imported(dataset, "ticket", FILE)
    await refreshed(dataset, TICKETS + 20)
    assert await by_country(dataset) == [["DE", 10, 100, 1], ["FR", 10, 90, 1]]
    answer = await undone(dataset, restored["import"])
    assert (answer["deleted"], sum(kept["count"] for kept in answer["kept"])) == (19, 2)
    await refreshed(dataset, TICKETS + 1)


async def test_an_import_that_is_not_there_cannot_be_undone(dataset: Dataset) -> None:
    answer = await dataset.schemas.ask("DELETE", "/v1/tenants/acme/imports/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_import")


async def test_who_may_only_read_learns_nothing_of_imported_records(dataset: Dataset) -> None:
    path = "/v1/tenants/acme/objects/ticket/imported"
    query = {"time": "2026-11-01T00:00:00Z"}
    answer = await dataset.snapshots.ask("GET", path, "acme", "records:read", params=query)
    assert answer.status_code == 403
    old = await dataset.snapshots.ask("GET", path, "acme", "records:write", params={"time": "2020-11-01T00:00:00Z"})
    assert (old.status_code, old.json()["code"]) == (409, "import_too_old")
