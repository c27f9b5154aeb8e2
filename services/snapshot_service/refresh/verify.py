"""Step 6 of a refresh: compare every build with counts that are found another way (`domain/verification.py`)."""

from collections.abc import Callable, Sequence

from crosslook.contracts.ids import ObjectKey
from services.snapshot_service.domain.decision import Built, batches
from services.snapshot_service.domain.tables import repeats_name
from services.snapshot_service.domain.verification import expected_statement
from services.snapshot_service.refresh.builder import Builds
from services.snapshot_service.refresh.run_statements import RunStatements, object_key


class Verification:
    """Verifies the builds of one run."""

    def __init__(self, statements: RunStatements, builds: Builds) -> None:
        self._statements = statements
        self._builds = builds
        self._verified = 0

    async def verify(self, progress: Callable[[int], None]) -> None:
        """Verify what was built since the last call; an object that differs fails. Raises ClickHouseError."""
        done = self._builds.done[self._verified :]
        if done and not self._verified:
            await self._statements.find_repeats_anew()
        self._verified += len(done)
        for batch in batches(done):
            expected = await self._expected(batch)
            rebuilds = [rebuild for built in batch for rebuild in built.group]
            for rebuild in rebuilds:
                self._compare(rebuild.key, expected.get(rebuild.key, (0, 0, 0)))
            progress(len(rebuilds))

    async def _expected(self, batch: Sequence[Built]) -> dict[ObjectKey, tuple[int, ...]]:
        """By object, how many live rows, tombstones and pieces of patched records it must hold."""
        parameters = self._statements.parameters(batch[0].build, batch[0].group[0])
        parameters["builds"] = [built.build for built in batch]
        parameters["repeats"] = repeats_name(self._statements.window.base + 1)
        sources = {layout.id: layout for built in batch if (layout := built.group[0].source) is not None}
        statement = expected_statement(list(sources.values()), patches=batch[0].patches)
        rows = (await self._statements.query(statement, parameters)).rows
        return {object_key(tenant, name): tuple(counts) for tenant, name, *counts in rows}

    def _compare(self, key: ObjectKey, expected: tuple[int, ...]) -> None:
        counts = self._builds.counts[key]
        held = (counts.rows, counts.deleted, counts.pieces)
        if held != expected:
            self._builds.fail(key, f"verify: {key.object} holds {held}, expected {expected}")
