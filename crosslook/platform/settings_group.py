"""One group of settings, and what becomes of a setting that gets another name."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource


class SettingsGroup(BaseModel):
    """A group of settings: immutable, and an unknown name is an error rather than a silent default.

    `renamed`: the new name of each setting that had another name in the release before. For one release the environment
    may use the old name, with a warning at the start (`old_names`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    renamed: ClassVar[Mapping[str, str]] = {}


class RenamingSource(EnvSettingsSource):
    """Reads the environment, old names included. Where both names of a setting are set, the new one counts."""

    def __call__(self) -> dict[str, Any]:
        """The settings by group."""
        read = super().__call__()
        for name, group in _groups(self.settings_cls):
            given = read.get(name)
            if isinstance(given, dict):
                read[name] = _with_new_names(given, group.renamed)
        return read


def _with_new_names(given: Mapping[str, Any], renamed: Mapping[str, str]) -> dict[str, Any]:
    old = {renamed[name]: value for name, value in given.items() if name in renamed}
    return old | {name: value for name, value in given.items() if name not in renamed}


class EnvironmentSettings(BaseSettings):
    """Settings from arguments, then from the environment; never from files."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """What pydantic-settings asks each settings class for."""
        return init_settings, RenamingSource(settings_cls)


def old_names(model: type[BaseModel], environment: Mapping[str, str], prefix: str) -> Iterator[tuple[str, str]]:
    """The environment variables that are set under an old name, each with its new name. `prefix`: that of the model's
    variables; names are compared without case, as they are read."""
    variables = {name.upper(): name for name in environment}
    for name, group in _groups(model):
        start = f"{prefix}{name}__".upper()
        for old, new in group.renamed.items():
            if (written := variables.get(f"{start}{old.upper()}")) is not None:
                yield written, f"{start}{new.upper()}"


def _groups(model: type[BaseModel]) -> Iterator[tuple[str, type[SettingsGroup]]]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, SettingsGroup):
            yield name, field.annotation
