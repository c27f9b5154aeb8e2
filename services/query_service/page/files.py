"""The files of the built page: which one answers a path, in which encoding, and with which headers."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ASSETS: Final = "/assets/"
SIGN_IN_PAGE: Final = "/sign-in"
CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "manifest-src 'self'",
    )
)
_FEATURES = ("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone")
_STRICT: Final[Mapping[str, str]] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in (*_FEATURES, "midi", "payment", "usb")),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_FOR_EVER = "public, max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"
_ENCODINGS: Final[Mapping[str, str]] = {"br": ".br", "gzip": ".gz"}
"""The encodings in which files may be stored beside the plain ones, the smallest first."""
_TYPES: Final[Mapping[str, str]] = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
}


@dataclass(frozen=True, slots=True)
class PageFile:
    """A file as it is answered."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PageFiles:
    """The folder of the built page. Every method reads files and may block."""

    folder: Path

    def asset(self, path: str, accept_encoding: str) -> PageFile | None:
        """The file of a path under `/assets/`, whose name changes with its content; None where there is none."""
        found = self._file(path)
        return None if found is None else _answered(found, accept_encoding, {"Cache-Control": _FOR_EVER})

    def root_file(self, path: str, accept_encoding: str) -> PageFile | None:
        """A file beside `index.html`; None where there is none."""
        found = self._file(path) if path.count("/") == 1 and path != "/index.html" else None
        return None if found is None else _tagged(found, accept_encoding, path)

    def index(self, path: str, accept_encoding: str) -> PageFile | None:
        """The page itself, for a path within it; None where it is not built."""
        found = self._file("/index.html")
        return None if found is None else _tagged(found, accept_encoding, path)

    def _file(self, path: str) -> Path | None:
        """The file of a path below the folder, never above it, and never a hidden or a compressed one."""
        parts = path.removeprefix("/").split("/")
        if any(not part or part.startswith(".") or {"\\", "\0"} & {*part} for part in parts):
            return None
        file = self.folder.joinpath(*parts)
        if file.suffix in _ENCODINGS.values() and file.with_suffix("").is_file():
            return None
        inside = file.resolve().is_relative_to(self.folder.resolve())
        return file if inside and file.is_file() else None


def accepted_encodings(accept_encoding: str) -> list[str]:
    """The encodings of ours that a client accepts, the smallest first."""
    weights: dict[str, bool] = {}
    for part in accept_encoding.lower().split(",", 50)[:50]:
        name, *parameters = (piece.strip() for piece in part.split(";", 50))
        refused = any(parameter.replace(" ", "").rstrip("0") in ("q=", "q=.", "q=0.") for parameter in parameters)
        weights[name] = not refused
    return [name for name in _ENCODINGS if weights.get(name, weights.get("*", False))]


def _tagged(file: Path, accept_encoding: str, path: str) -> PageFile:
    found = _answered(file, accept_encoding, {"Cache-Control": _ASK_AGAIN})
    tag = f'"{hashlib.sha256(found.body).hexdigest()[:32]}"'
    referrer = "no-referrer" if path == SIGN_IN_PAGE else "same-origin"
    return PageFile(found.body, {**found.headers, "ETag": tag, "Referrer-Policy": referrer})


def _answered(file: Path, accept_encoding: str, headers: Mapping[str, str]) -> PageFile:
    stored = {name: file.with_name(file.name + ending) for name, ending in _ENCODINGS.items()}
    stored = {name: path for name, path in stored.items() if path.is_file()}
    made = {
        **_STRICT,
        "Referrer-Policy": "same-origin",
        "Content-Type": _TYPES.get(file.suffix.lower(), "application/octet-stream"),
        **headers,
    }
    if stored:
        made["Vary"] = "Accept-Encoding"
    for encoding in accepted_encodings(accept_encoding):
        if encoding in stored:
            return PageFile(stored[encoding].read_bytes(), {**made, "Content-Encoding": encoding})
    return PageFile(file.read_bytes(), made)
