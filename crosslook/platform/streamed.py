"""Calls whose bodies are read as streams: they have a limit of their own, and nobody keeps them whole."""

import re
from dataclasses import dataclass

from starlette.types import Scope


@dataclass(frozen=True, slots=True)
class StreamedBodies:
    """The calls of a service whose bodies are streamed: POSTs to paths that match. `max_bytes`: of one body."""

    path: re.Pattern[str]
    max_bytes: int

    def has(self, scope: Scope) -> bool:
        """Whether a request is such a call."""
        return scope["method"] == "POST" and self.path.fullmatch(scope["path"]) is not None
