"""Seeded tickets and contacts for benchmarks: one event a record, about 400 bytes each."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import orjson

from crosslook.contracts.events import STRUCTURED
from crosslook.contracts.ids import record_key
from crosslook.local.demo.schemas import COUNTRIES, TICKET

TENANT = "bench"
SCHEMA = TICKET
HEADERS = (("content-type", STRUCTURED.encode()),)
Message = tuple[bytes, bytes, tuple[tuple[str, bytes], ...]]

_START = datetime(2025, 6, 1, tzinfo=UTC)
_MINUTES = 500 * 24 * 60


def messages(tickets: int, contacts: int, seed: int = 7) -> Iterator[Message]:
    """Contacts first, then tickets that name them by id, as (key, value, headers)."""
    random = Random(seed)  # noqa: S311  # a benchmark wants repeatable data, not secrets
    for number in range(contacts):
        country = random.choices([c for c, _ in COUNTRIES], [w for _, w in COUNTRIES])[0]
        fields: dict[str, Any] = {"email": f"p{number}@bench.example", "country": country, "created_at": _iso(random)}
        yield _message("contact", f"c-{number}", fields, {})
    for number in range(tickets):
        solved = random.random() < 0.7
        fields = {
            "status": "solved" if solved else random.choice(("open", "pending")),
            "priority": random.choices(("low", "normal", "high", "urgent"), (25, 50, 18, 7))[0],
            "channel": random.choice(("email", "chat", "phone", "web")),
            "subject": f"ticket about invoice number {random.randrange(100_000)}",
            "csat": round(random.uniform(1, 5), 1) if solved and random.random() < 0.5 else None,
            "amount": f"{random.lognormvariate(3.5, 1):.2f}" if random.random() < 0.4 else None,
            "opened_at": _iso(random),
            "reopened": random.random() < 0.1,
            "tags": random.sample(("vip", "billing", "bug", "refund"), random.randrange(3)),
        }
        yield _message("ticket", str(number), fields, {"requester": [{"id": f"c-{random.randrange(contacts)}"}]})


def _message(name: str, record: str, fields: dict[str, Any], links: dict[str, Any]) -> Message:
    data = {"tenant": TENANT, "object": name, "record": record, "fields": fields, "relationships": links}
    event = {
        "specversion": "1.0",
        "id": f"{name}-{record}",
        "source": "/bench",
        "type": "crosslook.record.upserted.v1",
        "time": "2026-01-01T00:00:00Z",
        "data": data,
    }
    return record_key(TENANT, name, record), orjson.dumps(event), HEADERS


def _iso(random: Random) -> str:
    moment = _START + timedelta(minutes=random.randrange(_MINUTES))
    return moment.isoformat().replace("+00:00", "Z")
