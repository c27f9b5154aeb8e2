"""The catalog as it is answered: what can be asked, what cannot and why, in the reader's language."""

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import BaseModel, Field

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.messages import MESSAGES
from crosslook.contracts.plans import Plan
from crosslook.contracts.problems import Language, Problem
from crosslook.contracts.schemas import Definition, FieldDef, SchemaState
from crosslook.platform.plans import PlanBody
from crosslook.platform.responses import ProblemItem
from services.query_service.api.pending_body import (
    NotReportableBody,
    PendingBody,
    not_reportable_body,
    pending_body,
)
from services.query_service.catalog.freshness import SnapshotBlock
from services.query_service.domain.built_in import is_built_in, label_text
from services.query_service.domain.catalog import Catalog, Explore, Measure
from services.query_service.domain.column_types import FIELD_USES, granularities_of
from services.query_service.domain.pending import Pending
from services.query_service.domain.personal import PersonalFields
from services.query_service.domain.result import ResultSet
from services.query_service.domain.terms import Granularity
from services.query_service.domain.values import SingleCell


class Option(BaseModel):
    """One choice of a dimension."""

    value: str
    label: str


class MeasureBody(BaseModel):
    """A measure; `scale` and `currency` as on its dimension, where its values are of that kind."""

    name: str
    label: str
    type: str
    scale: int | None = None
    currency: str | None = None
    built_in: bool = False


class DimensionBody(BaseModel):
    """A dimension; `granularities` where it is a time, `options` where it has choices. `measures` are those that its
    field allows, `measures_note` says why not others; `scale` and `currency` how its values are to be shown."""

    name: str
    label: str
    type: str
    measures: list[str]
    measures_note: str
    description: str | None = None
    options: list[Option] | None = None
    granularities: list[Granularity] | None = None
    scale: int | None = None
    currency: str | None = None
    built_in: bool = Field(False, description="Whether every object has it, whatever its schema.")
    personal: bool = Field(False, description="Whether only callers with `records:read` see its values.")


class RelationshipBody(BaseModel):
    """A relationship over which contact can be joined."""

    slug: str
    label: str
    many: bool


class ExploreBody(BaseModel):
    """A base object, and what reports on it can use. `label` and `singular` name several records and one;
    `integration` is the name of the connection that manages the object, as its schema stands now."""

    object: str
    label: str
    singular: str
    description: str
    integration: str | None
    joinable: list[str]
    relationships: list[RelationshipBody]
    dimensions: list[DimensionBody]
    measures: list[MeasureBody]


class CatalogBody(BaseModel):
    """What reports on the current snapshot can use. The snapshot is null before the first refresh."""

    snapshot: SnapshotBlock | None
    explores: list[ExploreBody]
    pending: list[PendingBody]
    not_reportable: list[NotReportableBody]
    warnings: list[ProblemItem]
    plan: PlanBody = Field(description="What the tenant's plan allows.")


class ValueBody(BaseModel):
    """A value of a field, and the number of records that have it."""

    value: SingleCell
    records: int


class ValuesBody(BaseModel):
    """The most frequent values of a field; `truncated` says that there are more."""

    field: str
    type: str
    values: list[ValueBody]
    truncated: bool
    snapshot: SnapshotBlock
    warnings: list[ProblemItem]


def catalog_body(
    catalog: Catalog | None,
    live: Mapping[str, SchemaState],
    personal: PersonalFields,
    pending: list[Pending],
    not_reportable: list[Definition],
    snapshot: SnapshotBlock | None,
    due: str,
    warnings: list[Problem],
    plan: Plan,
    language: Language,
) -> CatalogBody:
    """The catalog of CONTRACTS 5; `live` are the schemas as they stand, `due` is when pending changes arrive."""
    explores = catalog.explores.values() if catalog is not None else ()
    return CatalogBody(
        snapshot=snapshot,
        explores=[_explore(explore, live.get(explore.object), personal, language) for explore in explores],
        pending=[pending_body(change, due) for change in pending],
        not_reportable=[not_reportable_body(definition, language) for definition in not_reportable],
        warnings=[ProblemItem.of(warning, language) for warning in warnings],
        plan=PlanBody.of(plan),
    )


def values_body(
    found: ResultSet, snapshot: SnapshotBlock, warnings: Collection[Problem], language: Language
) -> ValuesBody:
    """The values of the field that is the result's first column. Beside it stands how many records have each; of ids,
    where there is one of each, nothing."""
    items = [ProblemItem.of(warning, language) for warning in warnings]
    counted = ((value, records[0] if records else 1) for value, *records in found.rows)
    return ValuesBody(
        field=found.columns[0].name,
        type=found.columns[0].type.value,
        values=[ValueBody.model_validate({"value": value, "records": records}) for value, records in counted],
        truncated=found.truncated,
        snapshot=snapshot,
        # The report behind them names the field twice.
        warnings=[warning for index, warning in enumerate(items) if warning not in items[:index]],
    )


def _explore(explore: Explore, state: SchemaState | None, personal: PersonalFields, language: Language) -> ExploreBody:
    definition = explore.definition
    relationships = [
        RelationshipBody(slug=relationship.slug, label=relationship.label or relationship.slug, many=relationship.many)
        for relationship in explore.relationships
    ]
    measures = explore.measures().values()
    return ExploreBody(
        object=explore.object,
        label=definition.labels.plural,
        singular=definition.labels.singular,
        description=definition.description,
        integration=state.integration if state is not None else None,
        joinable=[CONTACT] if relationships else [],
        relationships=relationships,
        dimensions=[_dimension(explore.object, field, measures, personal, language) for field in explore.fields],
        measures=[_measure(measure, explore, language) for measure in measures],
    )


def _dimension(
    object_slug: str, field: FieldDef, measures: Collection[Measure], personal: PersonalFields, language: Language
) -> DimensionBody:
    body = DimensionBody(
        name=f"{object_slug}.{field.slug}",
        label=_label(object_slug, field, language),
        type=field.type.value,
        measures=[measure.name for measure in measures if measure.field is field],
        measures_note=MESSAGES[FIELD_USES[field.type].measures_text].render(language, {}),
        **_format(field),
    )
    if field.description:
        body.description = field.description
    if field.options:
        body.options = [Option(value=option.value, label=option.label or option.value) for option in field.options]
    if granularities := granularities_of(field.type):
        body.granularities = list(granularities)
    if is_built_in(field.slug):
        body.built_in = True
    if (object_slug, field.slug) in personal:
        body.personal = True
    return body


def _measure(measure: Measure, explore: Explore, language: Language) -> MeasureBody:
    field = measure.field
    label = _label(measure.object, field, language) if field is not None else explore.definition.labels.plural
    text = MESSAGES[f"measure.{measure.aggregate}"].render(language, {"label": label})
    shown = _format(field) if field is not None and measure.type.value == field.type.value else {}
    body = MeasureBody(name=measure.name, label=text, type=measure.type.value, **shown)
    if field is not None and is_built_in(field.slug):
        body.built_in = True
    return body


def _label(object_slug: str, field: FieldDef, language: Language) -> str:
    text = label_text(object_slug, field)
    return MESSAGES[text].render(language, {}) if text is not None else field.label or field.slug


def _format(field: FieldDef) -> Mapping[str, Any]:
    """How its values are to be shown, as far as the schema says."""
    said = {"scale": field.scale, "currency": field.currency}
    return {name: value for name, value in said.items() if value is not None}
