"""ClickHouse's HTTP interface, asked by hand: where a query may stand, what goes with it, what comes back."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.helpers.engine_server import Server


def code_of(response: httpx.Response) -> int:
    return int(response.headers["X-ClickHouse-Exception-Code"])


def test_ping_needs_no_password(server: Server) -> None:
    response = httpx.get(f"{server.url}/ping", trust_env=False)
    assert (response.status_code, response.text) == (200, "Ok.\n")


def test_a_request_without_a_query_is_greeted(http: httpx.Client) -> None:
    assert http.get("/").text == "Ok.\n"


def test_a_query_may_stand_in_the_url_or_in_the_body_or_in_both(http: httpx.Client) -> None:
    assert http.get("/", params={"query": "SELECT 1"}).text == "1\n"
    assert http.post("/", params={"query": "SELECT 2"}).text == "2\n"
    assert http.post("/", content="SELECT 3").text == "3\n"
    assert http.post("/", params={"query": "SELECT"}, content="4").text == "4\n"


def test_a_get_reads_and_never_writes(http: httpx.Client, database: str) -> None:
    refused = http.get("/", params={"query": f"CREATE TABLE {database}.t (x UInt8) ENGINE = Memory"})
    assert code_of(refused) == 164
    assert refused.status_code >= 400


def test_a_query_of_several_kilobytes_may_stand_in_the_body(http: httpx.Client) -> None:
    names = ",".join(f"'name {number}'" for number in range(5_000))
    assert http.post("/", content=f"SELECT length([{names}])").text == "5000\n"


@pytest.mark.parametrize(
    ("type_", "value", "expected"),
    [
        ("UInt8", "7", "7"),
        ("Int64", "-9007199254740993", "-9007199254740993"),
        ("Float64", "1.5", "1.5"),
        ("String", "plain", "plain"),
        ("String", "it''s \"quoted\" é 漢 🎈", "it''s \"quoted\" é 漢 🎈"),
        ("String", "{p:String} %s ; -- /* no comment */", "{p:String} %s ; -- /* no comment */"),
        ("String", "tab\\tand\\nline", "tab\tand\nline"),
        ("String", "back\\\\slash", "back\\slash"),
        ("String", "", ""),
        ("Date", "2026-11-24", "2026-11-24"),
        ("Date32", "1900-01-01", "1900-01-01"),
        ("DateTime64(3, 'UTC')", "2026-11-24 10:00:00.123", "2026-11-24 10:00:00.123"),
        ("Decimal(18, 4)", "12.5", "12.5"),
        ("Bool", "true", "true"),
        ("Nullable(String)", "\\N", None),
        ("Nullable(Int64)", "5", "5"),
        ("Array(UInt64)", "[1,2,18446744073709551615]", "[1,2,18446744073709551615]"),
        ("Array(UInt64)", "[]", "[]"),
        ("Array(String)", "['a','b\\'c']", "['a','b\\'c']"),
        ("Array(Nullable(String))", "['a',NULL]", "['a',NULL]"),
        ("Tuple(String, UInt8)", "('a',1)", "('a',1)"),
        ("UUID", "61f0c404-5cb3-11e7-907b-a6006ad3dba0", "61f0c404-5cb3-11e7-907b-a6006ad3dba0"),
    ],
)
def test_a_value_goes_as_a_parameter_of_its_type(
    http: httpx.Client, type_: str, value: str, expected: str | None
) -> None:
    sql = f"SELECT {{value:{type_}}} AS value, toTypeName(value) AS type FORMAT JSON"
    response = http.post("/", params={"param_value": value}, content=sql)
    assert response.status_code == 200, response.text
    row = response.json()["data"][0]
    found = row["value"]
    if isinstance(found, str | None):
        assert found == expected
    else:
        assert json.dumps(found) == _as_json(expected)
    assert row["type"] == type_


def _as_json(text: str | None) -> str:
    assert text is not None
    if text in ("true", "false") or text.replace(".", "").isdigit():
        return text
    plain = text.replace("(", "[").replace(")", "]").replace("\\'", "\x00").replace("'", '"').replace("\x00", "'")
    return json.dumps(json.loads(plain.replace("NULL", "null")))


def test_names_go_as_identifier_parameters(http: httpx.Client, database: str) -> None:
    for sql in ("CREATE TABLE `odd name` (`a col` UInt8) ENGINE = Memory", "INSERT INTO `odd name` VALUES (9)"):
        http.post("/", params={"database": database}, content=sql).raise_for_status()
    names = {"param_d": database, "param_t": "odd name", "param_c": "a col"}
    sql = "SELECT {c:Identifier} FROM {d:Identifier}.{t:Identifier}"
    assert http.post("/", params=names, content=sql).text == "9\n"


def test_a_parameter_that_is_missing_or_of_another_type_is_an_error(http: httpx.Client) -> None:
    assert code_of(http.post("/", content="SELECT {x:UInt8}")) == 456
    assert code_of(http.post("/", params={"param_x": "one"}, content="SELECT {x:UInt8}")) in (27, 457)


def test_settings_hold_for_one_request_only(http: httpx.Client) -> None:
    sql = "SELECT value FROM system.settings WHERE name = 'max_block_size'"
    assert http.post("/", params={"max_block_size": "1234"}, content=sql).text == "1234\n"
    assert http.post("/", content=sql).text != "1234\n"


def test_a_setting_in_the_query_works_like_one_in_the_url(http: httpx.Client) -> None:
    assert code_of(http.post("/", content="SELECT number FROM numbers(10) SETTINGS max_result_rows = 5")) == 396


def test_an_unknown_setting_is_an_error(http: httpx.Client) -> None:
    refused = http.post("/", params={"no_such_setting": "1"}, content="SELECT 1")
    assert code_of(refused) == 115
    assert "no_such_setting" in refused.text


def test_a_setting_cannot_smuggle_sql(http: httpx.Client) -> None:
    refused = http.post("/", params={"max_threads": "1', max_block_size = '7"}, content="SELECT 1")
    assert refused.status_code >= 400
    refused = http.post("/", params={"max_threads = 1, max_block_size": "7"}, content="SELECT 1")
    assert code_of(refused) == 115


def test_the_database_of_a_request_is_a_parameter_or_a_header(http: httpx.Client, database: str) -> None:
    sql = "SELECT currentDatabase()"
    assert http.post("/", params={"database": database}, content=sql).text == f"{database}\n"
    assert http.post("/", headers={"X-ClickHouse-Database": database}, content=sql).text == f"{database}\n"
    assert http.post("/", content=sql).text == "default\n"
    assert code_of(http.post("/", params={"database": "nowhere"}, content=sql)) == 81


def test_the_format_is_the_querys_else_the_default_format_else_tab_separated(http: httpx.Client) -> None:
    sql = "SELECT 1 AS a, 'x' AS b"
    assert http.post("/", content=sql).text == "1\tx\n"
    assert http.post("/", params={"default_format": "JSONEachRow"}, content=sql).json() == {"a": 1, "b": "x"}
    assert http.post("/", headers={"X-ClickHouse-Format": "CSV"}, content=sql).text == '1,"x"\n'
    both = http.post("/", params={"default_format": "JSONEachRow"}, content=f"{sql} FORMAT CSVWithNames")
    assert both.text == '"a","b"\n1,"x"\n'
    assert both.headers["X-ClickHouse-Format"] == "CSVWithNames"


@pytest.mark.parametrize("fmt", ["Arrow", "ArrowStream", "Parquet", "Native", "JSON", "JSONCompact", "RowBinary"])
def test_every_format_gives_bytes_whether_named_in_the_query_or_as_the_default(http: httpx.Client, fmt: str) -> None:
    sql = "SELECT number FROM numbers(3)"
    named = http.post("/", content=" FORMAT ".join((sql, fmt)))
    default = http.post("/", params={"default_format": fmt}, content=sql)
    for response in (named, default):
        assert response.status_code == 200
        assert response.headers["X-ClickHouse-Format"] == fmt
        assert response.content
    if not fmt.startswith("JSON"):  # which tell how long they took
        assert named.content == default.content


@pytest.mark.parametrize("fmt", ["DataFrame", "ArrowTable", "NoSuchFormat"])
def test_an_unknown_default_format_is_an_error(http: httpx.Client, fmt: str) -> None:
    assert code_of(http.post("/", params={"default_format": fmt}, content="SELECT 1")) == 73


def test_a_query_may_be_read_only_and_limited_at_the_same_time(http: httpx.Client, database: str) -> None:
    limits = {"readonly": "1", "max_result_rows": "5", "max_execution_time": "10", "database": database}
    assert http.post("/", params=limits, content="SELECT 1").text == "1\n"
    assert code_of(http.post("/", params=limits, content="SELECT number FROM numbers(10)")) == 396
    assert code_of(http.post("/", params=limits, content="CREATE TABLE never (x UInt8) ENGINE = Memory")) == 164


def test_a_result_can_be_held_back_until_it_is_complete(http: httpx.Client) -> None:
    sql = "SELECT throwIf(number = 1000000) FROM numbers(2000000)"
    small = {"max_block_size": "1000", "max_threads": "1"}
    assert http.post("/", params={**small, "wait_end_of_query": "1"}, content=sql).status_code >= 400
    with pytest.raises(httpx.RemoteProtocolError):
        http.post("/", params=small, content=sql)


def test_an_answer_carries_a_summary_a_query_id_and_a_time_zone(http: httpx.Client) -> None:
    response = http.post("/", params={"query_id": "asked-by-hand"}, content="SELECT sum(number) FROM numbers(1000)")
    summary = json.loads(response.headers["X-ClickHouse-Summary"])
    assert {"read_rows", "read_bytes", "written_rows", "written_bytes", "elapsed_ns"} <= set(summary)
    assert all(isinstance(value, str) for value in summary.values())
    assert response.headers["X-ClickHouse-Query-Id"] == "asked-by-hand"
    assert response.headers["X-ClickHouse-Timezone"] == "UTC"


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("SELECT", 62),
        ("SELEC 1", 62),
        ("SELECT no_such_column", 47),
        ("SELECT * FROM no_such_table", 60),
        ("SELECT no_such_function()", 46),
        ("SELECT throwIf(1, 'by wish')", 395),
        ("SELECT 1 FORMAT NoSuchFormat", 73),
        ("DROP DATABASE no_such_database", 81),
        ("SELECT toUInt8('x')", 6),
    ],
)
def test_an_error_has_its_code_in_a_header_its_text_in_the_body_and_no_status_200(
    http: httpx.Client, sql: str, code: int
) -> None:
    response = http.post("/", content=sql)
    assert response.status_code >= 400
    assert code_of(response) == code
    assert response.text.startswith(f"Code: {code}. DB::Exception: ")


@pytest.mark.parametrize("how", ["headers", "basic", "url"])
def test_the_password_is_taken_from_wherever_clickhouse_takes_it(server: Server, how: str) -> None:
    def ask(password: str) -> httpx.Response:
        basic = base64.b64encode(f"{server.user}:{password}".encode()).decode()
        headers, parameters = {
            "headers": ({"X-ClickHouse-User": server.user, "X-ClickHouse-Key": password}, {}),
            "basic": ({"Authorization": f"Basic {basic}"}, {}),
            "url": ({}, {"user": server.user, "password": password}),
        }[how]
        url = f"{server.url}/"
        return httpx.post(url, params=parameters, headers=headers, content="SELECT 1", trust_env=False)

    assert ask(server.password).text == "1\n"
    refused = ask(f"{server.password}x")
    assert refused.status_code in (401, 403)
    assert code_of(refused) == 516
    assert server.password not in refused.text


def test_nobody_and_strangers_are_refused(server: Server) -> None:
    assert code_of(httpx.post(f"{server.url}/", content="SELECT 1", trust_env=False)) == 516
    stranger = {"X-ClickHouse-User": "stranger", "X-ClickHouse-Key": server.password}
    assert code_of(httpx.post(f"{server.url}/", headers=stranger, content="SELECT 1", trust_env=False)) == 516


def test_two_dozen_queries_run_at_the_same_time(server: Server) -> None:
    def ask(number: int) -> int:
        return int(server.run("SELECT sum(number) + {n:UInt64} FROM numbers(2000000)", param_n=str(number)))

    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(ask, range(24)))
    assert answers == [1_999_999_000_000 + number for number in range(24)]


def test_ping_is_answered_while_every_worker_is_busy(server: Server) -> None:
    def slow(_: int) -> str:
        return server.run("SELECT sum(sleepEachRow(0.5)) FROM numbers(3)")

    with ThreadPoolExecutor(40) as pool:
        busy = [pool.submit(slow, number) for number in range(40)]
        assert httpx.get(f"{server.url}/ping", timeout=30, trust_env=False).text == "Ok.\n"
        assert not all(call.done() for call in busy)
        assert {call.result() for call in busy} == {"0\n"}
