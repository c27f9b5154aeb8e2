"""Where a service listens, and the limits of requests and connections."""

import socket
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from crosslook.platform.settings_group import SettingsGroup

_EVERY_ADDRESS = frozenset({"0.0.0.0", "::"})  # noqa: S104  # nothing is bound here


class HttpSettings(SettingsGroup):
    """Where a service listens."""

    host: str = Field("127.0.0.1", description="Address the service listens on.")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(8000, description="Port the service listens on.")
    max_body_bytes: int = Field(6 * 1024 * 1024, description="Largest request body that is accepted, in bytes.")
    max_header_bytes: Annotated[int, Field(ge=1024)] = Field(
        64 * 1024, description="Largest total size of a request's headers, in bytes; larger ones are answered 431."
    )
    max_url_bytes: Annotated[int, Field(ge=1024, le=65_535)] = Field(
        16 * 1024, description="Longest URL of a request, in bytes; longer ones are answered 414."
    )
    header_seconds: Annotated[float, Field(gt=0)] = Field(
        10, description="How long a request's headers may take to arrive, in seconds; slower ones are answered 408."
    )
    body_seconds: Annotated[float, Field(gt=0)] = Field(
        30,
        description="How long a request's body may take to arrive, in seconds, plus the time that the minimum rate "
        "allows for the bytes received; slower ones are answered 408.",
    )
    min_body_bytes_per_second: Annotated[int, Field(ge=1)] = Field(
        16_000,
        description="Minimum rate of a body: so many bytes extend its time limit by a second.",
    )
    send_seconds: Annotated[float, Field(gt=0)] = Field(
        60, description="How long a client may read nothing of its answer before it is disconnected, in seconds."
    )
    max_requests: Annotated[int, Field(ge=1)] = Field(
        512,
        description="Most requests in progress at the same time; others are answered 503 `overloaded`, except "
        "`/livez`, `/readyz` and `/metrics`.",
    )
    max_connections: Annotated[int, Field(ge=1)] = Field(
        768,
        description="Most connections at the same time. Beyond it, the one that has been idle longest is closed. "
        "Must exceed `CROSSLOOK_HTTP__MAX_REQUESTS`; the process needs about 200 more file descriptors.",
    )
    advertised_url: str | None = Field(
        None,
        description="Address at which other replicas of the service reach this one: http or https, a host, a port. "
        "By default: http, with the address and port on which the service listens, or the name of the machine if "
        "it listens on all addresses.",
    )
    drain_seconds: Annotated[float, Field(ge=0)] = Field(
        10,
        description="How long a stopping replica still answers while it is not ready and clients move to other "
        "replicas, in seconds at the most. It stops once no request has arrived for a second, and at once if it "
        "runs alone.",
    )

    @model_validator(mode="after")
    def _room_for_health(self) -> Self:
        if self.max_connections <= self.max_requests:
            raise ValueError("max_connections must be greater than max_requests, so that health is always answered")
        return self

    @field_validator("advertised_url")
    @classmethod
    def _reachable(cls, value: str | None) -> str | None:
        if value is None:
            return None
        url = urlsplit(value)
        if url.scheme not in ("http", "https") or not url.hostname or url.username or url.path.strip("/") or url.query:
            raise ValueError("a URL of scheme, host and port is expected: http://schema-1:8001")
        return value.rstrip("/")

    @property
    def address(self) -> str:
        """Where the other replicas of the service reach this one."""
        if self.advertised_url is not None:
            return self.advertised_url
        host = socket.gethostname() if self.host in _EVERY_ADDRESS else self.host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"
