"""Sign-in codes: what `crosslook open` puts into a link, and the claims that make each of them work once.

A claim is a document of the reports topic. It may go once no replica can accept its code any more.
"""

from datetime import datetime
from typing import Literal

import orjson

from crosslook.contracts.documents import read_document
from crosslook.contracts.schemas import Contract

SIGN_IN_PREFIX = "~sign_in/"
CODE_AUDIENCE = "crosslook-sign-in"
"""The audience of codes: no service takes one for a token, and no token is taken for a code."""
CODE_SECONDS = 60
"""How long a code is valid."""


class UsedSignInCode(Contract):
    """A sign-in code that was exchanged for a session. `id`: the code's own id. `expires_at`: when the code expires."""

    type: Literal["crosslook.sign_in_code.used.v1"] = "crosslook.sign_in_code.used.v1"
    id: str
    expires_at: datetime

    @property
    def key(self) -> str:
        """Its key on the reports topic."""
        return f"{SIGN_IN_PREFIX}{self.id}"

    @classmethod
    def decode(cls, value: bytes) -> "UsedSignInCode":
        """The document of a value on the topic. Raises UnreadableDocument."""
        return read_document(cls, value)

    def encode(self) -> bytes:
        """The value on the topic."""
        return orjson.dumps(self.model_dump(), option=orjson.OPT_UTC_Z)
