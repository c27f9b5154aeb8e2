"""Which objects each statement of a run is about: `refresh_work`, and the partition numbers that go with it."""

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from crosslook.contracts.ids import ObjectKey
from crosslook.platform.clickhouse import ClickHouse

_TYPES: Mapping[str, pa.DataType] = {"build": pa.uint64(), "previous_build": pa.uint64()}

NumberedObjects = Sequence[tuple[ObjectKey, int]]
"""What a statement is about: objects, each with the build of its previous rows (0 where there are none)."""


class Work:
    """Numbers the statements of one run, from its first build number on."""

    def __init__(self, clickhouse: ClickHouse, base: int) -> None:
        self._clickhouse = clickhouse
        self._next = base

    async def take(self, statements: Sequence[NumberedObjects]) -> list[int]:
        """Take a number for each of these statements, and write down which objects it is about. Raises
        ClickHouseError."""
        builds = list(range(self._next, self._next + len(statements)))
        self._next += len(statements)
        rows = [(build, *one) for build, work in zip(builds, statements, strict=True) for one in work]
        columns: dict[str, list[Any]] = {
            "build": [build for build, _, _ in rows],
            "tenant": [key.tenant for _, key, _ in rows],
            "object": [key.object for _, key, _ in rows],
            "previous_build": [previous for _, _, previous in rows],
        }
        arrays = {name: pa.array(values, _TYPES.get(name, pa.string())) for name, values in columns.items()}
        if rows:
            await self._clickhouse.insert_arrow("refresh_work", pa.table(arrays), {"async_insert": 0})
        return builds
