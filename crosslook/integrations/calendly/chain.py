"""A booking as the chain of its reschedules: which invitees are one booking, in which order, whatever arrived first.

In what Calendly documents a chain is a path: each invitee has at most one predecessor and one successor. Circles and
forks do not occur in it; if data have them all the same, the result is the same for every order of arrival, and it is
one booking.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from crosslook.integrations.calendly.vocabulary import BookingFact
from crosslook.integrations.interface import Fact, JsonObject

_EMPTY: JsonObject = {}


@dataclass(frozen=True)
class BookedInvitee:
    """One invitee of one scheduled event, as its facts have it. `facts`: in the order of time; none where only a
    neighbour names it."""

    record: str
    facts: Sequence[Fact] = ()

    @cached_property
    def details(self) -> JsonObject:
        """Who booked; empty while unknown."""
        return self._data(BookingFact.INVITEE)

    @cached_property
    def meeting(self) -> JsonObject:
        """What was booked; empty while unknown."""
        return self._data(BookingFact.MEETING)

    @property
    def age(self) -> tuple[int, str]:
        """When it was booked, then its id: what orders invitees that no link orders."""
        return self.details.get("booked_ms", 0), self.record

    @property
    def moved(self) -> bool:
        """Whether another booking has taken its place."""
        return bool(self._of(BookingFact.MOVED))

    @property
    def cancellation(self) -> Fact | None:
        """How it ended, if it did; a moved booking is canceled at Calendly, too."""
        return next(iter(self._of(BookingFact.CANCELED)), None)

    @property
    def no_show(self) -> bool:
        """Whether a mark counts that was not removed."""
        removed = self._of(BookingFact.NO_SHOW_REMOVED)
        return not all(any(_removes(end, mark) for end in removed) for mark in self._of(BookingFact.NO_SHOW))

    def _of(self, kind: BookingFact) -> list[Fact]:
        return [fact for fact in self.facts if fact.kind == kind]

    def _data(self, kind: BookingFact) -> JsonObject:
        return next((fact.data for fact in self._of(kind)), _EMPTY)


def _removes(end: Fact, mark: Fact) -> bool:
    """A removal that names its mark ends that one; otherwise it ends the marks before it."""
    ended, name = end.data.get("mark"), mark.data.get("mark")
    if ended is not None and name is not None:
        return bool(ended == name)
    return (end.time_ms, end.order) >= (mark.time_ms, mark.order)


@dataclass(frozen=True, slots=True)
class BookingChain:
    """Invitees that are one booking. `path`: from the first that is known, or named, to the last. `others`: those that
    a fork of bad data leaves beside it."""

    path: tuple[BookedInvitee, ...]
    others: tuple[BookedInvitee, ...] = field(default=())

    @property
    def first(self) -> BookedInvitee:
        """The first; the booking has its id."""
        return self.path[0]

    @property
    def last(self) -> BookedInvitee:
        """The booking as it is now, of which perhaps only the id is known yet."""
        return self.path[-1]

    @property
    def merged(self) -> list[str]:
        """The ids that are not the booking's: each may have been taken for a booking of its own before."""
        return sorted(invitee.record for invitee in (*self.path[1:], *self.others))


def read_chain(facts: Iterable[Fact]) -> BookingChain:
    """The chain that all facts about its invitees state; at least one fact."""
    stated: dict[str, list[Fact]] = defaultdict(list)
    after: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        stated[fact.record].append(fact)
        for old, new in _link(fact):
            stated[old], stated[new]
            after[old].add(new)
    invitees = {record: BookedInvitee(record, tuple(found)) for record, found in stated.items()}
    path = _path(invitees, after)
    named = {invitee.record for invitee in path}
    others = (invitee for record, invitee in invitees.items() if record not in named)
    return BookingChain(tuple(path), tuple(sorted(others, key=lambda invitee: invitee.age)))


def _link(fact: Fact) -> Iterable[tuple[str, str]]:
    if fact.kind == BookingFact.MOVED and "to" in fact.data:
        yield fact.record, fact.data["to"]
    elif fact.kind == BookingFact.CAME_FROM:
        yield fact.data["old"], fact.record


def _path(invitees: Mapping[str, BookedInvitee], after: Mapping[str, set[str]]) -> list[BookedInvitee]:
    """From the oldest invitee without a predecessor (in a circle: the oldest of all) to its newest successors."""
    followed = {new for successors in after.values() for new in successors}
    roots = [invitee for record, invitee in invitees.items() if record not in followed] or invitees.values()
    path = [min(roots, key=lambda invitee: invitee.age)]
    left = invitees.keys() - {path[0].record}
    while successors := after.get(path[-1].record, set()) & left:
        path.append(max((invitees[record] for record in successors), key=lambda invitee: invitee.age))
        left -= {path[-1].record}
    return path
