"""Imports a file: reads it as a stream and publishes the event of each row, with flat memory."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field, replace
from hashlib import sha256

import orjson
from starlette.requests import ClientDisconnect

from crosslook.contracts.admission import Admission
from crosslook.contracts.imports import ImportFacts, ImportState
from crosslook.contracts.problems import Problems, Suggestions
from crosslook.contracts.zones import zone_of
from crosslook.platform.errors import AppError, Invalid
from crosslook.platform.log_store.protocol import LogError
from crosslook.platform.metrics import EVENTS_REFUSED, Meters
from services.schema_service.domain.imports.beginnings import line_end_of, unlike_text
from services.schema_service.domain.imports.cells import CellForms, DateOrder, DecimalMark
from services.schema_service.domain.imports.columns import ColumnsRefused, Mapped
from services.schema_service.domain.imports.files import CSV_TYPE, FileTerms, ReadRow, RowReader, row_reader
from services.schema_service.domain.imports.lines import LineSplitter
from services.schema_service.domain.imports.rows import ImportMode, RowDraft, RowRefusal
from services.schema_service.imports.past_imports import NewImport, PastImports
from services.schema_service.imports.publication import BatchPublication
from services.schema_service.imports.row_events import RowEvents
from services.schema_service.objects import Objects
from services.schema_service.tenant_settings import SettingsRegistry
from services.schema_service.tenants import Tenants

OpenPublication = Callable[[str], BatchPublication]
"""Begins a stream of events of a tenant."""
ERRORS_SHOWN = 1_000
_BEGINNING_BYTES = 64 * 1024
_PROGRESS_SECONDS = 5.0
"""Of a running import: so often its counts are stored, which every replica shows."""
_ROWS_AT_ONCE = 25
"""After so many rows other requests have their turns."""


@dataclass(frozen=True, slots=True)
class ImportCall:
    """One call. `parameter`: its `import`; another one makes the rows new events. `by`: who calls. `decimal`, `dates`:
    how the values of a CSV file are written."""

    tenant: str
    object: str
    mode: ImportMode
    parameter: str
    media_type: str
    mapping: Mapped
    by: str
    dry_run: bool = False
    decimal: DecimalMark | None = None
    dates: DateOrder = DateOrder.ISO

    def described(self, beginning: bytes) -> NewImport:
        """The import as it is remembered. Equal calls with files that begin equally are the same call."""
        named = [self.object, self.mode, self.parameter, self.media_type, dict(self.mapping)]
        if (self.decimal, self.dates) != (None, DateOrder.ISO):  # which earlier releases did not know
            named += [self.decimal or "", self.dates]
        digest = sha256(orjson.dumps(named, option=orjson.OPT_SORT_KEYS) + beginning[:_BEGINNING_BYTES])
        kind = "csv" if self.media_type == CSV_TYPE else "ndjson"
        return NewImport(self.tenant, self.object, self.mode, kind, self.parameter, self.by, digest.hexdigest()[:32])


@dataclass(slots=True)
class ImportResult:
    """What became of the rows. `errors`: the first that were refused. `id` is None for a dry run."""

    id: str | None = None
    rows: int = 0
    accepted: int = 0
    refused: int = 0
    errors: list[RowRefusal] = field(default_factory=list)
    _suggestions: Suggestions = field(default_factory=Suggestions, repr=False)

    def refuse(self, row: RowRefusal) -> None:
        """Count a row that is not taken."""
        self.refused += 1
        if len(self.errors) < ERRORS_SHOWN:
            self.errors.append(replace(row, problem=self._suggestions.settle(row.problem)))


class Importer:
    """Imports files, one stream a call."""

    def __init__(
        self,
        admission: Admission,
        objects: Objects,
        tenants: Tenants,
        settings: SettingsRegistry,
        past: PastImports,
        publish: OpenPublication,
        meters: Meters,
    ) -> None:
        self._admission = admission
        self._objects = objects
        self._tenants = tenants
        self._settings = settings
        self._past = past
        self._open_publication = publish
        self._meters = meters

    async def run(self, call: ImportCall, pieces: AsyncIterator[bytes]) -> ImportResult:
        """1. check object and columns, 2. store that the import runs, 3. publish the rows in batches as they arrive,
        4. store that it is done. A dry run does 1 and reads the rows.

        A call that ends in between, in whatever way, is repeated: it continues the same import, and what it publishes
        again are repeats. Raises NotFound, Conflict (`object_deleted`, `import_running`), Invalid for columns that
        cannot be used, AppError 415 for another format, KafkaUnavailable, LogUnavailable, and what `pieces` raise.
        """
        terms = self._terms(call)
        try:
            reader = row_reader(call.media_type, terms)
            beginning, ended = await _beginning(pieces)
            if (unlike := unlike_text(beginning)) is not None:
                raise ColumnsRefused(Problems.of([unlike]))
            work = _Work(call, reader, LineSplitter(line_end_of(beginning)), self._admission, self._meters)
            rows = work.begin(beginning, ended=ended)
            facts = self._past.begun(call.described(beginning))
            if call.dry_run:
                return await work.run(facts, rows, pieces, None)
            with self._past.working(facts):
                return await self._publish(work, facts, rows, pieces)
        except ColumnsRefused as refused:
            raise Invalid(refused.problems) from None

    def _terms(self, call: ImportCall) -> FileTerms:
        record, _ = self._objects.live(call.tenant, call.object)
        definition = record.state.definition
        if definition is None:
            raise AssertionError("a live object has a definition")
        zone = zone_of(self._settings.get(call.tenant).applied.timezone)
        return FileTerms(definition, call.mapping, call.mode, CellForms(zone, call.decimal, call.dates))

    async def _publish(
        self, work: "_Work", facts: ImportFacts, rows: Iterable[ReadRow], pieces: AsyncIterator[bytes]
    ) -> ImportResult:
        await self._tenants.ensure(facts.tenant)
        await self._past.put(facts)
        publication = self._open_publication(facts.tenant)
        try:
            async with self._showing(facts, work.result, publication):
                result = await work.run(facts, rows, pieces, publication)
        except (AppError, ColumnsRefused, ClientDisconnect) as error:
            await publication.abandon()
            work.result.accepted = publication.accepted
            await self._past.put(self._ended(facts, work.result, ImportState.FAILED, _reason(error)))
            raise
        except BaseException:
            await publication.abandon()  # Kafka is away or the process ends: the document cannot be written either
            raise
        await self._past.put(self._ended(facts, result, ImportState.DONE))
        return result

    @contextlib.asynccontextmanager
    async def _showing(
        self, facts: ImportFacts, result: ImportResult, publication: BatchPublication
    ) -> AsyncIterator[None]:
        """Store now and then how far an import is, while it runs."""

        async def show() -> None:
            while True:
                await asyncio.sleep(_PROGRESS_SECONDS)
                counts = {"rows": result.rows, "accepted": publication.accepted, "refused": result.refused}
                with contextlib.suppress(AppError, LogError):  # the end of the import says why
                    await self._past.put(facts.model_copy(update=counts))

        showing = asyncio.create_task(show(), name="store the progress of an import")
        try:
            yield
        finally:
            showing.cancel()
            await asyncio.wait([showing])

    def _ended(
        self, facts: ImportFacts, result: ImportResult, state: ImportState, reason: str | None = None
    ) -> ImportFacts:
        counts = {"rows": result.rows, "accepted": result.accepted, "refused": result.refused}
        return facts.model_copy(
            update={**counts, "state": state, "reason": reason, "finished_at": self._past.finished()}
        )


class _Work:
    """Reads one file. `result` counts as it goes."""

    def __init__(
        self, call: ImportCall, reader: RowReader, lines: LineSplitter, admission: Admission, meters: Meters
    ) -> None:
        self.reader = reader
        self.lines = lines
        self.result = ImportResult()
        self._call = call
        self._admission = admission
        self._meters = meters

    def begin(self, beginning: bytes, *, ended: bool) -> list[ReadRow]:
        """The rows of the first bytes, after which the file may have ended. Raises ColumnsRefused."""
        rows = list(self.reader.read(self.lines.feed(beginning)))
        if ended:
            rows += [*self.reader.read(self.lines.end()), *self.reader.end()]
        return rows

    async def run(
        self,
        facts: ImportFacts,
        rows: Iterable[ReadRow],
        pieces: AsyncIterator[bytes],
        publication: BatchPublication | None,
    ) -> ImportResult:
        """Take the first rows and those that arrive; without a publication they are only checked."""
        events = RowEvents(self._admission, facts)
        await self._take(rows, events, publication)
        async for piece in pieces:
            await self._take(self.reader.read(self.lines.feed(piece)), events, publication)
        await self._take(self.reader.read(self.lines.end()), events, publication)
        await self._take(self.reader.end(), events, publication)
        if publication is not None:
            await publication.end()
            self.result.id = facts.id
        self.result.accepted = self.result.rows - self.result.refused
        return self.result

    async def _take(self, rows: Iterable[ReadRow], events: RowEvents, publication: BatchPublication | None) -> None:
        for row in rows:
            self.result.rows += 1
            decided = events.message(row) if isinstance(row, RowDraft) else row
            if isinstance(decided, RowRefusal):
                self._refuse(decided, counted=publication is not None)
            elif publication is not None and publication.add(decided):
                await publication.send()
            if self.result.rows % _ROWS_AT_ONCE == 0:
                await asyncio.sleep(0)

    def _refuse(self, row: RowRefusal, *, counted: bool) -> None:
        self.result.refuse(row)
        if counted:
            self._meters.add(EVENTS_REFUSED, code=row.problem.code)


async def _beginning(pieces: AsyncIterator[bytes]) -> tuple[bytes, bool]:
    """The first pieces of a file, enough to recognise the same call by, and whether they are all."""
    found = bytearray()
    async for piece in pieces:
        found += piece
        if len(found) >= _BEGINNING_BYTES:
            return bytes(found), False
    return bytes(found), True


def _reason(error: Exception) -> str:
    """Why an import ended early, in a word."""
    if isinstance(error, AppError):
        return error.problem.code
    return "columns" if isinstance(error, ColumnsRefused) else "client_gone"
