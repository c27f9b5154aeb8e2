"""How records refer to contacts: by id, e-mail or foreign id, in one canonical form."""

from typing import Any

from crosslook.contracts.ids import EVENT_ID_MAX, RECORD_ID_MAX
from crosslook.contracts.values import BadValue, email_key

REFERENCES_MAX = 1000
"""Contacts that one relationship, and foreign ids that one contact, may name."""
REFERENCE_LIMITS = {"id": RECORD_ID_MAX, "email": EVENT_ID_MAX, "external": EVENT_ID_MAX}


def reference(sent: Any) -> str:
    """`{"email": " A@x.com "}` becomes `email:a@x.com`: e-mails are compared without case and outer spaces.

    Raises BadValue; what is `too_long` is the value of the one member, all else is wrong with the whole.
    """
    if type(sent) is not dict or len(sent) != 1:
        raise BadValue("wrong_type", "wrong_type.reference")
    ((kind, value),) = sent.items()
    limit = REFERENCE_LIMITS.get(kind)
    if limit is None or type(value) is not str or not value.strip():
        raise BadValue("wrong_type", "wrong_type.reference")
    if len(value) > limit:
        raise BadValue("too_long", limit=limit)
    return f"email:{email_key(value)}" if kind == "email" else f"{kind}:{value}"


def distinct(texts: list[str]) -> list[str]:
    """Each text once, at its first position."""
    return texts if len(texts) == 1 else list(dict.fromkeys(texts))
