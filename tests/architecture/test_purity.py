"""Domains and contracts decide; they look at no clock, draw no lots and touch nothing outside."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.sources import Source, python

_MODULES = {"asyncio", "logging", "os", "random", "secrets", "socket", "subprocess", "time"}
_CLOCKS_AND_LOTS = {"now", "utcnow", "today", "monotonic", "perf_counter", "uuid1", "uuid4", "uuid7", "urandom"}


def impurities(source: Source) -> Iterator[str]:
    """Where the source reaches for the environment."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names if alias.name.partition(".")[0] in _MODULES]
        elif isinstance(node, ast.ImportFrom):
            outside = (node.module or "").partition(".")[0] in _MODULES
            found = [f"{node.module}.{a.name}" for a in node.names if outside or a.name in _CLOCKS_AND_LOTS]
        elif isinstance(node, ast.Attribute):
            found = [node.attr] if node.attr in _CLOCKS_AND_LOTS else []
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found = [node.func.id] if node.func.id in ("open", "print", "input") else []
        else:
            continue
        yield from (f"{source.path}:{node.lineno} uses {name}" for name in found)


def test_no_domain_and_no_contract_reaches_for_the_dataset() -> None:
    places = ("/domain/", "contracts/", "crosslook/integrations/")
    sources = python("crosslook/contracts/", "crosslook/integrations/", "services/")
    pure = [source for source in sources if any(place in source.path for place in places)]
    assert pure
    assert [found for source in pure for found in impurities(source)] == []


@pytest.mark.parametrize(
    "text",
    [
        "import time",
        "from datetime import datetime\nx = datetime.now()",
        "import uuid\nx = uuid.uuid4()",
        "from uuid import uuid4",
        "from random import choice",
        "x = open('file')",
    ],
)
def test_the_check_sees(text: str) -> None:
    assert list(impurities(Source("services/a/domain/b.py", text)))
