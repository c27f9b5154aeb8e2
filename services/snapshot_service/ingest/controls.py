"""Controls that all ingest workers share: the diverted senders, and the last resume.

It lies in a table, so that every worker follows it, and a worker that starts anew knows it at once. Instants are the
engine's own: the workers' clocks need not agree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crosslook.platform.clickhouse import ClickHouse
from services.snapshot_service.domain.limits import Breach, Sender

ALL_SENDERS = Sender("", "")
"""Whom a resume without a sender concerns: all diverted senders, and workers that stopped at a limit."""

_READ = """
SELECT tenant, source, max(at), argMax(refused, at), argMax(of, at), argMax(action, (at, action))
FROM ingest_controls WHERE at > now64(3) - toIntervalMillisecond({divert_ms:UInt64}) OR tenant = ''
GROUP BY tenant, source
"""
_WRITE = """
INSERT INTO ingest_controls SELECT now64(3), {action:String}, {tenant:String}, {source:String}, {refused:UInt64},
    {of:UInt64}, {by:String}
"""
_NOW = "SELECT now64(3, 'UTC')"


@dataclass(frozen=True, slots=True)
class Diversion:
    """A sender whose events go to quarantine since an instant, because so many of its last events were refused."""

    sender: Sender
    since: datetime
    refused: int
    of: int


@dataclass(frozen=True, slots=True)
class Controls:
    """The current controls. `resumed_at`: when everything was resumed last, None if it never was."""

    diversions: Mapping[Sender, Diversion] = field(default_factory=dict)
    resumed_at: datetime | None = None


class IngestControls:
    """Reads and writes them. What a call that returned has written is durable. Every method raises ClickHouseError."""

    def __init__(self, clickhouse: ClickHouse, divert_seconds: float) -> None:
        self._clickhouse = clickhouse
        self.divert_seconds = divert_seconds

    async def now(self) -> datetime:
        """The engine's clock."""
        moment: datetime = (await self._clickhouse.query(_NOW)).scalar()
        return moment

    async def read(self) -> Controls:
        """The diversions that have neither been resumed nor run out."""
        rows = (await self._clickhouse.query(_READ, {"divert_ms": round(self.divert_seconds * 1000)})).rows
        found = {
            Sender(tenant, source): (since, refused, of, last) for tenant, source, since, refused, of, last in rows
        }
        resumed_at = found.pop(ALL_SENDERS)[0] if ALL_SENDERS in found else None
        diversions = {
            sender: Diversion(sender, since, int(refused), int(of))
            for sender, (since, refused, of, last) in found.items()
            if last == "diverted" and (resumed_at is None or since > resumed_at)
        }
        return Controls(diversions, resumed_at)

    async def divert(self, breach: Breach, by: str) -> None:
        """Divert a sender. `by`: the worker that saw the breach."""
        await self._write("diverted", breach.sender, breach.refused, breach.of, by)

    async def resume(self, sender: Sender, by: str) -> None:
        """End a sender's diversion; `ALL_SENDERS` ends all, and resumes workers that stopped. `by`: the caller."""
        await self._write("resumed", sender, 0, 0, by)

    async def _write(self, action: str, sender: Sender, refused: int, of: int, by: str) -> None:
        values = {"action": action, "tenant": sender.tenant, "source": sender.source, "refused": refused, "of": of}
        await self._clickhouse.command(_WRITE, {**values, "by": by})
