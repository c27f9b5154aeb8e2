"""What a call of the page must have, and which headers travel between it and a service."""

import pytest

from crosslook.platform.errors import AppError
from services.query_service.page.rules import (
    answer_headers,
    chosen_tenant,
    has_body,
    refuse_other_sites,
    request_headers,
)
from services.query_service.page.sign_in import inside

SENT = [
    (b"host", b"page.test"),
    (b"cookie", b"crosslook-session.acme=sealed"),
    (b"authorization", b"Bearer of the client's own making"),
    (b"x-crosslook-session", b"acme"),
    (b"x-request-id", b"forged"),
    (b"crosslook-forwarded", b"1"),
    (b"connection", b"keep-alive, X-Hop"),
    (b"x-hop", b"1"),
    (b"keep-alive", b"timeout=5"),
    (b"transfer-encoding", b"chunked"),
    (b"te", b"trailers"),
    (b"upgrade", b"h2c"),
    (b"proxy-authorization", b"Basic x"),
    (b"expect", b"100-continue"),
    (b"accept-language", b"fr"),
    (b"if-match", b'"3"'),
    (b"content-type", b"text/csv"),
    (b"content-length", b"12"),
]


def test_a_service_gets_the_sessions_token_and_nothing_of_the_browsers_own() -> None:
    assert request_headers(SENT, "minted", "0123") == [
        (b"accept-language", b"fr"),
        (b"if-match", b'"3"'),
        (b"content-type", b"text/csv"),
        (b"content-length", b"12"),
        (b"x-request-id", b"0123"),
        (b"authorization", b"Bearer minted"),
    ]


def test_without_a_token_there_is_no_authorization() -> None:
    assert b"authorization" not in dict(request_headers(SENT, None, "0123"))


def test_an_answer_loses_cookies_and_what_concerns_one_connection() -> None:
    answered = [
        (b"Set-Cookie", b"a=b"),
        (b"Connection", b"close, x-hop"),
        (b"X-Hop", b"1"),
        (b"Transfer-Encoding", b"chunked"),
        (b"Date", b"today"),
        (b"Server", b"s"),
        (b"crosslook-log-position", b"7"),
        (b"ETag", b'"1"'),
        (b"Content-Length", b"3"),
        (b"X-Request-Id", b"theirs"),
    ]
    kept = [(b"etag", b'"1"'), (b"content-length", b"3"), (b"x-request-id", b"theirs")]
    assert answer_headers(answered) == kept


@pytest.mark.parametrize("site", [b"cross-site", b"same-site", b"none", b"", b"Same-Origin"])
def test_a_call_from_elsewhere_is_refused(site: bytes) -> None:
    with pytest.raises(AppError) as refused:
        chosen_tenant([(b"x-crosslook-session", b"acme"), (b"sec-fetch-site", site)])
    assert (refused.value.status, refused.value.problem.code) == (403, "not_from_page")


@pytest.mark.parametrize("headers", [[], [(b"x-crosslook-session", b"")]])
def test_a_call_that_names_no_session_is_refused(headers: list[tuple[bytes, bytes]]) -> None:
    with pytest.raises(AppError) as refused:
        chosen_tenant(headers)
    assert (refused.value.status, refused.value.problem.code) == (403, "not_from_page")


@pytest.mark.parametrize("site", [None, b"same-origin"])
def test_the_pages_own_call_names_its_tenant(site: bytes | None) -> None:
    headers = [(b"x-crosslook-session", b"acme"), *([(b"sec-fetch-site", site)] if site else [])]
    refuse_other_sites(headers)
    assert chosen_tenant(headers) == "acme"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ([], False),
        ([(b"content-length", b"0")], False),
        ([(b"content-length", b"5")], True),
        ([(b"transfer-encoding", b"chunked")], True),
    ],
)
def test_a_body_is_known_from_the_headers(headers: list[tuple[bytes, bytes]], expected: bool) -> None:
    assert has_body(headers) is expected


@pytest.mark.parametrize("path", ["/", "/t/acme/reports?x=1#row", "/t/acme/%C3%A9"])
def test_a_person_returns_to_a_path_of_the_page(path: str) -> None:
    assert inside(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "t/acme",
        "//evil.example",
        "/\\evil.example",
        "/a\\..\\b",
        "https://evil.example/",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/a\r\nSet-Cookie: x=y",
        "/api/session",
        "/é",
        "/" + "a" * 2001,
    ],
)
def test_nobody_is_led_out_of_the_page(path: str) -> None:
    assert inside(path) == "/"
