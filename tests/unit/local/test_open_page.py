"""When `crosslook open` opens a browser, and what the services of a stack get for the page."""

from pathlib import Path

import pytest

from crosslook.local import stack
from crosslook.local.commands.open_page import has_desktop
from crosslook.local.folder import DataFolder
from crosslook.local.keys import ensure_keys, ensure_page_keys, ensure_sealing_keys
from crosslook.local.ports import Ports
from crosslook.local.stack import service_environment
from crosslook.platform.token_signing import load_signing_key, public_jwk

PORTS = Ports.from_base(8000)


@pytest.mark.parametrize(
    ("platform", "environment", "expected"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("darwin", {}, True),
        ("darwin", {"SSH_CONNECTION": "10.0.0.1 1 10.0.0.2 22"}, False),
    ],
)
def test_a_browser_opens_only_where_somebody_can_see_it(
    platform: str, environment: dict[str, str], expected: bool
) -> None:
    assert has_desktop(platform, environment) is expected


def of_page(folder: DataFolder) -> dict[str, str]:
    """The variables of the page."""
    told = service_environment(folder, PORTS, {})
    return {name.partition("__")[2]: value for name, value in told.items() if name.startswith("CROSSLOOK_PAGE__")}


def test_the_page_has_the_keys_of_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack, "BUILT_PAGE", tmp_path / "dist")
    folder = DataFolder.at(tmp_path)
    folder.prepare()
    ensure_keys(folder)
    ensure_sealing_keys(folder)
    urls = {"SCHEMA_URL": "http://127.0.0.1:8001", "SNAPSHOT_URL": "http://127.0.0.1:8002"}
    keys = {"SIGNING_KEY_FILE": str(folder.private_key), "SESSION_KEYS_FILE": str(folder.session_keys)}
    assert of_page(folder) == {**urls, **keys}
    folder.private_key.unlink()
    assert of_page(folder) == urls, "the keys are an identity provider's"


def test_the_page_is_served_where_it_is_built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack, "BUILT_PAGE", tmp_path / "dist")
    (tmp_path / "dist").mkdir()
    assert "FOLDER" not in of_page(DataFolder.at(tmp_path))
    (tmp_path / "dist" / "index.html").write_text("<p>")
    assert of_page(DataFolder.at(tmp_path))["FOLDER"] == str(tmp_path / "dist")


def test_the_pages_key_pair_is_made_once_and_belongs_together(tmp_path: Path) -> None:
    folder = DataFolder.at(tmp_path)
    folder.prepare()
    ensure_page_keys(folder)
    before = folder.page_key.read_bytes(), folder.page_key_set.read_bytes()
    assert str(public_jwk(load_signing_key(folder.page_key))["x"]).encode() in before[1]
    ensure_page_keys(folder)
    assert (folder.page_key.read_bytes(), folder.page_key_set.read_bytes()) == before
    folder.page_key_set.unlink()
    ensure_page_keys(folder)
    assert folder.page_key_set.read_bytes() == before[1]
