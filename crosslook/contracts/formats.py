"""The formats that a report's result can take: one row each. How a file is written is its row in query_service's
`exports/files.py`."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """The formats by their media types, the preferred one first."""

    JSON = "application/json"
    CSV = "text/csv"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    PARQUET = "application/vnd.apache.parquet"
    ARROW = "application/vnd.apache.arrow.stream"

    @property
    def short_name(self) -> str:
        """What the command calls it."""
        return FORMATS[self].short_name

    @property
    def extension(self) -> str:
        """What the name of such a file ends with."""
        return FORMATS[self].extension

    @property
    def content_type(self) -> str:
        """Its `Content-Type`."""
        charset = FORMATS[self].charset
        return self.value if charset is None else f"{self.value}; charset={charset}"

    @property
    def readable(self) -> bool:
        """Whether it is text that a terminal can show."""
        return FORMATS[self].readable


@dataclass(frozen=True, slots=True)
class FormatSpec:
    """One format. `charset` is named in the `Content-Type`; `readable`: it is text that a terminal can show."""

    short_name: str
    extension: str
    charset: str | None
    readable: bool


FORMATS: Mapping[Format, FormatSpec] = {
    Format.JSON: FormatSpec("json", "json", charset=None, readable=True),
    Format.CSV: FormatSpec("csv", "csv", charset="utf-8", readable=True),
    Format.XLSX: FormatSpec("xlsx", "xlsx", charset=None, readable=False),
    Format.PARQUET: FormatSpec("parquet", "parquet", charset=None, readable=False),
    Format.ARROW: FormatSpec("arrow", "arrows", charset=None, readable=False),
}

FILE_FORMATS = tuple(form for form in Format if form is not Format.JSON)
"""The formats of files: all but the answer itself."""
