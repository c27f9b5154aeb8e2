"""Zendesk: tickets from event subscriptions, from one documented trigger template, and from the incremental export.

`facts` reads all three into one set of facts per ticket and per user; `fold` makes the record and the alias of them.
"""

from crosslook.integrations.interface import Integration
from crosslook.integrations.zendesk.definition import check_zendesk, define_ticket
from crosslook.integrations.zendesk.export import zendesk_history
from crosslook.integrations.zendesk.facts import zendesk_facts
from crosslook.integrations.zendesk.fold import fold_zendesk
from crosslook.integrations.zendesk.manifest import ZENDESK_MANIFEST
from crosslook.integrations.zendesk.signature import verify_zendesk

INTEGRATION = Integration(
    manifest=ZENDESK_MANIFEST,
    verify=verify_zendesk,
    define=define_ticket,
    facts=zendesk_facts,
    fold=fold_zendesk,
    history=zendesk_history,
    check=check_zendesk,
)
