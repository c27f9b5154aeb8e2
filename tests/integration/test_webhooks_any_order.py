"""Messages of a day, shuffled, repeated, late, split over workers and refreshes: the snapshot is always the same, and
equal to what counting the distinct events gives."""

import random
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any

import pytest

from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.builders import event, object_key
from tests.helpers.examples import examples
from tests.helpers.integrations import install
from tests.helpers.processes import own_topics
from tests.helpers.webhook_runs import WebhookRuns, running_webhooks
from tests.helpers.webhooks import NOW, SentMessage, connect, tiny

install()
RUNS = examples(1, 25)
HOUR = 3_600_000


@pytest.fixture(scope="module")
async def runs(kafka: KafkaSettings, clickhouse: ClickHouseSettings) -> AsyncIterator[WebhookRuns]:
    engine = clickhouse.model_copy(update={"database": "webhook_runs"})
    async with running_webhooks(own_topics(kafka), engine) as running:
        yield running


class Day:
    """The messages of a tenant's day, and what they mean: counted from them without a fold."""

    def __init__(self, tenant: str, dice: random.Random, *, chains: int = 6, events: int = 60) -> None:
        self.messages: list[SentMessage] = []
        self.truth: dict[str, dict[str, Any]] = {}
        bodies: list[dict[str, Any]] = []
        for chain in range(chains):
            ids = [f"{chain:02d}-{part}" for part in range(dice.randrange(1, 5))]
            steps: list[tuple[str, str, dict[str, Any]]] = [("moved", new, {"from": old}) for old, new in pairwise(ids)]
            steps += [("opened", record, {"by": "88"}) for record in ids]
            for _ in range(events // chains):
                kind = dice.choice(("reopened", "changed"))
                steps.append((kind, dice.choice(ids), {"status": dice.choice("abc")}))
            mine: list[dict[str, Any]] = [
                {
                    "record": record,
                    "kind": kind,
                    "at": dice.randrange(1, 24 * HOUR),
                    "event": f"{chain}-{number}",
                    **more,
                }
                for number, (kind, record, more) in enumerate(steps)
            ]
            bodies += mine
            said = [body for body in mine if "status" in body]
            last = min(said, key=lambda body: body["at"])
            self.truth[ids[0]] = {
                "f_reopens": sum(body["kind"] == "reopened" for body in mine),
                "f_moves": len(ids) - 1,
                "f_status": last["status"],
            }
        self.messages = [tiny(tenant, body.pop("event"), body.pop("record"), body.pop("kind"), body.pop("at"), **body)
                         for body in bodies]  # fmt: skip
        self.messages.append(tiny(tenant, "u", "u-88", "user", HOUR, user="88", email="ada@x.example"))
        self.messages.append(tiny(tenant, "p", "p-1", "person", HOUR, name="Grace", email="Grace@x.example"))


@pytest.mark.parametrize("seed", range(RUNS))
async def test_any_order_any_repeats_and_any_split_give_the_same_snapshot(runs: WebhookRuns, seed: int) -> None:
    tenants = [f"order{seed}{letter}" for letter in "abc"]
    await runs.pipeline.send(
        [event(tenant, "contact", "c-1", {"email": "ada@x.example"}, event_id=tenant, time=NOW) for tenant in tenants]
    )
    found = []
    for number, tenant in enumerate(tenants):
        await connect(runs.pipeline.schemas, tenant)
        day = Day(tenant, random.Random(seed))  # noqa: S311  # the same day for each tenant
        if number == 0:
            await runs.deliver(day.messages)
            await runs.refreshed()
        else:
            await runs.disturbed(day.messages, random.Random(f"{seed}-{number}"), refreshes=number + 1)  # noqa: S311  # repeatable
        rows = await runs.rows(tenant, "tiny_ticket")
        told = {record: {name: row[name] for name in day.truth[record]} for record, row in rows.items()}
        assert told == day.truth
        contacts = await runs.rows(tenant, "contact")
        people = {row["f_email"]: row["f_first_name"] for row in contacts.values()}
        assert people == {"ada@x.example": None, "grace@x.example": "Grace"}
        assert {tuple(row["refs_requester"]) for row in rows.values()} == {("external:tiny:88",)}
        found.append(rows)
    assert found[0] == found[1] == found[2]


async def test_a_person_whom_the_tenant_knows_is_patched_and_never_made_twice(runs: WebhookRuns) -> None:
    await connect(runs.pipeline.schemas, "known")
    old = event("known", "contact", "c-7", {"email": "Ada@X.example ", "phone": "1"}, event_id="old", time=NOW)
    await runs.pipeline.send([old])
    await runs.pipeline.wait_staged("known", "contact", 1)
    person = tiny("known", "p", "p-1", "person", 0, name="Ada", email="ada@x.example")
    await runs.deliver([person])
    await runs.refreshed()
    await runs.deliver([person, tiny("known", "p2", "p-2", "person", 0, name="Eve", email="eve@x.example")])
    await runs.refreshed()
    await runs.deliver([tiny("known", "p3", "p-3", "person", 0, name="Eva", email="EVE@x.example", order=1)])
    await runs.refreshed()
    rows = (await runs.rows("known", "contact")).values()
    told = sorted((row["f_email"].strip().lower(), row["f_first_name"], row["f_phone"]) for row in rows)
    assert told[0] == ("ada@x.example", "Ada", "1")
    assert [email for email, _, _ in told] == ["ada@x.example", "eve@x.example"]


async def test_changed_options_fold_every_record_of_the_connection_again(runs: WebhookRuns) -> None:
    await connect(runs.pipeline.schemas, "options")
    work = runs.worker(0)
    await runs.deliver([tiny("options", f"e{n}", str(n), "reopened") for n in range(20)])
    await work.refolding.look()
    await runs.refreshed()
    before = await runs.rows("options", "tiny_ticket")
    assert {row["f_reopens"] for row in before.values()} == {1}
    await connect(runs.pipeline.schemas, "options", factor=10)
    assert await work.refolding.look() >= 20
    await runs.refreshed()
    after = await runs.rows("options", "tiny_ticket")
    assert {row["f_reopens"] for row in after.values()} == {10}
    assert await work.refolding.look() == 0


async def test_facts_go_with_the_object_and_stay_while_it_is_kept(runs: WebhookRuns) -> None:
    state = await connect(runs.pipeline.schemas, "leaves")
    work = runs.worker(0)
    await runs.deliver([tiny("leaves", "e1", "1", "reopened")])
    await work.refolding.look()
    await runs.pipeline.schemas.put(state.key, None)
    await work.refolding.look()
    sql = "SELECT count() FROM integration_facts WHERE tenant = 'leaves'"
    engine = runs.pipeline.context.clickhouse
    assert (await engine.query(sql)).scalar() == 1
    runs.pipeline.versions.setdefault(object_key("leaves", "tiny_ticket"), 1)
    await runs.pipeline.drop("leaves", "tiny_ticket")
    await work.refolding.look()
    assert (await engine.query(sql)).scalar() == 0
