"""Settings that services are composed of. One frozen class per service, read in its `__main__` only.

Environment variables: prefix `CROSSLOOK_`, nested by `__`: `CROSSLOOK_KAFKA__BOOTSTRAP_SERVERS`. Each description below
is printed into `docs/reference/settings.md` by `make docs`; a setting without one fails a test.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self

from cronsim import CronSim, CronSimError
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from crosslook.contracts.topics import RECORDS, WEBHOOKS, Topic
from crosslook.contracts.zones import zone
from crosslook.platform.http_settings import HttpSettings
from crosslook.platform.plan_settings import QuotaSettings
from crosslook.platform.settings_group import EnvironmentSettings, SettingsGroup

_CRON_FIELDS = 5
ENV_PREFIX = "CROSSLOOK_"
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class KafkaSettings(SettingsGroup):
    """How to reach Kafka."""

    renamed: ClassVar = {"unpacked_max_bytes": "decompressed_max_bytes"}

    bootstrap_servers: str = Field("127.0.0.1:8092", description="Comma-separated host:port of Kafka brokers.")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="Kafka security protocol."
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "SCRAM-SHA-512", description="SASL mechanism, if the protocol uses SASL."
    )
    sasl_username: str = Field("", description="SASL user name.")
    sasl_password: SecretStr = Field(SecretStr(""), description="SASL password (secret).")
    ssl_cafile: Path | None = Field(None, description="File with the certificate authorities that verify the brokers.")
    records_partitions: Annotated[int, Field(ge=1, le=10_000)] = Field(
        12, description="Partitions of crosslook-records when `crosslook topics` creates it."
    )
    webhooks_partitions: Annotated[int, Field(ge=1, le=10_000)] = Field(
        6, description="Partitions of crosslook-webhooks when `crosslook topics` creates it."
    )
    decompressed_max_bytes: Annotated[int, Field(ge=16 * 1024 * 1024)] = Field(
        64 * 1024 * 1024,
        description="Largest size of one batch of messages after decompression, in bytes; a larger one is quarantined "
        "as `too_large`, unread. Bounds the memory of every consumer.",
    )
    topic_prefix: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]*$", max_length=100)] = Field(
        "",
        description="Prefix of topic, group and transactional id names; several installations can share one Kafka.",
    )
    replication_factor: Annotated[int, Field(ge=1, le=7)] = Field(
        1,
        description="Replication factor of topics that `crosslook topics` creates; the minimum that services accept.",
    )
    min_insync_replicas: int | None = Field(
        None,
        ge=1,
        le=7,
        description="How many replicas must have a write before it is acknowledged (`min.insync.replicas`). By "
        "default 2 for topics with three replicas or more, else 1.",
    )

    def name_of(self, ours: str) -> str:
        """The name of a topic, group or transactional id on this Kafka."""
        return self.topic_prefix + ours

    def partitions_of(self, topic: Topic) -> int:
        """How many partitions a topic is created with."""
        numbers = {RECORDS.name: self.records_partitions, WEBHOOKS.name: self.webhooks_partitions}
        return numbers.get(topic.name, topic.partitions)


class ClickHouseSettings(SettingsGroup):
    """How to reach ClickHouse over HTTP."""

    host: str = Field("127.0.0.1", description="Host of the ClickHouse HTTP interface.")
    port: int = Field(8123, description="Port of the ClickHouse HTTP interface.")
    secure: bool = Field(False, description="Whether to use HTTPS.")
    username: str = Field("default", description="ClickHouse user.")
    password: SecretStr = Field(SecretStr(""), description="ClickHouse password (secret).")
    password_file: Path | None = Field(None, description="File with the ClickHouse password; overrides the password.")
    database: str = Field("crosslook", description="ClickHouse database of all Crosslook tables.")

    def read_password(self) -> str:
        """The password, from its file where one is named. Raises OSError when the file cannot be read."""
        if self.password_file is not None:
            return self.password_file.read_text(encoding="utf-8").strip()
        return self.password.get_secret_value()


class AuthSettings(SettingsGroup):
    """How bearer tokens are checked (CONTRACTS 1)."""

    mode: Literal["jwt", "off"] = Field(
        "jwt", description="`off` accepts every caller; it is refused unless the service listens on loopback."
    )
    issuer: str = Field("crosslook-local", description="Required `iss` of a token.")
    audience: str = Field("crosslook", description="Required `aud` of a token.")
    jwks_file: Path | None = Field(
        None, description="File with the JWK set that verifies tokens; reread while the service runs."
    )
    jwks_url: str | None = Field(
        None,
        description="URL of the JWK set that verifies tokens, reread while the service runs; overrides the file. A "
        "key that is withdrawn there is refused within a minute.",
    )
    page_jwks_file: Path | None = Field(
        None,
        description="File with the JWK set of the page's own key (`CROSSLOOK_PAGE__SIGNING_KEY_FILE`), accepted beside "
        "the set of an identity provider; reread while the service runs.",
    )
    keep_keys_seconds: Annotated[float, Field(ge=0)] = Field(
        900,
        description="How long the last JWK set stays in use, beyond a minute, while its file or URL cannot be read, "
        "in seconds; after that, every call is answered 503.",
    )
    algorithms: tuple[Literal["EdDSA", "RS256"], ...] = Field(
        ("EdDSA", "RS256"), description="Signature algorithms accepted."
    )


class RefreshSettings(SettingsGroup):
    """When refreshes happen (R1)."""

    cron: str = Field("30 5 * * *", description="Cron expression of the daily refresh, in the zone of the schedule.")
    timezone: str = Field("America/Chicago", description="IANA zone of the schedule, and of tenants that set none.")
    wait_seconds: Annotated[float, Field(gt=0)] = Field(
        900, description="How long a refresh waits for staging to cover its watermark before it fails, in seconds."
    )
    stale_seconds: Annotated[float, Field(gt=0)] = Field(
        1800, description="How long a refresh may be overdue before reports show `stale`, in seconds."
    )
    check_seconds: Annotated[float, Field(gt=0)] = Field(
        20, description="How often the service checks for a due refresh that no cron tick has started, in seconds."
    )

    @field_validator("cron")
    @classmethod
    def _readable_cron(cls, value: str) -> str:
        try:
            fires = next(CronSim(value, datetime(2026, 1, 1, tzinfo=UTC)), None) is not None
        except (CronSimError, AssertionError):
            fires = False
        # CronSim would also take a sixth field, for seconds.
        if not fires or len(value.split()) != _CRON_FIELDS:
            raise ValueError(
                f"{value!r} is not a cron expression that ever fires; five fields are expected: 30 5 * * *: 5:30 daily"
            )
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if zone(value) is None:
            raise ValueError(f"{value!r} is not an IANA time zone, such as America/Chicago")
        return value


class SnapshotsSettings(SettingsGroup):
    """How many published snapshots are kept, and for how long."""

    keep: Annotated[int, Field(ge=1, le=366)] = Field(7, description="How many published snapshots are retained.")
    grace_seconds: Annotated[float, Field(ge=0)] = Field(
        300, description="How long the rows of an expired snapshot stay for queries that already use it, in seconds."
    )


class TenantsSettings(SettingsGroup):
    """Who may use Crosslook."""

    open: bool = Field(False, description="Whether a tenant exists from its first use with a valid token.")


class LogSettings(SettingsGroup):
    """What services log."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Least severe level that is logged."
    )
    format: Literal["json", "console"] = Field("json", description="Format of log lines: JSON, or text for people.")


class ServiceSettings(EnvironmentSettings):
    """What every service is configured with; a service adds its own parts. Raises pydantic.ValidationError."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX,
        env_nested_delimiter="__",
        frozen=True,
        extra="ignore",
        case_sensitive=False,
        # A service's own default port stays when only CROSSLOOK_HTTP__HOST is set.
        nested_model_default_partial_update=True,
    )

    http: HttpSettings = HttpSettings()
    kafka: KafkaSettings = KafkaSettings()
    auth: AuthSettings = AuthSettings()
    log: LogSettings = LogSettings()
    tenants: TenantsSettings = TenantsSettings()
    refresh: RefreshSettings = RefreshSettings()
    quotas: QuotaSettings = QuotaSettings()

    @model_validator(mode="after")
    def _open_door_only_at_home(self) -> Self:
        if self.auth.mode == "off" and self.http.host not in LOOPBACK:
            raise ValueError("CROSSLOOK_AUTH__MODE=off is refused unless CROSSLOOK_HTTP__HOST is a loopback address")
        return self

    def without_secrets(self) -> dict[str, Any]:
        """The settings in force, with every secret masked, for the log line at start."""
        return self.model_dump(mode="json")
