"""A running stack: the rules of the product (R1 to R7), each by name, and `crosslook replay`: count first, then move,
then look again. R8 is told with saved reports in tests/integration/test_query_service_looks.py, R9 comes with plans.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from crosslook.contracts.topics import RECORDS
from crosslook.platform.auth import SCOPES
from crosslook.platform.clock import Schedule
from crosslook.platform.kafka import Publisher
from crosslook.platform.settings import KafkaSettings
from tests.e2e.conftest import Crosslook
from tests.e2e.tenant import NOW, Tenant, definition
from tests.helpers.builders import event
from tests.helpers.processes import wait_for

SCHEDULE = Schedule("30 5 * * *", "America/Chicago")
REQUESTER = {"slug": "requester", "label": "Requester", "target": "contact", "many": False}


@pytest.fixture(scope="module")
def stack(crosslook: Crosslook) -> Crosslook:
    """The whole stack."""
    up = crosslook.up()
    assert up.status == 0, up.err
    return crosslook


@pytest.fixture
def tenant(stack: Crosslook, request: pytest.FixtureRequest) -> Tenant:
    """A tenant of the test's own."""
    name = request.node.name.split("_")[1]
    token = stack("token", "--tenant", name, "--scope", " ".join(SCOPES)).out.strip()
    return Tenant(name, stack.port_base, token)


@pytest.fixture
def refresh(stack: Crosslook, tenant: Tenant) -> Callable[[], None]:
    """Refreshes now; returns once the schema and query services know the new snapshot, too."""

    def now() -> None:
        ran = stack("refresh", "--wait", "--json")
        assert ran.status == 0, ran.err
        published = ran.json["snapshot"]
        wait_for(lambda: tenant.catalog()["snapshot"]["id"] == published, 15, "the new snapshot")

    return now


def test_r1_reports_say_their_instant_the_zone_and_the_next_refresh_at_half_past_five_central(
    tenant: Tenant, refresh: Callable[[], None]
) -> None:
    refresh()
    snapshot = tenant.catalog()["snapshot"]
    next_refresh = datetime.fromisoformat(snapshot["next_refresh_at"])
    assert next_refresh == SCHEDULE.next_after(datetime.now(UTC))
    assert snapshot["zone"] == "America/Chicago"
    assert datetime.now(UTC) - datetime.fromisoformat(snapshot["as_of"]) < timedelta(minutes=5)
    assert snapshot["stale"] is False


def test_r2_a_new_object_field_or_record_is_in_reports_after_the_next_refresh_and_pending_before(
    tenant: Tenant, refresh: Callable[[], None]
) -> None:
    refresh()
    tenant.define("ticket", ["status"], [REQUESTER])
    tenant.send("ticket", "1", {"status": "open"})
    assert "ticket" not in tenant.explores()
    assert tenant.state("ticket") == "pending"
    (pending,) = (object_ for object_ in tenant.catalog()["pending"] if object_["object"] == "ticket")
    assert datetime.fromisoformat(pending["from"]) == SCHEDULE.next_after(datetime.now(UTC))
    refused = tenant.query(object="ticket", measures=["ticket.count"])
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "pending_object")
    refresh()
    assert tenant.rows(object="ticket", measures=["ticket.count"]) == [[1]]
    assert tenant.state("ticket") == "available"

    changed = definition("ticket", ["status", "team"], [REQUESTER])
    assert tenant.schemas("PUT", "/ticket", changed, If_Match='"1"').status_code == 200
    tenant.send("ticket", "2", {"status": "open", "team": "blue"})
    assert tenant.state("ticket") == "changing"
    refused = tenant.query(object="ticket", dimensions=["ticket.team"])
    assert refused.json()["errors"][0]["code"] == "pending_field"
    assert tenant.rows(object="ticket", measures=["ticket.count"]) == [[1]]
    refresh()
    assert tenant.rows(object="ticket", dimensions=["ticket.team"], measures=["ticket.count"]) == [
        ["blue", 1],
        [None, 1],
    ]


def test_r3_a_deleted_object_or_field_stays_until_the_next_refresh_and_is_gone_after_it(
    tenant: Tenant, refresh: Callable[[], None]
) -> None:
    tenant.define("ticket", ["status", "team"], [REQUESTER])
    tenant.define("order", ["status"], [REQUESTER])
    tenant.send("ticket", "1", {"status": "open", "team": "blue"})
    tenant.send("order", "1", {"status": "paid"})
    refresh()
    changed = definition("ticket", ["status"], [REQUESTER])
    assert tenant.schemas("PUT", "/ticket", changed, If_Match='"1"').status_code == 200
    assert tenant.schemas("DELETE", "/order").status_code == 202
    assert tenant.state("order") == "leaving"
    assert tenant.rows(object="ticket", dimensions=["ticket.team"]) == [["blue"]]
    assert tenant.rows(object="order", measures=["order.count"]) == [[1]]
    refresh()
    gone = tenant.query(object="ticket", dimensions=["ticket.team"])
    assert (gone.status_code, gone.json()["errors"][0]["code"]) == (422, "removed_field")
    gone = tenant.query(object="order", measures=["order.count"])
    assert (gone.status_code, gone.json()["errors"][0]["code"]) == (422, "unknown_object")
    assert tenant.state("order") == ""
    tenant.define("order", ["status"], [REQUESTER])


def test_r4_an_object_must_exist_before_records_of_it_are_taken(tenant: Tenant) -> None:
    told = tenant.send("ticket", "1", {"status": "open"})
    assert (told["accepted"], [problem["code"] for problem in told["refused"]]) == (0, ["unknown_object"])
    tenant.define("ticket", ["status"], [REQUESTER])
    assert tenant.send("ticket", "1", {"status": "open"})["accepted"] == 1


def test_r5_only_objects_with_a_relationship_to_contact_can_be_reported_on_and_the_catalog_says_why(
    tenant: Tenant, refresh: Callable[[], None]
) -> None:
    tenant.define("ticket", ["status"], [REQUESTER])
    tenant.define("asset", ["kind"], [])
    refresh()
    catalog = tenant.catalog()
    assert {explore["object"] for explore in catalog["explores"]} == {"contact", "ticket"}
    ((name, reason),) = ((object_["object"], object_["reason"]) for object_ in catalog["not_reportable"])
    assert name == "asset"
    assert "contact" in reason
    refused = tenant.query(object="asset", measures=["asset.count"])
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "not_reportable")
    assert tenant.state("asset") == "not_reportable"


def test_r6_dimensions_and_measures_are_derived_from_the_schema(tenant: Tenant, refresh: Callable[[], None]) -> None:
    body = definition("ticket", ["subject"], [REQUESTER])
    body["fields"].append({"slug": "score", "label": "Score", "type": "number"})
    body["fields"].append({"slug": "due", "label": "Due", "type": "date"})
    assert tenant.schemas("POST", "", body).status_code == 201
    refresh()
    (ticket,) = (explore for explore in tenant.catalog()["explores"] if explore["object"] == "ticket")
    names = {kind: {entry["name"] for entry in ticket[kind]} for kind in ("dimensions", "measures")}
    assert names["dimensions"] >= {"ticket.subject", "ticket.score", "ticket.due"}
    assert names["measures"] >= {
        "ticket.count",
        "ticket.subject.count_distinct",
        *(f"ticket.score.{aggregate}" for aggregate in ("sum", "avg", "min", "max", "median", "p90", "p95", "stddev")),
        *(f"ticket.due.{aggregate}" for aggregate in ("min", "max")),
    }
    assert "ticket.subject.sum" not in names["measures"]


def test_r7_a_report_joins_the_contact_only_and_only_associated_records_take_part(
    tenant: Tenant, refresh: Callable[[], None]
) -> None:
    tenant.define("ticket", ["status"], [REQUESTER])
    tenant.define("order", ["status"], [REQUESTER])
    tenant.send("contact", "c1", {"country": "FR"})
    for record, links in (("1", [{"id": "c1"}]), ("2", [{"id": "c1"}]), ("3", [])):
        tenant.send("ticket", record, {"status": "open"}, relationships={"requester": links})
    refresh()
    joined = tenant.query(object="ticket", dimensions=["contact.country"], measures=["ticket.count", "contact.count"])
    assert joined.json()["rows"] == [["FR", 2, 1]]
    assert joined.json()["join"] == {"relationship": "requester", "kept": 2, "dropped": 1}
    assert tenant.rows(object="ticket", measures=["ticket.count"]) == [[3]]
    refused = tenant.query(object="ticket", dimensions=["order.status"], measures=["ticket.count"])
    assert refused.status_code == 422
    (error,) = refused.json()["errors"]
    assert (error["code"], error["pointer"]) == ("join_not_allowed", "/dimensions/0")


def ask(stack: Crosslook, method: str, path: str, scope: str, body: Any = None) -> httpx.Response:
    token = stack("token", "--tenant", "*" if scope == "ops" else "acme", "--scope", scope).out.strip()
    port = stack.port_base + (2 if scope == "ops" else 1)
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.request(method, f"http://127.0.0.1:{port}{path}", json=body, headers=headers, trust_env=False)


def define_minutes(stack: Crosslook, name: str) -> None:
    """An object with one field, a number."""
    body = {
        "object": name,
        "labels": {"singular": name.title(), "plural": f"{name.title()}s"},
        "fields": [{"slug": "minutes", "label": "Minutes", "type": "number"}],
    }
    made = ask(stack, "POST", "/v1/tenants/acme/schemas", "schemas:write", body)
    assert made.status_code == 201, made.text


async def test_a_replay_counts_first_and_moves_when_told_to(stack: Crosslook) -> None:
    define_minutes(stack, "visit")
    events = [
        event("acme", "visit", str(number), {"minutes": "many"}, event_id=str(number), time=NOW) for number in (1, 2)
    ]
    publisher = Publisher(KafkaSettings(bootstrap_servers=f"127.0.0.1:{stack.port_base + 92}"))
    await publisher.start()
    await publisher.publish(RECORDS.name, [(b"acme/visit/1", orjson.dumps(item), ()) for item in events])
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


def test_a_record_is_looked_up_with_the_events_that_were_refused(stack: Crosslook) -> None:
    shown = stack("record", "acme", "visit", "1")
    assert (shown.status, shown.out.splitlines()[0]) == (0, "Nothing is known of visit/1 except what is listed here")
    assert "wrong_type: A number is expected here" in shown.out
    (refused,) = stack("record", "acme", "visit", "1", "--json").json["events"]
    assert (refused["outcome"], refused["quarantine_id"]) == ("quarantined", _first(stack, "1")["id"])


def _first(stack: Crosslook, record: str) -> dict[str, Any]:
    return next(item for item in listed(stack) if item["record"] == record)


def listed(stack: Crosslook) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = ask(stack, "GET", "/v1/quarantine?object=visit", "ops").json()["items"]
    return items


def test_refused_rows_and_events_have_an_exit_status_of_their_own(stack: Crosslook, tmp_path: Path) -> None:
    define_minutes(stack, "call")
    table, lines = tmp_path / "calls.csv", tmp_path / "calls.ndjson"
    table.write_text("_id,minutes\n1,5\n2,many\n")
    events = [
        event("acme", "call", id_, {"minutes": minutes}, event_id=id_, time=NOW)
        for id_, minutes in (("3", 5), ("4", "many"))
    ]
    lines.write_bytes(b"\n".join(map(orjson.dumps, events)))
    import_calls = ("import", str(table), "--tenant", "acme", "--object", "call")
    assert stack(*import_calls, "--dry-run").status == 3
    imported, sent = stack(*import_calls), stack("send", str(lines), "--json")
    assert (imported.status, sent.status, sent.json["refused"]) == (3, 3, 1)
    assert "2 rows, 1 accepted, 1 refused" in imported.out
    table.write_text("_id,minutes\n1,5\n")
    assert stack(*import_calls).status == 0
    table.write_text("_id,hours\n1,5\n")
    assert (wrong := stack(*import_calls)).status == 1
    assert "unknown_column" in wrong.err


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
