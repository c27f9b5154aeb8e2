"""Page tokens are opaque, url-safe, and nothing but our own is taken."""

import base64
import contextlib
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.platform.errors import AppError
from crosslook.platform.http import decode_page_token, encode_page_token, page

_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
_WHOLE = st.integers(-(2**63), 2**63 - 1)


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@given(_TEXT, _WHOLE)
def test_a_token_gives_back_the_position_it_was_made_of(slug: str, offset: int) -> None:
    token = encode_page_token(slug, offset)
    assert set(token) <= set(string.ascii_letters + string.digits + "-_")
    assert decode_page_token(token, str, int) == (slug, offset)


def test_the_first_page_has_no_token() -> None:
    assert decode_page_token(None, str) is None


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "not a token",
        "é",
        "\x00",
        "====",
        _b64(b"\xff\xfe"),
        _b64(b"{}"),
        _b64(b"[]"),
        _b64(b'["a"]'),
        _b64(b'["a",true]'),
        _b64(b'["a",1.0]'),
        _b64(b'["a",123456789012345678901234567890]'),
        _b64(b'[1,"a"]'),
        _b64(b'["a",1,2]'),
        _b64(b'[ "a", 1 ]'),
        _b64(b"[" * 5000),
        encode_page_token("a", 1) + "!!",
        encode_page_token("a", 1) + "=",
    ],
)
def test_what_is_no_token_of_this_list_is_refused(token: str) -> None:
    with pytest.raises(AppError) as caught:
        decode_page_token(token, str, int)
    assert caught.value.status == 422
    assert [(error.code, error.pointer) for error in caught.value.errors] == [("bad_page_token", "/page_token")]


@given(st.text(max_size=60))
def test_no_text_at_all_raises_anything_but_a_refusal(token: str) -> None:
    with contextlib.suppress(AppError):
        position = decode_page_token(token, str)
        assert position is not None
        assert encode_page_token(*position) == token


def test_walking_the_pages_shows_every_item_once() -> None:
    slugs = [f"object_{number:02}" for number in range(11)]
    seen: list[str] = []
    token: str | None = None
    while True:
        position = decode_page_token(token, str)
        after = position[0] if position else ""
        answer = page([slug for slug in slugs if slug > after][:6], 5, encode_page_token)
        seen += answer["items"]
        token = answer["next_page_token"]
        if token is None:
            break
    assert seen == slugs
