"""`crosslook import` and `crosslook send` against a running service."""

import io
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from crosslook.local.client import Api, ApiError
from crosslook.local.commands.import_file import ImportWish, run_import, show_errors, show_import
from crosslook.local.commands.send import SendResult, run_send, show_sent
from crosslook.local.terminal import Terminal
from crosslook.platform.settings import KafkaSettings
from tests.helpers.schema_service import Service
from tests.integration.test_schema_service.test_intake import event, read_records
from tests.unit.schema_service.samples import TICKET


@pytest.fixture
async def tenant(service: Service, request: pytest.FixtureRequest) -> str:
    name = f"cli-{abs(hash(request.node.name)) % 10**8}"
    assert (await service.ask("POST", f"/v1/tenants/{name}/schemas", name, json=TICKET)).status_code == 201
    return name


def api(service: Service, tenant: str) -> Api:
    token = service.tokens.header(tenant, "records:write")["Authorization"].removeprefix("Bearer ")
    return Api("http://schemas", token, transport=httpx.ASGITransport(service.app))


def wish(tenant: str, **more: Any) -> ImportWish:
    members = {"mapping": None, "mode": "upsert", "parameter": "", "dry_run": False, **more}
    return ImportWish(tenant, "ticket", **members)


async def imported(service: Service, tenant: str, path: Path, **more: Any) -> Any:
    async with api(service, tenant) as client:
        return await run_import(client, Terminal("en"), path, wish(tenant, **more))


async def test_a_file_is_imported_by_its_kind(service: Service, tenant: str, tmp_path: Path) -> None:
    table, lines = tmp_path / "a.csv", tmp_path / "b.JSONL"
    table.write_text("Number;csat\n1;2\n2;x\n")
    lines.write_text('{"_id": "3", "csat": 4}\n')
    checked = await imported(service, tenant, table, mapping='{"Number": "_id"}', dry_run=True)
    assert (checked["import"], checked["accepted"], checked["errors"][0]["line"]) == (None, 1, 3)
    assert (await imported(service, tenant, table, mapping='{"Number": "_id"}'))["accepted"] == 1
    assert (await imported(service, tenant, lines, mode="patch"))["accepted"] == 1
    with pytest.raises(ApiError, match="unknown_column"):
        await imported(service, tenant, table)


async def sent(service: Service, content: bytes) -> SendResult:
    async with api(service, "*") as client:
        return await run_send(client, Terminal("fr"), io.BytesIO(content), "-", None)


async def test_events_are_sent_as_lines_or_as_an_array(service: Service, broker: KafkaSettings, tenant: str) -> None:
    good = [event(number, tenant) for number in range(3)]
    wrong = [event(3, tenant, fields={"statsu": "open"}), {"data": {}}]
    lines = b"\n".join([*map(orjson.dumps, [*good, *wrong]), b"", b"{"])
    result = await sent(service, lines)
    assert (result.events, result.accepted, result.refused) == (6, 3, 3)
    assert [(error["line"], error["code"]) for error in result.errors] == [
        (5, "required_missing"),
        (7, "not_json"),
        (4, "unknown_field"),
    ]
    array = await sent(service, b" [" + b",\n".join(map(orjson.dumps, good)) + b"]")
    assert (array.events, array.accepted) == (3, 3)
    messages = [message for _, message, _ in await read_records(broker, tenant, 6)]
    assert sorted(message["id"] for message in messages) == ["e0", "e0", "e1", "e1", "e2", "e2"]
    assert (await sent(service, b"[1")).errors[0]["code"] == "not_json"


def test_the_first_errors_are_shown_and_the_others_counted(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [(number, "csat", "wrong_type", "A number is expected here.") for number in range(12)]
    show_errors(Terminal("en"), ("file_line", "file_column", "file_code", "file_message"), rows, 40)
    shown = capsys.readouterr().out
    assert shown.count("wrong_type") == 10
    assert "30 more are not shown" in shown


@pytest.mark.parametrize("json", [False, True])
@pytest.mark.parametrize(("refused", "status"), [(0, 0), (1, 3)])
def test_the_exit_status_says_whether_anything_was_refused(refused: int, status: int, *, json: bool) -> None:
    terminal, counts = Terminal("en", json=json), {"rows": 2, "accepted": 2 - refused, "refused": refused}
    assert show_import(terminal, {"import": "i", **counts, "errors": []}, dry_run=False) == status
    assert show_import(terminal, {"import": None, **counts, "errors": []}, dry_run=True) == status
    assert show_sent(terminal, SendResult(2, 2 - refused, refused)) == status
