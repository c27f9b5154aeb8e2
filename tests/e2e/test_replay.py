"""`crosslook replay` on the stack as people start it: count first, then move, then look again."""

from typing import Any

import httpx
import orjson
import pytest

from crosslook.contracts.topics import RECORDS
from crosslook.platform.kafka import Publisher
from crosslook.platform.settings import KafkaSettings
from tests.e2e.conftest import Crosslook
from tests.helpers.builders import event
from tests.helpers.processes import wait_for
from tests.helpers.quarantine import NOW


@pytest.fixture(scope="module")
def stack(crosslook: Crosslook) -> Crosslook:
    started = crosslook.up()
    assert started.status == 0, started.err
    define(crosslook)
    return crosslook


def ask(stack: Crosslook, method: str, path: str, scope: str, body: Any = None) -> httpx.Response:
    token = stack("token", "--tenant", "*" if scope == "ops" else "acme", "--scope", scope).out.strip()
    port = stack.port_base + (2 if scope == "ops" else 1)
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.request(method, f"http://127.0.0.1:{port}{path}", json=body, headers=headers, trust_env=False)


def define(stack: Crosslook) -> None:
    """A visit has one field, a number."""
    body = {
        "object": "visit",
        "labels": {"singular": "Visit", "plural": "Visits"},
        "fields": [{"slug": "minutes", "label": "Minutes", "type": "number"}],
    }
    made = ask(stack, "POST", "/v1/tenants/acme/schemas", "schemas:write", body)
    assert made.status_code == 201, made.text


async def test_a_replay_counts_first_and_moves_when_told_to(stack: Crosslook) -> None:
    events = [
        event("acme", "visit", str(number), {"minutes": "many"}, event_id=str(number), time=NOW) for number in (1, 2)
    ]
    publisher = Publisher(KafkaSettings(bootstrap_servers=f"127.0.0.1:{stack.port_base + 92}"))
    await publisher.start()
    await publisher.publish(RECORDS.name, [(b"acme/visit/1", orjson.dumps(one), ()) for one in events])
    await publisher.stop()
    wait_for(lambda: len(listed(stack)) == 2, what="the events in quarantine")
    before = listed(stack)

    counted = stack("replay", "--object", "visit")
    assert (counted.status, counted.out.splitlines()[0]) == (
        0,
        "2 events match, 0 of them would be admitted; nothing was moved: add --yes to replay them",
    )
    assert "wrong_type" in counted.out
    assert listed(stack) == before

    moved = stack("replay", "--ids", before[0]["id"], "--yes", "--json")
    assert moved.json == {
        "dry_run": False,
        "matched": 1,
        "replayed": 0,
        "still_refused": [{"code": "wrong_type", "count": 1}],
    }
    assert listed(stack) == before


def listed(stack: Crosslook) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = ask(stack, "GET", "/v1/quarantine?object=visit", "ops").json()["items"]
    return items


def test_ids_and_a_filter_together_are_refused_in_words(stack: Crosslook) -> None:
    refused = stack("replay", "--ids", "a", "--tenant", "acme")
    assert (refused.status, refused.out) == (1, "")
    assert "/filter selection_twice: Name the events with ids or with filter" in refused.err


def test_a_resume_that_means_nobody_is_refused_in_words(stack: Crosslook) -> None:
    unknown = stack("ingest", "resume", "--tenant", "acme", "--source", "/nosuch")
    assert (unknown.status, unknown.out) == (1, "")
    assert "sender_not_diverted: No sender is diverted" in unknown.err
    half = stack("ingest", "resume", "--source", "/nosuch")
    assert (half.status, half.out) == (1, "")
    assert "/tenant required_missing: tenant is required." in half.err
    assert stack("ingest", "resume", "--json").json["state"] == "running"
