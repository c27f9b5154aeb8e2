"""What a call of the page must have, and which headers travel between it and a service. Pure."""

from collections.abc import Iterable, Iterator

from crosslook.contracts.problems import Problem
from crosslook.platform.errors import AppError
from crosslook.platform.writer_client import FORWARDED, LOG_POSITION, NOT_THE_WRITER

SESSION_HEADER = b"x-crosslook-session"
"""Names the tenant whose session a call uses. No form and no link of another site can send it."""
_FETCH_SITE = b"sec-fetch-site"
_OF_ONE_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer upgrade".split()
) | {b"transfer-encoding"}
_NOT_SENT_ON = _OF_ONE_HOP | {b"host", b"expect", b"cookie", b"authorization", b"x-request-id"}
_NOT_SENT_ON |= {SESSION_HEADER, FORWARDED}
_NOT_ANSWERED = _OF_ONE_HOP | {b"date", b"server", b"set-cookie", LOG_POSITION, NOT_THE_WRITER}

HeaderList = list[tuple[bytes, bytes]]


def header(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> bytes | None:
    """The value of a request's header, None without it."""
    return next((value for name, value in headers if name == wanted), None)


def refuse_other_sites(headers: HeaderList) -> None:
    """Raises AppError `not_from_page` (403) for a call that a page of another site made the browser send."""
    site = header(headers, _FETCH_SITE)
    if site is not None and site != b"same-origin":
        raise not_from_page()


def chosen_tenant(headers: HeaderList) -> str:
    """The tenant whose session a call names. Raises AppError `not_from_page` (403) where the page did not send it."""
    refuse_other_sites(headers)
    chosen = header(headers, SESSION_HEADER)
    if not chosen:
        raise not_from_page()
    return chosen.decode("latin-1")


def request_headers(headers: HeaderList, token: str | None, request_id: str) -> HeaderList:
    """The headers with which a service gets a call of the page: with the session's token, and without cookies, the
    client's own token, and what concerns one connection."""
    dropped = _NOT_SENT_ON | set(_named_by_connection(headers))
    kept = [(name, value) for name, value in headers if name not in dropped]
    kept.append((b"x-request-id", request_id.encode()))
    return kept if token is None else [*kept, (b"authorization", b"Bearer " + token.encode())]


def message_headers(headers: HeaderList, request_id: str) -> HeaderList:
    """The headers with which schema_service gets a vendor's message: all but what concerns one connection or the page's
    sessions, or is between our own processes. Its `Authorization` is the vendor's own."""
    dropped = (_NOT_SENT_ON - {b"authorization"}) | set(_named_by_connection(headers))
    return [*((name, value) for name, value in headers if name not in dropped), (b"x-request-id", request_id.encode())]


def answer_headers(headers: Iterable[tuple[bytes, bytes]]) -> HeaderList:
    """The headers of a service's answer that reach the page."""
    lower = [(name.lower(), value) for name, value in headers]
    dropped = _NOT_ANSWERED | set(_named_by_connection(lower))
    return [(name, value) for name, value in lower if name not in dropped]


def _named_by_connection(headers: HeaderList) -> Iterator[bytes]:
    for name, value in headers:
        if name == b"connection":
            yield from (part.strip().lower() for part in value.split(b","))


def has_body(headers: HeaderList) -> bool:
    """Whether a client sends a body with a request, however long."""
    return header(headers, b"transfer-encoding") is not None or (header(headers, b"content-length") or b"0") != b"0"


def climbs(path: str) -> bool:
    """Whether a path has a part that leads out of where it begins."""
    return any(part in (".", "..") for part in path.split("/"))


def not_from_page() -> AppError:
    """The refusal of a call that the page itself did not make."""
    return AppError(Problem("not_from_page"), status=403)
