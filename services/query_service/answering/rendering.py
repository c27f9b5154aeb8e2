"""The result of a report as it is answered (CONTRACTS 5), with labels and sentences in the reader's language."""

from typing import Annotated, Any, Literal

import orjson
from pydantic import BaseModel, Field, InstanceOf, WithJsonSchema

from crosslook.contracts.messages import MESSAGES
from crosslook.contracts.problems import Language, Problem
from crosslook.contracts.tenant_settings import WeekStart
from crosslook.platform.responses import ProblemItem
from services.query_service.answering.preparation import Prepared, question_of
from services.query_service.answering.runner import Answer
from services.query_service.catalog.freshness import SnapshotBlock, rfc3339
from services.query_service.domain.after_token import AfterToken
from services.query_service.domain.report import ComparedSide, Variant
from services.query_service.domain.result import ColumnHead, Links, ResultSet
from services.query_service.domain.values import SingleCell, number_text, single

_CELLS: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": ["string", "integer", "number", "boolean", "null", "array"],
        "items": {"type": "string"},
        "description": "Only the multiselect fields of a list are arrays.",
    },
}
JsonRows = Annotated[InstanceOf[orjson.Fragment], WithJsonSchema({"type": "array", "items": _CELLS})]
"""Rows that are JSON already: there may be very many, and they are answered as they are cached."""


class ColumnBody(BaseModel):
    """A column of a result."""

    name: str
    label: str
    kind: Literal["dimension", "measure", "calculation", "field"]
    type: str
    pivot: list[SingleCell] | None = Field(None, description="The values of the pivot under which the column stands.")


class SubtotalsBody(BaseModel):
    """Rows over the first dimensions only, aligned with the columns."""

    dimensions: list[str]
    rows: JsonRows


class PreviousBody(BaseModel):
    """The snapshot that a report is compared with."""

    id: str
    as_of: str


class JoinBody(BaseModel):
    """How many records have a contact over the relationship, and how many do not."""

    relationship: str
    kept: int
    dropped: int


class ResultBody(BaseModel):
    """The result of a report."""

    columns: list[ColumnBody]
    rows: JsonRows
    totals: list[SingleCell] | None
    truncated: bool
    subtotals: list[SubtotalsBody] | None = Field(
        None, description="The subtotals, level by level, if the request asks for them."
    )
    pivot_omitted: int | None = Field(None, description="How many columns of the pivot are left out.")
    previous: PreviousBody | None = Field(None, description="The snapshot that the report is compared with, if any.")
    matching: int | None = Field(
        None, description="Of a list: how many rows there are, whatever `limit` and `after` say."
    )
    next: str | None = Field(None, description="Of a list: the `after` of the next page; null on the last one.")
    join: JoinBody | None
    timezone: str = Field(description="The zone in which the report read and shows instants.")
    week_start: WeekStart = Field(description="The day on which the report's weeks begin; day 1 of `day_of_week`.")
    snapshot: SnapshotBlock
    warnings: list[ProblemItem]
    query_id: str
    elapsed_ms: int
    cached: bool


def result_body(
    prepared: Prepared, answer: Answer, snapshot: SnapshotBlock, query_id: str, elapsed_ms: int, language: Language
) -> ResultBody:
    """The answer to a report."""
    result = answer.kept.shape
    body = ResultBody(
        columns=column_bodies(result.columns, language),
        rows=orjson.Fragment(answer.kept.rows),
        totals=[single(value) for value in result.totals] if result.totals is not None else None,
        truncated=result.truncated,
        join=_join(result.links),
        timezone=prepared.report.zone.name,
        week_start=prepared.report.week_start,
        snapshot=snapshot,
        warnings=warning_bodies((*prepared.warnings, *result.warnings), language),
        query_id=query_id,
        elapsed_ms=elapsed_ms,
        cached=answer.cached,
    )
    _add_composed(body, prepared, result)
    if result.matching is not None:
        body.matching, body.next = result.matching, _next(prepared, result)
    return body


def _next(prepared: Prepared, result: ResultSet) -> str | None:
    if result.last is None:
        return None
    question = question_of(prepared.report, prepared.tenant, prepared.hidden)
    return AfterToken(prepared.manifest.snapshot, question, result.last).encode()


def _add_composed(body: ResultBody, prepared: Prepared, result: ResultSet) -> None:
    """What only reports with subtotals, a pivot or a comparison answer."""
    if result.subtotals is not None:
        names = [dimension.name for dimension in prepared.report.dimensions]
        body.subtotals = [
            SubtotalsBody(dimensions=names[:level], rows=orjson.Fragment(orjson.dumps(rows)))
            for level, rows in enumerate(result.subtotals, 1)
        ]
    if result.omitted is not None:
        body.pivot_omitted = result.omitted
    if prepared.previous is not None:
        body.previous = PreviousBody(id=prepared.previous.snapshot, as_of=rfc3339(prepared.previous.as_of))


def _join(links: Links | None) -> JoinBody | None:
    if links is None:
        return None
    return JoinBody(relationship=links.relationship, kept=links.kept, dropped=links.dropped)


def warning_bodies(warnings: tuple[Problem, ...], language: Language) -> list[ProblemItem]:
    """The warnings of an answer."""
    return [ProblemItem.of(warning, language) for warning in warnings]


def column_bodies(columns: tuple[ColumnHead, ...], language: Language) -> list[ColumnBody]:
    """The `columns` of an answer; `pivot` on those that stand under values of a pivot."""
    bodies = []
    for head in columns:
        body = ColumnBody(name=head.name, label=label_of(head, language), kind=head.kind, type=head.type.value)
        if head.pivot is not None:
            body.pivot = list(head.pivot)
        bodies.append(body)
    return bodies


def label_of(head: ColumnHead, language: Language) -> str:
    """The label of a column."""
    label = _worded(head.text, language) if head.text is not None else head.label
    if head.granularity is not None:
        label = _worded(f"granularity.{head.granularity}", language, label=label)
    elif head.aggregate is not None:
        label = _worded(f"measure.{head.aggregate}", language, label=label)
    if head.side is not None:
        label = _compared_label(label, head.variant, head.side, language)
    if head.pivot is not None:
        values = ", ".join(_value_label(value, language) for value in head.pivot)
        label = _worded("pivot.column", language, label=label, value=values)
    return label


def _compared_label(label: str, variant: Variant, side: ComparedSide, language: Language) -> str:
    """Of one that is named: its name; of the only one: how much earlier it is; of the snapshot before: that."""
    if side.named:
        text = "variant.named_delta" if variant is Variant.DELTA else "variant.named"
        return _worded(text, language, label=label, name=side.name)
    if side.moved is None or variant is Variant.DELTA:
        return _worded(f"variant.{variant}", language, label=label)
    if side.moved.count == 1:
        return _worded(f"variant.previous_{side.moved.unit}", language, label=label)
    return _worded(f"variant.{side.moved.unit}s_earlier", language, label=label, count=str(side.moved.count))


def _value_label(value: SingleCell, language: Language) -> str:
    if value is None:
        return _worded("pivot.empty", language)
    if isinstance(value, bool):
        return _worded("pivot.yes" if value else "pivot.no", language)
    return number_text(value) if isinstance(value, float) else str(value)


def _worded(text: str, language: Language, **values: str) -> str:
    return MESSAGES[text].render(language, values)
