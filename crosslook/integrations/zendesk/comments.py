"""What an event states about a comment: whether it is a public reply by the staff, and may be the opening one."""

from typing import Any

from crosslook.integrations.interface import JsonObject
from crosslook.integrations.zendesk.reading import optional_object, required_id, required_object, unreadable, vendor_id

_AUTOMATIC = frozenset({"system", "bot", "automation", "trigger", "app"})
_PLACE = ("event", "comment")


def added_comment(event: JsonObject, detail: JsonObject) -> dict[str, Any]:
    """`id`; `reply`: a public comment by a person of the staff; `opens`: its text is the ticket's description, which is
    the text of the first comment. Its own text is not kept. Raises Unmappable."""
    comment = required_object(event, "comment", "event")
    return {
        "id": required_id(comment, "id", *_PLACE),
        "reply": _flag(comment, "is_public", *_PLACE) and _by_staff(comment, event, detail),
        "opens": _opens(comment.get("body"), detail.get("description")),
    }


def hidden_comment(event: JsonObject) -> str:
    """The id of a comment that was made private. Raises Unmappable."""
    return required_id(required_object(event, "comment", "event"), "id", *_PLACE)


def _by_staff(comment: JsonObject, event: JsonObject, detail: JsonObject) -> bool:
    """A person of the staff wrote it: the role that the event names, because people leave; and neither a bot nor an
    automation did."""
    author = optional_object(comment, "author", *_PLACE)
    if vendor_id(author.get("id"), *_PLACE, "author", "id") is None:
        return False
    if "actor_id" in detail and detail["actor_id"] is not None and vendor_id(detail["actor_id"], "detail") is None:
        return False
    kinds = {author.get("type"), optional_object(event, "actor", "event").get("type")}
    if not _AUTOMATIC.isdisjoint(kind.lower() for kind in kinds if isinstance(kind, str)):
        return False
    return _flag(author, "is_staff", *_PLACE, "author")


def _flag(sent: JsonObject, name: str, *place: str | int) -> bool:
    value = sent.get(name)
    if not isinstance(value, bool):
        raise unreadable("wrong_type", *place, name, text="wrong_type.boolean")
    return value


def _opens(body: Any, description: Any) -> bool:
    """Whether nothing speaks against it: without both texts there is nothing to compare."""
    if not isinstance(body, str) or not isinstance(description, str):
        return True
    return body.split() == description.split()
