"""What follows from a tenant's past imports: times that name imports, the salt of ids, which are forgotten."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from crosslook.contracts.imports import ATTEMPTS_MAX, ImportFacts, ImportState

_STEP = timedelta(milliseconds=1)


def next_time(known: Iterable[ImportFacts], object_slug: str, now: datetime) -> datetime:
    """The time of new events of imports of an object: now, to the millisecond, and later than any before it. Times
    name imports in staging."""
    used = [time for facts in known if facts.object == object_slug for time in _times(facts)]
    rounded = now - timedelta(microseconds=now.microsecond % 1000)
    return max([rounded, *(time + _STEP for time in used)])


def unfinished(known: Iterable[ImportFacts], object_slug: str, fingerprint: str) -> ImportFacts | None:
    """The last import of an object that the same call began and did not end; None where there is none."""
    same = [
        facts
        for facts in known
        if facts.object == object_slug
        and facts.fingerprint == fingerprint
        and facts.state in (ImportState.RUNNING, ImportState.FAILED)
        and len(facts.attempts) < ATTEMPTS_MAX
    ]
    return max(same, key=lambda facts: facts.attempts[-1], default=None)


def last_undone(known: Iterable[ImportFacts], object_slug: str) -> ImportFacts | None:
    """The import of an object whose undoing began last; None where none was undone."""
    undone = [facts for facts in known if facts.object == object_slug and facts.undone_at is not None]
    return max(undone, key=lambda facts: facts.undone_at or facts.started_at, default=None)


def outdated(known: Sequence[ImportFacts], most: int) -> list[ImportFacts]:
    """The oldest imports beyond `most`, but for those that an object's ids are salted with, and those under way."""
    salting = {found.id for facts in known if (found := last_undone(known, facts.object)) is not None}
    busy = (ImportState.RUNNING, ImportState.UNDOING)
    free = [facts for facts in known if facts.id not in salting and facts.state not in busy]
    free.sort(key=lambda facts: facts.started_at)
    return free[: max(0, len(known) - most)]


def _times(facts: ImportFacts) -> list[datetime]:
    return [*facts.attempts, *([facts.undone_at] if facts.undone_at is not None else [])]
