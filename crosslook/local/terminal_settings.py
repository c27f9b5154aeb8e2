"""The settings that all services share, read by the command from the same environment: for itself, and to say what is
wrong with them before a service stumbles."""

from pydantic import ValidationError

from crosslook.local.messages import CommandRefused
from crosslook.platform.plan_settings import PlansSettings
from crosslook.platform.settings import AuthSettings, KafkaSettings, ServiceSettings


class StackSettings(ServiceSettings):
    """What the services of a stack share on one machine: with the file of plans, which other commands do not need."""

    plans: PlansSettings = PlansSettings()


def check_environment() -> None:
    """Raises CommandRefused that names every wrong variable."""
    _read(StackSettings)


def kafka_settings(bootstrap: str | None = None) -> KafkaSettings:
    """How to reach Kafka, from the environment; `bootstrap` wins over it. Raises CommandRefused."""
    found = _read().kafka
    return found if bootstrap is None else found.model_copy(update={"bootstrap_servers": bootstrap})


def auth_settings() -> AuthSettings:
    """Whose tokens the services accept, from the environment. Raises CommandRefused."""
    return _read().auth


def _read(model: type[ServiceSettings] = ServiceSettings) -> ServiceSettings:
    try:
        return model()
    except ValidationError as error:
        wrong = [
            (_variable(problem["loc"]), problem["msg"].removeprefix("Value error, ")) for problem in error.errors()
        ]
        raise CommandRefused("bad_settings", lines="\n".join(f"  {name}: {reason}" for name, reason in wrong)) from None


def _variable(place: tuple[int | str, ...]) -> str:
    return "CROSSLOOK_" + ("__".join(str(part).upper() for part in place) or "…")
