"""`If-Match` and `Idempotency-Key`, which make a write safe to repeat (RFC 9110 §13, the Idempotency-Key draft)."""

import hashlib
from typing import Annotated, Any

from fastapi import Header

from crosslook.platform.bodies import WRITTEN_NESTING_MAX, json_bytes, nested_too_deep
from crosslook.platform.errors import PreconditionFailed, PreconditionRequired

_SHOWN_MOST = 100
KEY_MAX = 256

IfMatch = Annotated[str | None, Header(description='The version that was read, as `"<version>"`.')]
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1, max_length=KEY_MAX, description="A repeated request with the same key and body creates nothing."
    ),
]


def etag(version: int) -> str:
    """The entity tag of a version."""
    return f'"{version}"'


def check_match(sent: str | None, version: int, *, required: bool) -> None:
    """Whether `If-Match` names the current version; a bare number is taken for the tag that it means.

    Raises PreconditionRequired when it is missing and required, PreconditionFailed when it names others.
    """
    if sent is None:
        if required:
            raise PreconditionRequired
        return
    tags = {tag.strip() for tag in sent.split(",")}
    if tags.isdisjoint({"*", etag(version), str(version)}):
        raise PreconditionFailed(version, sent[:_SHOWN_MOST])


def fingerprint(body: Any) -> str:
    """The same for bodies that are the same JSON, in whatever order and spacing they were sent.

    Raises Invalid `bad_value` for what is nested too deep: it need not have been checked yet."""
    written = json_bytes(body, sorted_keys=True)
    if written is None:
        raise nested_too_deep(WRITTEN_NESTING_MAX)
    return hashlib.sha256(written).hexdigest()
