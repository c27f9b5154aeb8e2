"""The table of aliases on a real engine."""

import random
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.clock import FixedClock
from crosslook.platform.settings import ClickHouseSettings
from services.snapshot_service.domain.link_aliases import LinkAlias
from services.snapshot_service.integrations import aliases as written
from services.snapshot_service.integrations.aliases import LinkAliases
from tests.helpers.snapshots import create_tables

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)


@pytest.fixture
async def engine(clickhouse: ClickHouseSettings) -> AsyncIterator[ClickHouse]:
    opened = ClickHouse(clickhouse.model_copy(update={"database": "aliases"}))
    await create_tables(opened)
    await opened.command("TRUNCATE TABLE link_aliases")
    yield opened
    await opened.close()


async def stored(engine: ClickHouse) -> list[tuple[Any, ...]]:
    sql = "SELECT reference, targets, version, changed_at FROM link_aliases FINAL ORDER BY reference"
    return [tuple(row) for row in (await engine.query(sql)).rows]


def alias(number: int, target: str, version: int) -> LinkAlias:
    return LinkAlias("acme", f"external:zendesk:{number}", (target,) if target else (), version)


async def test_any_order_and_any_repeats_end_in_the_same(engine: ClickHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written, "AT_ONCE", 7)
    chance = random.Random(4)  # noqa: S311  # repeatable is what it is for
    history = [alias(n, chance.choice(["email:A@x.com", "id:c-1", ""]), v) for n in range(20) for v in range(5)]
    ends = []
    for _ in range(3):
        await engine.command("TRUNCATE TABLE link_aliases")
        aliases = LinkAliases(engine, FixedClock(NOW))
        sent = [*history, *chance.sample(history, 30)]
        chance.shuffle(sent)
        for start in range(0, len(sent), 40):
            await aliases.put(sent[start : start + 40])
        assert await aliases.put(history) == 0
        ends.append([row[:3] for row in await stored(engine)])
    assert (
        ends[0]
        == ends[1]
        == ends[2]
        == sorted(
            (last.reference, [target.lower() for target in last.targets], 4) for last in history if last.version == 4
        )
    )


async def test_an_alias_that_is_repeated_with_a_newer_version_has_not_changed_since(engine: ClickHouse) -> None:
    clock = FixedClock(NOW)
    aliases = LinkAliases(engine, clock)
    await aliases.put([alias(1, "id:c-1", 1), alias(2, "id:c-1", 1)])
    clock.at = NOW + timedelta(days=1)
    assert await aliases.put([alias(1, "id:c-1", 2), alias(2, "id:c-2", 2)]) == 2
    assert [row[3] for row in await stored(engine)] == [NOW, NOW + timedelta(days=1)]
