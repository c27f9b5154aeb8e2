"""The object `zendesk_ticket`: its fields, in English as objects are data, and those that the options add."""

from collections.abc import Iterator, Mapping

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.problems import Problem, pointer
from crosslook.contracts.schemas import Definition, FieldDef, FieldType, Labels, OptionDef, RelationshipDef
from crosslook.integrations.interface import JsonObject
from crosslook.integrations.zendesk.custom_fields import custom_fields

TICKET_OBJECT = "zendesk_ticket"
REQUESTER = "requester"
_RESERVED = frozenset({"count", "id", "object", "record", "tenant"})


def _text(slug: str, label: str, description: str) -> FieldDef:
    return FieldDef(slug=slug, label=label, type=FieldType.TEXT, description=description)


def _time(slug: str, label: str, description: str) -> FieldDef:
    return FieldDef(slug=slug, label=label, type=FieldType.DATETIME, description=description)


def _count(slug: str, label: str, description: str) -> FieldDef:
    return FieldDef(slug=slug, label=label, type=FieldType.NUMBER, scale=0, description=description)


def _choice(slug: str, label: str, description: str, options: Mapping[str, str]) -> FieldDef:
    choices = tuple(OptionDef(value=value, label=name) for value, name in options.items())
    return FieldDef(slug=slug, label=label, type=FieldType.DROPDOWN, options=choices, description=description)


TICKET_FIELDS: tuple[FieldDef, ...] = (
    _text("ticket_id", "Ticket", "The number of the ticket in Zendesk."),
    _text("subject", "Subject", "The subject, cut at 1,024 characters."),
    _choice(
        "status",
        "Status",
        "The category of the status. Archived tickets are closed.",
        {
            "new": "New",
            "open": "Open",
            "pending": "Pending",
            "hold": "On hold",
            "solved": "Solved",
            "closed": "Closed",
        },
    ),
    _text("custom_status", "Custom status", "The id of the custom status, or the name that the options give it."),
    _choice("priority", "Priority", "", {"low": "Low", "normal": "Normal", "high": "High", "urgent": "Urgent"}),
    _choice(
        "type",
        "Type",
        "",
        {"question": "Question", "incident": "Incident", "problem": "Problem", "task": "Task"},
    ),
    _text("channel", "Channel", "How the ticket was created: email, web, api and others."),
    _text("group", "Group", "The id of the group, or its name: by the options, or by the trigger template."),
    _text("assignee", "Assignee", "The id of the agent, or the name: by the options, or by the trigger template."),
    _text("organization", "Organization", "The id of the organization, or the name that the options give it."),
    _text("brand", "Brand", "The id of the brand, or the name that the options give it."),
    FieldDef(slug="tags", label="Tags", type=FieldType.MULTISELECT, options=(), description=""),
    _time("created_at", "Created", ""),
    _time("updated_at", "Updated", ""),
    _time(
        "solved_at", "Solved", "When it was solved last, also by closing or merging it. Empty while it is not solved."
    ),
    _count("first_reply_minutes", "First reply (minutes)", "Minutes to the first public reply by an agent."),
    _count("replies", "Replies", "Public replies by agents, without the opening comment. Empty where not known."),
    _count("reopens", "Reopens", "How often it was opened again after it was solved. Empty where not known."),
    _choice("satisfaction", "Satisfaction", "The customer's last rating.", {"good": "Good", "bad": "Bad"}),
    _text("merged_into", "Merged into", "The number of the ticket that this one was merged into."),
)
"""The fields that every connection has."""

_NAMES = frozenset({*(field.slug for field in TICKET_FIELDS), REQUESTER})


def define_ticket(slug: str, options: JsonObject) -> Definition:
    """The object of a connection with these options."""
    return Definition(
        object=slug,
        labels=Labels(singular="Zendesk ticket", plural="Zendesk tickets"),
        description="Support tickets of Zendesk.",
        fields=(*TICKET_FIELDS, *(custom.field for custom in custom_fields(options))),
        relationships=(RelationshipDef(slug=REQUESTER, label="Requester", target=CONTACT, many=False),),
    )


def check_zendesk(options: JsonObject) -> Iterator[Problem]:
    """Slugs of custom fields that are taken, and fields of Zendesk that are named twice."""
    slugs, ids = set(_NAMES), set()
    for index, option in enumerate(options.get("custom_fields", ())):
        slug, vendor = option["slug"], str(option["id"])
        if slug in _RESERVED:
            yield Problem("reserved_word", pointer("custom_fields", index, "slug"), values={"name": slug})
        elif slug in slugs:
            yield Problem("duplicate_slug", pointer("custom_fields", index, "slug"), values={"name": slug})
        if vendor in ids:
            yield Problem("duplicate_option", pointer("custom_fields", index, "id"), values={"name": vendor})
        slugs.add(slug)
        ids.add(vendor)
