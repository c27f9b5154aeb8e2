"""Data on their way in: formats, compression, pieces, repeats, faults, and clients that go away in the midst."""

import gzip
import json
import socket
import uuid
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import lz4.frame
import pyarrow as pa
import pytest
from backports import zstd

from tests.helpers.engine_server import Server
from tests.helpers.processes import wait_for

COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "lz4": lz4.frame.compress,
    "zstd": zstd.compress,
}
ROWS = [{"id": 1, "name": "one"}, {"id": 2, "name": 'it\'s "two"\n'}, {"id": 3, "name": "trois é 漢"}]
JSON_ROWS = "".join(f"{json.dumps(row)}\n" for row in ROWS).encode()
STAGING = "ENGINE = MergeTree ORDER BY id SETTINGS non_replicated_deduplication_window = 100"


class Table:
    """A table of (id, name), filled over HTTP."""

    def __init__(self, http: httpx.Client, database: str, engine: str) -> None:
        self._http = http
        self._database = database
        self.name = f"t_{uuid.uuid4().hex[:8]}"
        self.ask(f"CREATE TABLE {self.name} (id UInt64, name String) {engine}").raise_for_status()

    def ask(self, sql: str) -> httpx.Response:
        return self._http.post("/", params={"database": self._database}, content=sql)

    def insert(self, fmt: str, data: bytes | Iterator[bytes], encoding: str = "", **parameters: str) -> httpx.Response:
        named = {"database": self._database, "query": f"INSERT INTO {self.name} (id, name) FORMAT {fmt}", **parameters}
        headers = {"Content-Encoding": encoding} if encoding else {}
        return self._http.post("/", params=named, content=data, headers=headers)

    def rows(self) -> list[dict[str, Any]]:
        answer = self.ask(" ".join(("SELECT id, name FROM", self.name, "ORDER BY id FORMAT JSONEachRow")))
        answer.raise_for_status()
        return [json.loads(line) for line in answer.text.splitlines()]

    def count(self) -> int:
        return int(self.ask(" ".join(("SELECT count() FROM", self.name))).text)


@pytest.fixture
def table(http: httpx.Client, database: str) -> Table:
    return Table(http, database, STAGING)


def arrow_table(rows: list[dict[str, Any]]) -> pa.Table:
    ids, names = pa.array([row["id"] for row in rows], pa.uint64()), pa.array([row["name"] for row in rows])
    return pa.table({"id": ids, "name": names})


def arrow_file(rows: list[dict[str, Any]]) -> bytes:
    sink, block = pa.BufferOutputStream(), arrow_table(rows)
    with pa.ipc.new_file(sink, block.schema) as writer:
        writer.write_table(block)
    return sink.getvalue().to_pybytes()


def arrow_stream(rows: list[dict[str, Any]]) -> bytes:
    sink, block = pa.BufferOutputStream(), arrow_table(rows)
    with pa.ipc.new_stream(sink, block.schema) as writer:
        writer.write_table(block)
    return sink.getvalue().to_pybytes()


def native(table: Table) -> bytes:
    """The rows in ClickHouse's own format, made by itself."""
    values = ", ".join(f"({row['id']}, unhex('{str(row['name']).encode().hex()}'))" for row in ROWS)
    return table.ask("SELECT * FROM VALUES('id UInt64, name String', @) FORMAT Native".replace("@", values)).content


def code_of(response: httpx.Response) -> int:
    return int(response.headers["X-ClickHouse-Exception-Code"])


def test_json_rows_are_inserted(table: Table) -> None:
    table.insert("JSONEachRow", JSON_ROWS).raise_for_status()
    assert table.rows() == ROWS


def test_arrow_is_inserted_as_a_file_and_as_a_stream(table: Table) -> None:
    table.insert("Arrow", arrow_file(ROWS[:2])).raise_for_status()
    table.insert("ArrowStream", arrow_stream(ROWS[2:])).raise_for_status()
    assert table.rows() == ROWS


def test_native_blocks_are_inserted(table: Table) -> None:
    table.insert("Native", native(table)).raise_for_status()
    assert table.rows() == ROWS


def test_rows_may_follow_the_statement_in_the_body(table: Table) -> None:
    table.ask(f"INSERT INTO {table.name} FORMAT JSONEachRow\n{JSON_ROWS.decode()}").raise_for_status()
    table.ask(f"-- why\nINSERT INTO {table.name} (id, name) VALUES (4, 'FORMAT CSV'), (5, 'five')").raise_for_status()
    assert [row["id"] for row in table.rows()] == [1, 2, 3, 4, 5]


def test_a_statement_with_thousands_of_values_is_inserted(table: Table) -> None:
    values = ", ".join(f"({number}, 'value number {number}')" for number in range(50_000))
    table.ask(" ".join(("INSERT INTO", table.name, "(id, name) VALUES", values))).raise_for_status()
    assert table.count() == 50_000


def test_an_insert_from_a_query_is_inserted(table: Table) -> None:
    table.ask(" ".join(("INSERT INTO", table.name, "SELECT number, 'n' FROM numbers(10)"))).raise_for_status()
    assert table.count() == 10


@pytest.mark.parametrize("encoding", sorted(COMPRESS))
def test_data_may_come_compressed_in_one_frame_or_several(table: Table, encoding: str) -> None:
    compress = COMPRESS[encoding]
    lines = JSON_ROWS.splitlines(keepends=True)
    table.insert("JSONEachRow", compress(lines[0]), encoding).raise_for_status()
    table.insert("JSONEachRow", compress(lines[1]) + compress(lines[2]), encoding).raise_for_status()
    assert table.rows() == ROWS


@pytest.mark.parametrize("encoding", sorted(COMPRESS))
def test_compressed_data_that_are_cut_off_insert_nothing(table: Table, encoding: str) -> None:
    whole = COMPRESS[encoding](JSON_ROWS * 100)
    refused = table.insert("JSONEachRow", whole[:-6], encoding)
    assert refused.status_code >= 400
    assert code_of(refused) > 0
    assert table.count() == 0


def test_data_that_come_in_many_pieces_arrive_whole(table: Table) -> None:
    count = 300_000

    def pieces() -> Iterator[bytes]:
        for start in range(0, count, 1000):
            yield "".join(f'{{"id":{n},"name":"name {n}"}}\n' for n in range(start, start + 1000)).encode()

    response = table.insert("JSONEachRow", pieces())
    response.raise_for_status()
    assert json.loads(response.headers["X-ClickHouse-Summary"])["written_rows"] == str(count)
    total = table.ask(" ".join(("SELECT count(), sum(id), uniqExact(name) FROM", table.name))).text
    assert total == f"{count}\t{count * (count - 1) // 2}\t{count}\n"


def test_a_repeat_with_the_same_token_changes_nothing(table: Table) -> None:
    for _ in range(2):
        table.insert("Arrow", arrow_file(ROWS), insert_deduplication_token="records:0:0-2").raise_for_status()
    assert table.rows() == ROWS
    table.insert("Arrow", arrow_file(ROWS), insert_deduplication_token="records:0:3-5").raise_for_status()
    assert table.count() == 6


def test_the_same_token_in_another_format_is_still_a_repeat(table: Table) -> None:
    table.insert("Arrow", arrow_file(ROWS), insert_deduplication_token="t").raise_for_status()
    table.insert("JSONEachRow", JSON_ROWS, insert_deduplication_token="t").raise_for_status()
    assert table.rows() == ROWS


@pytest.mark.parametrize(
    ("fmt", "data"),
    [
        ("JSONEachRow", JSON_ROWS + b'{"id": "not a number", "name": "x"}\n'),
        ("JSONEachRow", JSON_ROWS + b"rubbish"),
        ("CSV", b'1,"one"\ntwo,"two"\n'),
        ("Arrow", b"rubbish"),
        ("Arrow", arrow_file(ROWS)[:-20]),
        ("Native", b"\x01\x02\x03rubbish"),
    ],
)
def test_data_that_cannot_be_read_insert_nothing(table: Table, fmt: str, data: bytes) -> None:
    refused = table.insert(fmt, data)
    assert refused.status_code >= 400
    assert code_of(refused) > 0
    assert refused.text.startswith("Code: ")
    assert table.rows() == []


def test_a_row_that_violates_a_constraint_inserts_nothing(http: httpx.Client, database: str) -> None:
    table = Table(http, database, STAGING)
    table.ask(f"ALTER TABLE {table.name} ADD CONSTRAINT small CHECK id < 3").raise_for_status()
    refused = table.insert("JSONEachRow", JSON_ROWS)
    assert code_of(refused) == 469
    assert table.rows() == []


def test_columns_may_be_named_like_keywords(http: httpx.Client, database: str) -> None:
    named, columns = {"database": database}, "`values` String, `select` String, `format` String"
    http.post("/", params=named, content=f"CREATE TABLE keywords ({columns}) ENGINE = Memory").raise_for_status()
    block = pa.table({"values": ["v"], "select": ["s"], "format": ["f"]})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, block.schema) as writer:
        writer.write_table(block)
    query = "INSERT INTO keywords (`values`, `select`, `format`) FORMAT Arrow"
    http.post("/", params={**named, "query": query}, content=sink.getvalue().to_pybytes()).raise_for_status()
    assert http.post("/", params=named, content="SELECT * FROM keywords").text == "v\ts\tf\n"


def test_an_insert_that_fails_at_its_end_is_an_error(table: Table) -> None:
    table.insert("JSONEachRow", JSON_ROWS).raise_for_status()
    table.ask(f"ALTER TABLE {table.name} MODIFY SETTING parts_to_throw_insert = 1").raise_for_status()
    refused = table.insert("JSONEachRow", b'{"id": 4, "name": "four"}')
    assert code_of(refused) == 252
    assert table.rows() == ROWS


def test_settings_of_an_insert_may_stand_in_its_statement(table: Table) -> None:
    sql = f"INSERT INTO {table.name} (id, name) SETTINGS input_format_allow_errors_num = 1 FORMAT CSV\n"
    table.ask(f"{sql}9,nine\nten,ten\n").raise_for_status()
    assert table.rows() == [{"id": 9, "name": "nine"}]
    table.ask(f"TRUNCATE TABLE {table.name}").raise_for_status()
    sql = f"INSERT INTO {table.name} SETTINGS insert_deduplication_token = 'x' FORMAT JSONEachRow\n"
    for _ in range(2):
        table.ask(sql + JSON_ROWS.decode()).raise_for_status()
    assert table.rows() == ROWS


def test_an_insert_into_nothing_is_an_error_even_while_data_still_come(http: httpx.Client) -> None:
    refused = http.post("/", params={"query": "INSERT INTO no_such_table FORMAT JSONEachRow"}, content=JSON_ROWS * 10)
    assert code_of(refused) == 60


def test_an_unknown_input_format_is_an_error(table: Table) -> None:
    assert code_of(table.insert("NoSuchFormat", b"x")) == 73


def test_a_client_that_goes_away_in_the_midst_inserts_nothing(server: Server, table: Table, database: str) -> None:
    query = f"query=INSERT+INTO+{database}.{table.name}+FORMAT+JSONEachRow"
    head = (
        f"POST /?{query} HTTP/1.1\r\nHost: x\r\nX-ClickHouse-User: {server.user}\r\n"
        f"X-ClickHouse-Key: {server.password}\r\nContent-Length: 100000\r\n\r\n"
    )
    with socket.create_connection((server.host, server.port)) as connection:
        connection.sendall(head.encode() + JSON_ROWS)
    running = "SELECT count() FROM system.processes WHERE query LIKE {like:String} AND query NOT LIKE '%processes%'"
    wait_for(lambda: server.run(running, param_like=f"%{table.name}%") == "0\n", 15, "the end of the insert")
    assert table.count() == 0


def test_many_inserts_at_the_same_time_all_arrive(server: Server, database: str, http: httpx.Client) -> None:
    table = Table(http, database, STAGING)

    def insert(number: int) -> None:
        sql = f"INSERT INTO {database}.{table.name} FORMAT JSONEachRow"
        rows = "".join(f'{{"id":{number * 100 + n},"name":"x"}}\n' for n in range(100))
        server.run(f"{sql}\n{rows}")

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(insert, range(40)))
    assert table.count() == 4000
