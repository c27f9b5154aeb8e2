"""The supervisor on a real broker and engine, under one tiny service: start, heal, stop, and what it refuses."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crosslook.local.broker import Broker, BrokerRefused
from crosslook.local.folder import ChildState, DataFolder, StackState
from crosslook.local.ports import Ports, listens
from crosslook.local.processes import identify
from crosslook.local.supervisor import end_stale
from tests.helpers.processes import answers, stop, wait_for
from tests.helpers.stack import TINY, child_of, free_base, is_ready, start_tiny_stack

PARTS = ("kafka", "clickhouse", TINY)


@pytest.fixture(scope="module")
def base() -> int:
    return free_base()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, base: int) -> Iterator[Path]:
    """A stack that runs for the whole module."""
    folder = tmp_path_factory.mktemp("stack") / "a folder, nö".replace(",", "")
    process = start_tiny_stack(folder, base)
    wait_for(lambda: is_ready(folder), 90, "the stack")
    yield folder
    assert stop(process, 60) == 0


def said(data: Path) -> str:
    return (data.parent / f"{data.name}.log").read_text()


def test_the_state_file_names_every_process_and_its_address(data: Path, base: int) -> None:
    ports = Ports.from_base(base)
    for name, address in (("kafka", ports.kafka), ("clickhouse", ports.clickhouse), (TINY, ports.schema)):
        child = child_of(data, name)
        assert child.identity is not None
        assert child.identity.running
        assert child.url.endswith(f":{address}")
        assert (data / "logs" / f"{name}.log").exists()


def test_secrets_are_only_for_their_owner(data: Path) -> None:
    for name in ("signing-key.pem", "clickhouse-password"):
        assert (data / "keys" / name).stat().st_mode & 0o777 == 0o600
    assert "d" not in json.loads((data / "keys" / "jwks.json").read_text())["keys"][0]


def test_a_second_supervisor_on_the_same_folder_says_so_and_fails(data: Path, base: int) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "tests.helpers.stack", str(data), str(free_base())], capture_output=True, text=True
    )
    assert second.returncode == 1
    assert "A stack is already running in" in second.stderr
    state = DataFolder(data).running()
    assert state is not None
    assert state.port_base == base


def test_a_port_that_is_taken_is_named_with_the_remedy(tmp_path: Path) -> None:
    base = free_base()
    with socket.create_server(("127.0.0.1", base + 92)):
        refused = subprocess.run(
            [sys.executable, "-m", "tests.helpers.stack", str(tmp_path / "d"), str(base)],
            capture_output=True,
            text=True,
        )
    assert refused.returncode == 1
    assert f"Port {base + 92} (kafka) on 127.0.0.1 is in use" in refused.stderr
    assert "--port-base" in refused.stderr


@pytest.mark.parametrize("name", PARTS)
def test_whatever_is_killed_comes_back(data: Path, base: int, name: str) -> None:
    before = child_of(data, name)
    assert before.identity is not None
    before.identity.send(signal.SIGKILL)

    def healed() -> bool:
        now = child_of(data, name)
        return now.pid not in (None, before.pid) and now.restarts == before.restarts + 1

    wait_for(healed, 30, f"another {name}")
    ports = Ports.from_base(base)
    if name == "kafka":
        wait_for(lambda: listens(ports.kafka), 60, "Kafka's port")
    else:
        path = "/ping" if name == "clickhouse" else "/readyz"
        wait_for(lambda: answers(f"{child_of(data, name).url}{path}"), 60, name)


def test_a_stop_ends_services_then_the_engine_then_the_broker_and_keeps_the_port_base(tmp_path: Path) -> None:
    data, base = tmp_path / "d", free_base()
    process = start_tiny_stack(data, base)
    wait_for(lambda: is_ready(data), 90, "the stack")
    children = [child_of(data, name).identity for name in PARTS]
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    order = [line.rpartition(" ")[2] for line in said(data).splitlines() if "Stopping" in line]
    assert order == [TINY, "clickhouse", "kafka"]
    assert not any(identity is not None and identity.running for identity in children)
    state = DataFolder(data).read()
    assert state == StackState(base)


def test_nothing_outlives_a_supervisor_that_is_killed_and_the_next_start_works(tmp_path: Path) -> None:
    data, base = tmp_path / "d", free_base()
    process = start_tiny_stack(data, base)
    wait_for(lambda: is_ready(data), 90, "the stack")
    children = [child_of(data, name).identity for name in PARTS]
    process.kill()
    process.wait(10)
    wait_for(lambda: not any(child is not None and child.running for child in children), 20, "the end of all")
    assert DataFolder(data).running() is None
    again = start_tiny_stack(data, base)
    wait_for(lambda: is_ready(data), 90, "the stack again")
    assert stop(again, 60) == 0


def test_a_process_left_by_a_dead_supervisor_is_ended_and_a_stranger_with_its_pid_is_not() -> None:
    told: list[str] = []
    left = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
    stranger = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True)
    ours, theirs = identify(left.pid), identify(stranger.pid)
    children = (
        ChildState("left", "", ours.pid, ours.began),
        ChildState("stranger", "", theirs.pid, f"{theirs.began}0"),
        ChildState("gone", ""),
    )
    end_stale(StackState(8000, "ready", 1, "never", children), lambda key, **values: told.append(str(values["name"])))
    assert left.wait(10) == -signal.SIGTERM
    assert stranger.poll() is None
    assert told == ["left"]
    stranger.communicate(b"\n", 10)
    left.communicate(timeout=10)


def test_a_machine_without_java_is_told_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BrokerRefused, match=r"Java 17 or newer, which is missing.* openjdk-17-jre-headless"):
        Broker(tmp_path, 1, 2).check()


def test_an_old_java_is_told_apart_from_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    java = tmp_path / "java"
    java.write_text("""#!/bin/sh\necho 'openjdk version "11.0.2" 2019-01-15' >&2\n""")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")
    with pytest.raises(BrokerRefused, match="11 was found"):
        Broker(tmp_path, 1, 2).check()


def test_missing_jars_are_told_with_the_command_that_fetches_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crosslook.local.broker.LIBRARY", tmp_path)
    with pytest.raises(BrokerRefused, match="make setup"):
        Broker(tmp_path, 1, 2).check()
