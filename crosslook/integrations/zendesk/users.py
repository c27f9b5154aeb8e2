"""Facts about users of Zendesk: their e-mails, whom they were merged with, and when they went.

A ticket names its requester by id; these facts are how the id leads to a contact. What an event states about a user is
kept under a record of its own, `user:88`.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from crosslook.contracts.ids import EVENT_ID_MAX
from crosslook.contracts.values import email_key
from crosslook.integrations.interface import Fact, JsonObject
from crosslook.integrations.zendesk.event_types import EventType
from crosslook.integrations.zendesk.events import event_key, moment_of
from crosslook.integrations.zendesk.moments import end_of_second, read_ms
from crosslook.integrations.zendesk.reading import about_record, optional_object, required_id, required_object

USER_PREFIX: Final = "user:"
EXPORTED_USER: Final = "exported_user"
_Stated = dict[str, Any]


def user_record(user: str) -> str:
    """The record under which facts about a user are kept; ids of tickets have no colon."""
    return f"{USER_PREFIX}{user}"


def email_address(value: Any) -> str | None:
    """An e-mail in the form in which they are compared. None for what is not one: an empty e-mail identifies nobody."""
    address = email_key(value) if isinstance(value, str) else ""
    return address if "@" in address and len(address) <= EVENT_ID_MAX else None


def user_event_facts(envelope: JsonObject, kind: EventType) -> list[Fact]:
    """What one user event states; nothing where it names no e-mail and none of ours changes. Raises Unmappable."""
    detail = required_object(envelope, "detail")
    user = required_id(detail, "id", "detail")
    with about_record(user_record(user)):
        event = optional_object(envelope, "event")
        key, at = event_key(envelope), moment_of(envelope, event)
        if kind.name == "merged":
            other = required_id(required_object(event, "user", "event"), "id", "event", "user")
            # Nowhere is documented which of the two survives. Each stands for the other after its own e-mails.
            pairs = [(user, other, detail), (other, user, {})]
            stated = [(who, {**_primary(about_them), "merged": whom}) for who, whom, about_them in pairs]
        else:
            stated = [(user, {**_primary(detail), **_READERS.get(kind.name, _nothing)(event)})]
        return [Fact(user_record(who), key, str(kind), at.ms, data, at.order) for who, data in stated if data]


def exported_user_facts(user: JsonObject) -> list[Fact]:
    """What a user of an export states. One that is not active is deleted. Raises Unmappable."""
    record = user_record(required_id(user, "id", "user"))
    with about_record(record):
        updated = read_ms(user.get("updated_at"), "user", "updated_at")
        at = end_of_second(updated)
        data = {**_primary(user), "gone": user.get("active") is False}
        return [Fact(record, f"{EXPORTED_USER}:{updated}", EXPORTED_USER, at.ms, data, at.order)]


def _primary(sent: JsonObject) -> _Stated:
    return {"email": email_address(sent["email"])} if "email" in sent else {}


def _nothing(event: JsonObject) -> _Stated:
    return {}


def _identity(event: JsonObject, name: str) -> str | None:
    """The e-mail of an identity; other identities are phone numbers and social accounts."""
    identity = optional_object(event, name, "event")
    return email_address(identity.get("value")) if identity.get("type") in ("email", None) else None


def _created(event: JsonObject) -> _Stated:
    return {"added": _identity(event, "identity") or _identity(event, "current")}


def _changed(event: JsonObject) -> _Stated:
    return {"removed": _identity(event, "previous"), "added": _identity(event, "current")}


def _deleted(event: JsonObject) -> _Stated:
    return {"removed": _identity(event, "identity") or _identity(event, "current") or _identity(event, "previous")}


def _active_changed(event: JsonObject) -> _Stated:
    """A user who is not active any more is deleted; nobody says who comes back."""
    return {"gone": event.get("current") in (False, "false")}


_READERS: Mapping[str, Callable[[JsonObject], _Stated]] = {
    "created": lambda event: {"gone": False},
    "identity_created": _created,
    "identity_changed": _changed,
    "identity_deleted": _deleted,
    "active_changed": _active_changed,
    "deleted": lambda event: {"gone": True},
}
