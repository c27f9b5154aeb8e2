"""The only module that calls chDB. A handle (the engine's session) lives as long as one request: settings, database
and roles of one query can therefore never leak into another; opening one costs a fifth of a millisecond.
"""

import contextlib
import errno
import re
import threading
import uuid
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import chdb

_CODE = re.compile(r"Code:\s*(\d+)\.")
_TRAILING_FORMAT = re.compile(r"\bFORMAT\s+(\w+)\s*(?:SETTINGS\b.*)?;?\s*$", re.IGNORECASE | re.DOTALL)
_INSERT_SETTINGS = re.compile(r"\bSETTINGS\s+\w+\s*=.*$", re.IGNORECASE | re.DOTALL)
_READS = re.compile(r"^(?:\s|--[^\n]*\n|/\*.*?\*/|\()*(SELECT|WITH)\b", re.I | re.S)
_SETTING_NAME = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")

STREAMED_FORMATS = frozenset({"Native", "TabSeparated", "TSV", "CSV", "RowBinary", "JSONEachRow"})
"""Formats whose blocks stand alone, so that a result can be given while it is made. Others have a head or a foot."""


class EngineError(Exception):
    """An error of ClickHouse: its numeric code (0 when it gave none) and its text, `Code: N. DB::Exception: …`."""

    def __init__(self, text: str) -> None:
        start = text.find("Code: ")
        super().__init__(text[start:].strip() if start > 0 else text.strip())
        match = _CODE.search(text)
        self.code = int(match.group(1)) if match else 0


@contextlib.contextmanager
def telling_a_full_disk() -> Iterator[None]:
    """Where files are written: a full disk is told as ClickHouse tells it, so that clients can classify it. Raises
    EngineError."""
    try:
        yield
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise EngineError("Code: 243. DB::Exception: No space left on device. (NOT_ENOUGH_SPACE)") from error


@dataclass(frozen=True, slots=True)
class Query:
    """One statement with what came along with it. `marker` names it in the process list, for cancelling; `whole`: its
    result is wanted only once it is complete."""

    sql: str
    database: str = "default"
    default_format: str = "TabSeparated"
    settings: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    readonly: bool = False
    whole: bool = False
    marker: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def format(self) -> str:
        """The format of the answer: the statement's own, else the default."""
        match = _TRAILING_FORMAT.search(self.sql)
        return match.group(1) if match else self.default_format

    @property
    def streams(self) -> bool:
        """Whether its result can be given block by block."""
        return not self.whole and self.format in STREAMED_FORMATS and _READS.match(self.sql) is not None


@dataclass(slots=True)
class QuerySummary:
    """The figures of `X-ClickHouse-Summary`."""

    read_rows: int = 0
    read_bytes: int = 0
    written_rows: int = 0
    written_bytes: int = 0
    elapsed_ns: int = 0


class Engine:
    """chDB on one data folder. All methods may be called from any thread; each blocks its thread while it works."""

    def __init__(self, folder: Path) -> None:
        self._path = str(folder)
        # Held open for the life of the process: the engine itself goes when its last handle does.
        self._anchor = chdb.connect(self._path)
        self._killer = threading.Lock()

    def version(self) -> str:
        """The engine's version, as ClickHouse writes it."""
        return str(self._anchor.query("SELECT version()", "TabSeparated")).strip()

    def close(self) -> None:
        """Shut the engine down; what was inserted is on disk."""
        self._anchor.close()

    def run(self, query: Query) -> tuple[bytes, QuerySummary]:
        """Run a statement to its end and answer everything. Raises EngineError."""
        handle = self._open(query)
        try:
            result = handle.query(query.sql, query.default_format, params=dict(query.parameters))
            figures = QuerySummary(
                result.rows_read(),
                result.bytes_read(),
                result.rows_written(),
                result.bytes_written(),
                int(result.elapsed() * 1e9),
            )
            return result.bytes(), figures
        except (chdb.ChdbError, RuntimeError) as error:
            raise EngineError(str(error)) from error
        finally:
            handle.close()

    def stream(self, query: Query) -> Generator[bytes, None, None]:
        """Run a reading statement block by block. Raises EngineError at the call or at any step; closing it cancels."""
        handle = self._open(query)
        result: Any = None
        try:
            result = handle.send_query(query.sql, query.default_format, params=dict(query.parameters))
            for block in result:
                if data := block.bytes():
                    yield data
            result = None
        except (chdb.ChdbError, RuntimeError) as error:
            result = None
            raise EngineError(str(error)) from error
        finally:
            if result is not None:
                result.cancel()
            handle.close()

    def insert(self, query: Query, fmt: str, data: Path) -> QuerySummary:
        """Run an INSERT (its statement without FORMAT) whose data lie in a file; from here the rows survive any crash.
        Raises EngineError.

        Not by chDB's streaming insert, which answers success when the end of the insert fails: a constraint, a
        materialized view, too many parts.
        """
        return self.run(replace(query, sql=_with_data(query.sql, fmt, data)))[1]

    def cancel(self, marker: str) -> None:
        """Stop the query with this marker, if it still runs."""
        with self._killer:
            self._anchor.query(f"KILL QUERY WHERE Settings['log_comment'] = '{marker}' ASYNC", "Null")

    def cancel_all(self) -> None:
        """Stop whatever runs."""
        with self._killer:
            self._anchor.query("KILL QUERY WHERE Settings['log_comment'] != '' ASYNC", "Null")

    def _open(self, query: Query) -> Any:
        handle = chdb.connect(self._path)
        try:
            handle.query(f"USE {_identifier(query.database)}")
            settings = {"log_comment": query.marker, **query.settings}
            if query.readonly:
                settings["readonly"] = "2"
            handle.query("SET " + ", ".join(f"{_name(name)} = {_text(value)}" for name, value in settings.items()))
        except (chdb.ChdbError, RuntimeError) as error:
            handle.close()
            raise EngineError(str(error)) from error
        return handle


def _with_data(sql: str, fmt: str, data: Path) -> str:
    """The grammar wants the file between the columns and the settings."""
    settings = _INSERT_SETTINGS.search(sql)
    end = settings.start() if settings else len(sql)
    return f"{sql[:end]} FROM INFILE {_text(str(data))} COMPRESSION 'none' {sql[end:]} FORMAT {fmt}"


def _identifier(name: str) -> str:
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _name(setting: str) -> str:
    if not _SETTING_NAME.match(setting):
        raise EngineError(f"Code: 115. DB::Exception: Unknown setting {setting!r}. (UNKNOWN_SETTING)")
    return setting
