"""docs/reference/settings.md, and what environment variables there are: tests compare deployments with it."""

import inspect
import json
import types
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from crosslook.platform.settings import ServiceSettings
from crosslook.platform.settings_group import SettingsGroup
from docs.pages.markdown import code, page, table

SERVICES = ("schema_service", "snapshot_service", "query_service")
_INTRODUCTION = (
    "Settings are environment variables, which a service reads once, at its start. An unreadable value stops the "
    "start with a message that names it. Write lists as JSON. Prefer the `…_FILE` variables for secrets. "
    "`crosslook up` passes all `CROSSLOOK_…` variables on to the services that it starts."
)


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable. `default` is as one would write it, "" for none."""

    name: str
    takes: str
    default: str
    meaning: str


def settings_class(service: str) -> type[ServiceSettings]:
    """The settings of a service. Raises LookupError when its module does not define exactly one such class."""
    module = import_module(f"services.{service}.settings")
    own = [model for _, model in inspect.getmembers(module, inspect.isclass) if model.__module__ == module.__name__]
    found = [model for model in own if issubclass(model, ServiceSettings)]
    if len(found) != 1:
        raise LookupError(f"services/{service}/settings.py defines {len(found)} settings classes, not one")
    return found[0]


def settings_of(service: str) -> list[Setting]:
    """Every environment variable of a service, in the order of its class."""
    prefix = str(settings_class(service).model_config.get("env_prefix", ""))
    return list(_walk(settings_class(service), prefix))


def render() -> str:
    """The page."""
    by_service = {service: settings_of(service) for service in SERVICES}
    every = [
        setting for setting in by_service[SERVICES[0]] if all(setting in settings for settings in by_service.values())
    ]
    parts = ["## Every service", _table(every)]
    for service, settings in by_service.items():
        parts += [f"## {service}", _table([setting for setting in settings if setting not in every])]
    return page("Settings", _INTRODUCTION, *parts)


def _table(settings: list[Setting]) -> str:
    rows = [(code(s.name), s.takes, code(s.default), s.meaning) for s in settings]
    return table(("Variable", "Takes", "Default", "Meaning"), rows)


def _walk(model: type[BaseModel], prefix: str, defaults: BaseModel | None = None) -> Iterator[Setting]:
    for name, field in model.model_fields.items():
        default = _default(field, name, defaults)
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            part = default if isinstance(default, BaseModel) else None
            yield from _walk(field.annotation, f"{prefix}{name.upper()}__", part)
        else:
            meaning = (field.description or "") + _old_name(model, name, prefix)
            yield Setting(f"{prefix}{name.upper()}", _takes(field), _written(default), meaning)


def _old_name(model: type[BaseModel], name: str, prefix: str) -> str:
    renamed = model.renamed if issubclass(model, SettingsGroup) else {}
    return "".join(f" Old name: `{prefix}{old.upper()}`." for old, new in renamed.items() if new == name)


def _default(field: FieldInfo, name: str, defaults: BaseModel | None) -> Any:
    """A default that is computed (the host's name) belongs to one machine: its description says what it is."""
    if defaults is not None and (field.default_factory is None or name in defaults.model_fields_set):
        return getattr(defaults, name)
    return None if field.default_factory is not None else field.get_default()


def _written(value: Any) -> str:
    match value:
        case None | SecretStr():
            return ""
        case dict():
            return json.dumps(value)
        case bool():
            return "true" if value else "false"
        case tuple() | list():
            return "[" + ", ".join(f'"{item}"' for item in value) + "]"
        case _:
            return str(value)


def _takes(field: FieldInfo) -> str:
    words = _type_words(field.annotation)
    bounds = [
        text
        for rule in field.metadata
        for attribute, sign in (("ge", "≥"), ("gt", ">"), ("le", "≤"), ("lt", "<"))
        if (limit := getattr(rule, attribute, None)) is not None and (text := f"{sign} {limit}")
    ]
    return " ".join([words, " and ".join(bounds)]).strip()


_WORDS: dict[Any, str] = {
    bool: "`true` or `false`",
    int: "integer",
    float: "number",
    str: "text",
    Path: "file",
    SecretStr: "secret",
}


def _type_words(annotation: Any) -> str:
    if annotation in _WORDS:
        return _WORDS[annotation]
    origin, arguments = get_origin(annotation), [arg for arg in get_args(annotation) if arg is not Ellipsis]
    if origin is Literal:
        return " or ".join(code(str(argument)) for argument in arguments)
    if origin in (Union, types.UnionType):
        return " or ".join(_type_words(argument) for argument in arguments if argument is not type(None))
    if origin in (tuple, list, frozenset, set):
        return f"list of {_type_words(arguments[0])}"
    if origin is dict:
        return f"object of {_type_words(arguments[1])}"
    raise TypeError(f"a setting of type {annotation!r} has no words yet; add them to docs/pages/settings.py")
