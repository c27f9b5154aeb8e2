"""The event types of Zendesk that are known by name, one table for all that reads them.

Names that circulate and do not exist (`ticket.updated`, `ticket.comment_created`) are not in it, so a message with one
waits in quarantine, as does one with a type that Zendesk adds later.
"""

import re
from typing import Final, NamedTuple

from crosslook.contracts.problems import Problem
from crosslook.integrations.interface import Unmappable

TICKET_DOMAIN: Final = "ticket"
USER_DOMAIN: Final = "user"

TICKET_EVENTS: Final = frozenset(
    {
        "agent_assignment_changed",
        "attachment_linked_to_comment",
        "attachment_redacted_from_comment",
        "brand_changed",
        "comment_added",
        "comment_made_private",
        "comment_redacted",
        "created",
        "csat_received",
        "csat_requested",
        "custom_field_changed",
        "custom_status_changed",
        "description_changed",
        "email_ccs_changed",
        "external_id_changed",
        "followers_changed",
        "form_changed",
        "group_assignment_changed",
        "marked_as_spam",
        "merged",
        "next_sla_breach_changed",
        "ola_policy_changed",
        "organization_changed",
        "permanently_deleted",
        "priority_changed",
        "problem_link_changed",
        "requester_changed",
        "schedule_changed",
        "sla_policy_changed",
        "soft_deleted",
        "status_changed",
        "subject_changed",
        "submitter_changed",
        "tags_changed",
        "task_due_at_changed",
        "type_changed",
        "undeleted",
    }
)
"""All 37 types of `zen:event-type:ticket.…`. Each carries the whole ticket, so each refreshes its state."""

USER_EVENTS: Final = frozenset(
    {
        "active_changed",
        "alias_changed",
        "created",
        "custom_field_changed",
        "custom_role_changed",
        "default_group_changed",
        "deleted",
        "details_changed",
        "external_id_changed",
        "group_membership_created",
        "group_membership_deleted",
        "identity_changed",
        "identity_created",
        "identity_deleted",
        "last_login_changed",
        "merged",
        "name_changed",
        "notes_changed",
        "only_private_comments_changed",
        "organization_membership_created",
        "organization_membership_deleted",
        "password_changed",
        "photo_changed",
        "role_changed",
        "suspended_changed",
        "tags_changed",
        "time_zone_changed",
    }
)
"""The types of `zen:event-type:user.…`. Each carries the user's primary e-mail."""

ORGANIZATION_EVENTS: Final = frozenset(
    {"created", "custom_field_changed", "deleted", "external_id_changed", "name_changed", "tags_changed"}
)
MESSAGING_EVENTS: Final = frozenset({"message_added"})
"""Messages of a conversation: their `detail` has nothing but the ticket's id, and they are not replies."""

_KNOWN = {
    TICKET_DOMAIN: TICKET_EVENTS,
    USER_DOMAIN: USER_EVENTS,
    "organization": ORGANIZATION_EVENTS,
    "messaging_ticket": MESSAGING_EVENTS,
}
_OTHER_DOMAINS = frozenset({"agent", "article", "community_post", "omnichannel_config"})
"""Domains that are about neither tickets nor users, whatever their types are called."""
# The vendor's own pages write some types with a slash.
_TYPE = re.compile(r"zen:event-type[:/]([a-z_]+)\.(\w+)", re.ASCII)
_SHOWN = 100


class EventType(NamedTuple):
    """`zen:event-type:ticket.created` is domain `ticket` and name `created`."""

    domain: str
    name: str

    def __str__(self) -> str:
        return f"{self.domain}.{self.name}"


def event_type(text: str) -> EventType:
    """The type of an event that is known by name. Raises Unmappable."""
    if found := _TYPE.fullmatch(text):
        kind = EventType(*found.groups())
        if kind.domain in _OTHER_DOMAINS or kind.name in _KNOWN.get(kind.domain, ()):
            return kind
    raise Unmappable(Problem("unknown_vendor_event", "/type", values={"event": text[:_SHOWN]}))
