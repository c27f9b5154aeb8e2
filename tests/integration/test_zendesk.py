"""Zendesk on the real services: connected over HTTP, signed webhooks in disorder, and a report equal to the truth."""

import asyncio
import base64
import hmac
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from crosslook.contracts.ids import record_key
from crosslook.integrations.zendesk.signature import ZENDESK_SIGNATURE, ZENDESK_TIMESTAMP
from crosslook.local.demo.zendesk_account import ZendeskAccount
from crosslook.local.demo.zendesk_shapes import CUSTOM_FIELD, SECOND, SimulatedTicket, true_fields
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.builders import event
from tests.helpers.processes import own_topics
from tests.helpers.three_services import Dataset, running_dataset, until
from tests.helpers.zendesk_life import dice, live, repeated

PATH = "/v1/tenants/acme/integrations/zendesk"
SECRET = "the secret that Zendesk shows"
CONNECTION = {
    "signing_secret": SECRET,
    "options": {"custom_fields": [{"id": CUSTOM_FIELD, "slug": "plan", "label": "Plan", "type": "text"}]},
}
NOW = datetime.now(UTC).replace(microsecond=0)
DAYS_AGO = (round(NOW.timestamp()) - 45 * 86_400) * SECOND
LISTED = (
    "ticket_id",
    "subject",
    "status",
    "priority",
    "channel",
    "group",
    "assignee",
    "solved_at",
    "first_reply_minutes",
    "replies",
    "reopens",
    "satisfaction",
    "merged_into",
    "plan",
)


@pytest.fixture(scope="module")
async def dataset(
    kafka: KafkaSettings, clickhouse: ClickHouseSettings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Dataset]:
    engine = clickhouse.model_copy(update={"database": "zendesk"})
    async with running_dataset(tmp_path_factory.mktemp("zendesk"), own_topics(kafka), engine) as running:
        yield running


async def deliver(dataset: Dataset, documents: Iterable[Any], secret: str = SECRET) -> Counter[int]:
    """Post messages as Zendesk does, twenty at a time; how often each status was answered."""
    gate = asyncio.Semaphore(20)

    async def post(document: Any) -> int:
        body, signed = json.dumps(document).encode(), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        digest = hmac.digest(secret.encode(), signed.encode() + body, "sha256")
        headers = {ZENDESK_TIMESTAMP: signed, ZENDESK_SIGNATURE: base64.b64encode(digest).decode()}
        async with gate:
            answer = await dataset.schemas.http.post("/v1/webhooks/acme/zendesk", content=body, headers=headers)
        return answer.status_code

    return Counter(await asyncio.gather(*map(post, documents)))


async def ask(dataset: Dataset, **request: Any) -> Any:
    """The answer to a report about the tickets."""
    answer = await dataset.query.post("/v1/tenants/acme/query", json={"object": "zendesk_ticket", **request})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def listed(dataset: Dataset) -> dict[str, dict[str, Any]]:
    """All tickets of the current snapshot by id, without empty fields."""
    answer = await ask(dataset, list=[f"zendesk_ticket.{name}" for name in LISTED])
    rows = [dict(zip(LISTED, row, strict=True)) for row in answer["rows"]]
    return {row["ticket_id"]: {name: value for name, value in row.items() if value is not None} for row in rows}


def expected(ticket: SimulatedTicket) -> dict[str, Any]:
    """The listed fields as reports show them."""
    fields = true_fields(ticket)
    return {name: fields[name] for name in LISTED if name in fields}


def shown(fields: dict[str, Any]) -> dict[str, Any]:
    """The instant in the words of the truth."""
    if "solved_at" not in fields:
        return fields
    solved = datetime.fromisoformat(fields["solved_at"]).astimezone(UTC).replace(microsecond=0)
    return {**fields, "solved_at": solved.isoformat().replace("+00:00", "Z")}


async def send_contacts(dataset: Dataset, emails: Sequence[str]) -> None:
    """One contact for each e-mail."""
    for number, email in enumerate(emails):
        body = event("acme", "contact", f"c{number}", {"email": email}, event_id=f"c{number}", time=NOW)
        await dataset.snapshots.send(orjson.dumps(body), key=record_key("acme", "contact", f"c{number}"))


async def refresh(dataset: Dataset) -> None:
    """A refresh, and until reports show it."""
    run = (await dataset.snapshots.ask("POST", "/v1/snapshots")).json()

    async def there() -> bool:
        state = (await dataset.snapshots.ask("GET", f"/v1/runs/{run['run']}")).json()
        assert state["state"] != "failed", state
        catalog = await dataset.query.get("/v1/tenants/acme/catalog")
        return state["state"] == "published" and bool(catalog.json()["snapshot"]["id"] == state["snapshot"])

    await until(there)


async def test_signed_webhooks_in_disorder_become_the_truth(dataset: Dataset) -> None:
    connected = await dataset.schemas.ask("PUT", PATH, json=CONNECTION)
    assert connected.status_code in (200, 201), connected.text
    assert SECRET not in connected.text
    account = ZendeskAccount(dice(13))
    live(account, 60, at=DAYS_AGO, hides=False)
    users = [message for message in account.messages if ":user:" in message["subject"]]
    tickets = [message for message in account.messages if ":ticket:" in message["subject"]]
    mixed = repeated(account.random, tickets)
    assert await deliver(dataset, mixed[:60]) == {202: 60}
    assert await deliver(dataset, mixed[:2], secret="another") == {401: 2}
    emails = [user.email for user in account.users.values()]
    await send_contacts(dataset, emails)
    await refresh(dataset)
    assert await deliver(dataset, mixed[60:]) == {202: len(mixed) - 60}
    page = account.export(metrics=True)
    told = await dataset.schemas.ask("POST", f"{PATH}/backfill", json=page)
    assert (told.status_code, told.json()["accepted"], told.json()["refused"]) == (202, len(page["tickets"]), 0)
    await refresh(dataset)
    there = [ticket for ticket in account.tickets.values() if not ticket.gone]
    truth = {ticket.id: expected(ticket) for ticket in there}
    assert {record: shown(fields) for record, fields in (await listed(dataset)).items()} == truth
    joined = {"dimensions": ["contact.email"], "measures": ["zendesk_ticket.count", "zendesk_ticket.reopens.sum"]}
    assert (await ask(dataset, **joined))["rows"] == []

    assert await deliver(dataset, repeated(account.random, users)) == {202: len(users) + len(users) // 2}
    await refresh(dataset)
    counts, reopens = Counter[str](), Counter[str]()
    for ticket in there:
        email = account.users[ticket.requester].email
        counts[email] += 1
        reopens[email] += ticket.reopens
    rows = (await ask(dataset, **joined))["rows"]
    assert {email: (count, total) for email, count, total in rows} == {
        email: (counts[email], reopens[email]) for email in counts
    }
