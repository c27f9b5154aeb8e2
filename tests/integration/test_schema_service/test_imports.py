"""Imports of files on a real broker: what is published, what is refused, and how a call is repeated."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from crosslook.platform.clock import FixedClock
from crosslook.platform.kafka import ensure_topics
from crosslook.platform.plan_settings import QuotaSettings
from crosslook.platform.settings import KafkaSettings
from services.schema_service.settings import ImportSettings, IntakeSettings
from tests.helpers.processes import own_topics, running_broker
from tests.helpers.schema_service import Service, Tokens, running_service
from tests.integration.test_schema_service.conftest import NOW
from tests.integration.test_schema_service.test_intake import read_records
from tests.unit.schema_service.samples import TICKET

CSV = {"Content-Type": "text/csv"}
NDJSON = {"Content-Type": "application/x-ndjson"}


def address(tenant: str, **query: Any) -> str:
    return str(httpx.URL(f"/v1/tenants/{tenant}/objects/ticket/import", params=query))


async def prepared(service: Service, tenant: str) -> str:
    answer = await service.ask("POST", f"/v1/tenants/{tenant}/schemas", tenant, json=TICKET)
    assert answer.status_code == 201, answer.text
    return tenant


async def imported(service: Service, tenant: str, content: Any, headers: Any = CSV, **query: Any) -> Any:
    """The answer to an import that is taken."""
    answer = await service.ask(
        "POST", address(tenant, **query), tenant, "records:write", content=content, headers=headers
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def listed(service: Service, tenant: str) -> Any:
    return (await service.ask("GET", f"/v1/tenants/{tenant}/imports", tenant, "records:write")).json()["items"]


async def test_the_rows_of_a_file_are_taken_and_the_wrong_ones_are_named(service: Service) -> None:
    tenant = await prepared(service, "import-csv")
    file = "_id,Status,csat,Opened,requester.email\n7,open,4.5,2026-11-20 10:00,a@x.com\n8,opne,,,\n9,solved,x,,\n"
    answer = await imported(service, tenant, file)
    assert answer == {
        "import": answer["import"],
        "rows": 3,
        "accepted": 1,
        "refused": 2,
        "errors": [
            {
                "line": 3,
                "column": "Status",
                "code": "unknown_option",
                "message": "opne is not an option of this field.",
                "suggestion": "open",
            },
            {
                "line": 4,
                "column": "csat",
                "code": "wrong_type",
                "message": "A number is expected here, written as 1234.56: no spaces, and a point before the decimals.",
            },
        ],
    }
    (item,) = await listed(service, tenant)
    assert (item["import"], item["state"], item["rows"], item["accepted"]) == (answer["import"], "done", 3, 1)


async def test_a_file_is_read_as_its_call_says_that_it_writes_values(service: Service, broker: KafkaSettings) -> None:
    tenant = await prepared(service, "import-forms")
    file = "_id;csat;amount;Opened\n7;4,5;1 234,56;31/12/2026 9:30\n8;4.5;1;31/12/2026\n9;4;1;12/31/2026\n"
    as_they_are = await imported(service, tenant, file, dry_run=True)
    assert as_they_are["refused"] == 3
    answer = await imported(service, tenant, file, decimal="comma", dates="dmy")
    assert [(error["line"], error["column"]) for error in answer["errors"]] == [(3, "csat"), (4, "Opened")]
    ((_, event, _),) = await read_records(broker, tenant, 1)
    assert event["data"]["fields"] == {"csat": "4.5", "amount": "1234.56", "opened_at": "2026-12-31T15:30:00.000Z"}
    wrong = await service.ask(
        "POST", address(tenant, decimal="dot"), tenant, "records:write", content=file, headers=CSV
    )
    assert wrong.status_code == 422


async def test_the_event_of_a_row_is_that_of_the_contract(service: Service, broker: KafkaSettings) -> None:
    tenant = await prepared(service, "import-event")
    await imported(service, tenant, "_id,Status,csat,Opened,requester.email\n7,open,4.5,2026-11-20 10:00,a@x.com\n")
    ((key, event, _),) = await read_records(broker, tenant, 1)
    assert key == f"{tenant}/ticket/7".encode()
    assert (event["source"], event["type"], event["time"]) == (
        "/imports",
        "crosslook.record.upserted.v1",
        "2026-11-24T22:00:00.000Z",
    )
    assert event["data"] == {
        "tenant": tenant,
        "object": "ticket",
        "record": "7",
        "sequence": 2,
        "fields": {"status": "open", "csat": "4.5", "opened_at": "2026-11-20T16:00:00.000Z"},
        "relationships": {"requester": [{"email": "a@x.com"}]},
    }


async def test_the_same_rows_are_the_same_events_in_any_format_and_order_until_import_changes(
    service: Service, broker: KafkaSettings
) -> None:
    tenant = await prepared(service, "import-same")
    await imported(service, tenant, "_id,csat,status\n1,4.50,open\n1,5,open\n1,4.50,open\n")
    await imported(service, tenant, "status;_id;CSAT\nopen;1;4.5\nopen;1;5\nopen;1;4.5\n")
    lines = [{"_id": "1", "csat": csat, "status": "open"} for csat in (4.5, 5, 4.5)]
    await imported(service, tenant, "\n".join(map(json.dumps, lines)), NDJSON)
    await imported(service, tenant, "_id,csat,status\n1,4.5,open\n", **{"import": "again"})
    await imported(service, tenant, "_id,csat,status\n1,4.5,open\n", mode="patch")
    events = [event for _, event, _ in await read_records(broker, tenant, 11)]
    ids = [event["id"] for event in events]
    assert ids[:3] == ids[3:6]
    assert ids[0] == ids[6]
    assert len({*ids[:3], *ids[9:]}) == 5
    assert [event["data"]["sequence"] for event in events[:3]] == [2, 3, 4]
    assert events[10]["type"] == "crosslook.record.patched.v1"
    assert len({event["time"] for event in events}) == 5


async def test_a_mapping_comes_in_the_query_or_in_a_form(service: Service, broker: KafkaSettings) -> None:
    tenant = await prepared(service, "import-mapping")
    file, mapping = "Number,Secret\n7,x\n", json.dumps({"Number": "_id", "Secret": None})
    assert (await imported(service, tenant, file, mapping=mapping))["accepted"] == 1
    form = {"mapping": (None, mapping, "application/json"), "file": ("a.csv", file, "text/csv")}
    answer = await service.ask("POST", address(tenant), tenant, "records:write", files=form)
    assert (answer.status_code, answer.json()["accepted"]) == (200, 1), answer.text
    first, second = (event for _, event, _ in await read_records(broker, tenant, 2))
    assert (first["id"], first["data"]) == (second["id"], second["data"])


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.CSV", "_id\n7\n", "application/octet-stream"),
        ("a.tsv", "_id\tcsat\n7\t\n", "text/plain"),
        ("a.jsonl", '{"_id": "7"}\n', "application/octet-stream"),
        ("a", '{"_id": "7"}\n', "application/jsonl"),
        ("a.csv", "_id,csat\r7,\r,\r", "text/csv"),
    ],
)
async def test_a_file_is_read_as_its_type_or_its_name_says(
    service: Service, name: str, content: str, kind: str
) -> None:
    tenant = f"import-{name.replace('.', '-').lower()}-{kind[-3:]}"
    form = {"file": (name, content, kind)}
    await prepared(service, tenant)
    answer = await service.ask("POST", address(tenant), tenant, "records:write", files=form)
    assert (answer.status_code, answer.json()["rows"], answer.json()["accepted"]) == (200, 1, 1), answer.text


async def test_a_dry_run_reads_everything_and_publishes_nothing(service: Service) -> None:
    tenant = await prepared(service, "import-dry")
    answer = await imported(service, tenant, "_id,csat\n1,2\n2,x\n", dry_run="true")
    assert (answer["import"], answer["rows"], answer["accepted"], answer["refused"]) == (None, 2, 1, 1)
    assert await listed(service, tenant) == []


@pytest.mark.parametrize(
    ("headers", "content", "query", "status", "code"),
    [
        ({"Content-Type": "application/json"}, "{}", {}, 415, "unsupported_media_type"),
        ({"Content-Type": "text/csv; charset=latin-1"}, "_id\n", {}, 415, "unsupported_media_type"),
        ({**CSV, "Content-Encoding": "gzip"}, "_id\n", {}, 415, "unsupported_encoding"),
        ({"Content-Type": "multipart/form-data"}, "_id\n", {}, 400, "malformed_form"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, "--x\r\n", {}, 400, "malformed_form"),
        (CSV, "_id\n", {"mapping": "{"}, 400, "not_json"),
        (CSV, "_id\n", {"mapping": ""}, 400, "not_json"),
        (CSV, "\x00_\x00i\x00d", {}, 422, "not_utf8"),
        (CSV, "PK\x03\x04", {}, 422, "not_utf8"),
        (CSV, "_id\n", {"mapping": "[]"}, 422, "wrong_type"),
        (CSV, "_id\n", {"mode": "replace"}, 422, "bad_parameter"),
        (CSV, "_id\n", {"import": "x" * 257}, 422, "bad_parameter"),
        (CSV, "", {}, 422, "missing_header"),
        (CSV, "csat\n1\n", {}, 422, "missing_id"),
        (CSV, "_id,csat,csat\n", {}, 422, "duplicate_column"),
        (CSV, "_id,statsu\n", {}, 422, "unknown_column"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused_as_a_whole(
    service: Service, headers: Any, content: str, query: Any, status: int, code: str
) -> None:
    answer = await service.ask(
        "POST", address("acme", **query), "acme", "records:write", content=content, headers=headers
    )
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    if code == "not_json":
        assert answer.json()["detail"].startswith("The mapping is ")
    assert await listed(service, "acme") == []


async def test_objects_that_take_no_records_take_no_imports(service: Service) -> None:
    tenant = await prepared(service, "import-objects")
    path = address(tenant).replace("ticket", "tikcet")
    answer = await service.ask("POST", path, tenant, "records:write", content="_id\n1\n", headers=CSV)
    assert (answer.status_code, answer.json()["code"], answer.json()["suggestion"]) == (404, "unknown_object", "ticket")
    await service.ask("DELETE", f"/v1/tenants/{tenant}/schemas/ticket", tenant, headers={"If-Match": '"1"'})
    answer = await service.ask("POST", address(tenant), tenant, "records:write", content="_id\n1\n", headers=CSV)
    assert answer.json()["code"] in ("object_deleted", "unknown_object")


@pytest.fixture(scope="module")
async def topics(kafka: KafkaSettings) -> KafkaSettings:
    """Topics of services that tests start themselves: no other one is elected there."""
    own = own_topics(kafka)
    await ensure_topics(own)
    return own


async def test_a_call_that_breaks_off_is_repeated_and_continues_the_same_import(
    topics: KafkaSettings, tokens: Tokens
) -> None:
    limits = ImportSettings(max_bytes=3_000_000)
    rate = QuotaSettings(events_per_second=100_000)
    rows = b"".join(b"%d,open\n" % number for number in range(20_000))

    async def broken(padding: bytes) -> AsyncIterator[bytes]:
        yield b"_id,status\n" + rows
        yield padding * 3_000_000

    async with running_service(topics, tokens, FixedClock(NOW), imports=limits, quotas=rate) as service:
        tenant = await prepared(service, "import-broken")
        answer = await service.ask("POST", address(tenant), tenant, "records:write", content=broken(b"\n"), headers=CSV)
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
        (failed,) = await listed(service, tenant)
        assert (failed["state"], failed["reason"]) == ("failed", "body_too_large")
        assert failed["rows"] > 0
        done = await imported(service, tenant, b"_id,status\n" + rows + b"new,open\n")
        assert (done["import"], done["accepted"]) == (failed["import"], 20_001)
        (item,) = await listed(service, tenant)
        assert (item["state"], item["accepted"]) == ("done", 20_001)
        again = await imported(service, tenant, b"_id,status\n" + rows + b"new,open\n")
        assert again["import"] != done["import"]
    async with running_service(topics, tokens, FixedClock(NOW), imports=limits) as service:
        assert [item["import"] for item in await listed(service, tenant)] == [again["import"], done["import"]]


async def test_imports_beyond_those_that_are_kept_are_forgotten(topics: KafkaSettings, tokens: Tokens) -> None:
    async with running_service(topics, tokens, FixedClock(NOW), imports=ImportSettings(keep=2)) as service:
        tenant = await prepared(service, "import-kept")
        ids = [(await imported(service, tenant, f"_id\n{number}\n"))["import"] for number in range(4)]
        assert [item["import"] for item in await listed(service, tenant)] == ids[:1:-1]
        path = f"/v1/tenants/{tenant}/imports"
        first = (await service.ask("GET", path, tenant, params={"page_size": 1})).json()
        query = {"page_size": 1, "page_token": first["next_page_token"]}
        second = (await service.ask("GET", path, tenant, params=query)).json()
        assert [first["items"][0]["import"], second["items"][0]["import"]] == ids[:1:-1]
        gone = await service.ask("GET", f"{path}/{ids[0]}", tenant)
        assert (gone.status_code, gone.json()["code"]) == (404, "unknown_import")


async def test_a_broker_that_goes_away_in_the_middle_is_a_503_that_says_when_to_try_again(
    tokens: Tokens, tmp_path: Path
) -> None:
    rows = b"".join(b"%d,open\n" % number for number in range(20_000))
    async with contextlib.AsyncExitStack() as stack, contextlib.AsyncExitStack() as broker:
        kafka = await broker.enter_async_context(running_broker(tmp_path / "broker"))
        await ensure_topics(kafka)
        quick = IntakeSettings(publish_seconds=1)
        service = await stack.enter_async_context(running_service(kafka, tokens, FixedClock(NOW), intake=quick))
        await prepared(service, "acme")

        async def file() -> AsyncIterator[bytes]:
            yield b"_id,status\n" + rows
            await broker.aclose()
            yield rows

        async with asyncio.timeout(120):
            answer = await service.ask("POST", address("acme"), "acme", "records:write", content=file(), headers=CSV)
        assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
        assert int(answer.headers["retry-after"]) > 0
        (item,) = await listed(service, "acme")
        assert (item["state"], item["reason"]) == ("failed", "interrupted")
