"""The task that asks whether the engine is there goes on, whatever its question comes back with."""

import asyncio
from typing import Any

import pytest

from crosslook.contracts.manifests import Manifest
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError, QueryResult
from crosslook.platform.metrics import Meters
from crosslook.platform.settings import ClickHouseSettings
from services.query_service import readiness
from services.query_service.catalog.freshness import SnapshotCheck
from services.query_service.catalog.zones import Zones
from services.query_service.readiness import EngineProbe


class Scripted(ClickHouse):
    """A client whose pings answer, or raise, in turn; the last one is repeated."""

    def __init__(self, *answers: bool | Exception) -> None:
        super().__init__(ClickHouseSettings())
        self._answers = list(answers)

    async def ping(self) -> bool:
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def query(self, sql: str, *_: Any, **__: Any) -> QueryResult:
        raise ClickHouseError(None, "NETWORK", sql)


def _probe(engine: Scripted) -> EngineProbe:
    return EngineProbe(engine, Zones(engine, Meters()), Unasked(engine, Meters()), lambda: None)


class Unasked(SnapshotCheck):
    """There is nothing to be looked at."""

    async def look(self, current: Manifest | None) -> None:
        assert current is None


async def test_an_unexpected_error_counts_as_no_answer_and_the_probe_asks_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readiness, "_CHECK_SECONDS", 0)
    probe, reasons = _probe(Scripted(True, RuntimeError("a fault of the driver"), False, True)), list[str | None]()
    await probe.start()
    async with asyncio.timeout(10):
        while reasons != [None, "clickhouse: no answer", None]:
            if not reasons or reasons[-1] != probe.reason:
                reasons.append(probe.reason)
            await asyncio.sleep(0)
    await probe.stop()
