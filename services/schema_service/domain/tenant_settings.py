"""What a tenant sends as its settings, read strictly."""

from typing import Any, get_args

from crosslook.contracts.problems import Language, Problems
from crosslook.contracts.reading import Reader, read_object
from crosslook.contracts.tenant_settings import TenantSettings, WeekStart
from crosslook.contracts.zones import names, unknown_zone

_MEMBERS = ("timezone", "week_start", "language")
_OTHER_NAMES = {"time_zone": "timezone", "tz": "timezone", "zone": "timezone", "locale": "language", "lang": "language"}
_SHOWN_MOST = 1000


def parse_settings(body: Any, tenant: str) -> tuple[TenantSettings | None, Problems]:
    """The settings that a PUT means, and every problem with it. What is left out or null follows the deployment."""
    return read_object(body, lambda root: _settings(root, tenant))


def _settings(root: Reader, tenant: str) -> TenantSettings | None:
    zone = root.text("timezone", _SHOWN_MOST)
    if zone is not None and zone not in names():
        root.problems.add(unknown_zone(zone, "/timezone", names()))
    root.choice("week_start", WeekStart)
    root.word("language", get_args(Language))
    root.close(_MEMBERS, others=_OTHER_NAMES)
    return None if root.problems else TenantSettings(tenant=tenant, **root.kept)
