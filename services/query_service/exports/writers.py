"""Rows as files, a few at a time: what all formats share, CSV, and what pyarrow writes."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

import pyarrow as pa
from pyarrow import parquet

from services.query_service.domain.column_types import COLUMN_TYPES
from services.query_service.domain.result import ColumnHead
from services.query_service.domain.values import Cell, harmless

CellRows = Sequence[Sequence[Cell]]


class FileWriter(Protocol):
    """Writes one file. Its methods block and may be called from any thread, one at a time."""

    def rows(self, rows: CellRows) -> bytes:
        """Take the next rows; what can be sent already, perhaps nothing."""

    def end(self) -> Iterator[bytes]:
        """The rest of the file."""

    def close(self) -> None:
        """Release everything, even if the file was not completed."""


class CsvWriter:
    """CSV (RFC 4180, UTF-8). Text that a spreadsheet would run is quoted with an apostrophe."""

    def __init__(self, heads: Sequence[ColumnHead]) -> None:
        self._shown = [COLUMN_TYPES[head.type].csv for head in heads]
        self._due = _lines([[harmless(head.name) for head in heads]])

    def rows(self, rows: CellRows) -> bytes:
        """As Writer."""
        before, self._due = self._due, b""
        return before + _lines([self._row(row) for row in rows])

    def end(self) -> Iterator[bytes]:
        """As Writer."""
        yield from [self._due] if self._due else []

    def close(self) -> None:
        """As Writer."""

    def _row(self, row: Sequence[Cell]) -> list[Cell]:
        return [None if cell is None else show(cell) for cell, show in zip(row, self._shown, strict=True)]


def _lines(rows: list[list[Cell]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


class ArrowWriter:
    """Rows that were made here as an Arrow stream or a Parquet file, in the types of those that the engine makes."""

    def __init__(
        self, heads: Sequence[ColumnHead], zone: str, *, as_parquet: bool, metadata: dict[str, str] | None = None
    ) -> None:
        self._heads = heads
        self._sink = _Sink()
        self._schema = pa.schema(
            [(head.name, COLUMN_TYPES[head.type].arrow(zone)) for head in heads],
            metadata=encoded_metadata(metadata),
        )
        self._writer: Any = (
            parquet.ParquetWriter(pa.PythonFile(self._sink, mode="w"), self._schema, compression="zstd")
            if as_parquet
            else pa.ipc.new_stream(self._sink, self._schema)
        )

    def rows(self, rows: CellRows) -> bytes:
        """As Writer."""
        columns = zip(*rows, strict=True) if rows else ([] for _ in self._heads)
        arrays = [
            pa.array([_arrow_value(value, head) for value in column], field.type)
            for column, head, field in zip(columns, self._heads, self._schema, strict=True)
        ]
        self._writer.write_batch(pa.record_batch(arrays, schema=self._schema))
        return self._sink.taken()

    def end(self) -> Iterator[bytes]:
        """As Writer."""
        self._writer.close()
        yield self._sink.taken()

    def close(self) -> None:
        """As Writer."""
        self._writer.close()


def encoded_metadata(metadata: Mapping[str, str] | None) -> dict[bytes | str, bytes | str]:
    """Metadata in the type that pyarrow declares."""
    named: dict[bytes | str, bytes | str] = {}
    named.update((name, value) for name, value in (metadata or {}).items())
    return named


def _arrow_value(value: Cell, head: ColumnHead) -> Any:
    return None if value is None else COLUMN_TYPES[head.type].from_json(value)


class _Sink(io.RawIOBase):
    """What was written since it was last asked."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._at = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        piece = bytes(data)
        self._pieces.append(piece)
        self._at += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._at

    def taken(self) -> bytes:
        """All of it; it is not kept."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
