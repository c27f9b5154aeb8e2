"""What the API's bodies look like: models that document them, and functions that make them from our values."""

from datetime import datetime
from typing import Any, Literal

import orjson
from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from crosslook.contracts.problems import Language
from crosslook.contracts.schemas import FieldDef, Labels, RelationshipDef, TenantState, definition_json
from crosslook.platform.http import errors_json
from crosslook.platform.preconditions import etag
from services.schema_service.domain.changes import ChangeKind, DefinitionChange
from services.schema_service.domain.reports import InReports, ReportState
from services.schema_service.intake import AdmittedBatch, RefusedEvent
from services.schema_service.objects import ObjectView
from services.schema_service.registry import Preview


class InReportsBody(BaseModel):
    """Where the object stands in the reports. `since`: as-of of the snapshot from which it has been there, as far as
    known. `from`: the next refresh, after which it will be there, changed or gone. `reason`: why, in words."""

    state: ReportState
    since: datetime | None = None
    start: datetime | None = Field(None, alias="from")
    reason: str | None = None


class SchemaBody(BaseModel):
    """An object as it is answered: as it was sent, and what the service knows of it. A deleted one has only that."""

    model_config = ConfigDict(title="Schema")

    object: str
    labels: Labels | None = None
    description: str = ""
    fields: tuple[FieldDef, ...] = ()
    relationships: tuple[RelationshipDef, ...] = ()
    integration: str | None = None
    version: int
    status: Literal["active", "deleted"]
    created_at: datetime
    updated_at: datetime
    in_reports: InReportsBody


class SchemaPage(BaseModel):
    """One page of objects, by slug."""

    items: list[SchemaBody]
    next_page_token: str | None


class ProblemBody(BaseModel):
    """One problem with a body, with its JSON pointer."""

    pointer: str
    code: str
    message: str
    suggestion: str | None = None


class ChangeBody(BaseModel):
    """One thing that a PUT would change. `pointer`: into the new definition, for what is removed into the current."""

    kind: ChangeKind
    pointer: str
    slug: str = ""
    effective: Literal["next_refresh"] = "next_refresh"


class PreviewBody(BaseModel):
    """The answer to `?validate_only=true`. `impact`: what is saved and would lose something."""

    valid: bool
    errors: list[ProblemBody]
    errors_omitted: int | None
    changes: list[ChangeBody]
    impact: list[dict[str, Any]]


class TenantPage(BaseModel):
    """One page of tenants, by name."""

    items: list[TenantState]
    next_page_token: str | None


class RefusedBody(ProblemBody):
    """One event that was not taken; `index` is its place in the batch, `id` its own where it could be read."""

    index: int
    id: str | None


class BatchBody(BaseModel):
    """How many events the broker has acknowledged, and which were not taken."""

    accepted: int
    refused: list[RefusedBody]


def json_response(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer; instants in UTC."""
    content = orjson.dumps(body, option=orjson.OPT_UTC_Z)
    return Response(content, status, headers, media_type="application/json")


def schema_answer(view: ObjectView, language: Language, status: int = 200, **headers: str) -> Response:
    """One object, with its version as entity tag."""
    return json_response(schema_body(view, language), status, {"ETag": etag(view.record.state.version), **headers})


def schema_body(view: ObjectView, language: Language) -> dict[str, Any]:
    """One object (`SchemaBody`)."""
    state = view.record.state
    sent = definition_json(state.definition) if state.definition is not None else {"object": state.object}
    integration = {"integration": state.integration} if state.integration is not None else {}
    return {
        **sent,
        **integration,
        "version": state.version,
        "status": "deleted" if view.record.deleted else "active",
        "created_at": view.record.created_at,
        "updated_at": view.record.updated_at,
        "in_reports": _in_reports(view.in_reports, language),
    }


def preview_body(preview: Preview, language: Language) -> dict[str, Any]:
    """What a PUT would do (`PreviewBody`). Nothing is saved yet that could lose something, so the impact is empty."""
    return {
        "valid": not preview.problems,
        **errors_json(preview.problems, language),
        "changes": [_change(change) for change in preview.changes],
        "impact": [],
    }


def batch_body(batch: AdmittedBatch, language: Language) -> dict[str, Any]:
    """What became of a batch (`BatchBody`)."""
    return {"accepted": len(batch.messages), "refused": [_refused(one, language) for one in batch.refused]}


def _refused(one: RefusedEvent, language: Language) -> dict[str, Any]:
    return {"index": one.index, "id": one.refused.event_id or None, **one.refused.problem.as_json(language)}


def _change(change: DefinitionChange) -> dict[str, Any]:
    slug = {"slug": change.slug} if change.slug else {}
    return {"kind": change.kind, "pointer": change.pointer, **slug, "effective": "next_refresh"}


def _in_reports(found: InReports, language: Language) -> dict[str, Any]:
    reason = found.reason.message(language) if found.reason is not None else None
    body = {"state": found.state, "since": found.since, "from": found.start, "reason": reason}
    return {name: value for name, value in body.items() if value is not None}
