"""Parameters that are too large for a URL travel as form fields."""

import clickhouse_connect
import httpx
import pytest

from tests.helpers.engine_server import Server

FIELD_BYTES = 128 * 1024
"""`http_max_field_value_size`, the largest form field a server takes by default."""


def sent(http: httpx.Client, fields: dict[str, str], **url: str) -> httpx.Response:
    return http.post("/", params=url, files={name: (None, value) for name, value in fields.items()})


def test_a_form_holds_the_statement_and_its_parameters(http: httpx.Client) -> None:
    fields = {"query": "SELECT {a:String}, {b:Array(UInt8)}", "param_a": "é 😀 --x", "param_b": "[1,2]"}
    assert sent(http, fields).text == "é 😀 --x\t[1,2]\n"


def test_a_statement_may_begin_in_the_url_and_a_parameter_stand_there(http: httpx.Client) -> None:
    fields = {"query": " {a:UInt8}, {b:UInt8}", "param_b": "2"}
    assert sent(http, fields, query="SELECT", param_a="1").text == "1\t2\n"


def test_settings_stand_in_the_url(http: httpx.Client) -> None:
    fields = {"query": "SELECT number FROM numbers(10) WHERE number < {n:UInt8}", "param_n": "8"}
    refused = sent(http, fields, max_result_rows="5")
    assert refused.headers["X-ClickHouse-Exception-Code"] == "396"


def test_rows_are_inserted_from_a_form(http: httpx.Client, database: str) -> None:
    http.post("/", params={"database": database}, content="CREATE TABLE f (x UInt64) ENGINE = Memory")
    fields = {"query": "INSERT INTO f SELECT arrayJoin({l:Array(UInt64)})", "param_l": "[1,2,3]"}
    assert sent(http, fields, database=database).status_code == 200
    assert http.post("/", params={"database": database}, content="SELECT sum(x) FROM f").text == "6\n"


def test_a_field_has_a_largest_size(http: httpx.Client) -> None:
    query = "SELECT length({a:String})"
    assert sent(http, {"query": query, "param_a": "x" * FIELD_BYTES}).text == f"{FIELD_BYTES}\n"
    refused = sent(http, {"query": query, "param_a": "x" * (FIELD_BYTES + 1000)})
    assert refused.status_code >= 400
    assert "too long" in refused.text


def test_many_fields_make_one_large_value(http: httpx.Client) -> None:
    count = 100
    fields = {f"param_p{index}": "x" * 60_000 for index in range(count)}
    parts = ", ".join(f"{{p{index}:String}}" for index in range(count))
    assert sent(http, {"query": f"SELECT length(concat({parts}))", **fields}).text == f"{60_000 * count}\n"


@pytest.mark.parametrize("size", [10, 4_000, 5_000, 100_000])
async def test_the_driver_sends_a_parameter_of_every_size(server: Server, size: int) -> None:
    connecting = clickhouse_connect.get_async_client(
        host=server.host, port=server.port, username=server.user, password=server.password
    )
    async with await connecting as driver:
        values = ["a'b\\ é 😀"] * (size // 16 + 1)
        found = await driver.query("SELECT {p:Array(String)}", parameters={"p": values})
        assert list(found.result_rows[0][0]) == values
