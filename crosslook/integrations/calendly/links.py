"""Facts about a reschedule: an invitee's booking has taken the place of an earlier one.

Calendly links the two by URIs on the invitee. Both ends of a link are stated from either side, as facts of both
invitees, so that a chain is whole from the moment when one message about the link is known.
"""

from collections.abc import Iterator

from crosslook.integrations.calendly.parts import CalendlyInstant, CalendlyPart
from crosslook.integrations.calendly.vocabulary import BookingFact
from crosslook.integrations.interface import Fact


def link_facts(invitee: CalendlyPart, record: str, booked: CalendlyInstant, changed: CalendlyInstant) -> Iterator[Fact]:
    """The links of an invitee. `booked`: when it was made; `changed`: when it was last changed. Raises Unmappable."""
    old, new = invitee.last_segment("old_invitee"), invitee.last_segment("new_invitee")
    if old is not None and old != record:
        yield from _link(old, record, booked)
    if new is not None and new != record:
        yield from _link(record, new, changed)
    elif invitee.flag("rescheduled"):
        yield Fact(record, BookingFact.MOVED, BookingFact.MOVED, changed.ms, order=changed.nanoseconds)


def _link(old: str, new: str, since: CalendlyInstant) -> Iterator[Fact]:
    yield Fact(
        old, f"{BookingFact.MOVED}:{new}", BookingFact.MOVED, since.ms, {"to": new}, since.nanoseconds, related=(new,)
    )
    yield Fact(
        new,
        f"{BookingFact.CAME_FROM}:{old}",
        BookingFact.CAME_FROM,
        since.ms,
        {"old": old},
        since.nanoseconds,
        related=(old,),
    )
