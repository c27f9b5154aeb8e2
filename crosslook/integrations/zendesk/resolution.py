"""How often a ticket was reopened and when it was solved last, from all that is known of its statuses.

A change of status names both sides, so a gap in the chain shows what did not arrive: a change to solved that is missing
before one from solved counts as if it had. States of the ticket count only where no change is known, and the newest one
at the end: the events of one action carry the same state before and after the change among them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from crosslook.integrations.interface import Fact
from crosslook.integrations.publication import fact_order
from crosslook.integrations.zendesk.metrics import Metrics
from crosslook.integrations.zendesk.moments import POSITIONS
from crosslook.integrations.zendesk.ticket_states import STATUS_PROPERTY
from crosslook.integrations.zendesk.triggers import TRIGGER_FACT
from crosslook.integrations.zendesk.vocabulary import GONE_STATUS, SOLVED_STATUSES

TICKET_CREATED: Final = "ticket.created"
TICKET_MERGED: Final = "ticket.merged"


@dataclass(slots=True)
class Resolution:
    """What is known after some statuses: the last one, when it was solved (milliseconds since the epoch, None while it
    is not or nobody knows), how often it was reopened."""

    status: str | None = None
    solved_ms: int | None = None
    reopens: int = 0

    def see(self, status: str | None, at_ms: int | None) -> None:
        """The ticket has this status, since `at_ms` if it did not have it before; None where that is not known."""
        if status is None or status == GONE_STATUS:
            return
        if status not in SOLVED_STATUSES:
            self.reopens += self.status in SOLVED_STATUSES
            self.solved_ms = None
        elif self.status not in SOLVED_STATUSES:
            self.solved_ms = at_ms if self.status is not None else None
        self.status = status


def resolution(facts: Sequence[Fact], base: Metrics | None) -> Resolution:
    """The resolution that all facts of a ticket make, in their order; `base` counts for all that it covers."""
    found = Resolution() if base is None else Resolution(base.status, base.solved_ms, base.reopens)
    later = list(facts) if base is None else [fact for fact in facts if not base.covers(fact)]
    changes = [fact for fact in later if "changed" in fact.data]
    if base is None:
        _created(found, facts, changes)
    for previous, current, at_ms in _chained(changes, found.status):
        found.see(previous, at_ms)
        found.see(current, at_ms)
    for fact in _statements(later, changes):
        known = fact.kind in (TRIGGER_FACT, TICKET_MERGED)
        found.see(fact.data["properties"][STATUS_PROPERTY], fact.time_ms if known else None)
    return found


def _statements(facts: Sequence[Fact], changes: Sequence[Fact]) -> list[Fact]:
    """The facts whose state counts besides the changes. Only a trigger and a merge are the moment of what they show."""
    stated = [fact for fact in facts if STATUS_PROPERTY in fact.data.get("properties", {})]
    if changes:
        return [fact for fact in stated[-1:] if fact_order(fact) > fact_order(changes[-1])]
    return [fact for fact in stated if fact.kind != TICKET_CREATED]


def _created(found: Resolution, facts: Iterable[Fact], changes: Sequence[Fact]) -> None:
    """The status that a ticket was created with: an agent who takes a call creates one that is solved."""
    for fact in facts:
        if fact.kind == TICKET_CREATED:
            status = fact.data["properties"].get(STATUS_PROPERTY)
            if not changes or changes[0].data["changed"][0] == status:
                found.status = status
                found.solved_ms = fact.time_ms if status in SOLVED_STATUSES else None
            return


def _chained(changes: Iterable[Fact], status: str | None) -> Iterator[tuple[str | None, str | None, int]]:
    """Changes in their order. Those of one instant are chained: each begins with the status in which the one before
    it ended, because events without decimals share a second."""
    for at_ms, together in groupby(changes, key=_instant):
        left: list[tuple[Any, Any]] = [tuple(fact.data["changed"]) for fact in together]
        while left:
            following = next((change for change in left if change[0] == status), left[0])
            left.remove(following)
            status = following[1]
            yield *following, at_ms[0]


def _instant(fact: Fact) -> tuple[int, int]:
    return fact.time_ms, fact.order // POSITIONS
