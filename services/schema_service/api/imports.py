"""The routes of imports (CONTRACTS 2): import a file, list past imports, undo one."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from crosslook.contracts.ids import EVENT_ID_MAX
from crosslook.contracts.imports import ImportFacts, ImportState
from crosslook.contracts.messages import MESSAGES
from crosslook.contracts.problems import Language
from crosslook.platform.auth import Principal, authorize
from crosslook.platform.concurrency import ConcurrencyLimiter, TenantShare
from crosslook.platform.errors import Invalid
from crosslook.platform.http import PageSize, PageToken, decode_page_token, encode_page_token, page
from crosslook.platform.openapi import refused_with
from crosslook.platform.responses import json_response, language_of
from services.schema_service.api.import_body import FORM_TYPE, open_body
from services.schema_service.domain.imports.cells import DateOrder, DecimalMark
from services.schema_service.domain.imports.columns import ColumnsRefused, read_mapping
from services.schema_service.domain.imports.files import CSV_TYPE, NDJSON_TYPE
from services.schema_service.domain.imports.rows import ImportMode, RowRefusal
from services.schema_service.imports.importer import ERRORS_SHOWN, ImportCall, Importer, ImportResult
from services.schema_service.imports.past_imports import PastImports, order_of
from services.schema_service.imports.undo import ImportUndo
from services.schema_service.objects import Objects

_OF_TENANT = TenantShare(2, 4, "rate_limited.imports")
_WAITING = 32
_FILE = {"schema": {"type": "string", "format": "binary"}}
_FORM = {
    "type": "object",
    "properties": {
        "mapping": {"type": "string", "contentMediaType": "application/json"},
        "file": {"type": "string", "format": "binary"},
    },
}
_TAKES_FILE = {
    "requestBody": {
        "required": True,
        "content": {CSV_TYPE: _FILE, NDJSON_TYPE: _FILE, FORM_TYPE: {"schema": _FORM}},
    }
}

Mode = Annotated[
    ImportMode,
    Query(description="`upsert`: a row is the whole record. `patch`: fields that are not in the file stay."),
]
ImportParameter = Annotated[
    str,
    Query(
        alias="import",
        max_length=EVENT_ID_MAX,
        description="Another value applies the same rows again; with the same one they change nothing.",
    ),
]
ImportDryRun = Annotated[bool, Query(description="Read and check the rows, and publish nothing.")]
MappingText = Annotated[
    str | None,
    Query(
        alias="mapping",
        description="JSON: by header the slug of a field, `_id`, `<relationship>.id`, `.email` or `.external`, or a "
        "list of these for a column that fills several; null leaves the column out.",
    ),
]
Decimal = Annotated[
    DecimalMark | None,
    Query(
        description="What stands before the decimals in a CSV file. With `comma`, `1 234,56` and `1.234,56` are read, "
        "and `1234.56` is refused; with `point`, `1,234.56` and `1 234.56`, too. `either` reads both, and refuses what "
        "could be either: `1.500` and `1,500`. Without it only `1234.56`, the form of events, is read."
    ),
]
Dates = Annotated[
    DateOrder,
    Query(
        description="How a CSV file writes days: `iso` 2026-12-31, `dmy` 31/12/2026, `mdy` 12/31/2026; the last two "
        "also with points or hyphens, and with a time of day behind. Days that begin with the year are always read."
    ),
]
Writer = Annotated[Principal, Depends(authorize("records:write"))]


class RowErrorBody(BaseModel):
    """A row that was refused: the physical line on which it starts, and the header of the column, null where the whole
    row is meant."""

    line: int
    column: str | None
    code: str
    message: str
    suggestion: str | None = None


class ImportBodyAnswer(BaseModel):
    """What became of the rows of a file. `import`: the import's id, null for a dry run. `accepted`: acknowledged by the
    broker; for a dry run, those that would be."""

    model_config = ConfigDict(title="ImportResult")

    id: str | None = Field(alias="import")
    rows: int
    accepted: int
    refused: int
    errors: list[RowErrorBody] = Field(max_length=ERRORS_SHOWN)


class PastImportBody(BaseModel):
    """An import, and who asked for it. `parameter`: the request's `import`. `reason`: why it failed. `deleted`, `kept`:
    records, once it was undone."""

    model_config = ConfigDict(title="PastImport")

    id: str = Field(alias="import")
    object: str
    mode: Literal["upsert", "patch"]
    format: Literal["csv", "ndjson"]
    parameter: str
    state: ImportState
    reason: str | None
    rows: int
    accepted: int
    refused: int
    started_at: datetime
    finished_at: datetime | None
    by: str
    deleted: int | None
    kept: int | None


class KeptBody(BaseModel):
    """Records that undoing an import did not delete, and why."""

    reason: Literal["changed", "existed"]
    count: int
    message: str


class UndoneBody(BaseModel):
    """What undoing an import did: how many records it deleted, and which it kept. Each import is undone once; asked
    again, the answer is the same."""

    model_config = ConfigDict(title="UndoneImport")

    id: str = Field(alias="import")
    deleted: int
    kept: list[KeptBody]


class PastImportPage(BaseModel):
    """One page of imports, the newest first."""

    items: list[PastImportBody]
    next_page_token: str | None


def undo_router(undo: ImportUndo) -> APIRouter:
    """The route under /v1 that undoes imports."""
    api = APIRouter(prefix="/v1", tags=["imports"])

    @api.delete(
        "/tenants/{tenant}/imports/{import_id}",
        summary="Undo an import",
        responses={200: {"model": UndoneBody}},
        dependencies=[Depends(authorize("records:write"))],
    )
    async def undo_import(tenant: str, import_id: str, request: Request) -> Response:
        """Deletes the records that exist only because of the import. Reports show it after the next refresh. The same
        file can be imported again afterwards. A call that was interrupted is simply repeated."""
        facts = await undo.undo(tenant, import_id, request.headers.get("authorization"))
        return json_response(undone_body(facts, language_of(request)))

    return api


def imports_router(importer: Importer, past: PastImports, objects: Objects, at_once: int) -> APIRouter:
    """The routes under /v1 that import files and list imports."""
    api = APIRouter(prefix="/v1", tags=["imports"])
    limiter = ConcurrencyLimiter(at_once, _WAITING, lambda tenant: _OF_TENANT)

    @api.post(
        "/tenants/{tenant}/objects/{object}/import",
        summary="Import a file",
        responses={200: {"model": ImportBodyAnswer}, **refused_with(429)},
        openapi_extra=_TAKES_FILE,
    )
    async def import_file(
        tenant: str,
        object: str,
        request: Request,
        caller: Writer,
        mode: Mode = ImportMode.UPSERT,
        parameter: ImportParameter = "",
        dry_run: ImportDryRun = False,
        mapping: MappingText = None,
        decimal: Decimal = None,
        dates: Dates = DateOrder.ISO,
    ) -> Response:
        """A CSV or NDJSON file, read while it arrives. Each row becomes a record event. A call that was interrupted is
        simply repeated; the same file again changes nothing."""
        objects.check_tenant(tenant)
        async with limiter.slot(tenant):
            body = await open_body(request, mapping)
            try:
                mapped = read_mapping(body.mapping if body.mapping is not None else {})
            except ColumnsRefused as refused:
                raise Invalid(refused.problems) from None
            call = ImportCall(
                tenant, object, mode, parameter, body.media_type, mapped, caller.subject, dry_run, decimal, dates
            )
            result = await importer.run(call, body.pieces)
        return json_response(import_body(result, language_of(request)))

    @api.get(
        "/tenants/{tenant}/imports",
        summary="List imports",
        responses={200: {"model": PastImportPage}},
        dependencies=[Depends(authorize("records:write"))],
    )
    async def list_imports(tenant: str, page_size: PageSize = 50, page_token: PageToken = None) -> Response:
        """The tenant's imports, the newest first, as many as are kept. Dry runs are not among them."""
        objects.check_tenant(tenant)
        token = decode_page_token(page_token, str, str)
        after = (token[0], token[1]) if token else None
        found = page(past.page(tenant, after, page_size + 1), page_size, _token)
        items = [past_import_body(facts) for facts in found["items"]]
        return json_response(PastImportPage(items=items, next_page_token=found["next_page_token"]))

    @api.get(
        "/tenants/{tenant}/imports/{import_id}",
        summary="Read one import",
        responses={200: {"model": PastImportBody}},
        dependencies=[Depends(authorize("records:write"))],
    )
    async def get_import(tenant: str, import_id: str) -> Response:
        """Its state and its counts."""
        objects.check_tenant(tenant)
        return json_response(past_import_body(past.get(tenant, import_id)))

    return api


def import_body(result: ImportResult, language: Language) -> ImportBodyAnswer:
    """What became of a file."""
    errors = [_error(row, language) for row in result.errors]
    counts = {"rows": result.rows, "accepted": result.accepted, "refused": result.refused}
    return ImportBodyAnswer.model_validate({"import": result.id, **counts, "errors": errors})


def past_import_body(facts: ImportFacts) -> PastImportBody:
    """One import as it is listed."""
    over = facts.state is ImportState.UNDONE
    names = ("object", "mode", "format", "parameter", "state", "reason", "rows", "accepted", "refused")
    return PastImportBody.model_validate(
        {
            "import": facts.id,
            **{name: getattr(facts, name) for name in names},
            "started_at": facts.started_at,
            "finished_at": facts.finished_at,
            "by": facts.by,
            "deleted": facts.deleted if over else None,
            "kept": facts.kept_changed + facts.kept_existed if over else None,
        }
    )


def undone_body(facts: ImportFacts, language: Language) -> UndoneBody:
    """What undoing did."""
    counts: list[tuple[Literal["changed", "existed"], int, str]] = [
        ("changed", facts.kept_changed, "import_kept.changed"),
        ("existed", facts.kept_existed, "import_kept.existed"),
    ]
    kept = [
        KeptBody(reason=reason, count=count, message=MESSAGES[text].render(language, {"count": count}))
        for reason, count, text in counts
        if count
    ]
    return UndoneBody.model_validate({"import": facts.id, "deleted": facts.deleted, "kept": kept})


def _error(row: RowRefusal, language: Language) -> RowErrorBody:
    problem = row.problem
    body = RowErrorBody(line=row.line, column=row.column, code=problem.code, message=problem.message(language))
    suggestion = problem.suggested()
    if suggestion is not None:
        body.suggestion = suggestion
    return body


def _token(facts: ImportFacts) -> str:
    return encode_page_token(*order_of(facts))
