"""Calendly from its signed webhooks and its export to a report, on the real services, against the account's truth."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

from crosslook.local.demo.calendly_account import CalendlyAccount, calendly_signature, simulate_days
from crosslook.local.demo.calendly_payloads import WAY_IN
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from tests.helpers.builders import event
from tests.helpers.calendly import SIGNING_KEY
from tests.helpers.processes import own_topics
from tests.helpers.three_services import NOW, Dataset, running_dataset, until

COUNTRIES = {"ada@example.com": "GB", "grace@example.com": "US", "alan@example.com": "GB"}
NOBODY = "nobody@example.com"
CONNECTION = {"kind": "calendly", "signing_secret": SIGNING_KEY, "options": {"create_contacts": False}}
BOOKINGS = {
    "object": "calendly_booking",
    "dimensions": [
        "calendly_booking.booking_id",
        "calendly_booking.status",
        "calendly_booking.canceled_by",
        "contact.country",
    ],
    "measures": ["calendly_booking.reschedules.sum", "calendly_booking.duration_minutes.sum"],
    "limit": 500,
}


@pytest.fixture
async def dataset(kafka: KafkaSettings, clickhouse: ClickHouseSettings, tmp_path: Path) -> AsyncIterator[Dataset]:
    engine = clickhouse.model_copy(update={"database": "calendly_bookings"})
    async with running_dataset(tmp_path, own_topics(kafka), engine) as running:
        yield running


def account_of_weeks() -> CalendlyAccount:
    """Some weeks at Calendly, up to now; some bookings move several times."""
    account = CalendlyAccount(Random(13), now=NOW - timedelta(days=25), pace=timedelta(hours=8))  # noqa: S311  # repeatable
    for email in [*COUNTRIES, NOBODY] * 3:
        account.book(email)
    simulate_days(account, 45, [*COUNTRIES, NOBODY])
    assert account.now < NOW
    return account


def split(account: CalendlyAccount) -> tuple[list[bytes], list[bytes]]:
    """The messages in disorder with repeats, in two parts. In turns it is the first or the last invitee of a booking
    of which nothing arrives before the second part."""
    late = set()
    for number, booking in enumerate(account.bookings):
        chain = [invitee.resource["uri"] for invitee in account.invitees if invitee.booking is booking]
        late.add(chain[-(number % 2)])
    dice = Random(17)  # noqa: S311  # a test, no secrets
    parts: tuple[list[bytes], list[bytes]] = [], []
    for message in account.messages:
        parts[message["payload"]["uri"] in late].append(orjson.dumps(message))
    parts[1].extend(dice.sample(parts[0], len(parts[0]) // 4))
    for part in parts:
        part.extend(dice.sample(part, len(part) // 3))
        dice.shuffle(part)
    return parts


async def connect(dataset: Dataset) -> None:
    """Connect Calendly to acme."""
    connected = await dataset.schemas.ask("PUT", "/v1/tenants/acme/integrations/calendly", json=CONNECTION)
    assert connected.status_code in (200, 201), connected.text


async def deliver(dataset: Dataset, bodies: Iterable[bytes]) -> None:
    """Post messages as Calendly does, each signed when it was made."""
    for body in bodies:
        headers = {"Calendly-Webhook-Signature": calendly_signature(body, NOW, SIGNING_KEY)}
        answer = await dataset.schemas.http.post("/v1/webhooks/acme/calendly", content=body, headers=headers)
        assert answer.status_code == 202, answer.text


async def load(dataset: Dataset, pages: Iterable[bytes]) -> None:
    """Post pages of Calendly's export."""
    path, kind = "/v1/tenants/acme/integrations/calendly/backfill", {"Content-Type": "application/json"}
    for page in pages:
        answer = await dataset.schemas.ask("POST", path, content=page, headers=kind)
        assert answer.status_code == 202, answer.text
        assert answer.json()["refused"] == 0


async def report(dataset: Dataset, snapshot: str) -> Counter[tuple[Any, ...]]:
    """The rows of the report on that snapshot."""

    async def shown() -> bool:
        catalog = (await dataset.query.get("/v1/tenants/acme/catalog")).json()
        return bool(catalog["snapshot"]["id"] == snapshot)

    await until(shown)
    answer = await dataset.query.post("/v1/tenants/acme/query", json=BOOKINGS)
    assert answer.status_code == 200, answer.text
    return Counter(tuple(row) for row in answer.json()["rows"])


def expected(account: CalendlyAccount) -> Counter[tuple[Any, ...]]:
    """The same rows by the account's truth: bookings of people who are contacts."""
    fields, truth = ("booking_id", "status", "canceled_by"), account.truth()
    return Counter(
        (
            *(truth[booking.record].get(name) for name in fields),
            COUNTRIES[booking.email],
            truth[booking.record]["reschedules"],
            truth[booking.record]["duration_minutes"],
        )
        for booking in account.bookings
        if booking.email in COUNTRIES
    )


async def refreshed(dataset: Dataset) -> str:
    """The snapshot of a refresh that begins now."""
    run = await dataset.snapshots.refreshed()
    assert run["state"] == "published", run
    return str(run["snapshot"])


async def stored_ways_in(dataset: Dataset) -> int:
    """In how many stored facts, events and quarantined reasons a way into a meeting is."""
    counts = {
        "integration_facts": "position(toString(data), {w:String}) > 0",
        "record_log": "position(concat(toString(fields), toString(references)), {w:String}) > 0",
    }
    found = 0
    for table, condition in counts.items():
        sql = f"SELECT count() FROM {table} WHERE {condition}"  # noqa: S608  # fixed text
        found += int((await dataset.clickhouse.query(sql, {"w": WAY_IN})).scalar())
    return found


async def test_webhooks_in_disorder_and_the_export_make_the_true_report(dataset: Dataset) -> None:
    await connect(dataset)
    for number, (email, country) in enumerate(COUNTRIES.items()):
        person = event("acme", "contact", f"c-{number}", {"email": email, "country": country}, event_id=email, time=NOW)
        await dataset.snapshots.send(orjson.dumps(person), key=f"acme/contact/c-{number}".encode())
    account = account_of_weeks()
    first, second = split(account)
    await deliver(dataset, first)
    before = await report(dataset, await refreshed(dataset))
    assert before
    assert before != expected(account)
    await deliver(dataset, second)
    assert await report(dataset, await refreshed(dataset)) == expected(account)
    await load(dataset, account.pages(10))
    assert await report(dataset, await refreshed(dataset)) == expected(account)
    assert await stored_ways_in(dataset) == 0
