"""Members of consumer groups: one that is leaving when the group is shared out again comes back."""

import asyncio

from aiokafka.consumer import consumer
from aiokafka.consumer.group_coordinator import GroupCoordinator


class _Coordinator(GroupCoordinator):  # type: ignore[misc]  # aiokafka ships no types
    """A member's coordination. Before it joins again it cancels its heartbeat and awaits it: a heartbeat that is just
    leaving the group, since nobody has read for too long, ended the coordination with its own cancellation. The member
    then stayed without partitions for ever, and nothing said so."""

    _heartbeat_task: asyncio.Task[None] | None

    async def _stop_heartbeat_task(self) -> None:
        heartbeat, self._heartbeat_task = self._heartbeat_task, None
        if heartbeat is None or heartbeat.done():
            return
        heartbeat.cancel()
        (outcome,) = await asyncio.gather(heartbeat, return_exceptions=True)
        if isinstance(outcome, Exception):  # which a cancellation is not
            raise outcome


def survive_cancelled_heartbeats() -> None:
    """Make every member of this process coordinate so."""
    if not hasattr(consumer, "GroupCoordinator"):
        raise RuntimeError("aiokafka.consumer has no GroupCoordinator: its members cannot be replaced")
    consumer.GroupCoordinator = _Coordinator
