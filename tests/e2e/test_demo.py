"""The demonstration and the life of a stack: load, refresh, ask, stop, start again, heal. The tests tell one story, in
order, on one data folder."""

import asyncio
import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyarrow import parquet

from crosslook.local.demo.truth import REPORT
from crosslook.local.folder import DataFolder
from crosslook.local.processes import ProcessIdentity
from crosslook.local.status import stack_status
from tests.e2e.conftest import COMMAND, Crosslook
from tests.helpers.processes import wait_for

SERVICES = ("schema_service", "snapshot_service", "query_service")


def processes(crosslook: Crosslook) -> dict[str, ProcessIdentity]:
    """Every process of the running stack."""
    state = DataFolder(crosslook.data).running()
    assert state is not None
    return {child.name: child.identity for child in state.children if child.identity is not None}


def answer(crosslook: Crosslook, tenant: str = "acme") -> dict[str, Any]:
    """The demonstration's report as the command gives it."""
    ran = crosslook("query", "-", "--tenant", tenant, "--json", given=json.dumps(REPORT))
    assert ran.status == 0, ran.err
    result: dict[str, Any] = ran.json
    return result


def test_the_demonstration_runs_from_nothing_to_right_numbers_and_leaves_nothing_running(crosslook: Crosslook) -> None:
    arguments = ("--exit", "--events", "900", "--port-base", str(crosslook.port_base))
    ran = crosslook("demo", *arguments)
    assert ran.status == 0, f"{ran.out}\n{ran.err}"
    assert "acme: tickets by country of their requester" in ran.out
    assert "globex: tickets by country of their requester" in ran.out
    assert "acme: Zendesk tickets by country, with replies and reopens" in ran.out
    assert "globex: Calendly bookings by country, with those that were moved" in ran.out
    assert "Every number matches the generated data" in ran.out
    assert "Data as of" in ran.out
    for service in (1, 2, 3):
        assert f"http://127.0.0.1:{crosslook.port_base + service}/docs" in ran.out
    assert DataFolder(crosslook.data).running() is None


@pytest.fixture(scope="module")
def stays(crosslook: Crosslook) -> Iterator[subprocess.Popen[bytes]]:
    """A second demonstration on the folder of the first, which leaves the stack up."""
    said = crosslook.data.with_name("demo.log")
    with said.open("wb") as log:
        process = subprocess.Popen([COMMAND, "demo", "--data", str(crosslook.data)], stdout=log, stderr=log)
    try:
        wait_for(
            lambda: process.poll() is not None or "The stack keeps running" in said.read_text(),
            150,
            "the demonstration",
        )
        assert process.poll() is None, said.read_text()
        assert "Every number matches the generated data" in said.read_text()
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(120)


@pytest.mark.usefixtures("stays")
def test_a_demonstration_again_finds_its_data_and_ports_and_its_numbers_are_right_again(crosslook: Crosslook) -> None:
    state = DataFolder(crosslook.data).running()
    assert state is not None
    assert state.port_base == crosslook.port_base
    result = answer(crosslook)
    assert result["totals"][1] > 300
    assert result["join"]["kept"] == result["totals"][1]


def test_a_second_up_on_the_same_folder_says_so_and_fails(crosslook: Crosslook) -> None:
    for detach in ((), ("--detach",)):
        ran = crosslook("up", *detach)
        assert ran.status == 1
        assert "A stack is already running in" in ran.err
    assert crosslook("status").status == 0


def test_status_tells_what_runs_where_and_which_snapshot_reports_are_from(crosslook: Crosslook) -> None:
    ran = crosslook("status", "--json")
    assert ran.status == 0
    found = ran.json
    assert set(found) == {"services", "kafka", "clickhouse", "page", "snapshot"}
    ports = {service["name"]: service["url"].rpartition(":")[2] for service in (*found["services"], found["kafka"])}
    base = crosslook.port_base
    assert ports == {name: str(base + 1 + n) for n, name in enumerate(SERVICES)} | {"kafka": str(base + 92)}
    assert found["clickhouse"]["url"] == f"http://127.0.0.1:{base + 123}"
    assert all(service["ready"] and service["pid"] and service["reason"] is None for service in found["services"])
    assert found["snapshot"]["id"] == answer(crosslook)["snapshot"]["id"]


def test_a_token_opens_what_its_scope_names_and_nothing_else(crosslook: Crosslook) -> None:
    token = crosslook("token", "--tenant", "acme", "--scope", "schemas:read").out.strip()
    headers = {"Authorization": f"Bearer {token}"}
    url = f"http://127.0.0.1:{crosslook.port_base + 1}/v1/tenants"
    mine = httpx.get(f"{url}/acme/schemas/ticket", headers=headers, trust_env=False)
    assert (mine.status_code, mine.json()["object"]) == (200, "ticket")
    assert httpx.get(f"{url}/globex/schemas/ticket", headers=headers, trust_env=False).status_code == 404
    assert httpx.delete(f"{url}/acme/schemas/ticket", headers=headers, trust_env=False).status_code == 403
    assert httpx.get(f"{url}/acme/schemas/ticket", trust_env=False).status_code == 401


def test_a_refresh_can_be_waited_for_and_publishes_a_snapshot(crosslook: Crosslook) -> None:
    before = answer(crosslook)
    ran = crosslook("refresh", "--wait", "--json")
    assert ran.status == 0, ran.err
    assert ran.json["state"] == "published"
    assert crosslook("status", "--json").json["snapshot"]["id"] == ran.json["snapshot"]
    wait_for(lambda: answer(crosslook)["snapshot"]["id"] == ran.json["snapshot"], 15, "the new snapshot")
    assert answer(crosslook)["rows"] == before["rows"]


def test_a_report_that_is_refused_is_told_with_every_problem(crosslook: Crosslook) -> None:
    wrong = {"object": "ticket", "dimensions": ["ticket.stauts"], "measures": ["booking.count"]}
    ran = crosslook("query", "-", "--tenant", "acme", given=json.dumps(wrong))
    assert (ran.status, ran.out) == (1, "")
    assert "/dimensions/0 unknown_field" in ran.err
    assert "ticket.status" in ran.err
    assert "/measures/0 join_not_allowed" in ran.err


def test_a_result_can_be_a_chart_or_a_file_or_only_told_about(crosslook: Crosslook, tmp_path: Path) -> None:
    asking, given = ("query", "-", "--tenant", "acme"), json.dumps(REPORT)
    chart = crosslook(*asking, "--chart", given=given)
    assert (chart.status, "█" in chart.out) == (0, True)
    file = tmp_path / "report.parquet"
    assert crosslook(*asking, "--output", str(file), given=given).status == 0
    rows = [next(iter(row.values())) for row in parquet.read_table(file).to_pylist()]
    assert rows == [row[0] for row in answer(crosslook)["rows"]]
    assert crosslook(*asking, "--format", "csv", given=given).out.count("\n") == len(rows) + 1
    cut = crosslook(*asking, "--format", "csv", given=json.dumps({**REPORT, "limit": 1, "totals": True}))
    assert (cut.status, cut.out.count("\n")) == (0, 2)
    assert "The file does not contain all rows" in cut.err
    assert "totals_not_in_file" in cut.err
    told = crosslook(*asking, "--dry-run", given=given)
    assert "SELECT" in told.out
    assert "Reads" in told.out


def test_the_topics_are_as_they_must_be(crosslook: Crosslook) -> None:
    ran = crosslook("topics", "--json")
    assert ran.status == 0
    names = {topic["name"]: topic["problem"] for topic in ran.json["topics"]}
    kept = ("schemas", "records", "webhooks", "snapshots", "reports", "health")
    assert names == dict.fromkeys((f"crosslook-{name}" for name in kept), "")


def test_two_stacks_live_side_by_side_and_know_nothing_of_each_other(
    crosslook: Crosslook, neighbour: Crosslook
) -> None:
    ran = neighbour.up()
    assert ran.status == 0, ran.err
    assert neighbour("status", "--json").json["snapshot"] is None
    token = crosslook("token", "--tenant", "acme", "--scope", "schemas:read").out.strip()
    url = f"http://127.0.0.1:{neighbour.port_base + 1}/v1/tenants/acme/schemas"
    foreign = httpx.get(url, headers={"Authorization": f"Bearer {token}"}, trust_env=False)
    assert foreign.status_code == 401, "a token of one folder means nothing in another"
    own = neighbour("token", "--tenant", "acme", "--scope", "schemas:read").out.strip()
    found = httpx.get(url, headers={"Authorization": f"Bearer {own}"}, trust_env=False).json()
    assert [item["object"] for item in found["items"]] == ["contact"]
    running = processes(neighbour)
    assert neighbour("down").status == 0
    assert not any(identity.running for identity in running.values())
    assert crosslook("status").status == 0


@pytest.mark.parametrize("names", [(*SERVICES, "clickhouse"), ("kafka",)], ids=["services-and-engine", "broker"])
def test_whatever_is_killed_comes_back_and_the_numbers_with_it(crosslook: Crosslook, names: tuple[str, ...]) -> None:
    before, result = processes(crosslook), answer(crosslook)
    for name in names:
        before[name].send(signal.SIGKILL)

    def healed() -> bool:
        now = processes(crosslook)
        back = all(name in now and now[name] != before[name] for name in names)
        return back and asyncio.run(stack_status(DataFolder(crosslook.data))).ready

    wait_for(healed, 90, f"the return of {', '.join(names)}")
    ran = crosslook("status", "--json")
    assert ran.status == 0
    found = ran.json
    parts = {service["name"]: service for service in (*found["services"], found["kafka"], found["clickhouse"])}
    assert all(parts[name]["restarts"] >= 1 for name in names)
    assert answer(crosslook)["rows"] == result["rows"]
    ran = crosslook("refresh", "--wait", "--json")
    assert ran.status == 0, ran.err


def test_ctrl_c_at_the_demonstration_stops_every_process(crosslook: Crosslook, stays: subprocess.Popen[bytes]) -> None:
    running = processes(crosslook)
    assert len(running) == 5
    stays.send_signal(signal.SIGINT)
    assert stays.wait(120) == 0
    assert not any(identity.running for identity in running.values())
    ran = crosslook("down")
    assert ran.status == 0
    assert "No stack is running in" in ran.out
    assert crosslook("status").status == 1
