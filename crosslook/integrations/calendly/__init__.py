"""Calendly: a booking is the chain of its reschedules, folded from webhooks and from the export of scheduled events."""

from crosslook.integrations.calendly.definition import define_booking
from crosslook.integrations.calendly.facts import calendly_facts
from crosslook.integrations.calendly.fold import fold_booking
from crosslook.integrations.calendly.history import calendly_history
from crosslook.integrations.calendly.manifest import CALENDLY_MANIFEST
from crosslook.integrations.calendly.signature import verify_calendly
from crosslook.integrations.interface import Integration

INTEGRATION = Integration(
    manifest=CALENDLY_MANIFEST,
    verify=verify_calendly,
    define=define_booking,
    facts=calendly_facts,
    fold=fold_booking,
    history=calendly_history,
)
