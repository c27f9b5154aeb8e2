"""A gate that never refuses a write."""


class OpenGate:
    """The gate of insertions whose store is never compared with anything."""

    def doubt(self) -> None:
        """Nothing follows from it."""

    async def require(self) -> None:
        """Always."""
