"""The settings that the command itself needs, read from the same environment as the services read theirs."""

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from crosslook.local.messages import Refusal
from crosslook.platform.settings import KafkaSettings


class _Terminal(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="CROSSLOOK_", env_nested_delimiter="__", frozen=True, extra="ignore", case_sensitive=False
    )

    kafka: KafkaSettings = KafkaSettings()


def kafka_settings(bootstrap: str | None = None) -> KafkaSettings:
    """How to reach Kafka, from the environment; `bootstrap` wins over it. Raises Refusal."""
    try:
        found = _Terminal().kafka
    except ValidationError as error:
        first = error.errors()[0]
        name = "CROSSLOOK_" + "__".join(str(part).upper() for part in first["loc"])
        raise Refusal("bad_setting", name=name, reason=first["msg"]) from None
    return found if bootstrap is None else found.model_copy(update={"bootstrap_servers": bootstrap})
