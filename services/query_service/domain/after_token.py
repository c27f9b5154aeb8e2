"""The token of the place where a page of a list ends: a request with it gets the rows that follow.

It names the snapshot, the question (a hash of all that shapes the rows and their order) and the row; never a value, so
that it is short whatever the list is sorted by, and tells nobody more than the page did. It is checked and not signed:
made up, it answers rows that its caller may ask for anyway."""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

AFTER_MAX = 4000
"""Most characters of a token: two ids of records need fewer."""
QUESTION_LENGTH = 32
"""Characters of the hash of a question."""
_VERSION = 1
_TEXTS = 3


class BadToken(ValueError):
    """A text that is not a token."""


@dataclass(frozen=True, slots=True)
class RowPosition:
    """A row of a list: its record, and in pairs its contact."""

    record: str
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class AfterToken:
    """The last row of a page, in which snapshot and of which question."""

    snapshot: str
    question: str
    position: RowPosition

    def encode(self) -> str:
        """The token as an answer shows it."""
        position = self.position
        content: list[str | int | None] = [_VERSION, self.snapshot, self.question, position.record, position.contact]
        return urlsafe_b64encode(orjson.dumps([*content, _check(content)])).rstrip(b"=").decode()

    @staticmethod
    def decode(text: str) -> "AfterToken":
        """The token in a request. Raises BadToken."""
        if len(text) > AFTER_MAX:
            raise BadToken
        try:
            read = orjson.loads(urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
            version, *texts, contact, check = read
        except (ValueError, TypeError):
            raise BadToken from None
        known = version == _VERSION and len(texts) == _TEXTS and check == _check([version, *texts, contact])
        if not known or not all(isinstance(part, str) for part in (*texts, contact or "")):
            raise BadToken
        snapshot, question, record = texts
        return AfterToken(snapshot, question, RowPosition(record, contact))


def _check(content: Sequence[str | int | None]) -> str:
    """What tells a token that was cut or changed by accident."""
    return hashlib.sha256(orjson.dumps(content)).hexdigest()[:12]
