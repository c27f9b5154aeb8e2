"""Parquet files whose footer is written anew on their way: metadata and zone, and every row as it was."""

import io
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from services.query_service.exports.parquet_metadata import with_metadata

ZONE = "America/Chicago"
METADATA = {"crosslook.truncated": "true", "crosslook.warnings": "é"}
_FIELDS: list["pa.Field[Any]"] = [
    pa.field("text", pa.string()),
    pa.field("amount", pa.decimal128(38, 4)),
    pa.field("at", pa.timestamp("ms", tz="UTC"), nullable=False),
]
TABLE = pa.table(
    {
        "text": pa.array(["a", None, "é" * 100]),
        "amount": pa.array([Decimal("1.5000"), None, Decimal("-2.0000")], pa.decimal128(38, 4)),
        "at": pa.array([datetime(2026, 11, 1, 6, 30, tzinfo=UTC)] * 3, pa.timestamp("ms", tz="UTC")),
    },
    schema=pa.schema(_FIELDS),
)


def _file(rows_a_group: int = 1) -> bytes:
    file = io.BytesIO()
    parquet.write_table(TABLE, file, row_group_size=rows_a_group, store_schema=False)
    return file.getvalue()


async def _pieces(data: bytes, size: int) -> AsyncGenerator[bytes, None]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def _written(data: bytes, size: int, held: int = 1 << 20) -> list[bytes]:
    async with aclosing(with_metadata(_pieces(data, size), METADATA, ZONE, held)) as pieces:
        return [piece async for piece in pieces]


@pytest.mark.parametrize("size", [1, 7, 8, 1000, 1 << 20])
@pytest.mark.parametrize("rows_a_group", [1, 3])
async def test_the_file_has_its_rows_and_the_metadata_whatever_the_pieces(size: int, rows_a_group: int) -> None:
    read = parquet.read_table(io.BytesIO(b"".join(await _written(_file(rows_a_group), size))))
    assert read.schema.metadata == {name.encode(): value.encode() for name, value in METADATA.items()}
    assert read.schema.field("at") == pa.field("at", pa.timestamp("ms", tz=ZONE), nullable=False)
    assert read.cast(TABLE.schema).equals(TABLE)


async def test_only_the_end_is_held_back() -> None:
    data = _file()
    footer = int.from_bytes(data[-8:-4], "little") + 8
    pieces = await _written(data, 10, held=footer)
    # Every piece before the footer, but for the one in which it begins, has passed as it was.
    assert len(pieces) == (len(data) - footer) // 10 + 1
    assert b"".join(pieces[:-1]) == data[: 10 * (len(pieces) - 1)]
    assert parquet.read_table(io.BytesIO(b"".join(pieces))).num_rows == 3


@pytest.mark.parametrize(("data", "held"), [(_file(), 100), (_file()[:-1], 1 << 20), (b"", 1 << 20), (b"PAR1", 8)])
async def test_what_does_not_end_with_a_footer_is_not_a_file(data: bytes, held: int) -> None:
    with pytest.raises(ValueError, match="do not hold the footer of a Parquet file"):
        await _written(data, 50, held)
