"""How people sign in to the page with OpenID Connect."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator

from crosslook.platform.auth import SCOPES
from crosslook.platform.errors import StopService
from crosslook.platform.settings_group import SettingsGroup

_URL = r"^https?://[^?#@\s]+$"


class SignInSettings(SettingsGroup):
    """Sign-in at an identity provider (docs/how-to/sign-in.md)."""

    issuer: str | None = Field(
        None,
        pattern=_URL,
        description="Issuer of the OpenID provider, exactly as its ID tokens have it in `iss`. Without it, people sign "
        "in with links of `crosslook open` only.",
    )
    discovery_url: str | None = Field(
        None,
        pattern=_URL,
        description="URL of the provider's OpenID configuration; by default `/.well-known/openid-configuration` below "
        "the issuer.",
    )
    client_id: str = Field("", description="The client id with which the page is registered at the provider.")
    client_secret: SecretStr = Field(
        SecretStr(""), description="The client secret (secret); empty for a public client, which PKCE alone protects."
    )
    client_secret_file: Path | None = Field(None, description="File with the client secret; overrides the secret.")
    scopes: tuple[str, ...] = Field(
        ("openid", "profile"), description="Scopes that are requested at the provider; `openid` must be one of them."
    )
    tenant_claim: Annotated[str, Field(min_length=1)] = Field(
        "tenant",
        description="Claim with the tenant of a person, or a list of up to ten. A dot leads into an object: `org.id`.",
    )
    operator_value: str = Field(
        "",
        description="Value of the tenant claim that makes a person an operator of all tenants. Empty: nobody is.",
    )
    scope_claim: Annotated[str, Field(min_length=1)] = Field(
        "crosslook_scopes",
        description="Claim with the scopes, roles or groups of a person: a list, or a text with spaces. A dot leads "
        "into an object: `realm_access.roles`.",
    )
    scope_map: dict[str, str] = Field(
        {},
        description="Crosslook's scopes for each role or group of the scope claim: "
        '`{"analysts": "reports:read reports:write"}`. Without it, the claim names the scopes themselves.',
    )
    default_scopes: tuple[str, ...] = Field(
        (), description="Crosslook's scopes that everyone with a tenant has, whatever the scope claim says."
    )
    name_claim: Annotated[str, Field(min_length=1)] = Field(
        "name", description="Claim with the name that the page shows."
    )

    @field_validator("scopes")
    @classmethod
    def _asks_for_identity(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if "openid" not in value:
            raise ValueError("openid must be among the scopes")
        return value

    @field_validator("default_scopes")
    @classmethod
    def _known_scopes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        _check_scopes(value)
        return value

    @field_validator("scope_map")
    @classmethod
    def _known_targets(cls, value: dict[str, str]) -> dict[str, str]:
        _check_scopes([scope for scopes in value.values() for scope in scopes.split()])
        return value

    @property
    def configuration_url(self) -> str:
        """Where the provider describes itself."""
        return self.discovery_url or f"{(self.issuer or '').rstrip('/')}/.well-known/openid-configuration"

    def read_secret(self) -> str:
        """The client secret, from its file where one is named. Raises StopService when the file cannot be read."""
        if self.client_secret_file is None:
            return self.client_secret.get_secret_value()
        try:
            return self.client_secret_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise StopService(f"{self.client_secret_file}: {error.strerror}") from None


def _check_scopes(scopes: tuple[str, ...] | list[str]) -> None:
    for scope in scopes:
        if scope not in SCOPES:
            raise ValueError(f"{scope!r} is not one of {' '.join(SCOPES)}")
