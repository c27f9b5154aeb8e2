"""Elects one of several processes by a consumer group on a topic's only partition: who owns it is elected.

Being elected is a hint and never a permission: a process that was frozen does not know that its session ran out. What
the elected one does must be fenced by other means.
"""

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, TopicPartition
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment, ConsumerProtocolMemberMetadata

from crosslook.platform.kafka.client import client_options, stop_consumer
from crosslook.platform.settings import KafkaSettings

SESSION_SECONDS = 6.0
"""A member that is silent for so long is dead for the group; the least that brokers take by default."""

_HEARTBEAT_SECONDS = 0.5
_REQUEST_SECONDS = 10.0  # more than a join takes, which waits for members that are dead
_LEAVE_SECONDS = 2.0
_LOOK_SECONDS = 1.0
_VERSION = 0


class Election:
    """One candidacy, from `join` to `leave`.

    `term` answers how recently this process began to lead, -1 where it does not: the highest one is elected, so that a
    candidate that joins takes nothing from the process that leads.
    """

    def __init__(self, topic: str, settings: KafkaSettings, *, client_id: str, term: Callable[[], int]) -> None:
        self._topic = settings.name_of(topic)
        self._ballot = _HighestTerm(self._topic, term)
        self._elected = False
        self._news = asyncio.Event()
        self._consumer = AIOKafkaConsumer(
            **client_options(settings, client_id),
            group_id=f"{self._topic}-writers",
            enable_auto_commit=False,
            auto_offset_reset="latest",
            partition_assignment_strategy=(self._ballot,),
            session_timeout_ms=round(SESSION_SECONDS * 1000),
            heartbeat_interval_ms=round(_HEARTBEAT_SECONDS * 1000),
            request_timeout_ms=round(_REQUEST_SECONDS * 1000),
        )

    @property
    def elected(self) -> bool:
        """The outcome of the last election that this process has heard of."""
        return self._elected

    @property
    def candidates(self) -> int:
        """How many took part in it, this process included; 0 before the first one."""
        return self._ballot.candidates

    async def join(self) -> None:
        """Join the election; returns with the first outcome. Raises KafkaError; leave then, too."""
        self._consumer.subscribe([self._topic], listener=_Outcome(self._assigned))
        await self._consumer.start()

    async def change(self) -> None:
        """Wait for the next outcome, which may be the same again. Raises KafkaError when the group fails."""
        while not self._news.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._news.wait()
            await self._consumer.getmany(timeout_ms=0)  # reads nothing: raises what the group ran into
        self._news.clear()

    async def leave(self) -> None:
        """Leave the group, which elects another member at once."""
        left = False
        try:
            # The client waits for the answer to a join, which the group withholds until dead members have run out.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LEAVE_SECONDS):
                    await stop_consumer(self._consumer)
                    left = True
        finally:
            if not left:
                await _abandon(self._consumer)

    def _assigned(self, partitions: Sequence[TopicPartition]) -> None:
        self._consumer.pause(*partitions)
        self._elected = bool(partitions)
        self._news.set()


class _HighestTerm:
    """An assignor in the sense of aiokafka: gives the partition to the member of the highest term."""

    name = "crosslook-writer"

    def __init__(self, topic: str, term: Callable[[], int]) -> None:
        self._topic = topic
        self._term = term
        self.candidates = 0

    def metadata(self, topics: Iterable[str]) -> Any:
        """What this member tells the others: its term."""
        return ConsumerProtocolMemberMetadata(_VERSION, list(topics), str(self._term()).encode())

    def assign(self, cluster: Any, members: Mapping[str, Any]) -> dict[str, Any]:
        """The outcome for each member, with the number of members; asked of one of them by the group."""
        elected = max(members, key=lambda member: (_number(members[member].user_data), member))
        candidates = str(len(members)).encode()
        return {
            member: ConsumerProtocolMemberAssignment(
                _VERSION, [(self._topic, [0])] if member == elected else [], candidates
            )
            for member in members
        }

    def on_assignment(self, assignment: Any) -> None:
        """Takes note of the number of members."""
        self.candidates = _number(assignment.user_data)


class _Outcome(ConsumerRebalanceListener):  # type: ignore[misc]  # aiokafka ships no types
    def __init__(self, assigned: Callable[[Sequence[TopicPartition]], None]) -> None:
        self._assigned = assigned

    def on_partitions_revoked(self, revoked: Sequence[TopicPartition]) -> None:
        """The group elects again. The leader continues until it receives the outcome or is fenced."""

    def on_partitions_assigned(self, assigned: Sequence[TopicPartition]) -> None:
        self._assigned(assigned)


def _number(text: bytes) -> int:
    try:
        return int(text)
    except ValueError:
        return -1


async def _abandon(consumer: AIOKafkaConsumer) -> None:
    """Disconnect without leaving the group; our session in it runs out."""
    coordinator, fetcher = consumer._coordinator, consumer._fetcher
    tasks = []
    if coordinator is not None:
        tasks += [coordinator._coordination_task, coordinator._heartbeat_task, coordinator._commit_refresh_task]
    if fetcher is not None:
        tasks += [fetcher._fetch_task, *fetcher._pending_tasks]
    running = [task for task in tasks if task is not None]
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    await consumer._client.close()
