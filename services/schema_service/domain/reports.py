"""The state of an object in the reports (R2, R3, R5), decided from the snapshots."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import takewhile

from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import SchemaState


class ReportState(StrEnum):
    """The states of CONTRACTS 2, `in_reports.state`."""

    PENDING = "pending"
    AVAILABLE = "available"
    CHANGING = "changing"
    LEAVING = "leaving"
    NOT_REPORTABLE = "not_reportable"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Sighting:
    """One snapshot's view of one object: `version` is the one that stood at its cut, None when there was none."""

    as_of: datetime
    version: int | None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the current snapshot shows the object as it was before, and the version that stood at that snapshot's cut."""

    reason: str
    version: int | None


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one object's appearances: `sightings` of the entries that reports use, the newest first."""

    sightings: tuple[Sighting, ...] = ()
    failure: Failure | None = None

    @property
    def shown(self) -> int:
        """The version that reports show, 0 when they show none."""
        return (self.sightings[0].version or 0) if self.sightings else 0

    @property
    def passed(self) -> int:
        """The version that every retained snapshot has reached."""
        return min((sighting.version or 0 for sighting in self.sightings), default=0)


@dataclass(frozen=True, slots=True)
class InReports:
    """The answer: `since` when it has been there (as far as known), `start` when what is said next comes true."""

    state: ReportState
    since: datetime | None = None
    start: datetime | None = None
    reason: Problem | None = None


def has_left(state: SchemaState, seen: Seen) -> bool:
    """Whether a deleted object is gone from the reports, so that its slug is free."""
    return state.definition is None and seen.shown >= state.version


def in_reports(state: SchemaState, seen: Seen, next_refresh: datetime) -> InReports:
    """The state of the object, and when it changes."""
    failure = seen.failure
    if state.definition is None:
        return InReports(ReportState.LEAVING, None, next_refresh, _why_leaving(seen))
    if not state.definition.reportable:
        return InReports(ReportState.NOT_REPORTABLE, reason=_reason("not_reportable"))
    first = state.reportable_since or state.since_version
    since = _since(seen.sightings, first)
    if failure is not None and (failure.version or 0) >= first:
        why = "failed" if seen.shown >= first else "failed_unseen"
        return InReports(ReportState.FAILED, since, next_refresh, _reason(why, reason=failure.reason))
    if seen.shown < first:
        return InReports(ReportState.PENDING, None, next_refresh, _reason("pending"))
    if seen.shown < state.version:
        return InReports(ReportState.CHANGING, since, next_refresh, _reason("changing", version=seen.shown))
    return InReports(ReportState.AVAILABLE, since)


def _why_leaving(seen: Seen) -> Problem:
    if seen.failure is not None:
        return _reason("failed", reason=seen.failure.reason)
    return _reason("leaving" if seen.shown else "deleted_unseen")


def _since(sightings: Sequence[Sighting], first: int) -> datetime | None:
    """As-of of the oldest of the latest snapshots that all show it."""
    shown = list(takewhile(lambda item: (item.version or 0) >= first, sightings))
    return shown[-1].as_of if shown else None


def _reason(name: str, **values: str | int) -> Problem:
    return Problem(f"in_reports.{name}", values=values)
