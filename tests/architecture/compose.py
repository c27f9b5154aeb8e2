"""docker-compose.yml as data: what the deployment tests look at."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from docs.pages.settings import SERVICES
from tests.architecture.sources import ROOT

_DEFAULTED = re.compile(r"\$\{(?P<name>\w+):-(?P<default>[^}]*)\}")


@cache
def compose() -> Mapping[str, Any]:
    """The whole file."""
    document: Mapping[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return document


def containers() -> Mapping[str, Any]:
    """Every container by name."""
    found: Mapping[str, Any] = compose()["services"]
    return found


def environment(name: str) -> dict[str, str]:
    """A container's environment when nobody overrides anything."""
    return {key: _DEFAULTED.sub(r"\g<default>", value) for key, value in containers()[name]["environment"].items()}


def overridable() -> set[str]:
    """Names of variables that may be given to `docker compose`."""
    return set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text(encoding="utf-8")))


def ours() -> list[str]:
    """Containers that run our image."""
    return [*SERVICES, "topics"]
