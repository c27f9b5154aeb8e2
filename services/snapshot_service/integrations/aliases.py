"""Writes aliases: which references stand for which others. The next refresh resolves links through them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from crosslook.contracts.values import milliseconds
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.clock import Clock
from services.snapshot_service.domain.alias_statements import STORED_ALIASES
from services.snapshot_service.domain.link_aliases import (
    AliasKey,
    LinkAlias,
    StoredAlias,
    newest_aliases,
    to_write,
)

AT_ONCE = 5_000
"""So many aliases are compared with what is stored, and inserted, by one statement each."""


class LinkAliases:
    """The table `link_aliases`. What `put` returned from is durable, and putting it again changes nothing."""

    def __init__(self, clickhouse: ClickHouse, clock: Clock) -> None:
        self._clickhouse = clickhouse
        self._clock = clock

    async def put(self, aliases: Iterable[LinkAlias]) -> int:
        """Store those that are newer than what is stored under their reference; answers how many.

        Any order and any repeats end in the same: the greatest version of each reference counts. After an error some
        may be stored; put all of them again. Raises ClickHouseError.
        """
        newest, written = newest_aliases(aliases), 0
        for start in range(0, len(newest), AT_ONCE):
            some = newest[start : start + AT_ONCE]
            stored = await self._stored([alias.key for alias in some])
            rows = to_write(some, stored, milliseconds(self._clock.now()))
            if rows:
                await self._insert(rows)
            written += len(rows)
        return written

    async def _stored(self, keys: Sequence[AliasKey]) -> Mapping[AliasKey, StoredAlias]:
        rows = (await self._clickhouse.query(STORED_ALIASES, {"keys": keys})).rows
        return {(tenant, name): StoredAlias(tuple(targets), *rest) for tenant, name, targets, *rest in rows}

    async def _insert(self, rows: Sequence[tuple[LinkAlias, int]]) -> None:
        aliases = [alias for alias, _ in rows]
        block = pa.table(
            {
                "tenant": pa.array([alias.tenant for alias in aliases], pa.string()),
                "reference": pa.array([alias.reference for alias in aliases], pa.string()),
                "targets": pa.array([alias.targets for alias in aliases], pa.list_(pa.string())),
                "version": pa.array([alias.version for alias in aliases], pa.uint64()),
                "changed_at": pa.array([changed for _, changed in rows], pa.timestamp("ms", tz="UTC")),
            }
        )
        # The token names the rows: of an insert that is tried again the engine drops the second.
        token = hashlib.sha256(repr(aliases).encode()).hexdigest()[:32]
        settings: dict[str, str | int] = {"async_insert": 0, "insert_deduplication_token": token}
        await self._clickhouse.insert_arrow("link_aliases", block, settings)
