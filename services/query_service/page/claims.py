"""What the claims of an identity provider mean here: tenants, scopes and a name. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crosslook.contracts.ids import TENANT
from crosslook.platform.auth import ANY_TENANT, SCOPES
from services.query_service.sign_in_settings import SignInSettings

TENANTS_MAX = 10
"""Of how many tenants one person can be; each has a cookie."""
_NAME_MAX = 200
_SUBJECT_MAX = 255

Claims = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Access:
    """What a person may do: in each of the tenants, or in all of them (`*`)."""

    subject: str
    name: str | None
    tenants: tuple[str, ...]
    scopes: tuple[str, ...]


def access_of(claims: Claims, settings: SignInSettings) -> Access | None:
    """The access that claims give; None where they name no tenant or no scope."""
    tenants, scopes = _tenants(claims, settings), _scopes(claims, settings)
    if not tenants or not scopes:
        return None
    name = claim_at(claims, settings.name_claim)
    shown = name[:_NAME_MAX] if isinstance(name, str) and name.strip() else None
    return Access(str(claims["sub"])[:_SUBJECT_MAX], shown, tenants, scopes)


def claim_at(claims: Claims, path: str) -> Any:
    """The claim of a name, or the member that a path with dots leads to; None without it."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for member in path.split("."):
        found = found.get(member) if isinstance(found, Mapping) else None
    return found


def _tenants(claims: Claims, settings: SignInSettings) -> tuple[str, ...]:
    """As many tenants as there is room for; an operator needs none beside `*`."""
    sent = claim_at(claims, settings.tenant_claim)
    values = [value for value in (sent if isinstance(sent, list) else [sent]) if isinstance(value, str)]
    if settings.operator_value and settings.operator_value in values:
        return (ANY_TENANT,)
    return tuple(dict.fromkeys(value for value in values if TENANT.match(value)))[:TENANTS_MAX]


def _scopes(claims: Claims, settings: SignInSettings) -> tuple[str, ...]:
    """In the order of SCOPES."""
    found = {*settings.default_scopes, *_claimed_scopes(claims, settings)}
    return tuple(scope for scope in SCOPES if scope in found)


def _claimed_scopes(claims: Claims, settings: SignInSettings) -> Iterator[str]:
    sent = claim_at(claims, settings.scope_claim)
    values = sent.split() if isinstance(sent, str) else sent if isinstance(sent, list) else []
    for value in (value for value in values if isinstance(value, str)):
        if settings.scope_map:
            yield from settings.scope_map.get(value, "").split()
        else:
            yield value
