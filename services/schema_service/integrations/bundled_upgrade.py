"""Brings the objects of connected integrations up to what this release's integrations fill."""

import asyncio
import contextlib

from crosslook.contracts.integrations import IntegrationState
from crosslook.contracts.schemas import Definition
from crosslook.platform.errors import AppError, StateUnreadable
from crosslook.platform.integrations_feed import IntegrationsFeed
from crosslook.platform.log_store.protocol import ElectedStore, LogUnavailable, NotTheWriter, VersionMismatch
from crosslook.platform.logging import get_logger
from services.schema_service.domain.bundled import ManagedObject, missing_parts
from services.schema_service.integrations.bundled_objects import BundledObjects
from services.schema_service.integrations.catalog import AvailableIntegrations
from services.schema_service.objects import Objects

_LOG = get_logger(__name__)
_PAUSE_SECONDS = 15.0
"""Until the next look, while another replica writes, or the topic is away. The election ends the pause."""


class BundledUpgrade:
    """Adds, after the start of a newer release, the fields, options and relationships that objects of older ones lack.
    Without them the events that the worker folds would wait in quarantine until each tenant connects again.

    Every replica looks at all connections; the elected writer writes. It takes nothing away and changes nothing that a
    tenant named, so replicas of the older release can work on beside it.
    """

    def __init__(
        self,
        store: ElectedStore,
        feed: IntegrationsFeed,
        available: AvailableIntegrations,
        objects: Objects,
        bundled: BundledObjects,
    ) -> None:
        self._store = store
        self._feed = feed
        self._available = available
        self._objects = objects
        self._bundled = bundled
        self._refused: set[str] = set()
        self._elected = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin; nothing waits for the end."""
        self._store.on_role(lambda writes: self._elected.set() if writes else self._elected.clear())
        self._task = asyncio.create_task(self._until_done(), name="bring objects of integrations up to this release")

    async def stop(self) -> None:
        """Stop where it is; the next start continues."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def run(self) -> int:
        """Look at all connections once; how many objects still lack something. Raises as LogStore.put."""
        left = 0
        for state in list(self._feed.all_integrations()):
            await asyncio.sleep(0)  # thousands of tenants: calls have their turns
            lacking = self._lacking(state)
            if lacking is not None and not await self._brought(state, lacking):
                left += 1
        return left

    async def _until_done(self) -> None:
        while True:
            try:
                if not await self.run():
                    return
            except (LogUnavailable, NotTheWriter):
                pass  # the topic's own state is shown at /readyz
            except Exception:
                _LOG.exception("bundled_upgrade_failed")
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_PAUSE_SECONDS):
                    await self._elected.wait()
                    self._elected.clear()

    def _lacking(self, state: IntegrationState) -> Definition | None:
        """What the connection brings, where its object lacks a part of it."""
        bundled = self._available.bundled(state.kind, state.object, state.options)
        record = self._objects.record(state.tenant, state.object)
        if bundled is None or record is None or record.state.definition is None or state.key in self._refused:
            return None
        if record.state.integration != state.name:
            return None
        lacks = any(missing_parts(ManagedObject(state.name, bundled), record.state.definition))
        return bundled if lacks else None

    async def _brought(self, state: IntegrationState, bundled: Definition) -> bool:
        if not self._store.writes:
            return False
        try:
            await self._bundled.bring(state.tenant, state.name, bundled, None)
        except (VersionMismatch, StateUnreadable):
            return False
        except AppError as error:
            self._refused.add(state.key)
            problems = ", ".join(sorted({found.code for found in (error.problem, *error.errors)}))
            _LOG.warning("bundled_object_kept", tenant=state.tenant, object=state.object, problems=problems)
            return True
        _LOG.info("bundled_object_upgraded", tenant=state.tenant, object=state.object)
        return True
