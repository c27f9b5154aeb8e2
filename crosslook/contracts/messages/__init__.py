"""Every sentence a person can be shown by a service, in English and French, keyed by problem code or `code.variant`."""

from crosslook.contracts.messages.base import Message
from crosslook.contracts.messages.calculations import CALCULATIONS
from crosslook.contracts.messages.common import COMMON
from crosslook.contracts.messages.events import EVENTS
from crosslook.contracts.messages.measures import MEASURES
from crosslook.contracts.messages.query import QUERY
from crosslook.contracts.messages.reports import REPORTS
from crosslook.contracts.messages.schemas import SCHEMAS
from crosslook.contracts.messages.snapshots import SNAPSHOTS

MESSAGES: dict[str, Message] = {
    **COMMON,
    **EVENTS,
    **SCHEMAS,
    **SNAPSHOTS,
    **QUERY,
    **CALCULATIONS,
    **MEASURES,
    **REPORTS,
}

__all__ = ["MESSAGES", "Message"]
