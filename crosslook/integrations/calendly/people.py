"""The person who booked, as a contact."""

from crosslook.contracts.values import TEXT_MAX
from crosslook.integrations.interface import JsonObject


def person_fields(details: JsonObject) -> JsonObject:
    """The fields of contact that an invitee's details give: `first_name`, `last_name` and `phone`, those that are known
    and fit. An invitee has one name or two, by the event type; of one name the first word is the first name."""
    first, last = details.get("first_name"), details.get("last_name")
    words = details.get("name", "").split()
    if first is None and words:
        own = last.split() if last is not None else []
        rest = words[: -len(own)] if own and words[-len(own) :] == own else words[:1]
        first = " ".join(rest) or None
    if last is None and first is not None:
        given = first.split()
        last = " ".join(words[len(given) :]) if words[: len(given)] == given else None
    fields = {"first_name": first, "last_name": last, "phone": details.get("phone")}
    return {slug: value for slug, value in fields.items() if value and len(value) <= TEXT_MAX}
