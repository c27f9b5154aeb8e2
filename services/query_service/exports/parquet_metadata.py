"""Adds metadata and the zone of instants to the footer of a Parquet file from the engine.

Such a file ends with its footer, so only the last bytes are held back; the rows pass as they are. pyarrow reads the
engine's footer and writes the new one, which names the same row groups at the same places.
"""

import io
from collections import deque
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from services.query_service.exports.writers import encoded_metadata

_HELD = 4 * 1024 * 1024
"""At least as long as any footer: 100 columns of long texts need 0.8 MB a row group, and the engine begins a row group
every million rows or 512 MB of values."""
_MARK = b"PAR1"
_TAIL = 8
"""A file ends with the length of its footer, four bytes, and the mark."""


async def with_metadata(
    pieces: AsyncGenerator[bytes, None], metadata: Mapping[str, str], zone: str, held: int = _HELD
) -> AsyncGenerator[bytes, None]:
    """The file with its footer rewritten. Raises ValueError where the footer does not lie in the last `held` bytes:
    a file is whole with its metadata or not at all."""
    waiting: deque[bytes] = deque()
    size = 0
    async with aclosing(pieces):
        async for piece in pieces:
            waiting.append(piece)
            size += len(piece)
            while size - len(waiting[0]) >= held:
                first = waiting.popleft()
                size -= len(first)
                yield first
    end = _end_of(waiting, _TAIL)
    end = _end_of(waiting, _footer_size(end), end)
    if not end.endswith(_MARK):
        raise ValueError(f"the last {held} bytes of the engine's answer do not hold the footer of a Parquet file")
    for piece in waiting:
        yield piece
    yield _rewritten(end, metadata, zone)


def _end_of(waiting: deque[bytes], size: int, end: bytes = b"") -> bytes:
    """At least `size` bytes from the end, which are taken and put before those of `end`; nothing where there are
    fewer."""
    while len(end) < size and waiting:
        end = waiting.pop() + end
    return end if len(end) >= size else b""


def _footer_size(end: bytes) -> int:
    return int.from_bytes(end[-_TAIL : -len(_MARK)], "little") + _TAIL


def _rewritten(end: bytes, metadata: Mapping[str, str], zone: str) -> bytes:
    start = len(end) - _footer_size(end)
    engine = parquet.read_metadata(pa.BufferReader(_MARK + end[start:]))
    fields = [_in_zone(field, zone) for field in engine.schema.to_arrow_schema()]
    footer = _footer_of(pa.schema(fields, metadata=encoded_metadata(metadata)))
    footer.append_row_groups(engine)
    alone = io.BytesIO()
    footer.write_metadata_file(alone)
    return end[:start] + alone.getvalue()[len(_MARK) :]


def _in_zone(field: "pa.Field[Any]", zone: str) -> "pa.Field[Any]":
    kind = field.type
    return field.with_type(pa.timestamp(kind.unit, tz=zone)) if pa.types.is_timestamp(kind) else field


def _footer_of(schema: pa.Schema) -> parquet.FileMetaData:
    """The footer of a file of no rows."""
    empty = io.BytesIO()
    parquet.ParquetWriter(empty, schema).close()
    return parquet.read_metadata(pa.BufferReader(empty.getvalue()))
