"""The bodies of the API: models that document them, and functions that build them."""

from datetime import datetime
from typing import Literal

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from crosslook.contracts.problems import Language
from crosslook.contracts.quotas import TenantQuotas
from crosslook.contracts.schemas import FieldDef, Labels, RelationshipDef, TenantState
from crosslook.platform.impacts import ImpactBody, impact_body
from crosslook.platform.plans import PlanBody, Plans
from crosslook.platform.preconditions import etag
from crosslook.platform.responses import ProblemItem, json_response, problem_items
from services.schema_service.domain.changes import ChangeKind, DefinitionChange
from services.schema_service.domain.reports import InReports, ReportState
from services.schema_service.intake import AdmittedBatch, RefusedEvent
from services.schema_service.objects import ObjectView
from services.schema_service.registry import Preview


class InReportsBody(BaseModel):
    """The state of the object in the reports. `since`: as-of of the snapshot from which it has been there, as far as
    known. `from`: the next refresh, after which it will be there, changed or gone. `reason`: why, in words."""

    state: ReportState
    since: datetime | None = None
    start: datetime | None = Field(None, alias="from")
    reason: str | None = None


class SchemaBody(BaseModel):
    """An object as it was sent, with what the service adds. A deleted object has only the latter."""

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


class ChangeBody(BaseModel):
    """One thing that a PUT would change. `pointer` refers to the new definition; for removals, to the current one.
    `slug`: of the field or relationship."""

    kind: ChangeKind
    pointer: str
    slug: str | None = None
    effective: Literal["next_refresh"]


class PreviewBody(BaseModel):
    """The answer to `?validate_only=true`. `impact`: the tenant's saved reports that would lose the fields and
    relationships that the PUT removes: dashboards, then Looks, by name."""

    valid: bool
    errors: list[ProblemItem]
    errors_omitted: int | None
    changes: list[ChangeBody]
    impact: list[ImpactBody]


class EffectiveBody(BaseModel):
    """What applies to a tenant now. `plan`: its plan, or the one that applies in its place where it has none or the
    file of plans does not have it. `quotas`: its own, else those of the plan, else those of the deployment."""

    plan: PlanBody
    quotas: TenantQuotas


class TenantBody(BaseModel):
    """Whether a tenant may use Crosslook, on which plan, and which quotas it has of its own."""

    tenant: str
    plan: str
    status: Literal["active", "suspended"]
    quotas: TenantQuotas
    effective: EffectiveBody


class TenantPage(BaseModel):
    """One page of tenants, by name."""

    items: list[TenantBody]
    next_page_token: str | None


class RefusedBody(ProblemItem):
    """One refused event; `index` is its position in the batch, `id` its id if it could be read."""

    index: int
    id: str | None


class BatchBody(BaseModel):
    """How many events the broker has acknowledged, and which events were refused."""

    accepted: int
    refused: list[RefusedBody]


def schema_answer(view: ObjectView, language: Language, status: int = 200, **headers: str) -> Response:
    """One object, with its version as entity tag."""
    return json_response(schema_body(view, language), status, {"ETag": etag(view.record.state.version), **headers})


def schema_body(view: ObjectView, language: Language) -> SchemaBody:
    """One object: the definition with the members that were sent, and no others."""
    state = view.record.state
    body = SchemaBody(
        object=state.object,
        version=state.version,
        status="deleted" if view.record.deleted else "active",
        created_at=view.record.created_at,
        updated_at=view.record.updated_at,
        in_reports=_in_reports(view.in_reports, language),
    )
    if state.definition is not None:
        for name in state.definition.model_fields_set:
            setattr(body, name, getattr(state.definition, name))
    if state.integration is not None:
        body.integration = state.integration
    return body


def preview_body(preview: Preview, language: Language) -> PreviewBody:
    """What a PUT would do."""
    return PreviewBody(
        valid=not preview.problems,
        errors=problem_items(preview.problems, language),
        errors_omitted=preview.problems.omitted,
        changes=[_change(change) for change in preview.changes],
        impact=[impact_body(impact) for impact in preview.impact],
    )


def tenant_body(state: TenantState, plans: Plans) -> TenantBody:
    """One tenant."""
    return TenantBody(
        tenant=state.tenant,
        plan=state.plan,
        status=state.status,
        quotas=TenantQuotas(**state.quotas.given),
        effective=EffectiveBody(
            plan=PlanBody.of(plans.plan(state.tenant)),
            quotas=TenantQuotas(**plans.quotas(state.tenant).model_dump()),
        ),
    )


def batch_body(batch: AdmittedBatch, language: Language) -> BatchBody:
    """What became of a batch."""
    return BatchBody(accepted=len(batch.messages), refused=[_refused(event, language) for event in batch.refused])


def _refused(event: RefusedEvent, language: Language) -> RefusedBody:
    problem = event.refused.problem.as_json(language)
    return RefusedBody(index=event.index, id=event.refused.event_id or None, **problem)


def _change(change: DefinitionChange) -> ChangeBody:
    body = ChangeBody(kind=change.kind, pointer=change.pointer, effective="next_refresh")
    if change.slug:
        body.slug = change.slug
    return body


def _in_reports(found: InReports, language: Language) -> InReportsBody:
    body = InReportsBody(state=found.state)
    if found.since is not None:
        body.since = found.since
    if found.start is not None:
        body.start = found.start
    if found.reason is not None:
        body.reason = found.reason.message(language)
    return body
