"""The counts of an export's metric set: Zendesk's own numbers at one instant, to which later events are added.

They count also where events of that time are known: Zendesk loses messages, and a back-fill corrects what they left.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from crosslook.integrations.interface import Fact
from crosslook.integrations.zendesk.export import METRIC_SET


@dataclass(frozen=True, slots=True)
class Metrics:
    """Counts as of `at_ms`. `first_reply_minutes`, `solved_ms`: None while there is none."""

    at_ms: int
    status: str | None
    reopens: int
    replies: int
    first_reply_minutes: int | None
    solved_ms: int | None

    def covers(self, fact: Fact) -> bool:
        """Whether the counts include what the fact states: by its own time, or by that of the update it was part of,
        which an event follows by an instant."""
        updated = fact.data.get("properties", {}).get("updated_at")
        return fact.time_ms <= self.at_ms or (updated is not None and updated <= self.at_ms)


def newest_metrics(facts: Iterable[Fact]) -> Metrics | None:
    """The counts of the newest metric set that has both; None where no export brought any."""
    found = None
    for fact in facts:
        counts = fact.data
        if fact.kind == METRIC_SET and counts["reopens"] is not None and counts["replies"] is not None:
            found = Metrics(
                fact.time_ms,
                counts["status"],
                counts["reopens"],
                counts["replies"],
                counts["first_reply_minutes"],
                counts["solved_at"],
            )
    return found
