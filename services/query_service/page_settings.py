"""What the page is configured with."""

from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator

from crosslook.platform.sealing import SecretSealer, sealer_of
from crosslook.platform.settings_group import SettingsGroup

_ADDRESS = r"^https?://[^/?#@]+$"


class PageSettings(SettingsGroup):
    """The web page and its sessions (decision 47)."""

    folder: Path | None = Field(
        None, description="Folder with the built page (`web/dist`). Without it, the service does not serve the page."
    )
    public_url: str | None = Field(
        None,
        pattern=_ADDRESS,
        description="Address at which browsers reach the page: scheme, host and port. With https, cookies are sent "
        "over https only. Needed for OpenID Connect. By default: the address on which the service listens.",
    )
    schema_url: str = Field(
        "http://127.0.0.1:8001",
        pattern=_ADDRESS,
        description="Address of schema_service, to which `/api/schema/` leads.",
    )
    snapshot_url: str = Field(
        "http://127.0.0.1:8002",
        pattern=_ADDRESS,
        description="Address of snapshot_service, to which `/api/snapshot/` leads.",
    )
    signing_key_file: Path | None = Field(
        None,
        description="File with the Ed25519 key (PEM) that signs the tokens of sessions; its public half must be in the "
        "JWK set of the services. Without it, there are no sessions and no `/api/`.",
    )
    session_keys: SecretStr = Field(
        SecretStr(""),
        description="Comma-separated Fernet keys (32 bytes in url-safe base64 each; secret) that seal the cookies of "
        "sessions: the first seals, all open. All replicas need the same keys.",
    )
    session_keys_file: Path | None = Field(None, description="File with these keys, one a line; overrides the keys.")
    session_seconds: Annotated[int, Field(ge=60, le=30 * 86_400)] = Field(
        43_200, description="How long a session lasts, in seconds."
    )
    max_import_bytes: Annotated[int, Field(ge=1024)] = Field(
        101 * 1024 * 1024,
        description="Largest body of an import that is passed on to schema_service, in bytes: a little more than "
        "`CROSSLOOK_IMPORTS__MAX_BYTES`, for the form around the file.",
    )

    @field_validator("session_keys")
    @classmethod
    def _usable(cls, value: SecretStr) -> SecretStr:
        sealer_of(value.get_secret_value())
        return value

    @property
    def secure(self) -> bool:
        """Whether browsers reach the page over https."""
        return self.public_url is not None and urlsplit(self.public_url).scheme == "https"

    def sealer(self) -> SecretSealer:
        """What seals sessions. Raises StopService where the file cannot be read or has a wrong key."""
        return sealer_of(self.session_keys.get_secret_value(), self.session_keys_file)
