"""The image holds what the services need and nothing to build with."""

import importlib.metadata
import json
import re
import subprocess
import sys

import pytest

from docs.pages.settings import SERVICES
from tests.architecture.sources import ROOT

DOCKERFILE = (ROOT / "deploy/Dockerfile").read_text(encoding="utf-8")
FINAL = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]

_IMPORT = """
import importlib, importlib.metadata, json, sys

owners, missing = importlib.metadata.packages_distributions(), set(json.loads(sys.argv[2]))

class NotInTheImage:
    def find_spec(self, name, path=None, target=None):
        if path is None and missing.issuperset(owners.get(name, ["?"])):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, NotInTheImage())
importlib.import_module(sys.argv[1])
"""


def test_base_images_are_pinned_to_our_python_and_the_page_is_built_by_node() -> None:
    images = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert images == ["node:20-bookworm-slim", *["python:3.11-slim-bookworm"] * 2]


def test_the_image_serves_the_built_page_and_has_no_node() -> None:
    assert "COPY --from=page /build/web/dist /app/web/dist" in FINAL
    assert "npm ci" in DOCKERFILE
    assert "npm" not in FINAL
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ignored.index("web/node_modules") > ignored.index("!web")


def test_the_final_stage_has_no_build_tools_and_no_root() -> None:
    assert not re.search(r"apt-get|build-essential|pip install", FINAL)
    assert re.findall(r"^USER (\S+)", DOCKERFILE, re.MULTILINE) == ["10001:10001"]


def test_requirements_are_installed_by_hash_and_none_of_the_embedded_stack() -> None:
    assert "--require-hashes -r /build/requirements.txt" in DOCKERFILE
    assert "requirements-" not in DOCKERFILE


def test_what_is_copied_exists_and_reaches_the_build() -> None:
    copied = re.findall(r"^COPY (?!--from)(\S+) \S+$", DOCKERFILE, re.MULTILINE)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert copied
    for path in copied:
        assert (ROOT / path).exists()
        assert f"!{path}" in ignored


@pytest.mark.parametrize("module", [*(f"services.{service}.app" for service in SERVICES), "crosslook.cli"])
def test_the_image_holds_all_that_is_imported(module: str) -> None:
    held = locked("requirements.txt")
    missing = [name for name in installed() if _normal(name) not in held | {"crosslook"}]
    assert "chdb-core" in missing
    command = [sys.executable, "-c", _IMPORT, module, json.dumps(missing)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def installed() -> list[str]:
    """Every distribution of this environment."""
    return [distribution.metadata["Name"] for distribution in importlib.metadata.distributions()]


def locked(path: str) -> set[str]:
    """The distributions that a lock file names."""
    lock = (ROOT / path).read_text(encoding="utf-8")
    return {_normal(name) for name in re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==", lock, re.MULTILINE)}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
