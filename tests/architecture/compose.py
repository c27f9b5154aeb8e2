"""docker-compose.yml as data: what the deployment tests look at."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from docs.pages.settings import SERVICES
from tests.architecture.sources import ROOT


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
    """A container's environment beside what `.env` gives it."""
    return dict(containers()[name]["environment"])


def replicas(service: str) -> list[str]:
    """The containers that run a service."""
    return sorted(name for name in containers() if re.fullmatch(rf"{service}_\d+", name))


REPLICAS = [(service, name) for service in SERVICES for name in replicas(service)]
"""Every service with each of its containers."""


def ours() -> list[str]:
    """Containers that run our image."""
    return [*(name for _, name in REPLICAS), "topics"]
