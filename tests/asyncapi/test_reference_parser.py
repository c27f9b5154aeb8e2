"""The AsyncAPI document as the reference parser of AsyncAPI reads it (Node; `make test` installs it)."""

import copy
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from crosslook.contracts.asyncapi import asyncapi_document, message_names
from crosslook.contracts.topics import TOPICS
from tests.architecture.sources import ROOT

INSTALLED = ROOT / ".venv/asyncapi/node_modules"
NOT_THE_LATEST = "asyncapi-latest-version"
"""There is a 3.1; the document is a 3.0, which more tools read."""
ERROR = 0
_PARSE = Path(__file__).parent / "parse.cjs"

Document = dict[str, Any]


def _without_a_message(document: Document) -> None:
    document["components"]["messages"].popitem()


def _with_another_action(document: Document) -> None:
    next(iter(document["operations"].values()))["action"] = "write"


def _with_a_schema_that_is_none(document: Document) -> None:
    document["components"]["schemas"]["Manifest"]["type"] = "thing"


def _without_a_version(document: Document) -> None:
    del document["info"]["version"]


DAMAGES = (_without_a_message, _with_another_action, _with_a_schema_that_is_none, _without_a_version)


def damaged(damage: Callable[[Document], None]) -> Document:
    document = copy.deepcopy(asyncapi_document())
    damage(document)
    return document


DOCUMENTS: dict[str, Document] = {
    "ours": asyncapi_document(),
    "with a prefix": asyncapi_document(
        lambda name: f"acme.{name}", lambda topic: 96 if topic.scales else topic.partitions
    ),
    **{damage.__name__: damaged(damage) for damage in DAMAGES},
}


@pytest.fixture(scope="module")
def findings() -> dict[str, Any]:
    """What the parser finds in each document, and the channels with their messages. AssertionError where it is not
    installed: these tests cannot pass."""
    node = shutil.which("node")
    assert node is not None, "node is missing: apt-get install nodejs npm"
    assert INSTALLED.is_dir(), "the parser is missing: run `make .venv/asyncapi/.installed`"
    environment = {**os.environ, "NODE_PATH": str(INSTALLED)}
    ran = subprocess.run(
        [node, str(_PARSE)], input=json.dumps(DOCUMENTS), env=environment, capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


@pytest.mark.parametrize("name", ["ours", "with a prefix"])
def test_the_document_is_valid_and_has_every_topic_with_its_messages(findings: dict[str, Any], name: str) -> None:
    found = findings[name]
    assert [problem for problem in found["diagnostics"] if problem["code"] != NOT_THE_LATEST] == []
    assert found["channels"] == {topic.name: message_names(topic) for topic in TOPICS}


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_parser_sees_what_is_wrong(findings: dict[str, Any], damage: Callable[[Document], None]) -> None:
    assert [problem for problem in findings[damage.__name__]["diagnostics"] if problem["severity"] == ERROR]
