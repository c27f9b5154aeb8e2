"""What a file does not hold of its answer is said in its headers, its metadata and its second sheet."""

import io
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pyarrow as pa
import pytest
from pyarrow import parquet

from crosslook.contracts.formats import Format
from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.platform.settings import ClickHouseSettings
from tests.helpers.excel import read_sheet
from tests.helpers.meanings import BEFORE
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish
from tests.unit.query_service.dataset import TICKET

FILES = [form for form in Format if form is not Format.JSON]
ROWS = [PlainRow(f"t{n}", {"subject": f"s{n:03}", "status": "open"}) for n in range(203)]
PIVOT: dict[str, Any] = {
    "object": "ticket",
    "dimensions": ["ticket.status"],
    "measures": ["ticket.count"],
    "pivot": ["ticket.subject"],
    "limit": 2,
}
PLAIN = {"object": "ticket", "dimensions": ["ticket.status", "ticket.subject"], "measures": ["ticket.count"]}


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_files_warned") as running:
        dataset = [PlainObject(BUILT_IN_CONTACT, []), PlainObject(TICKET, ROWS)]
        await publish(running.clickhouse, running.snapshots, {"acme": dataset}, as_of=BEFORE)
        await publish(running.clickhouse, running.snapshots, {"acme": dataset}, number=2)
        yield running


async def _file(stack: QueryStack, form: Format, report: Any, language: str = "en") -> httpx.Response:
    response = await stack.ask(report, headers={"Accept": form.value, "Accept-Language": language})
    assert response.status_code == 200, response.text
    return response


def _inside(form: Format, data: bytes) -> dict[str, str]:
    """The metadata of the schema, by their names without `crosslook.`."""
    table = pa.ipc.open_stream(data).read_all() if form is Format.ARROW else parquet.read_table(io.BytesIO(data))
    return {name.decode().removeprefix("crosslook."): text.decode() for name, text in table.schema.metadata.items()}


def _said(data: bytes, name: str) -> list[str]:
    return [row[1] for row in read_sheet(data, 2).rows if row[0] == name]


async def test_columns_of_a_pivot_that_are_left_out_are_a_warning(stack: QueryStack) -> None:
    answer = (await stack.ask(PIVOT)).json()
    assert (answer["pivot_omitted"], answer["truncated"]) == (3, False)
    assert [(warning["code"], warning["pointer"]) for warning in answer["warnings"]] == [("pivot_omitted", "/pivot")]
    assert "at most 200 columns. Columns left out: 3." in answer["warnings"][0]["message"]


@pytest.mark.parametrize("form", FILES)
async def test_a_file_says_that_columns_of_its_pivot_are_left_out(stack: QueryStack, form: Format) -> None:
    response = await _file(stack, form, PIVOT)
    assert response.headers["crosslook-warnings"] == "pivot_omitted"
    assert response.headers["crosslook-truncated"] == "false"
    if form in (Format.ARROW, Format.PARQUET):
        assert _inside(form, response.content)["warnings"] == "pivot_omitted"
    if form is Format.XLSX:
        assert "Columns left out: 3." in _said(response.content, "Warning")[0]
        french = await _file(stack, form, PIVOT, "fr")
        assert "Colonnes omises : 3." in _said(french.content, "Avertissement")[0]


@pytest.mark.parametrize("form", FILES)
async def test_a_file_says_nothing_of_subtotals_that_there_are_not(stack: QueryStack, form: Format) -> None:
    report = {**PLAIN, "dimensions": ["ticket.status"], "subtotals": True}
    assert (await stack.ask(report)).json()["subtotals"] == []
    assert (await _file(stack, form, report)).headers["crosslook-warnings"] == ""


async def test_a_pivot_that_is_whole_warns_of_nothing(stack: QueryStack) -> None:
    answer = (await stack.ask({**PIVOT, "dimensions": [], "pivot": ["ticket.status"]})).json()
    assert (answer["pivot_omitted"], answer["warnings"]) == (0, [])


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("asked", ["totals", "subtotals"])
async def test_a_file_says_that_totals_are_not_in_it(stack: QueryStack, form: Format, asked: str) -> None:
    report = {**PLAIN, asked: True}
    response = await _file(stack, form, report)
    assert response.headers["crosslook-warnings"] == "totals_not_in_file"
    if form in (Format.ARROW, Format.PARQUET):
        assert _inside(form, response.content)["warnings"] == "totals_not_in_file"
    if form is Format.XLSX:
        assert _said(response.content, "Warning") == [
            f"A file contains the rows only. The JSON response to the same request contains the {asked}."
        ]
    answer = (await stack.ask(report)).json()
    assert (bool(answer[asked]), answer["warnings"]) == (True, [])


@pytest.mark.parametrize("form", FILES)
async def test_a_file_names_the_snapshot_that_it_is_compared_with(stack: QueryStack, form: Format) -> None:
    report = {**PLAIN, "compare": "previous"}
    before = (await stack.ask(report)).json()["previous"]
    response = await _file(stack, form, report)
    assert response.headers["crosslook-previous"] == before["id"] == "s1"
    assert "crosslook-previous" not in (await _file(stack, form, PLAIN)).headers
    if form in (Format.ARROW, Format.PARQUET):
        assert _inside(form, response.content)["previous"] == "s1"
        assert _inside(form, response.content)["previous_as_of"] == before["as_of"]
    if form is Format.XLSX:
        assert _said(response.content, "Compared with snapshot") == ["s1"]
        assert _said(response.content, "Data of that snapshot as of") == [before["as_of"]]
