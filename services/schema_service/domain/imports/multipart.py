"""A `multipart/form-data` body as it arrives: a short part `mapping`, then the file (RFC 7578)."""

from enum import Enum, auto
from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from crosslook.contracts.problems import Problem

HEADER_MAX: Final = 16 * 1024
"""Largest header of a part, in bytes."""
MAPPING_MAX: Final = 256 * 1024


class MalformedForm(Exception):
    """The body is not a form that imports take."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.problem = Problem("malformed_form", text=text)


class _Part(Enum):
    NONE = auto()
    MAPPING = auto()
    FILE = auto()
    AFTER = auto()
    """One behind the file: its content does not matter."""


def form_boundary(content_type: str) -> bytes | None:
    """The boundary that a content type names; None where it names none."""
    return parse_options_header(content_type)[1].get(b"boundary") or None


class FormReader:
    """Reads a form from pieces. `mapping`: the first part, complete as soon as `file_type` is known, the media type
    that the second part, the file, names for itself; `file_name` is how it is called. `ended`: whether the boundary
    after the file was read. Keeps nothing of the file. Raises MalformedForm for a boundary that is too long."""

    def __init__(self, boundary: bytes) -> None:
        self.mapping = bytearray()
        self.file_type: str | None = None
        self.file_name = ""
        self.ended = False
        self._part = _Part.NONE
        self._file: list[bytes] = []
        self._header = (bytearray(), bytearray())
        self._headers: dict[str, bytes] = {}
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._headers.clear,
                    "on_header_field": self._add_name,
                    "on_header_value": self._add_value,
                    "on_header_end": self._end_header,
                    "on_headers_finished": self._begin_content,
                    "on_part_data": self._add_content,
                    "on_part_end": self._end_part,
                    "on_end": self._end_form,
                },
                max_header_size=HEADER_MAX,
            )
        except FormParserError:
            raise MalformedForm("malformed_form") from None

    def feed(self, piece: bytes) -> bytes:
        """The part of the file that the next piece of the body completes. Raises MalformedForm."""
        try:
            self._parser.write(piece)
        except FormParserError:
            raise MalformedForm("malformed_form") from None
        file, self._file = b"".join(self._file), []
        return file

    def _add_name(self, data: bytes, start: int, end: int) -> None:
        self._header[0].extend(data[start:end])

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1].extend(data[start:end])

    def _end_header(self) -> None:
        name, value = self._header
        self._headers[name.decode("latin-1").lower()] = bytes(value)
        self._header = (bytearray(), bytearray())

    def _begin_content(self) -> None:
        """Find out which part begins. A mapping behind the file comes too late to read it by."""
        _, named = parse_options_header(self._headers.get("content-disposition", b""))
        is_mapping = named.get(b"name") == b"mapping" and b"filename" not in named
        if is_mapping and (self.mapping or self.file_type is not None):
            raise MalformedForm("malformed_form")
        if is_mapping:
            self._part = _Part.MAPPING
        elif self.file_type is not None:
            self._part = _Part.AFTER
        else:
            self._part = _Part.FILE
            kind, _ = parse_options_header(self._headers.get("content-type", b""))
            self.file_type = kind.decode("latin-1").strip().lower()
            self.file_name = named.get(b"filename", b"").decode("utf-8", "replace")

    def _add_content(self, data: bytes, start: int, end: int) -> None:
        if self._part is _Part.FILE:
            self._file.append(bytes(data[start:end]))
        elif self._part is _Part.MAPPING:
            self.mapping += data[start:end]
            if len(self.mapping) > MAPPING_MAX:
                raise MalformedForm("malformed_form.mapping")

    def _end_part(self) -> None:
        self.ended = self.ended or self._part is _Part.FILE

    def _end_form(self) -> None:
        if self.file_type is None:
            raise MalformedForm("malformed_form.file")
