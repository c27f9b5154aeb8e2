"""The security and caching headers of every answer."""

from collections.abc import Iterable

_ALWAYS = (
    (b"x-content-type-options", b"nosniff"),
    # An answer is data: opened in a browser it loads nothing, runs nothing and stands in no frame.
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
)


def completed_headers(given: Iterable[tuple[bytes, bytes]], request_id: str) -> list[tuple[bytes, bytes]]:
    """An answer's headers with those that it did not set itself.

    `Cache-Control` is `private, no-cache` for what has an `ETag` (it may be kept, and is asked for again each time),
    else `no-store`. HSTS is the proxy's, which speaks TLS.
    """
    headers = list(given)
    names = {name.lower() for name, _ in headers}
    caching = b"private, no-cache" if b"etag" in names else b"no-store"
    wanted = (*_ALWAYS, (b"cache-control", caching), (b"x-request-id", request_id.encode()))
    return headers + [header for header in wanted if header[0] not in names]
