"""Time zones by name."""

from zoneinfo import ZoneInfo


def zone(name: str) -> ZoneInfo | None:
    """The IANA zone of that name; None when there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # `America` is a folder of zones: an OSError.
        return None
