"""Reports as streamed files: Parquet and Arrow from the engine itself, the others row by row."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from crosslook.contracts.formats import Format
from crosslook.contracts.problems import Language
from services.query_service.answering.executor import Executor
from services.query_service.answering.file_facts import FileFacts
from services.query_service.answering.preparation import Prepared
from services.query_service.answering.runner import ReportRunner
from services.query_service.domain.exporting import exported
from services.query_service.domain.result import ColumnHead, ResultSet, cell, heads
from services.query_service.domain.terms import ColumnType
from services.query_service.domain.zones import Zone
from services.query_service.exports.download import disposition
from services.query_service.exports.files import FILES, FileContents
from services.query_service.exports.writers import CellRows, FileWriter

T = TypeVar("T")
_ROWS_A_PIECE = 10_000


class Exports:
    """Makes files of prepared reports. What is asked of the engine alone is never held whole."""

    def __init__(self, runner: ReportRunner, executor: Executor, folder: Path | None) -> None:
        self._runner = runner
        self._executor = executor
        self._folder = folder

    def pieces(
        self, prepared: Prepared, form: Format, language: Language, facts: FileFacts
    ) -> AsyncGenerator[bytes, None]:
        """The file, piece by piece; before the first one is given, `facts` hold what the format adds to them.

        Raises what Executor.execute raises, also midway; closing it cancels what runs.
        """
        if prepared.composed:
            return self._composed(prepared, form, language, facts)
        report, engine = prepared.report, FILES[form].engine
        contents = self._contents(prepared, heads(report), language, facts)
        # The engine's lists are never null, and a multiselect without values is (meaning 4).
        several = any(head.type is ColumnType.MULTISELECT for head in contents.columns)
        if engine is not None and not several:
            statement = exported(prepared.statements.rows, contents.columns, contents.zone, report.limit)
            made = self._executor.pieces(statement, engine.name, report.limit, prepared.tenant)
            return engine.completed(made, contents)
        # Rows that come here are instants; their zone is applied when they are shown.
        statement = exported(prepared.statements.rows, contents.columns, "UTC", report.limit)
        writer = partial(FILES[form].writer, contents)
        shown = partial(_cells, contents.columns, report.zone)
        return _written(writer, shown, self._executor.blocks(statement, report.limit, prepared.tenant))

    async def _composed(
        self, prepared: Prepared, form: Format, language: Language, facts: FileFacts
    ) -> AsyncGenerator[bytes, None]:
        result = (await self._runner.run(prepared)).kept.whole()
        writer = partial(FILES[form].writer, self._contents(prepared, result.columns, language, facts))
        async with aclosing(_written(writer, lambda rows: rows, _slices(result))) as pieces:
            async for piece in pieces:
                yield piece

    def _contents(
        self, prepared: Prepared, columns: Sequence[ColumnHead], language: Language, facts: FileFacts
    ) -> FileContents:
        report = prepared.report
        return FileContents(columns, report.base.object, report.zone.name, language, facts, self._folder)


def file_name(prepared: Prepared, form: Format) -> str:
    """The `Content-Disposition` of a report's file: object, snapshot, zone."""
    base, zone = prepared.report.base, prepared.report.zone.name
    names = (base.object, base.definition.labels.plural)
    ascii_name, shown = (f"{name}-{prepared.manifest.snapshot}-{zone}.{form.extension}" for name in names)
    return disposition(ascii_name, shown)


def _cells(columns: Sequence[ColumnHead], zone: Zone, block: Sequence[Sequence[Any]]) -> CellRows:
    kinds = [column.type for column in columns]
    return [[cell(value, kind, zone) for value, kind in zip(row, kinds, strict=True)] for row in block]


async def _slices(result: ResultSet) -> AsyncGenerator[CellRows, None]:
    for start in range(0, len(result.rows), _ROWS_A_PIECE):
        yield result.rows[start : start + _ROWS_A_PIECE]


async def _written(
    make: Callable[[], FileWriter], shown: Callable[[Any], CellRows], blocks: AsyncGenerator[Any, None]
) -> AsyncGenerator[bytes, None]:
    """What a writer makes of the rows, in threads: the loop serves others meanwhile."""
    writer = await _thread(make)
    try:
        async with aclosing(blocks):
            async for block in blocks:
                if piece := await _thread(lambda block: writer.rows(shown(block)), block):
                    yield piece
        rest = writer.end()
        while (piece := await _thread(next, rest, b"")) != b"":
            yield piece
    finally:
        await _thread(writer.close)


async def _thread(work: Callable[..., T], *arguments: Any) -> T:
    """As asyncio.to_thread, but over when the work is: a writer that is cancelled must not be closed under it."""
    working = asyncio.ensure_future(asyncio.to_thread(work, *arguments))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait({working})
        raise
