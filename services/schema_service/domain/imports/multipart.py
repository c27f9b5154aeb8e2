"""A `multipart/form-data` body as it arrives: a short part `mapping`, then the file (RFC 7578, RFC 2046)."""

import re
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from crosslook.contracts.problems import Problem

PART_HEADERS_MAX: Final = 16 * 1024
MAPPING_MAX: Final = 256 * 1024
_BOUNDARY = re.compile(r'boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
_NAME = re.compile(rb'name="([^"]*)"')
_TYPE = re.compile(rb"(?im)^content-type:[ \t]*([^;\r\n]+)")


class MalformedForm(Exception):
    """The body is not a form that imports take."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.problem = Problem("malformed_form", text=text)


class _Place(Enum):
    START = auto()
    HEADERS = auto()
    MAPPING = auto()
    FILE = auto()
    END = auto()


def form_boundary(content_type: str) -> bytes | None:
    """The boundary that a content type names; None where it names none."""
    found = _BOUNDARY.search(content_type)
    return (found.group(1) or found.group(2)).encode("latin-1", "replace") if found is not None else None


@dataclass(slots=True)
class FormReader:
    """Reads a form from pieces. `mapping`: the first part, complete as soon as `file_type` is known, the media type
    that the second part, the file, names for itself. Keeps no more of the file than a boundary is long."""

    boundary: bytes
    mapping: bytearray = field(default_factory=bytearray)
    file_type: str | None = None
    _place: _Place = _Place.START
    _kept: bytes = b""

    def __post_init__(self) -> None:
        self._kept = b"\r\n"  # so that the first boundary looks like the others
        self.boundary = b"\r\n--" + self.boundary

    @property
    def ended(self) -> bool:
        """Whether the boundary after the file was read."""
        return self._place is _Place.END

    def feed(self, piece: bytes) -> bytes:
        """The part of the file that the next piece of the body completes. Raises MalformedForm."""
        data, file = self._kept + piece, b""
        while True:
            before, data, moved = self._step(data)
            file += before
            if not moved:
                self._kept = data
                return file

    def _step(self, data: bytes) -> tuple[bytes, bytes, bool]:
        """What of the data belongs to the file, what is left of it, and whether the place has changed."""
        if self._place is _Place.END:
            return b"", b"", False
        if self._place is _Place.HEADERS:
            return self._headers(data)
        at = data.find(self.boundary)
        content = data[:at] if at >= 0 else data[: max(0, len(data) - len(self.boundary) + 1)]
        rest = data[at + len(self.boundary) :] if at >= 0 else data[len(content) :]
        file = self._content(content)
        if at >= 0:
            self._place = _Place.END if self._place is _Place.FILE else _Place.HEADERS
        return file, rest, at >= 0

    def _content(self, content: bytes) -> bytes:
        if self._place is _Place.FILE:
            return content
        if self._place is _Place.MAPPING:
            self.mapping += content
            if len(self.mapping) > MAPPING_MAX:
                raise MalformedForm("malformed_form.mapping")
        return b""

    def _headers(self, data: bytes) -> tuple[bytes, bytes, bool]:
        if data.startswith(b"--"):
            raise MalformedForm("malformed_form.file")
        end = data.find(b"\r\n\r\n")
        if end < 0:
            if len(data) > PART_HEADERS_MAX:
                raise MalformedForm("malformed_form")
            return b"", data, False
        headers = data[:end]
        named = _NAME.search(headers)
        if not self.mapping and named is not None and named.group(1) == b"mapping":
            self._place = _Place.MAPPING
        else:
            self._place = _Place.FILE
            kind = _TYPE.search(headers)
            self.file_type = kind.group(1).decode("latin-1").strip().lower() if kind is not None else ""
        return b"", data[end + 4 :], True
