"""The embedded engine as a process: what survives its end, whom it refuses, what it forgets, how it stops.

Always the embedded engine, also when the rest of the exam is sat by a server.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from crosslook.local.ports import free_port
from tests.helpers.engine_server import Server
from tests.helpers.processes import PASSWORD, answers, engine_command, start_engine, stop, wait_for

SLOW = "SELECT count() FROM numbers(1000000000000) WHERE sipHash64(number) = 1"


class Running:
    """One engine that a test may kill."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.server = Server("127.0.0.1", self.port, "default", PASSWORD)
        self.process = start_engine(folder, self.port)

    def restart(self) -> None:
        self.process = start_engine(self.folder, self.port)

    def log(self) -> str:
        return (self.folder / "engine.log").read_text()

    def resident_kib(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """An engine that no test ends."""
    running = Running(tmp_path_factory.mktemp("engine"))
    yield running
    assert stop(running.process) == 0


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Running]:
    """An engine of the test's own."""
    running = Running(tmp_path / "engine")
    yield running
    stop(running.process)


def queries_with(server: Server, text: str) -> int:
    sql = "SELECT count() FROM system.processes WHERE query LIKE {like:String} AND query NOT LIKE '%processes%'"
    return int(server.run(sql, param_like=f"%{text}%"))


def test_rows_survive_a_kill_right_after_their_insert_was_answered(engine: Running) -> None:
    engine.server.run("CREATE TABLE t (id UInt64) ENGINE = MergeTree ORDER BY id")
    for number in range(5):
        engine.server.run(f"INSERT INTO t FORMAT JSONEachRow\n{{'id': {number}}}".replace("'", '"'))
    engine.process.kill()
    engine.process.wait(10)
    engine.restart()
    assert engine.server.run("SELECT groupArray(id) FROM (SELECT id FROM t ORDER BY id)") == "[0,1,2,3,4]\n"
    assert list((engine.folder / "spool").iterdir()) == []


def test_a_token_is_still_known_after_a_kill(engine: Running) -> None:
    settings = "SETTINGS non_replicated_deduplication_window = 100"
    engine.server.run(f"CREATE TABLE t (id UInt64) ENGINE = MergeTree ORDER BY id {settings}")
    insert = 'INSERT INTO t FORMAT JSONEachRow\n{"id": 1}'
    engine.server.run(insert, insert_deduplication_token="t")
    engine.process.kill()
    engine.process.wait(10)
    engine.restart()
    engine.server.run(insert, insert_deduplication_token="t")
    assert engine.server.run("SELECT count() FROM t") == "1\n"


def test_a_stop_is_clean_and_what_was_inserted_is_there_afterwards(engine: Running) -> None:
    engine.server.run("CREATE TABLE t (id UInt64) ENGINE = MergeTree ORDER BY id")
    engine.server.run("INSERT INTO t SELECT number FROM numbers(1000)")
    assert stop(engine.process) == 0
    assert "Traceback" not in engine.log()
    engine.restart()
    assert engine.server.run("SELECT count() FROM t") == "1000\n"


def test_a_stop_does_not_wait_for_a_query_without_end(engine: Running) -> None:
    thread = threading.Thread(target=_ignore_errors, args=(engine.server, SLOW))
    thread.start()
    wait_for(lambda: queries_with(engine.server, "sipHash64") == 1, what="the slow query")
    assert stop(engine.process, 30) == 0
    thread.join(10)


def _ignore_errors(server: Server, sql: str) -> None:
    with server.client() as client, pytest.MonkeyPatch.context():
        try:
            client.post("/", content=sql, timeout=120)
        except httpx.HTTPError:
            return


def test_a_query_whose_client_goes_away_is_stopped(shared: Running) -> None:
    with shared.server.client() as client, pytest.raises(httpx.ReadTimeout):
        client.post("/", content=SLOW, timeout=0.5)
    wait_for(lambda: queries_with(shared.server, "sipHash64") == 0, 15, "the end of the query")


def test_a_stream_whose_client_goes_away_is_stopped(shared: Running) -> None:
    sql = "SELECT number, 'streamed' FROM numbers(100000000000)"
    with shared.server.client() as client, client.stream("POST", "/", content=sql) as response:
        pieces = response.iter_raw()
        assert next(pieces)
        assert queries_with(shared.server, "streamed") == 1
    wait_for(lambda: queries_with(shared.server, "streamed") == 0, 15, "the end of the stream")


def test_a_query_that_is_stopped_does_not_disturb_its_neighbours(shared: Running) -> None:
    answers: list[str] = []
    patient = "SELECT sum(sleepEachRow(0.2)) FROM numbers(10) SETTINGS max_block_size = 1"
    neighbour = threading.Thread(target=lambda: answers.append(shared.server.run(patient)))
    neighbour.start()
    with shared.server.client() as client, pytest.raises(httpx.ReadTimeout):
        client.post("/", content=SLOW, timeout=0.3)
    neighbour.join(30)
    assert answers == ["0\n"]


def test_memory_stays_flat_while_a_large_result_is_streamed(shared: Running) -> None:
    wide = "SELECT number, repeat('x', 200) FROM numbers(@)"

    def read(rows: int) -> tuple[int, int]:
        peak, size = 0, 0
        with (
            shared.server.client() as client,
            client.stream("POST", "/", content=wide.replace("@", str(rows))) as response,
        ):
            for piece in response.iter_raw(1 << 20):
                size += len(piece)
                peak = max(peak, shared.resident_kib())
        return peak, size

    small, _ = read(100_000)
    large, size = read(2_000_000)
    assert size > 400_000_000
    assert large < 2 * small, f"{small} KiB for a small result, {large} KiB for {size} bytes"


def test_memory_stays_flat_while_a_large_body_is_inserted(shared: Running) -> None:
    shared.server.run("CREATE TABLE wide (id UInt64, x String) ENGINE = Null")
    line = b'{"id": 1, "x": "' + b"x" * 1000 + b'"}\n'

    def insert(pieces: int) -> int:
        peak = 0

        def body() -> Iterator[bytes]:
            nonlocal peak
            for _ in range(pieces):
                yield line * 1000
                peak = max(peak, shared.resident_kib())

        with shared.server.client() as client:
            response = client.post("/", params={"query": "INSERT INTO wide FORMAT JSONEachRow"}, content=body())
        assert response.status_code == 200, response.text
        return peak

    small = insert(5)
    large = insert(150)
    assert large < 2 * small, f"{small} KiB for 5 MB, {large} KiB for 150 MB"


def test_a_second_engine_on_the_same_folder_says_who_has_it(shared: Running, tmp_path: Path) -> None:
    second = subprocess.run(
        engine_command(shared.folder, free_port(), shared.folder / "password"), capture_output=True, text=True
    )
    assert second.returncode == 2
    assert f"is in use by the engine with pid {shared.process.pid}" in second.stderr


def test_a_port_that_is_taken_is_named(shared: Running, tmp_path: Path) -> None:
    password = shared.folder / "password"
    second = subprocess.run(engine_command(tmp_path, shared.port, password), capture_output=True, text=True)
    assert second.returncode == 2
    assert f"Port {shared.port} on 127.0.0.1 is in use" in second.stderr


def test_it_listens_on_loopback_only(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(PASSWORD)
    command = [*engine_command(tmp_path, free_port(), tmp_path / "password"), "--host", "0.0.0.0"]  # noqa: S104  # what must be refused
    refused = subprocess.run(command, capture_output=True, text=True)
    assert refused.returncode == 2
    assert "listens on loopback only" in refused.stderr


def test_a_missing_password_file_is_a_sentence(tmp_path: Path) -> None:
    refused = subprocess.run(engine_command(tmp_path, free_port(), tmp_path / "none"), capture_output=True, text=True)
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("name", ["compress", "decompress"])
def test_native_compression_is_refused_rather_than_ignored(shared: Running, name: str) -> None:
    with shared.server.client() as client:
        refused = client.post("/", params={name: "1"}, content="SELECT 1")
    assert refused.headers["X-ClickHouse-Exception-Code"] == "48"


def test_its_zone_is_utc_wherever_the_machine_is(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(PASSWORD)
    port = free_port()
    environment = {**os.environ, "TZ": "America/New_York"}
    process = subprocess.Popen(engine_command(tmp_path, port, tmp_path / "password"), env=environment)
    try:
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/ping"), what="the engine's ping")
        server = Server("127.0.0.1", port, "default", PASSWORD)
        assert server.run("SELECT timezone(), toDateTime(0)") == "UTC\t1970-01-01 00:00:00\n"
    finally:
        stop(process)


def test_it_says_that_it_is_a_development_engine(shared: Running) -> None:
    assert "development engine" in shared.log()
    said = subprocess.run([sys.executable, "-m", "crosslook.local.engine", "--help"], capture_output=True, text=True)
    assert "development" in said.stdout


def test_a_query_that_fails_for_good_leaves_no_handle_behind(shared: Running) -> None:
    with shared.server.client() as client:
        for _ in range(40):
            assert client.post("/", content="SELECT throwIf(number = 5) FROM numbers(10)").status_code >= 400
    assert int(shared.server.run("SELECT count() FROM system.processes")) == 1


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", '{"query": "CREATE TABLE taken (x UInt8) ENGINE = Memory"}'),
        ("application/json", "CREATE TABLE taken (x UInt8) ENGINE = Memory"),
        ("multipart/mixed; boundary=B", "CREATE TABLE taken (x UInt8) ENGINE = Memory"),
        ("multipart/form-data", "CREATE TABLE taken (x UInt8) ENGINE = Memory"),
        ("multipart/form-data; boundary=B", "CREATE TABLE taken (x UInt8) ENGINE = Memory"),
        ("application/x-www-form-urlencoded", "query=CREATE+TABLE+taken+(x+UInt8)+ENGINE+=+Memory"),
    ],
)
def test_a_body_that_is_not_understood_is_refused_before_it_is_read_as_sql(
    shared: Running, content_type: str, body: str
) -> None:
    with shared.server.client() as http:
        refused = http.post("/", content=body, headers={"Content-Type": content_type})
    assert (refused.status_code, refused.headers["X-ClickHouse-Exception-Code"]) == (400, "117")
    assert shared.server.run("EXISTS TABLE taken") == "0\n"
