"""The integrations that this installation has: every folder of the package that holds an `INTEGRATION`."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType
from typing import Any, Final

import crosslook.integrations
from crosslook.contracts.problems import Language
from crosslook.integrations.interface import Integration, JsonObject

_FRENCH: Final = "x-fr"


@cache
def integrations() -> Mapping[str, Integration]:
    """By kind, sorted. A folder is found by being there. Raises ValueError where a folder holds no integration, or one
    whose kind is not the folder's name: then a link in a report and its integration would not find each other."""
    found: dict[str, Integration] = {}
    for module in sorted(iter_modules(crosslook.integrations.__path__), key=lambda module: module.name):
        if not module.ispkg:
            continue
        integration = getattr(import_module(f"{crosslook.integrations.__name__}.{module.name}"), "INTEGRATION", None)
        if not isinstance(integration, Integration) or integration.manifest.kind != module.name:
            raise ValueError(f"crosslook/integrations/{module.name} must hold an INTEGRATION of kind {module.name!r}")
        found[module.name] = integration
    return MappingProxyType(found)


def object_slug(integration: Integration, name: str) -> str | None:
    """The slug of the object that a connection brings: the manifest's for the connection that is called after its kind;
    `<name>_<noun>` for others, so that two accounts of one vendor have their own objects. None where it brings none."""
    slug = integration.manifest.object
    kind = integration.manifest.kind
    if slug is None or name == kind:
        return slug
    return f"{name}_{slug.removeprefix(f'{kind}_')}"


def kept_headers(integration: Integration, options: JsonObject) -> tuple[str, ...]:
    """The headers of a message that are stored with it, in lower case, sorted; all others are forgotten."""
    return tuple(sorted({*integration.manifest.headers, *integration.headers(options)}))


def localized(schema: Any, language: Language) -> Any:
    """A JSON Schema of options in one language. It has English in `title` and `description`, and French beside them in
    `x-fr`, which the answer does not have."""
    if isinstance(schema, list):
        return [localized(item, language) for item in schema]
    if not isinstance(schema, Mapping):
        return schema
    french = schema.get(_FRENCH, {}) if language == "fr" else {}
    plain = {name: localized(value, language) for name, value in schema.items() if name != _FRENCH}
    return {**plain, **french}
