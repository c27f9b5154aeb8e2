"""One zone has one reading: instants are shown with the offsets that the engine truncates them with."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from structlog.testing import capture_logs

from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from crosslook.contracts.zones import TZ_RELEASE, names
from crosslook.platform.metrics import Meters
from crosslook.platform.settings import ClickHouseSettings
from services.query_service.catalog import zones
from services.query_service.catalog.zones import Zones
from services.query_service.domain.zones import Zone
from tests.helpers.examples import NIGHTLY
from tests.helpers.query_service import QueryStack, query_stack
from tests.helpers.snapshots import PlainObject, PlainRow, publish

EVENT = Definition.model_validate(
    {
        "object": "ev",
        "labels": {"singular": "Event", "plural": "Events"},
        "fields": [{"slug": "at", "type": "datetime"}],
        "relationships": [{"slug": "who", "target": "contact"}],
    }
)
INSTANTS = (
    "1900-01-01T00:00:00Z",
    "1930-06-01T00:10:00Z",
    "1969-12-31T23:59:59.999Z",
    "2016-05-01T13:10:00Z",
    "2026-04-05T03:10:00Z",
    "2026-12-31T23:59:59Z",
    "2299-12-31T23:59:59.999Z",
)
# Those that two releases of the tz database, of 2025 and of 2026, disagree on after 1970; then odd ones.
DISPUTED = (
    *("America/Vancouver", "America/Edmonton", "America/Yellowknife", "Canada/Pacific", "Canada/Mountain"),
    *("Africa/Casablanca", "Africa/El_Aaiun", "Europe/Chisinau", "Europe/Tiraspol"),
)
ODD = (
    *("Africa/Monrovia", "Europe/Amsterdam", "Australia/Lord_Howe", "America/Caracas", "America/St_Johns"),
    *("Pacific/Apia", "Pacific/Kwajalein", "Asia/Gaza", "Europe/Dublin", "Antarctica/Troll", "Pacific/Chatham", "UTC"),
)
TESTED = sorted(names()) if NIGHTLY else sorted({*DISPUTED, *ODD, *sorted(names())[::40]})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEAR = (-86_400, -7200, -3600, -900, -60, -1, 0, 1, 59, 900, 1800, 3600, 7200, 86_400)
_READ = (
    "SELECT at, toDate32(local), toHour(local), toMinute(local), toSecond(local) "
    "FROM (SELECT arrayJoin({points:Array(Int64)}) AS at,"
    " toTimeZone(fromUnixTimestamp64Second(at, 'UTC'), {zone:String}) AS local)"
)


@pytest.fixture(scope="module")
async def stack(clickhouse: ClickHouseSettings) -> AsyncIterator[QueryStack]:
    async with query_stack(clickhouse, "query_zones") as running:
        rows = [PlainRow(f"e{number}", {"at": at}) for number, at in enumerate(INSTANTS)]
        dataset = [PlainObject(BUILT_IN_CONTACT, []), PlainObject(EVENT, rows)]
        await publish(running.clickhouse, running.snapshots, {"acme": dataset})
        yield running


@pytest.fixture(scope="module")
async def known(stack: QueryStack) -> Zones:
    return Zones(stack.clickhouse, Meters())


def _asked(zone: str, *granularities: str) -> dict[str, Any]:
    parts = [{"field": "ev.at", "granularity": granularity} for granularity in granularities]
    return {"object": "ev", "dimensions": ["ev.at", *parts], "timezone": zone}


@pytest.mark.parametrize("name", TESTED)
async def test_a_zone_shows_what_the_engine_truncates_at_every_change_and_between(
    stack: QueryStack, known: Zones, name: str
) -> None:
    zone = await known.find(name)
    assert zone is not None
    changes = [int(at) for at, _ in (await stack.clickhouse.query(zones.TRANSITIONS, {"zone": name})).rows]
    dice = Random(name)  # noqa: S311  # examples, no secrets
    points = [at + apart for at in dice.sample(changes, min(len(changes), 150)) for apart in _NEAR]
    points += [dice.randrange(zones.FIRST_SECOND, zones.LAST_SECOND) for _ in range(200)]
    for start in range(0, len(points), 200):
        read = await stack.clickhouse.query(_READ, {"points": points[start : start + 200], "zone": name})
        for at, day, *clock in read.rows:
            local = zone.local(_EPOCH + timedelta(seconds=at))
            assert (local.date(), [local.hour, local.minute, local.second]) == (day, clock)


@pytest.mark.parametrize("name", TESTED)
async def test_an_instant_and_its_day_and_hour_do_not_contradict_each_other(stack: QueryStack, name: str) -> None:
    rows = await stack.rows(_asked(name, "day", "hour_of_day"))
    assert [datetime.fromisoformat(row[0]) for row in rows] == [datetime.fromisoformat(instant) for instant in INSTANTS]
    assert [(row[0][:10], int(row[0][11:13])) for row in rows] == [(row[1], row[2]) for row in rows]


@pytest.mark.parametrize(
    ("zone", "instant", "shown", "hour"),
    [
        ("America/Vancouver", 5, "2026-12-31T16:59:59-07:00", "2026-12-31T16:00:00-07:00"),
        ("Australia/Lord_Howe", 4, "2026-04-05T13:40:00+10:30", "2026-04-05T13:00:00+10:30"),
        ("America/Caracas", 3, "2016-05-01T09:10:00-04:00", "2016-05-01T09:00:00-04:00"),
        ("Asia/Kathmandu", 5, "2027-01-01T05:44:59+05:45", "2027-01-01T05:00:00+05:45"),
        # Until 1972 it was 44 minutes and 30 seconds behind; offsets in RFC 3339 have no seconds.
        ("Africa/Monrovia", 1, "1930-05-31T23:25:00-00:45", "1930-05-31T23:00:30-00:44"),
        ("Europe/Amsterdam", 1, "1930-06-01T01:29:00+01:19", "1930-06-01T01:00:28+01:20"),
    ],
)
async def test_an_instant_is_shown_in_rfc_3339_beside_its_hour(
    stack: QueryStack, zone: str, instant: int, shown: str, hour: str
) -> None:
    rows = await stack.rows(_asked(zone, "hour"))
    assert rows[instant] == [shown, hour]
    assert datetime.fromisoformat(shown) == datetime.fromisoformat(INSTANTS[instant])


@pytest.mark.parametrize(
    "name",
    [
        *("localtime", "posixrules", "Factory", "posix/Europe/Paris", "right/UTC", "/etc/localtime", "../UTC"),
        *("utc", "+01:00", ""),
    ],
)
async def test_what_only_a_host_has_is_not_a_zone(stack: QueryStack, name: str) -> None:
    response = await stack.ask(_asked(name))
    problem = response.json()["errors"][0]
    assert (response.status_code, problem["code"], problem["pointer"]) == (422, "bad_value", "/timezone")
    assert "such as America/Chicago" in problem["message"]


async def test_every_zone_of_the_tz_database_is_known(known: Zones) -> None:
    assert await known.names() == names()


async def test_schedules_are_read_with_the_release_that_the_engine_has(stack: QueryStack, known: Zones) -> None:
    await known.refresh()
    assert known.edition.split()[-1] == TZ_RELEASE
    assert "crosslook_timezone_mismatch 0.0" in (await stack.client.get("/metrics")).text


async def test_a_service_with_another_release_starts_warns_once_and_shows_it(
    clickhouse: ClickHouseSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zones, "TZ_RELEASE", "1970a")
    with capture_logs() as logs:
        async with query_stack(clickhouse, "query_zones_mismatch") as running:
            assert "crosslook_timezone_mismatch 1.0" in (await running.client.get("/metrics")).text
            assert (await running.client.get("/readyz")).status_code == 200
    warned = [log for log in logs if log["event"] == "timezone_mismatch"]
    assert [(warning["log_level"], warning["schedules"]) for warning in warned] == [("warning", "1970a")]


async def test_zones_are_read_again_when_the_engine_has_another_release(
    stack: QueryStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Zones(stack.clickhouse, Meters())
    before = await found.find("Europe/Paris")
    await found.refresh()
    assert await found.find("Europe/Paris") is before
    monkeypatch.setattr(zones, "_EDITION", "SELECT version(), '2099z'")
    await found.refresh()
    after = await found.find("Europe/Paris")
    assert isinstance(before, Zone)
    assert isinstance(after, Zone)
    assert before.edition != after.edition
