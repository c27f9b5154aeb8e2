"""Every sentence a person can be shown by a service, in English and French, keyed by problem code or `code.variant`."""

from crosslook.contracts.messages.base import LocalizedMessage
from crosslook.contracts.messages.calculations import CALCULATIONS
from crosslook.contracts.messages.common import COMMON
from crosslook.contracts.messages.connections import CONNECTION_MESSAGES
from crosslook.contracts.messages.drill import DRILL
from crosslook.contracts.messages.events import EVENT_MESSAGES
from crosslook.contracts.messages.formulas import FORMULA_MESSAGES
from crosslook.contracts.messages.generic import GENERIC_MESSAGES
from crosslook.contracts.messages.groupings import GROUPING_MESSAGES
from crosslook.contracts.messages.imports import IMPORT_MESSAGES
from crosslook.contracts.messages.integrations import INTEGRATION_MESSAGES
from crosslook.contracts.messages.lists import LISTS
from crosslook.contracts.messages.measures import MEASURES
from crosslook.contracts.messages.page import PAGE_MESSAGES
from crosslook.contracts.messages.periods import PERIODS
from crosslook.contracts.messages.plans import PLAN_MESSAGES
from crosslook.contracts.messages.query import QUERY
from crosslook.contracts.messages.records import RECORD_MESSAGES
from crosslook.contracts.messages.reports import REPORT_MESSAGES
from crosslook.contracts.messages.schemas import SCHEMA_MESSAGES
from crosslook.contracts.messages.snapshots import SNAPSHOT_MESSAGES
from crosslook.contracts.messages.webhooks import WEBHOOK_PROBLEMS

MESSAGES: dict[str, LocalizedMessage] = {
    **COMMON,
    **EVENT_MESSAGES,
    **INTEGRATION_MESSAGES,
    **IMPORT_MESSAGES,
    **SCHEMA_MESSAGES,
    **CONNECTION_MESSAGES,
    **SNAPSHOT_MESSAGES,
    **RECORD_MESSAGES,
    **PLAN_MESSAGES,
    **QUERY,
    **CALCULATIONS,
    **LISTS,
    **MEASURES,
    **PERIODS,
    **FORMULA_MESSAGES,
    **GROUPING_MESSAGES,
    **DRILL,
    **REPORT_MESSAGES,
    **WEBHOOK_PROBLEMS,
    **GENERIC_MESSAGES,
    **PAGE_MESSAGES,
}

__all__ = ["MESSAGES", "LocalizedMessage"]
