"""What became of each event of one record, or what the next refresh will decide about it. Pure.

`compaction.compact` says what a record is made of; this says the same from the side of the events. Staging does not
record it, so it is found by repeating what refreshes did: the events of each build of the object in their order, by the
same rules. What happened before the builds that are still known (`ObjectHistory`) is concluded from the order of
arrival.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import NamedTuple

from crosslook.contracts.positions import Positions
from crosslook.contracts.records import EventKind
from services.snapshot_service.domain.compaction import Version

Place = tuple[int, int, int]
"""When and where an event arrived, in the order of arrival: milliseconds, partition, offset."""


class Outcome(StrEnum):
    """What an event did to its record. The names are those of CONTRACTS 4."""

    WINNER = "winner"
    """The greatest upsert or deletion: the record is this, with later patches applied to it."""
    APPLIED = "applied"
    """A patch that is greater than the winner: the fields that it names are in the record."""
    OLDER = "older"
    """Without a part in the record: something that counts more decides."""
    REPEAT = "repeat"
    """An event with the same source and id arrived before."""
    TOO_LATE = "too_late"
    """It arrived after the horizon, and its record had a greater event already."""
    WAITING = "waiting"
    """The next refresh decides, or a patch waits for its record."""
    QUARANTINED = "quarantined"
    """It was refused and waits in quarantine."""


class SeenEvent(NamedTuple):
    """An event of a record without its content. `schema_version`: the one that it was admitted under, None where that
    is not known any more."""

    kind: EventKind
    version: Version
    received_ms: int
    source: str
    event_id: str
    schema_version: int | None

    @property
    def place(self) -> Place:
        """When and where it arrived."""
        return self.received_ms, self.version[2], self.version[3]


class DecidedEvent(NamedTuple):
    """An outcome, and the code of a reason where the outcome alone does not explain it. `expected`: of an event that
    waits, what the next refresh will decide if nothing else arrives; None where that is not known."""

    outcome: Outcome
    code: str = ""
    expected: Outcome | None = None


class Cut(NamedTuple):
    """One build of the object: the positions that it covers, and the instant before which no event can come in time any
    more (`compaction.Horizon`)."""

    watermark: Positions
    expiry_ms: int


@dataclass(frozen=True, slots=True)
class ObjectHistory:
    """What refreshes did with an object, and what the next one will do.

    `cuts`: the builds that are known, the oldest first. `complete`: no build came before them. `built_since`: the
    builds left out what was admitted under an earlier schema, because it belongs to an earlier object of that name;
    `next_since`: so will the next one, None where the object is deleted. `low`: the positions from which that one
    reads. `continues`: it starts from the rows of the last build. `next_expiry_ms`: the horizon if it ran now.
    `late_ms` as in `compaction.Horizon`.
    """

    cuts: Sequence[Cut]
    complete: bool
    built_since: int
    next_since: int | None
    low: Positions
    continues: bool
    next_expiry_ms: int
    late_ms: int


@dataclass(frozen=True, slots=True)
class RecordOutcomes:
    """`events`: what became of each by its place. `live`: whether the next refresh gives a record that reports show;
    `deleted`: whether it does not, because the record or its object was deleted."""

    events: Mapping[Place, DecidedEvent]
    live: bool
    deleted: bool


@dataclass(frozen=True, slots=True)
class _Record:
    """A record between two refreshes, as `compaction.BuiltRecord`.

    `version`, `received_ms`: of the winner, or of the last patch that was folded into it. `folded`: the patches that
    are a part of the winner's row for good; `patches`: those that are kept beside it, or that wait for it. `orphaned`:
    those that waited longer than the horizon. `forgotten`: a deletion that the horizon took away.
    """

    winner: SeenEvent | None = None
    version: Version = (0, 0, 0, 0)
    received_ms: int = 0
    folded: tuple[SeenEvent, ...] = ()
    patches: tuple[SeenEvent, ...] = ()
    orphaned: tuple[SeenEvent, ...] = ()
    forgotten: SeenEvent | None = None

    @property
    def greatest(self) -> Version:
        """The version of the greatest event that it is made of."""
        return max([self.version, *(patch.version for patch in self.patches)])


def decide_outcomes(
    events: Iterable[SeenEvent],
    history: ObjectHistory,
    firsts: Mapping[tuple[str, str], Place],
    *,
    compared: bool = True,
) -> RecordOutcomes:
    """The outcomes of a record's events. `firsts`: by source and id the place of the event of the tenant that arrived
    first; an event whose identity is not there is the first. `compared`: whether `events` are all that are stored, and
    not only those that arrived last."""
    seen = sorted(set(events), key=lambda event: event.place)
    decided: dict[Place, DecidedEvent] = {}
    built: list[SeenEvent] = []
    waiting: list[SeenEvent] = []
    for event in seen:
        if firsts.get((event.source, event.event_id), event.place) != event.place:
            decided[event.place] = DecidedEvent(Outcome.REPEAT)
        elif history.cuts and _below(event, history.cuts[-1].watermark):
            if _since(event, history.built_since):
                built.append(event)
            else:
                decided[event.place] = DecidedEvent(Outcome.OLDER, "earlier_object")
        elif history.next_since is not None and _since(event, history.next_since) and not _below(event, history.low):
            waiting.append(event)
        else:
            decided[event.place] = _left_out(history)
    record, late = _built(built, history)
    following = record if history.continues else _Record()
    came_late = _late(following, waiting, history.late_ms)
    coming = _refreshed(following, _without(waiting, came_late), history.next_expiry_ms)
    decided |= _outcomes(built, record, late) | _of_waiting_patches(record, coming, history, compared)
    for place, expected in _outcomes(waiting, coming, came_late).items():
        awaited = DecidedEvent(Outcome.WAITING, expected.code, expected.outcome)
        decided[place] = awaited if compared else DecidedEvent(Outcome.WAITING)
    live = history.next_since is not None and coming.winner is not None and coming.winner.kind is not EventKind.DELETE
    return RecordOutcomes(decided, live, not live and _ended(coming, decided.values()))


def _below(event: SeenEvent, watermark: Positions) -> bool:
    return event.version[3] < watermark.get(event.version[2], 0)


def _since(event: SeenEvent, version: int) -> bool:
    return event.schema_version is None or event.schema_version >= version


def _left_out(history: ObjectHistory) -> DecidedEvent:
    """The outcome of what the next refresh leaves out because the object was deleted since."""
    return DecidedEvent(Outcome.OLDER, "object_deleted" if history.next_since is None else "earlier_object")


def _of_waiting_patches(
    record: _Record, coming: _Record, history: ObjectHistory, compared: bool
) -> dict[Place, DecidedEvent]:
    """The outcomes of the patches that wait for their record in the last build. Whether its upsert or deletion has
    arrived since is known even where not all events are compared: those that are missing arrived before the patches."""
    if record.winner is not None:
        return {}
    if not history.continues:
        return {patch.place: _left_out(history) for patch in record.patches}
    outcomes = {}
    for place, expected in _outcomes(record.patches, coming, frozenset()).items():
        missing = expected.outcome in (Outcome.WAITING, Outcome.QUARANTINED)
        code = "record_missing" if missing else expected.code
        outcomes[place] = DecidedEvent(Outcome.WAITING, code, expected.outcome if compared else None)
    return outcomes


def _ended(coming: _Record, decided: Iterable[DecidedEvent]) -> bool:
    return (
        coming.winner is not None
        or coming.forgotten is not None
        or any(found.code in ("object_deleted", "earlier_object") for found in decided)
    )


def _built(events: Sequence[SeenEvent], history: ObjectHistory) -> tuple[_Record, frozenset[Place]]:
    """The record in the last build, and the events that came too late for their build."""
    record, late, left = _Record(), frozenset[Place](), list(events)
    for number, cut in enumerate(history.cuts):
        fresh = [event for event in left if _below(event, cut.watermark)]
        left = [event for event in left if not _below(event, cut.watermark)]
        known = number > 0 or history.complete
        came_late = _late(record, fresh, history.late_ms) if known else _late_by_arrival(fresh, history.late_ms)
        record, late = _refreshed(record, _without(fresh, came_late), cut.expiry_ms), late | came_late
    return record, late


def _without(events: Iterable[SeenEvent], late: frozenset[Place]) -> list[SeenEvent]:
    return [event for event in events if event.place not in late]


def _late(record: _Record, fresh: Iterable[SeenEvent], late_ms: int) -> frozenset[Place]:
    """As `compaction.too_late`."""
    if record.winner is None:
        return frozenset()
    greatest = record.greatest
    return frozenset(event.place for event in fresh if _is_late(event, late_ms) and event.version < greatest)


def _late_by_arrival(fresh: Iterable[SeenEvent], late_ms: int) -> frozenset[Place]:
    """As if a refresh had come after each event: of the builds in which they were nothing is known any more."""
    late, whole, greatest = set[Place](), False, (0, 0, 0, 0)
    for event in fresh:
        if whole and _is_late(event, late_ms) and event.version < greatest:
            late.add(event.place)
        else:
            whole, greatest = whole or event.kind is not EventKind.PATCH, max(greatest, event.version)
    return frozenset(late)


def _is_late(event: SeenEvent, late_ms: int) -> bool:
    return event.version[0] < event.received_ms - late_ms


def _refreshed(record: _Record, fresh: Sequence[SeenEvent], expiry_ms: int) -> _Record:
    """The record after a refresh with these events, as `compaction.compact` makes it."""
    wholes = [event for event in fresh if event.kind is not EventKind.PATCH]
    base = max(wholes, key=_version, default=None)
    arrived = [*record.patches, *(event for event in fresh if event.kind is EventKind.PATCH)]
    if base is not None and (record.winner is None or base.version > record.version):
        record = _Record(base, base.version, base.received_ms, orphaned=record.orphaned)
    elif record.winner is None:
        expired = tuple(patch for patch in record.patches if patch.received_ms < expiry_ms)
        kept = tuple(patch for patch in sorted(arrived, key=_version) if patch not in expired)
        return replace(record, patches=kept, orphaned=(*record.orphaned, *expired))
    patches = sorted((patch for patch in arrived if patch.version > record.version), key=_version)
    young = tuple(patch for patch in patches if patch.version[0] >= expiry_ms)
    if record.winner is not None and record.winner.kind is EventKind.DELETE:
        if record.received_ms < expiry_ms and not young:
            return _Record(forgotten=record.winner)
        return replace(record, patches=young)
    old = tuple(patch for patch in patches if patch.version[0] < expiry_ms)
    last = old[-1] if old else None
    version, received_ms = (last.version, last.received_ms) if last else (record.version, record.received_ms)
    return replace(record, version=version, received_ms=received_ms, folded=(*record.folded, *old), patches=young)


def _version(event: SeenEvent) -> Version:
    return event.version


def _parts(record: _Record) -> dict[Place, DecidedEvent]:
    """What became of the events that a record is made of, or that wait for it."""
    winner = record.winner or record.forgotten
    parts = {patch.place: DecidedEvent(Outcome.QUARANTINED, "orphan_patch") for patch in record.orphaned}
    match record.winner.kind if record.winner is not None else None:
        case None:
            beside = DecidedEvent(Outcome.WAITING, "record_missing")
        case EventKind.DELETE:
            beside = DecidedEvent(Outcome.OLDER, "record_deleted")
        case _:
            beside = DecidedEvent(Outcome.APPLIED)
    parts |= {patch.place: beside for patch in (*record.folded, *record.patches)}
    return parts if winner is None else parts | {winner.place: DecidedEvent(Outcome.WINNER)}


def _outcomes(events: Iterable[SeenEvent], record: _Record, late: frozenset[Place]) -> dict[Place, DecidedEvent]:
    """What became of events that were all in builds of the record."""
    parts = dict.fromkeys(late, DecidedEvent(Outcome.TOO_LATE)) | _parts(record)
    return {event.place: parts.get(event.place, DecidedEvent(Outcome.OLDER)) for event in events}
