"""What facts about a booking are called: kinds, keys and members of `data`, shared by the reader and the fold."""

from enum import StrEnum


class BookingFact(StrEnum):
    """The kinds of facts about one invitee of one scheduled event."""

    INVITEE = "invitee"
    """Who booked, and with which answers; the latest that is known."""
    MEETING = "meeting"
    """What was booked, when and where; the latest that is known."""
    CANCELED = "canceled"
    MOVED = "moved"
    """The invitee has a new booking instead; `to` names it where it is known."""
    CAME_FROM = "came_from"
    """The invitee has this booking instead of the one that `old` names."""
    NO_SHOW = "no_show"
    """Marked as a no-show; `mark` is the id of the mark where it is known."""
    NO_SHOW_REMOVED = "no_show_removed"
    """The mark, or any earlier mark where `mark` is not known, does not count any more."""
