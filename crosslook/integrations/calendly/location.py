"""Where a meeting takes place, as reports may show it: an address, a phone number or a kind, never a way in."""

import re

from crosslook.integrations.calendly.parts import CalendlyPart

_DESCRIBED = frozenset({"physical", "custom", "ask_invitee", "inbound_call", "outbound_call"})
_KIND = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_WEB_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://|\bwww\.|[\w-]\.[a-z]{2,}/", re.IGNORECASE)


def location_text(location: CalendlyPart | None) -> str | None:
    """The address or number where Calendly's kind of location has one, else the kind (`zoom`). `join_url` and `data`
    are not read: with them anybody can enter the meeting. A text that contains a web address is such a way in too, so
    the kind replaces it. Raises Unmappable."""
    if location is None:
        return None
    kind = location.text("type") or ""
    described = location.text("location") if kind in _DESCRIBED else None
    if described is not None and not _WEB_ADDRESS.search(described):
        return described
    return kind if _KIND.fullmatch(kind) else None
