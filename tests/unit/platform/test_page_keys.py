"""The key of the page's sessions is trusted beside those of an identity provider."""

import json
from pathlib import Path

import pytest

from crosslook.platform.auth import verifier
from crosslook.platform.errors import StopService
from crosslook.platform.settings import AuthSettings
from tests.helpers.issuer import KEYS, STRANGER, Stepped, jwk, token
from tests.unit.platform.test_signing_keys import accepts, checks


@pytest.fixture
def of_provider(tmp_path: Path) -> Path:
    file = tmp_path / "jwks.json"
    file.write_text(json.dumps(KEYS))
    return file


@pytest.fixture
def of_page(tmp_path: Path) -> Path:
    file = tmp_path / "page-jwks.json"
    file.write_text(json.dumps({"keys": [jwk(STRANGER, "page")]}))
    return file


def test_tokens_of_both_are_accepted(of_provider: Path, of_page: Path) -> None:
    minted = token(STRANGER, kid="page")
    assert not accepts(checks(AuthSettings(jwks_file=of_provider), Stepped()), minted)
    checked = checks(AuthSettings(jwks_file=of_provider, page_jwks_file=of_page), Stepped())
    assert accepts(checked, minted)
    assert accepts(checked, token())


def test_a_withdrawn_key_of_the_page_is_refused_within_a_minute(of_provider: Path, of_page: Path) -> None:
    clock = Stepped()
    checked = checks(AuthSettings(jwks_file=of_provider, page_jwks_file=of_page), clock)
    assert accepts(checked, token(STRANGER, kid="page"))
    of_page.write_text(json.dumps({"keys": []}))
    clock.at += 60
    assert not accepts(checked, token(STRANGER, kid="page"))
    assert accepts(checked, token())


def test_a_missing_file_ends_the_start(of_provider: Path, tmp_path: Path) -> None:
    with pytest.raises(StopService, match="CROSSLOOK_AUTH__PAGE_JWKS_FILE"):
        verifier(AuthSettings(jwks_file=of_provider, page_jwks_file=tmp_path / "missing.json"))
