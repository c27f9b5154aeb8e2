"""However messages are split over replicas, restarts, kills and failed writes: every replica shows what one would."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, get_args

from hypothesis import given, settings
from hypothesis import strategies as st

from services.schema_service.domain.webhook_health import ConnectionHealth, HealthReport, IntakeOutcome
from tests.helpers.examples import examples
from tests.helpers.health import CountingReplica, Installation
from tests.helpers.tiny_vendors import COURIER

LIMIT = COURIER.manifest.limit
ADDRESSES = ("http://a:1", "http://b:2", "http://c:3")

Action = Literal["save", "end", "kill", "lost", "unconfirmed", "applied", "compact", "minutes", "hours", "day"]
ACTIONS: tuple[Action, ...] = get_args(Action)
PASSING: dict[Action, timedelta] = {
    "minutes": timedelta(minutes=4),
    "hours": timedelta(hours=5),
    "day": timedelta(hours=27),
}


class Step(NamedTuple):
    """What happens at a replica: an outcome is counted, or something else."""

    replica: int
    what: IntakeOutcome | Action


class Message(NamedTuple):
    """A message that was counted."""

    at: datetime
    outcome: IntakeOutcome


class Trial:
    """Replicas and what they have to show. `kept`: messages that no kill can lose; `open`: those that a kill would."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.replicas: list[CountingReplica] = []
        self.kept: list[Message] = []
        self.open: list[list[Message]] = [[] for _ in ADDRESSES]

    async def start(self) -> None:
        """Start a replica at each address."""
        self.replicas = [await self._started(number) for number in range(len(ADDRESSES))]

    async def take(self, step: Step) -> None:
        """One step."""
        self.installation.later(milliseconds=1)
        number, replica, what = step.replica, self.replicas[step.replica], step.what
        match what:
            case IntakeOutcome():
                self.installation.count(replica, what)
                self.open[number].append(Message(self.installation.clock.now(), what))
            case "save":
                await replica.saver.save()
            case "end":
                await replica.saver.save(last=True)
                self.replicas[number] = await self._started(number)
            case "kill":
                self.replicas[number] = await self._started(number)
            case "lost" | "unconfirmed" | "applied":
                replica.log.fates.append(what)
            case "compact":
                self.installation.topic.compact()
            case "minutes" | "hours" | "day":
                self.installation.clock.at += PASSING[what]

    async def finish(self) -> None:
        """Save everything."""
        for replica in self.replicas:
            replica.log.fates.clear()
        while any(replica.health.is_unsaved for replica in self.replicas):
            for replica in self.replicas:
                await replica.saver.save()

    def expected(self) -> HealthReport:
        """What one process shows that has counted everything by itself."""
        health = ConnectionHealth()
        for message in sorted([*self.kept, *(message for messages in self.open for message in messages)]):
            health.count(message.outcome, LIMIT, message.at)
        return health.report(LIMIT, self.installation.clock.now())

    async def _started(self, number: int) -> CountingReplica:
        self.open[number] = []
        replica = await self.installation.replica(ADDRESSES[number])

        def applied(changes: Mapping[str, bytes | None]) -> None:
            if any(not key.startswith("~") for key in changes):
                self.kept += self.open[number]
                self.open[number] = []

        replica.log.applied = applied
        return replica


def test_any_split_over_replicas_restarts_and_saves_gives_the_same_report() -> None:
    async def run(steps: list[Step]) -> None:
        trial = Trial(await Installation().start())
        await trial.start()
        for step in steps:
            await trial.take(step)
        expected = trial.expected()
        await trial.finish()
        assert [trial.installation.report(replica) for replica in trial.replicas] == [expected] * len(ADDRESSES)
        assert len(trial.installation.topic.slots) <= len(ADDRESSES) + 1

    outcomes, actions = st.sampled_from(list(IntakeOutcome)), st.sampled_from(ACTIONS)
    steps = st.builds(Step, st.integers(0, len(ADDRESSES) - 1), st.one_of(outcomes, actions))

    @given(st.lists(steps, max_size=60))
    @settings(max_examples=examples(300, 5000), deadline=None)
    def check(drawn: list[Step]) -> None:
        asyncio.run(run(drawn))

    check()
