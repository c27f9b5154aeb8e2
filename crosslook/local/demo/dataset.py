"""A seeded dataset: records with histories as integrations send them, whole or in patches, out of order, repeated and
partly wrong.

Everything follows from the seed and the instant it is told from; nothing here reads a clock. Within a record no two
events have the same time, so the truth about it is plain: what its latest event says.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from crosslook.local.demo.schemas import COUNTRIES, SEGMENTS, TENANTS, TICKET_TAGS

LATE_SHARE, DUPLICATE_SHARE, BAD_SHARE = 0.05, 0.03, 0.01
PATCHED_SHARE = 0.3
DEFAULT_RECORDS = 30_000
_SHARES = {"contact": 2 / 30, "ticket": 20 / 30, "booking": 8 / 30}
_ACME_SHARE = {"contact": 0.6, "ticket": 0.7, "booking": 0.4}
_WORDS = ("invoice", "login", "export", "refund", "webhook", "report", "sync", "password", "import", "api key")
_MEETINGS = ("Intro call", "Product demo", "Quarterly review", "Onboarding", "Support session")

Event = dict[str, Any]


@dataclass(slots=True)
class Dataset:
    """What is sent, in the order it is sent, and what is true afterwards.

    `good`: events to be accepted, repeats and late ones included. `bad`: events to be refused, with the code expected.
    `truth`: by (tenant, object) the data of each record's latest event; deleted records are absent.
    """

    good: list[Event] = field(default_factory=list)
    bad: list[tuple[Event, str]] = field(default_factory=list)
    truth: dict[tuple[str, str], dict[str, dict[str, Any]]] = field(default_factory=dict)
    records: dict[str, int] = field(default_factory=dict)
    repeats: int = 0
    late: int = 0
    patches: int = 0

    @property
    def size(self) -> int:
        """How many events are sent."""
        return len(self.good) + len(self.bad)


def make_dataset(now: datetime, records: int = DEFAULT_RECORDS, seed: int = 7) -> Dataset:
    """About `records` records of two tenants, told from `now` (UTC) backwards over eighteen months."""
    random = Random(seed)  # noqa: S311  # a demonstration wants repeatable data, not secrets
    dataset = Dataset()
    batch = f"{now:%Y%m%d}-{seed}"
    histories: list[list[Event]] = []
    for tenant in TENANTS:
        share = {o: (a if tenant == TENANTS[0] else 1 - a) for o, a in _ACME_SHARE.items()}
        counts = {name: max(1, round(records * _SHARES[name] * share[name])) for name in _SHARES}
        teller = _Teller(random, tenant, now, batch, counts["contact"])
        histories += [teller.contact(number) for number in range(counts["contact"])]
        histories += [teller.ticket(number) for number in range(counts["ticket"])]
        histories += [teller.booking(number) for number in range(counts["booking"])]
        for name, count in counts.items():
            dataset.records[name] = dataset.records.get(name, 0) + count
    for history in histories:
        _remember(dataset, history)
        if random.random() < PATCHED_SHARE:
            dataset.patches += _patch(history)
    _send(dataset, random, histories)
    return dataset


def _remember(dataset: Dataset, history: list[Event]) -> None:
    last = max(history, key=lambda event: str(event["time"]))
    data = last["data"]
    records = dataset.truth.setdefault((data["tenant"], data["object"]), {})
    if last["type"].endswith("upserted.v1"):
        records[data["record"]] = data


def _patch(history: list[Event]) -> int:
    """Let a record's later events say only what they change, as some integrations do; answers how many do."""
    whole = [event["data"].get("fields") for event in history]
    patches = 0
    for number, (before, after) in enumerate(pairwise(whole), 1):
        if before is None or after is None:
            continue
        names = (slug for slug in before.keys() | after.keys() if before.get(slug) != after.get(slug))
        data = {**history[number]["data"], "fields": {slug: after.get(slug) for slug in sorted(names)}}
        for unchanged in ("relationships", "external_ids"):
            data.pop(unchanged, None)
        history[number] = {**history[number], "type": "crosslook.record.patched.v1", "data": data}
        patches += 1
    return patches


def _send(dataset: Dataset, random: Random, histories: list[list[Event]]) -> None:
    """Put all events into an order of arrival: by time, but some late, some twice, and rubbish in between."""
    arrivals: list[tuple[float, Event]] = []
    for history in histories:
        for event in history:
            at = datetime.fromisoformat(event["time"]).timestamp()
            if random.random() < LATE_SHARE:
                at += random.expovariate(1 / (20 * 86400))
                dataset.late += 1
            arrivals.append((at, event))
            if random.random() < DUPLICATE_SHARE:
                arrivals.append((at + random.expovariate(1 / 3600), event))
                dataset.repeats += 1
            if random.random() < BAD_SHARE:
                dataset.bad.append(_spoil(random, event))
    dataset.good = [event for _, event in sorted(arrivals, key=lambda arrival: arrival[0])]


def _spoil(random: Random, event: Event) -> tuple[Event, str]:
    """A copy of an event with one thing wrong, and the code it must be refused with."""
    data = {**event["data"], "fields": dict(event["data"].get("fields", {}))}
    spoiled: Event = {**event, "id": f"{event['id']}-bad", "type": "crosslook.record.upserted.v1", "data": data}
    match random.randrange(5):
        case 0:
            data["fields"]["colour"] = "blue"
            return spoiled, "unknown_field"
        case 1:
            data["object"] = "spaceship"
            return spoiled, "unknown_object"
        case 2:
            del data["record"]
            return spoiled, "required_missing"
        case 3:
            spoiled["time"] = "2290-01-01T00:00:00Z"
            return spoiled, "from_the_future"
        case _:
            spoiled["specversion"] = "0.3"
            return spoiled, "not_cloudevent"


class _Teller:
    """Tells the history of one tenant's records."""

    def __init__(self, random: Random, tenant: str, now: datetime, batch: str, contacts: int) -> None:
        self._random = random
        self._tenant = tenant
        self._now = now
        self._batch = batch
        self._contacts = contacts

    def contact(self, number: int) -> list[Event]:
        random = self._random
        created = self._moment(540)
        fields = {
            "email": f"person{number}@{self._tenant}.example",
            "first_name": random.choice(("Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Frances", "Niklaus")),
            "last_name": f"Nº{number}",
            "phone": f"+1555{number:07d}" if random.random() < 0.6 else None,
            "country": random.choices([c for c, _ in COUNTRIES], [w for _, w in COUNTRIES])[0],
            "created_at": _iso(created),
            "segment": random.choice(SEGMENTS) if random.random() < 0.8 else None,
        }
        history = [self._event("contact", f"c-{number}", created, 0, fields, external_ids=[f"zendesk:{number}"])]
        if random.random() < 0.1:
            moved = {**fields, "country": "FR", "segment": "premium"}
            later = self._after(created, 90)
            history.append(self._event("contact", f"c-{number}", later, 1, moved, external_ids=[f"zendesk:{number}"]))
        return history

    def ticket(self, number: int) -> list[Event]:
        random = self._random
        opened = self._moment(500)
        links = self._requester()
        fields: dict[str, Any] = {
            "status": "open",
            "priority": random.choices(("low", "normal", "high", "urgent"), (25, 50, 18, 7))[0],
            "channel": random.choices(("email", "chat", "phone", "web"), (45, 25, 10, 20))[0],
            "subject": f"{random.choice(_WORDS)} {random.choice(_WORDS)}",
            "opened_at": _iso(opened),
            "amount": f"{random.lognormvariate(3.5, 1):.2f}" if random.random() < 0.4 else None,
            "due_on": (opened + timedelta(days=random.randint(1, 14))).date().isoformat(),
            "tags": random.sample(TICKET_TAGS, random.choices((0, 1, 2), (50, 35, 15))[0]),
            "reopened": False,
        }
        history = [self._event("ticket", str(number), opened, 0, fields, requester=links)]
        at = opened
        while random.random() < 0.55 and len(history) < 6:
            at = self._after(at, 10)
            solved = fields["status"] in ("open", "pending")
            fields = {**fields, "status": "solved" if solved else "open", "reopened": fields["reopened"] or not solved}
            fields["solved_at"] = _iso(at) if solved else None
            fields["csat"] = round(min(5.0, random.gauss(4.1, 0.7)), 1) if solved and random.random() < 0.5 else None
            history.append(self._event("ticket", str(number), at, len(history), fields, requester=links))
        if random.random() < 0.01:
            history.append(self._event("ticket", str(number), self._after(at, 30), len(history), None))
        return history

    def booking(self, number: int) -> list[Event]:
        random = self._random
        made = self._moment(365)
        starts = made + timedelta(days=random.randint(1, 40), minutes=15 * random.randrange(96))
        invitee = self._requester()
        guests = [{"id": f"c-{self._someone()}"} for _ in range(random.choices((0, 1, 2, 3), (60, 25, 10, 5))[0])]
        fields: dict[str, Any] = {
            "status": "active",
            "event_name": random.choice(_MEETINGS),
            "starts_at": _iso(starts),
            "duration": random.choice((15, 30, 45, 60)),
            "price": f"{random.choice((0, 49, 99, 149.5)):.2f}" if random.random() < 0.3 else None,
            "rescheduled": False,
        }
        name = f"b-{number}"
        history = [self._event("booking", name, made, 0, fields, invitee=invitee, guests=guests)]
        if random.random() < 0.12:
            fields = {**fields, "starts_at": _iso(starts + timedelta(days=random.randint(1, 14))), "rescheduled": True}
            made = self._after(made, 5)
            history.append(self._event("booking", name, made, 1, fields, invitee=invitee, guests=guests))
        if random.random() < 0.1:
            ended = {**fields, "status": random.choice(("canceled", "no_show"))}
            when = self._after(made, 20)
            history.append(self._event("booking", name, when, 2, ended, invitee=invitee, guests=guests))
        return history

    def _requester(self) -> list[dict[str, str]]:
        """Mostly somebody known by id, often only by e-mail, sometimes by a foreign id, a stranger, or nobody."""
        someone = self._someone()
        match self._random.choices(("id", "email", "external", "stranger", "nobody"), (60, 22, 8, 4, 6))[0]:
            case "id":
                return [{"id": f"c-{someone}"}]
            case "email":
                return [{"email": f" Person{someone}@{self._tenant.upper()}.example"}]
            case "external":
                return [{"external": f"zendesk:{someone}"}]
            case "stranger":
                return [{"email": f"stranger{someone}@nowhere.example"}]
            case _:
                return []

    def _someone(self) -> int:
        """A few contacts have most of the records."""
        return int(self._contacts * self._random.random() ** 2.5)

    def _moment(self, days: int) -> datetime:
        """A past instant, seasonal: fewer at night and at weekends, more in winter."""
        while True:
            at = self._now - timedelta(seconds=self._random.randrange(3600, days * 86400))
            likely = (0.35 if at.weekday() >= 5 else 1) * (0.2 if at.hour < 7 else 1)
            if self._random.random() < likely * (1 if at.month in (11, 12, 1) else 0.7):
                return at.replace(microsecond=self._random.randrange(1000) * 1000)

    def _after(self, moment: datetime, days: float) -> datetime:
        """A later instant, never beyond now and never the same."""
        room = (self._now - moment).total_seconds()
        step = min(self._random.expovariate(1 / (days * 86400)), room * self._random.uniform(0.2, 0.8))
        return moment + timedelta(milliseconds=max(1, int(step * 1000)))

    def _event(
        self,
        name: str,
        record: str,
        at: datetime,
        number: int,
        fields: dict[str, Any] | None,
        external_ids: list[str] | None = None,
        **links: list[dict[str, str]],
    ) -> Event:
        data: dict[str, Any] = {"tenant": self._tenant, "object": name, "record": record}
        if fields is not None:
            data["fields"] = fields
            data["relationships"] = links
        if external_ids is not None:
            data["external_ids"] = external_ids
        return {
            "specversion": "1.0",
            "id": f"{self._batch}-{self._tenant}-{name}-{record}-{number}",
            "source": f"/demo/{self._tenant}",
            "type": f"crosslook.record.{'deleted' if fields is None else 'upserted'}.v1",
            "time": _iso(at),
            "datacontenttype": "application/json",
            "data": data,
        }


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
