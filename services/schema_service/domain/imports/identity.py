"""Ids of imported events: equal rows of equal records are the same event, however often their file is imported."""

from array import array
from hashlib import blake2b, sha256
from typing import Final

import orjson

from crosslook.contracts.admission import EMPTY_JSON
from crosslook.contracts.records import Admitted
from services.schema_service.domain.imports.rows import ImportMode

IMPORT_SOURCE: Final = "/imports"
"""The source of all events that imports, and their undoing, publish."""
_WORDS = 1 << 20
_DIGEST_BYTES = 8


class RecordsSeen:
    """Which records a file has named already, in 8 MiB however many there are: a Bloom filter, three bits of one word a
    record. It may take a record for one that was there, and never the other way; for the same file it always answers
    the same."""

    def __init__(self) -> None:
        self._words = array("Q", [0]) * _WORDS

    def see(self, record: str) -> bool:
        """Note a record; answers whether it was there."""
        digest = int.from_bytes(blake2b(record.encode(), digest_size=_DIGEST_BYTES).digest(), "little")
        bits = 1 << (digest & 63) | 1 << (digest >> 6 & 63) | 1 << (digest >> 12 & 63)
        place = digest >> 18 & _WORDS - 1
        word = self._words[place]
        self._words[place] = word | bits
        return word & bits == bits


def row_id(mode: ImportMode, row: Admitted, parameter: str, salt: str, line: int | None) -> str:
    """The id of a row's event.

    A hash of object, record, the values as admission reads them (the order of columns and the way a value is written
    do not count), the mode and the parameter `import`. `salt`: names the undone import after which the row is new
    again, "" for none. `line`: of a row whose record stood in the file before, because there the first of two equal
    rows must not make a repeat of the second one.
    """
    content = [
        mode,
        row.object,
        row.record,
        {name: float(value) if type(value) is int else value for name, value in orjson.loads(row.fields).items()},
        orjson.loads(row.references) if row.references != EMPTY_JSON else {},
        row.external_ids,
        parameter,
        salt,
        line,
    ]
    return sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def undo_id(import_id: str, record: str) -> str:
    """The id of the event with which undoing an import deletes a record: an undo that was interrupted repeats it."""
    return sha256(orjson.dumps(["undo", import_id, record])).hexdigest()
