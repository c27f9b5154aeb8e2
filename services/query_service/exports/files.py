"""How a file of each format is made: one row each. What a format is called is its row in `contracts/formats.py`."""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from crosslook.contracts.formats import Format
from crosslook.contracts.problems import Language
from services.query_service.answering.file_facts import FileFacts
from services.query_service.answering.rendering import label_of
from services.query_service.domain.result import ColumnHead
from services.query_service.exports import arrow_metadata, parquet_metadata
from services.query_service.exports.excel import About, ExcelWriter
from services.query_service.exports.writers import ArrowWriter, CsvWriter, FileWriter


@dataclass(frozen=True, slots=True)
class FileContents:
    """What a file is about: the columns of a report on `object`, its instants in `zone`. What is written beside memory
    lies in `folder`."""

    columns: Sequence[ColumnHead]
    object: str
    zone: str
    language: Language
    facts: FileFacts
    folder: Path | None


@dataclass(frozen=True, slots=True)
class EngineFile:
    """A file that the engine makes: what it calls the format, and how what it made gets our metadata."""

    name: str
    completed: Callable[[AsyncGenerator[bytes, None], FileContents], AsyncGenerator[bytes, None]]


@dataclass(frozen=True, slots=True)
class FileSpec:
    """One format. `writer` makes files of rows; `engine` is there where the engine makes them of its own rows."""

    writer: Callable[[FileContents], FileWriter]
    engine: EngineFile | None


def _csv(contents: FileContents) -> FileWriter:
    return CsvWriter(contents.columns)


def _excel(contents: FileContents) -> FileWriter:
    labels = [label_of(column, contents.language) for column in contents.columns]
    about = About(contents.facts, contents.language)
    return ExcelWriter(contents.columns, labels, contents.object, contents.folder, about)


def _arrow(contents: FileContents) -> FileWriter:
    return ArrowWriter(contents.columns, contents.zone, as_parquet=False, metadata=contents.facts.metadata())


def _parquet(contents: FileContents) -> FileWriter:
    return ArrowWriter(contents.columns, contents.zone, as_parquet=True, metadata=contents.facts.metadata())


def _arrow_completed(made: AsyncGenerator[bytes, None], contents: FileContents) -> AsyncGenerator[bytes, None]:
    return arrow_metadata.with_metadata(made, contents.facts.metadata())


def _parquet_completed(made: AsyncGenerator[bytes, None], contents: FileContents) -> AsyncGenerator[bytes, None]:
    return parquet_metadata.with_metadata(made, contents.facts.metadata(), contents.zone)


FILES: Mapping[Format, FileSpec] = {
    Format.CSV: FileSpec(_csv, engine=None),
    Format.XLSX: FileSpec(_excel, engine=None),
    Format.PARQUET: FileSpec(_parquet, EngineFile("Parquet", _parquet_completed)),
    Format.ARROW: FileSpec(_arrow, EngineFile("ArrowStream", _arrow_completed)),
}
