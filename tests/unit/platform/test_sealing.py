"""Secrets at rest: encrypted, bound to their place, and readable through a change of keys."""

import pytest
from cryptography.fernet import Fernet

from crosslook.platform.sealing import SealBroken, SecretSealer

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))


def test_a_secret_comes_back_at_its_place_only() -> None:
    sealer = SecretSealer([OLD])
    sealed = sealer.seal("whsec_ü", "acme", "zendesk")
    assert "whsec" not in sealed
    assert sealer.open(sealed, "acme", "zendesk") == "whsec_ü"
    for place in (("globex", "zendesk"), ("acme", "calendly"), ("acme",), ("acme", "zendesk", "x"), ()):
        with pytest.raises(SealBroken):
            sealer.open(sealed, *place)


def test_the_first_key_seals_and_all_keys_open() -> None:
    sealed = SecretSealer([OLD]).seal("s", "acme", "zendesk")
    both = SecretSealer([NEW, OLD])
    assert both.open(sealed, "acme", "zendesk") == "s"
    assert not both.is_current(sealed)
    again = both.seal("s", "acme", "zendesk")
    assert both.is_current(again)
    assert SecretSealer([NEW]).open(again, "acme", "zendesk") == "s"
    with pytest.raises(SealBroken):
        SecretSealer([NEW]).open(sealed, "acme", "zendesk")


@pytest.mark.parametrize("damaged", ["", "gAAAA", "x" * 200, "ü"])
def test_what_was_damaged_opens_nothing(damaged: str) -> None:
    with pytest.raises(SealBroken):
        SecretSealer([OLD]).open(damaged, "acme", "zendesk")
    assert not SecretSealer([OLD]).is_current(damaged)


def test_without_keys_there_are_no_secrets() -> None:
    sealer = SecretSealer([])
    assert not sealer.has_keys
    with pytest.raises(SealBroken):
        sealer.seal("s", "acme", "zendesk")
    with pytest.raises(SealBroken):
        sealer.open(SecretSealer([OLD]).seal("s", "acme", "zendesk"), "acme", "zendesk")


def test_a_wrong_key_is_named_by_its_number_only() -> None:
    with pytest.raises(ValueError, match=r"^key 2 is not 32 bytes in url-safe base64$"):
        SecretSealer([OLD, "not a key"])
