"""Reports as files: in every format the rows of the JSON answer, typed, sent while they are made, never cut unseen."""

import csv
import io
from collections.abc import AsyncIterator, Callable
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import httpx
import pyarrow as pa
import pytest
from pyarrow import parquet

from crosslook.contracts.formats import Format
from crosslook.contracts.layouts import layout_of
from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.excel import read_sheet
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish
from tests.unit.query_service.dataset import TICKET

ROWS = [
    PlainRow("t1", {"subject": "=1+1", "amount": "12.5", "due_on": "1900-01-01", "opened_at": "2026-11-01T06:30:00Z"}),
    PlainRow("t2", {"subject": "é", "amount": "0.1", "csat": 4.5, "urgent": True, "due_on": "2299-12-31"}),
    PlainRow("t3", {"amount": "999999999999999.9999", "opened_at": "2026-11-24T05:59:59.999Z", "urgent": False}),
]
REPORT: dict[str, Any] = {
    "object": "ticket",
    "dimensions": [
        *("ticket.subject", "ticket.urgent", "ticket.due_on", "ticket.opened_at"),
        *({"field": "ticket.opened_at", "granularity": granularity} for granularity in ("week", "hour", "day_of_week")),
    ],
    "measures": ["ticket.count", "ticket.amount.sum", "ticket.amount.avg", "ticket.csat.avg", "ticket.opened_at.max"],
    "sort": [{"field": "ticket.amount.sum", "direction": "desc"}],
}
FILES = [format_ for format_ in Format if format_ is not Format.JSON]
RENAMED = Definition.model_validate(
    {**TICKET.model_dump(exclude_unset=True), "labels": {"singular": "Demande", "plural": "Demandes réglées"}}
)
_databases = count(1)


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_files") as running:
        dataset = [PlainObject(BUILT_IN_CONTACT, [PlainRow("ann")]), PlainObject(RENAMED, ROWS)]
        await publish(running.clickhouse, running.snapshots, {"acme": dataset})
        yield running


async def _file(stack: QueryStack, form: Format, report: Any = REPORT) -> httpx.Response:
    response = await stack.ask(report, headers={"Accept": form.value})
    assert (response.status_code, response.headers["content-type"]) == (200, form.content_type), response.text
    return response


def _table(form: Format, data: bytes) -> pa.Table:
    return pa.ipc.open_stream(data).read_all() if form is Format.ARROW else parquet.read_table(io.BytesIO(data))


@pytest.mark.parametrize("form", [Format.ARROW, Format.PARQUET])
async def test_what_the_engine_writes_has_the_rows_of_the_answer_in_columns_of_their_types(
    stack: QueryStack, form: Format
) -> None:
    answer = (await stack.ask(REPORT)).json()
    table = _table(form, (await _file(stack, form)).content)
    assert table.column_names == [column["name"] for column in answer["columns"]]
    expected = {
        "text": pa.string(),
        "boolean": pa.bool_(),
        "date": pa.date32(),
        "datetime": pa.timestamp("ms", tz="America/Chicago"),
        "integer": pa.int64(),
        "number": pa.float64(),
        "currency": pa.decimal128(38, 4),
    }
    assert list(table.schema.types) == [expected[column["type"]] for column in answer["columns"]]
    kinds = [column["type"] for column in answer["columns"]]
    rows = [list(row.values()) for row in table.to_pylist()]
    typed = [[_typed(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in answer["rows"]]
    assert [[_instant(value) for value in row] for row in rows] == typed


def _typed(value: Any, kind: str) -> Any:
    readers: dict[str, Any] = {
        "currency": Decimal,
        "date": date.fromisoformat,
        "datetime": lambda item: datetime.fromisoformat(item).timestamp(),
    }
    return value if value is None else readers.get(kind, lambda item: item)(value)


def _instant(value: Any) -> Any:
    return value.timestamp() if isinstance(value, datetime) else value


async def test_csv_has_the_cells_of_the_answer(stack: QueryStack) -> None:
    answer = (await stack.ask(REPORT)).json()
    names, *rows = csv.reader(io.StringIO((await _file(stack, Format.CSV)).text))
    assert names == [column["name"] for column in answer["columns"]]
    shown = [
        ["" if item is None else str(item).lower() if item in (True, False) else str(item) for item in row[:2]]
        for row in answer["rows"]
    ]
    assert [[text.removeprefix("'") for text in row[:2]] for row in rows] == shown
    assert [row[2:7] for row in rows] == [
        ["" if item is None else str(item) for item in row[2:7]] for row in answer["rows"]
    ]


async def test_excel_has_typed_cells_under_labels(stack: QueryStack) -> None:
    sheet = read_sheet((await _file(stack, Format.XLSX)).content)
    assert (sheet.name, sheet.frozen_rows) == ("ticket", 1)
    assert sheet.rows[0][:2] + sheet.rows[0][4:5] == ["subject", "urgent", "Opened (week)"]
    third, first, second = sheet.rows[1:]
    assert first[:4] == ["=1+1", None, date(1900, 1, 1), datetime(2026, 11, 1, 1, 30)]  # noqa: DTZ001  # Excel's times
    assert second[:3] == ["é", True, date(2299, 12, 31)]
    assert (first[8], third[8]) == (12.5, "999999999999999.9999")


@pytest.mark.parametrize("form", FILES)
async def test_a_pivot_is_a_file_in_every_format(stack: QueryStack, form: Format) -> None:
    report = {
        "object": "ticket",
        "dimensions": ["ticket.urgent"],
        "pivot": ["ticket.subject"],
        "measures": ["ticket.count"],
    }
    answer = (await stack.ask(report)).json()
    data = (await _file(stack, form, report)).content
    match form:
        case Format.CSV:
            names = [text.removeprefix("'") for text in next(csv.reader(io.StringIO(data.decode())))]
            rows = len(data.decode().splitlines()) - 1
        case Format.XLSX:
            names, rows = [column["name"] for column in answer["columns"]], len(read_sheet(data).rows) - 1
        case _:
            names, rows = _table(form, data).column_names, _table(form, data).num_rows
    assert (names, rows) == ([column["name"] for column in answer["columns"]], len(answer["rows"]))


async def test_a_file_is_named_after_object_snapshot_and_zone(stack: QueryStack) -> None:
    for form in FILES:
        named = (await _file(stack, form)).headers["content-disposition"]
        assert named == (
            f'attachment; filename="ticket-s1-America-Chicago.{form.extension}"; '
            f"filename*=UTF-8''Demandes%20r%C3%A9gl%C3%A9es-s1-America-Chicago.{form.extension}"
        )


@pytest.mark.parametrize("form", FILES)
async def test_a_file_holds_the_rows_of_the_limit_in_their_order(stack: QueryStack, form: Format) -> None:
    report = {"object": "ticket", "dimensions": ["ticket.subject"], "measures": ["ticket.count"], "limit": 2}
    data = (await _file(stack, form, report)).content
    readers: dict[Format, Callable[[], list[Any]]] = {
        Format.CSV: lambda: [row.split(",")[0] for row in data.decode().splitlines()[1:]],
        Format.XLSX: lambda: [row[0] for row in read_sheet(data).rows[1:]],
    }
    found = readers[form]() if form in readers else list(_table(form, data).to_pydict()["ticket.subject"])
    assert [text.removeprefix("'") for text in found] == ["=1+1", "é"]


MANY = Definition.model_validate(
    {
        "object": "many",
        "labels": {"singular": "Many", "plural": "Many"},
        "fields": [{"slug": "name", "type": "text"}, {"slug": "size", "type": "number"}],
        "relationships": [{"slug": "owner", "target": "contact"}],
    }
)
_MANY = (
    "CREATE VIEW {table} AS SELECT toUInt64(2) AS build, 'acme' AS tenant, 'many' AS object, "
    "toString(number) AS record, false AS deleted, CAST(hex(sipHash64(number)) AS Nullable(String)) AS f_name, "
    "CAST(sipHash64(number, 1) % 1000 AS Nullable(Float64)) AS f_size, CAST([] AS Array(String)) AS links_owner "
    "FROM numbers(20000)"
)


async def test_many_rows_come_in_the_order_of_the_answer(clickhouse: ClickHouseSettings) -> None:
    async with query_stack(clickhouse, "query_many_files") as stack:
        await stack.clickhouse.command(_MANY.format(table=layout_of(MANY).table))
        await publish(stack.clickhouse, stack.snapshots, {"acme": [PlainObject(MANY, [])]}, number=2)
        report = {
            "object": "many",
            "dimensions": ["many.name"],
            "measures": ["many.size.sum"],
            "sort": [{"field": "many.size.sum", "direction": "desc"}],
            "limit": 19_000,
        }
        rows = (await stack.ask(report)).json()["rows"]
        assert len(rows) == 19_000
        lines = (await _file(stack, Format.CSV, report)).text.splitlines()[1:]
        assert lines == [f"{name},{size}" for name, size in rows]
        for form in (Format.ARROW, Format.PARQUET):
            table = _table(form, (await _file(stack, form, report)).content)
            assert [list(item.values()) for item in table.to_pylist()] == rows
        sheet = read_sheet((await _file(stack, Format.XLSX, report)).content)
        assert sheet.rows[1:] == rows


@pytest.mark.parametrize("form", FILES)
async def test_a_file_of_no_rows_is_a_file(stack: QueryStack, form: Format) -> None:
    nobody = {"field": "ticket.subject", "op": "eq", "values": ["nobody"]}
    data = (await _file(stack, form, {**REPORT, "filters": nobody})).content
    assert data
    if form in (Format.ARROW, Format.PARQUET):
        assert _table(form, data).num_rows == 0


async def test_a_file_may_have_a_million_rows_and_an_answer_fifty_thousand(stack: QueryStack) -> None:
    report = {"object": "ticket", "measures": ["ticket.count"]}
    for form, most in ((Format.CSV, 1_000_000), (Format.PARQUET, 1_000_000), (Format.JSON, 50_000)):
        headers = {"Accept": form.value}
        assert (await stack.ask({**report, "limit": most}, headers=headers)).status_code == 200
        refused = await stack.ask({**report, "limit": most + 1}, headers=headers)
        assert (refused.status_code, refused.json()["code"]) == (422, "limit_too_large")
        told = await stack.ask({**report, "limit": most}, headers=headers, params={"dry_run": "true"})
        assert (told.status_code, told.headers["content-type"]) == (200, "application/json")


async def test_who_has_a_file_is_not_sent_it_again(stack: QueryStack) -> None:
    for form in FILES:
        tag = (await _file(stack, form)).headers["etag"]
        again = await stack.ask(REPORT, headers={"Accept": form.value, "If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("composed", [False, True])
async def test_every_file_says_its_snapshot_and_whether_rows_are_left_out(
    stack: QueryStack, form: Format, composed: bool
) -> None:
    report = {"object": "ticket", "dimensions": ["ticket.subject"], "measures": ["ticket.count"], "subtotals": composed}
    for limit, truncated in ((2, "true"), (3, "false")):
        response = await _file(stack, form, {**report, "limit": limit})
        answer = (await stack.ask({**report, "limit": limit})).json()
        assert response.headers["crosslook-truncated"] == truncated == str(answer["truncated"]).lower()
        assert response.headers["crosslook-snapshot"] == answer["snapshot"]["id"]
        assert response.headers["crosslook-warnings"] == ""
        assert "crosslook-join" not in response.headers
        if form in (Format.ARROW, Format.PARQUET):
            assert _metadata(form, response) == {
                "crosslook.snapshot": "s1",
                "crosslook.as_of": "2026-11-23T11:30:00Z",
                "crosslook.zone": "America/Chicago",
                "crosslook.truncated": truncated,
                "crosslook.warnings": "",
            }


def _metadata(form: Format, response: httpx.Response) -> dict[str, str]:
    metadata = _table(form, response.content).schema.metadata
    return {name.decode(): value.decode() for name, value in metadata.items()}


@pytest.mark.parametrize("form", FILES)
async def test_a_file_says_what_the_join_kept_and_dropped(stack: QueryStack, form: Format) -> None:
    report = {"object": "ticket", "dimensions": ["ticket.subject"], "measures": ["ticket.count"], "contacts": "with"}
    response = await _file(stack, form, report)
    join = (await stack.ask(report)).json()["join"]
    assert response.headers["crosslook-join"] == f"kept={join['kept']};dropped={join['dropped']}"
    if form in (Format.ARROW, Format.PARQUET):
        assert _metadata(form, response)["crosslook.join"] == response.headers["crosslook-join"]


async def test_a_csv_file_begins_with_a_byte_order_mark_where_it_is_asked_for(stack: QueryStack) -> None:
    plain = await _file(stack, Format.CSV)
    marked = await stack.client.post(
        "/v1/tenants/acme/query", params={"bom": "true"}, json=REPORT, headers={"Accept": Format.CSV.value}
    )
    assert marked.content == b"\xef\xbb\xbf" + plain.content
    assert marked.headers["etag"] != plain.headers["etag"]
    arrow = {"Accept": Format.ARROW.value}
    same = await stack.client.post("/v1/tenants/acme/query", params={"bom": "true"}, json=REPORT, headers=arrow)
    assert same.content == (await _file(stack, Format.ARROW)).content
