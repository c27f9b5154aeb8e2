"""Lists as files: in every format the rows of the answer, with several values as each format can hold them."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx
import pyarrow as pa
import pytest
from pyarrow import parquet

from crosslook.contracts.formats import FILE_FORMATS, Format
from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.platform.settings import ClickHouseSettings
from services.query_service.settings import QuerySettings
from tests.helpers.excel import read_sheet
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish
from tests.unit.query_service.dataset import TICKET

OPENED = datetime(2026, 11, 2, 6, 30, tzinfo=UTC)
TICKETS = [
    PlainRow("t1", {"tags": ["=1+1", "vip"], "amount": "12.5", "csat": -0.0, "opened_at": "2026-11-02T06:30:00Z"}),
    PlainRow("t2", {"tags": ["vip"], "amount": "0.1", "urgent": True}, {"requester": ["ann"]}),
    PlainRow("t3", {"tags": [], "subject": "@cmd"}),
]
WORLD = [PlainObject(BUILT_IN_CONTACT, [PlainRow("ann", {"email": "a@x.example"})]), PlainObject(TICKET, TICKETS)]
SLUGS = ("_id", "tags", "amount", "csat", "opened_at", "urgent", "subject")
LIST = {"object": "ticket", "list": [f"ticket.{slug}" for slug in SLUGS]}
TYPED = [
    ["t1", ["=1+1", "vip"], Decimal("12.5000"), 0.0, OPENED, None, None],
    ["t2", ["vip"], Decimal("0.1000"), None, None, True, None],
    ["t3", None, None, None, None, None, "@cmd"],
]


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    limits = QuerySettings(max_rows=3, max_export_rows=5)
    async with query_stack(clickhouse, "query_list_files", limits=limits) as running:
        await publish(running.clickhouse, running.snapshots, {"acme": WORLD})
        yield running


async def _file(stack: QueryStack, form: Format, **more: Any) -> httpx.Response:
    response = await stack.ask({**LIST, "limit": 3, **more}, headers={"Accept": form.value})
    assert (response.status_code, response.headers["content-type"]) == (200, form.content_type), response.text
    return response


def _table(form: Format, data: bytes) -> pa.Table:
    return pa.ipc.open_stream(data).read_all() if form is Format.ARROW else parquet.read_table(io.BytesIO(data))


@pytest.mark.parametrize("form", [Format.ARROW, Format.PARQUET])
async def test_typed_files_hold_lists_of_texts(stack: QueryStack, form: Format) -> None:
    table = _table(form, (await _file(stack, form)).content)
    assert table.column_names == LIST["list"]
    assert table.schema.field("ticket.tags").type == pa.list_(pa.string())
    assert table.schema.field("ticket.opened_at").type == pa.timestamp("ms", tz="America/Chicago")
    assert [list(row.values()) for row in table.to_pylist()] == TYPED
    assert b"crosslook.snapshot" in (table.schema.metadata or {})


@pytest.mark.parametrize("form", [Format.ARROW, Format.PARQUET])
async def test_a_list_of_single_values_has_the_same_types_from_the_engine(stack: QueryStack, form: Format) -> None:
    fields = [name for name in LIST["list"] if name != "ticket.tags"]
    alone, beside = [_table(form, (await _file(stack, form, list=names)).content) for names in (fields, LIST["list"])]
    assert alone.to_pylist() == beside.select(fields).to_pylist()
    assert [alone.schema.field(name).type for name in fields] == [beside.schema.field(name).type for name in fields]


async def test_csv_joins_several_values_and_runs_nothing(stack: QueryStack) -> None:
    names, *rows = csv.reader(io.StringIO((await _file(stack, Format.CSV)).text))
    assert names == LIST["list"]
    assert rows == [
        ["t1", "'=1+1; vip", "12.50", "0.0", "2026-11-02T00:30:00-06:00", "", ""],
        ["t2", "vip", "0.10", "", "", "true", ""],
        ["t3", "", "", "", "", "", "'@cmd"],
    ]


async def test_excel_joins_several_values_as_text(stack: QueryStack) -> None:
    sheet = read_sheet((await _file(stack, Format.XLSX)).content)
    assert sheet.rows[0] == ["Record ID", "tags", "amount", "CSAT", "Opened", "urgent", "subject"]
    assert [row[:3] for row in sheet.rows[1:]] == [["t1", "=1+1; vip", 12.5], ["t2", "vip", 0.1], ["t3", None, None]]


@pytest.mark.parametrize("form", FILE_FORMATS)
async def test_a_file_is_cut_and_continued_like_an_answer(stack: QueryStack, form: Format) -> None:
    first = (await stack.ask({**LIST, "limit": 1})).json()
    assert (await _file(stack, form, limit=1)).headers["crosslook-truncated"] == "true"
    assert (await _file(stack, form, limit=1, after=first["next"])).headers["crosslook-truncated"] == "true"
    rest = await _file(stack, form, limit=2, after=first["next"])
    assert rest.headers["crosslook-truncated"] == "false"
    if form is Format.CSV:
        assert [line[:2] for line in rest.text.splitlines()[1:]] == ["t2", "t3"]


async def test_files_have_more_rows_than_answers(stack: QueryStack) -> None:
    refused = await stack.ask({**LIST, "limit": 4})
    assert refused.json()["errors"][0]["code"] == "limit_too_large"
    assert (await _file(stack, Format.CSV, limit=5)).headers["crosslook-truncated"] == "false"
    too_many = await stack.ask({**LIST, "limit": 6}, headers={"Accept": Format.CSV.value})
    assert too_many.json()["errors"][0]["code"] == "limit_too_large"


@pytest.mark.parametrize("form", FILE_FORMATS)
async def test_pairs_are_a_file_with_their_join(stack: QueryStack, form: Format) -> None:
    response = await _file(stack, form, list=["ticket._id", "contact.email", "ticket.tags"])
    assert response.headers["crosslook-join"] == "kept=1;dropped=2"
    if form is Format.CSV:
        assert response.text.splitlines()[1:] == ["t2,a@x.example,vip"]
