"""Facts about no-shows: marks, and their removal.

A mark has a URI of its own. Whether the message about its removal still carries that URI is not documented, so the
event's name decides and the envelope's time orders; where the URI is there, the removal ends exactly that mark.
"""

from collections.abc import Iterator

from crosslook.integrations.calendly.events import CalendlyEvent
from crosslook.integrations.calendly.parts import CalendlyInstant, CalendlyPart
from crosslook.integrations.calendly.vocabulary import BookingFact
from crosslook.integrations.interface import Fact


def no_show_facts(
    invitee: CalendlyPart,
    record: str,
    event: CalendlyEvent | None,
    sent: CalendlyInstant | None,
    changed: CalendlyInstant,
) -> Iterator[Fact]:
    """What a message says about no-shows of an invitee. `event`: None for an item of the export. `sent`: the envelope's
    time; `changed`: when the invitee was last changed. Raises Unmappable."""
    mark = invitee.part("no_show")
    if event is CalendlyEvent.NO_SHOW_REMOVED:
        yield _fact(record, BookingFact.NO_SHOW_REMOVED, mark, sent or changed)
    elif event is CalendlyEvent.NO_SHOW_MARKED:
        yield _fact(record, BookingFact.NO_SHOW, mark, sent or _made(mark) or changed)
    elif mark is not None:
        yield _fact(record, BookingFact.NO_SHOW, mark, _made(mark) or changed)
    elif event is None and invitee.names("no_show"):
        # The export shows no mark: one that is older than the invitee's last change was removed.
        yield Fact(record, "export", BookingFact.NO_SHOW_REMOVED, changed.ms, {"mark": None}, order=changed.nanoseconds)


def _made(mark: CalendlyPart | None) -> CalendlyInstant | None:
    return None if mark is None else mark.instant("created_at")


def _fact(record: str, kind: BookingFact, mark: CalendlyPart | None, since: CalendlyInstant) -> Fact:
    name = None if mark is None else mark.last_segment("uri")
    key = f"{kind}:{name}" if name is not None else f"{kind}@{since.ms}.{since.nanoseconds:06}"
    return Fact(record, key, kind, since.ms, {"mark": name}, order=since.nanoseconds)
