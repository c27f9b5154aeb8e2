"""What a caller with a token can send to make a service work: it is refused with a small answer, or done, and
`/livez` is answered within a second all the while."""

import gzip
import itertools
import random
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest

from crosslook.contracts.problems import SHOWN_MAX
from crosslook.contracts.topics import RECORDS
from crosslook.platform.kafka import Publisher, ensure_topics
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.liveness import watching_liveness
from tests.helpers.processes import own_topics, wait_for
from tests.helpers.service_processes import ServiceProcess, service_processes

ANSWER_MAX = 64 * 1024
LETTERS = "abcdefghijklmnopqrstuvwxyz" * 4
SCHEMAS, EVENTS = "/v1/tenants/acme/schemas", "/v1/tenants/acme/events"
QUERY, LOOKS, DASHBOARDS = (f"/v1/tenants/acme/{name}" for name in ("query", "looks", "dashboards"))
REPLAY, DISCARD = "/v1/quarantine/replay", "/v1/quarantine/discard"
JSON = {"Content-Type": "application/json"}
OWNER = {"slug": "owner", "target": "contact"}
COUNT = {"object": "wide", "measures": ["wide.count"]}
WRONG = {"field": "wide.amount_of_kin", "op": "equal", "values": [1]}


def permutations(seed: int, number: int) -> list[str]:
    """Texts of the same 100 letters in another order: all of them are as close as can be."""
    chosen = random.Random(seed)  # noqa: S311  # a repeatable choice
    return ["".join(chosen.sample(LETTERS[:100], 100)) for _ in range(number)]


OPTIONS = permutations(1, 500)
CHOICE = {
    "object": "choice",
    "labels": {"singular": "Choice", "plural": "Choices"},
    "fields": [{"slug": "kind", "type": "dropdown", "options": [{"value": option} for option in OPTIONS]}],
    "relationships": [OWNER],
}
WIDE = {
    "object": "wide",
    "labels": {"singular": "Wide", "plural": "Wide"},
    "fields": [{"slug": f"amount_of_kind_{number}", "type": "currency"} for number in range(200)],
    "relationships": [OWNER],
}
LARGE = {
    **WIDE,
    "object": "large",
    "fields": [
        {"slug": f"f{number}", "type": "dropdown", "options": [{"value": f"{position}"} for position in range(100)]}
        for number in range(200)
    ],
}


def event(number: int, object_slug: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """An event that is good but for its fields."""
    return {
        "specversion": "1.0",
        "id": f"e{number}",
        "source": "/hostile",
        "type": "crosslook.record.upserted.v1",
        "data": {"tenant": "acme", "object": object_slug, "record": f"{number}", "fields": dict(fields)},
    }


def choices(number: int) -> list[dict[str, Any]]:
    """Events with an option that there is not."""
    return [event(index, "choice", {"kind": permutation}) for index, permutation in enumerate(permutations(2, number))]


def nested(levels: int) -> bytes:
    """A report whose conditions are nested so deep, counted in objects and arrays."""
    tree = b'{"field":"wide.amount_of_kind_1","op":"is_empty"}'
    pairs = levels // 2
    return b'{"object":"wide","measures":["wide.count"],"filters":' + b'{"and":[' * pairs + tree + b"]}" * pairs + b"}"


def unknown(body: Mapping[str, Any]) -> bytes:
    """The body with 50,000 members that there are not."""
    return orjson.dumps({**body, **{f"name{index}": 1 for index in range(50_000)}})


def conditions(each: int) -> dict[str, Any]:
    """The most conditions there may be, of so many values."""
    values = [[f"{number}.{position}" for position in range(each)] for number in range(200)]
    return {"and": [{"field": "wide.amount_of_kind_1", "op": "in", "values": some} for some in values]}


@dataclass(frozen=True, slots=True)
class Case:
    """A request and how it is answered: the status, the code of the document, what `errors_omitted` says."""

    service: str
    path: str
    body: bytes
    status: int
    code: str | None = None
    omitted: Any = ...
    headers: Mapping[str, str] = field(default_factory=lambda: JSON)


MEASURES = [f"wide.amount_of_kin_{number}.avg" for number in range(100)]
AMOUNTS = {f"amount_of_kind_{number}": "1.50" for number in range(150)}
CASES: dict[str, Case] = {
    "50,000 unknown properties of a report": Case(
        "query_service", QUERY, unknown(COUNT), 422, "unknown_property", 50_000 - SHOWN_MAX
    ),
    "100 unknown measures of 200 fields": Case(
        "query_service", QUERY, orjson.dumps({"object": "wide", "measures": MEASURES}), 422, "unknown_field", 0
    ),
    "10,000 unknown dimensions": Case(
        "query_service",
        QUERY,
        orjson.dumps({**COUNT, "dimensions": [f"wide.amount{number}" for number in range(10_000)]}),
        422,
        "too_many_columns",
        None,
    ),
    "50,000 wrong conditions": Case(
        "query_service", QUERY, orjson.dumps({**COUNT, "filters": {"or": [WRONG] * 50_000}}), 422, "invalid_body", None
    ),
    **{
        f"conditions nested {levels} levels deep": Case("query_service", QUERY, nested(levels), 422, "bad_value", None)
        for levels in (254, 600, 1_000)
    },
    "conditions nested 5,000 levels deep": Case("query_service", QUERY, nested(5_000), 422, "bad_value", 0),
    "a compressed report": Case(
        "query_service",
        QUERY,
        gzip.compress(orjson.dumps(COUNT), mtime=0),
        415,
        "unsupported_encoding",
        headers={**JSON, "Content-Encoding": "gzip"},
    ),
    "200 conditions of 1,000 values": Case(
        "query_service", QUERY, orjson.dumps({**COUNT, "filters": conditions(1_000)}), 200
    ),
    "50,000 unknown properties of a Look": Case(
        "query_service", LOOKS, unknown({"name": "x", "request": COUNT}), 422, "unknown_property", 50_000 - SHOWN_MAX
    ),
    "a Look that is nested too deep, under a key": Case(
        "query_service",
        LOOKS,
        b'{"name":"x","request":' + nested(600) + b"}",
        422,
        "bad_value",
        headers={**JSON, "Idempotency-Key": "deep"},
    ),
    "50 tiles of 100 unknown measures": Case(
        "query_service",
        DASHBOARDS,
        orjson.dumps({"name": "x", "tiles": [{"request": {"object": "wide", "measures": MEASURES}}] * 50}),
        422,
        "unknown_field",
        None,
    ),
    "a dashboard of 50 tiles and 200 conditions": Case(
        "query_service",
        DASHBOARDS,
        orjson.dumps({"name": "x", "tiles": [{"request": COUNT}] * 50, "filters": conditions(50)}),
        201,
    ),
    "400,000 fields": Case(
        "schema_service",
        SCHEMAS,
        orjson.dumps({"object": "x", "fields": [{"slug": "a"}] * 400_000}),
        422,
        "invalid_body",
        None,
    ),
    "1,000,000 empty arrays": Case("schema_service", SCHEMAS, b"[" + b"[]," * 999_999 + b"[]]", 422, "wrong_type", 0),
    "50,000 unknown properties of a schema": Case(
        "schema_service", SCHEMAS, unknown(WIDE), 422, "unknown_property", 50_000 - SHOWN_MAX
    ),
    "a schema of 20,000 options": Case("schema_service", SCHEMAS, orjson.dumps(LARGE), 201),
    "20 events with an unknown option": Case("schema_service", EVENTS, orjson.dumps(choices(20)), 202),
    "1,000 events with an unknown option": Case("schema_service", EVENTS, orjson.dumps(choices(1_000)), 202),
    "1,000 events of 150 amounts": Case(
        "schema_service",
        EVENTS,
        orjson.dumps([event(number, "wide", AMOUNTS) for number in range(1_000)]),
        202,
    ),
    "5 MB of numbers": Case(
        "schema_service",
        EVENTS,
        b"[" + b",".join(itertools.repeat(b"12345678901234567", 290_000)) + b"]",
        413,
        "too_large",
    ),
    "50,000 unknown properties of a replay": Case(
        "snapshot_service", REPLAY, unknown({"ids": []}), 422, "unknown_property", 50_000 - SHOWN_MAX
    ),
    "1,000,000 ids to replay": Case(
        "snapshot_service", REPLAY, orjson.dumps({"ids": ["a"] * 1_000_000}), 422, "too_long", None
    ),
    "10,000 wrong ids to discard": Case(
        "snapshot_service", DISCARD, orjson.dumps({"ids": [1] * 10_000, "reason": "x"}), 422, "wrong_type", None
    ),
}


@dataclass(frozen=True, slots=True)
class Stack:
    """The services that run, by their names, and the way in for events over Kafka."""

    services: Mapping[str, ServiceProcess]
    publisher: Publisher


@pytest.fixture(scope="module")
async def stack(
    kafka: KafkaSettings, tmp_path_factory: pytest.TempPathFactory, clickhouse: ClickHouseSettings
) -> AsyncIterator[Stack]:
    """The services with two objects in the reports."""
    folder = tmp_path_factory.mktemp("hostile")
    engine = clickhouse.model_copy(update={"database": "hostile"})
    own = own_topics(kafka)
    await ensure_topics(own)
    with service_processes(own, engine, folder) as running:
        for schema in (CHOICE, WIDE):
            made = running["schema_service"].ask("POST", SCHEMAS, json=schema)
            assert made.status_code == 201, made.text
        _refresh(running["snapshot_service"])
        wait_for(lambda: running["query_service"].ask("POST", QUERY, json=COUNT).status_code == 200, what="the reports")
        publisher = Publisher(own)
        await publisher.start()
        yield Stack(running, publisher)
        await publisher.stop()


def _refresh(service: ServiceProcess) -> None:
    run = service.ask("POST", "/v1/snapshots").json()["run"]

    def published() -> bool:
        state = service.ask("GET", f"/v1/runs/{run}").json()["state"]
        assert state != "failed"
        return bool(state == "published")

    wait_for(published, 60, "the refresh")


@pytest.mark.parametrize("name", CASES)
def test_it_is_answered_while_livez_is(stack: Stack, name: str) -> None:
    case = CASES[name]
    service = stack.services[case.service]
    with watching_liveness(service.port, 30, service.process.pid) as liveness:
        answer = service.ask("POST", case.path, content=case.body, headers=case.headers)
    liveness.check()
    assert answer.status_code == case.status, answer.text[:1000]
    if case.code is not None:
        body = answer.json()
        assert body["code"] == case.code
        assert len(body.get("errors", [])) <= SHOWN_MAX
        assert len(answer.content) < ANSWER_MAX
        if case.omitted is not ...:
            assert body["errors_omitted"] == case.omitted


async def test_events_with_an_unknown_option_do_not_hold_up_ingest(stack: Stack) -> None:
    service = stack.services["snapshot_service"]

    def quarantined() -> int:
        counts = service.ask("GET", "/v1/quarantine/counts?code=unknown_option&source=/hostile").json()["items"]
        return int(sum(count["count"] for count in counts))

    with watching_liveness(service.port, 30, service.process.pid) as liveness:
        await stack.publisher.publish(RECORDS.name, [(b"k", orjson.dumps(choice), ()) for choice in choices(60)])
        wait_for(lambda: quarantined() == 60, what="60 events in quarantine")
    liveness.check()
