"""Answers as JSON and CSV, with labels and sentences in the reader's language."""

from typing import Any

import orjson

from crosslook.contracts.messages import MESSAGES
from crosslook.contracts.problems import Language, Problem
from crosslook.contracts.schemas import FieldDef
from services.query_service.domain.catalog import Catalog, Explore, Measure, granularities_of
from services.query_service.domain.pending import Pending
from services.query_service.domain.report import Variant
from services.query_service.domain.result import Cell, ColumnHead, Links, ResultSet, heads
from services.query_service.freshness import Freshness, rfc3339
from services.query_service.runner import Answer, Prepared


def label_of(head: ColumnHead, language: Language) -> str:
    """What people read above a column."""
    label = head.label
    if head.granularity is not None:
        label = _worded(f"granularity.{head.granularity}", language, label=label)
    elif head.aggregate is not None:
        label = _worded(f"measure.{head.aggregate}", language, label=label)
    if head.variant is not Variant.CURRENT:
        label = _worded(f"variant.{head.variant}", language, label=label)
    if head.pivot is not None:
        values = ", ".join(_value_label(one, language) for one in head.pivot)
        label = _worded("pivot.column", language, label=label, value=values)
    return label


def _value_label(value: Cell, language: Language) -> str:
    if value is None:
        return _worded("pivot.empty", language)
    if isinstance(value, bool):
        return _worded("pivot.yes" if value else "pivot.no", language)
    return str(value)


def _worded(text: str, language: Language, **values: str) -> str:
    return MESSAGES[text].render(language, values)


def columns_json(columns: tuple[ColumnHead, ...], language: Language) -> list[dict[str, Any]]:
    """The `columns` of an answer; `pivot` on those that stand under values of a pivot."""
    shown: list[dict[str, Any]] = []
    for one in columns:
        column = {"name": one.name, "label": label_of(one, language), "kind": one.kind, "type": one.type.value}
        shown.append(column if one.pivot is None else {**column, "pivot": one.pivot})
    return shown


def result_json(
    prepared: Prepared, answer: Answer, freshness: Freshness, query_id: str, elapsed_ms: int, language: Language
) -> dict[str, Any]:
    """The result of CONTRACTS 5."""
    result = answer.kept.shape
    return {
        "columns": columns_json(result.columns, language),
        "rows": orjson.Fragment(answer.kept.rows),
        "totals": result.totals,
        "truncated": result.truncated,
        **_composed(prepared, result),
        "join": _links(result.links),
        "snapshot": freshness.as_json(),
        "warnings": _warnings(prepared.warnings, language),
        "query_id": query_id,
        "elapsed_ms": elapsed_ms,
        "cached": answer.cached,
    }


def _composed(prepared: Prepared, result: ResultSet) -> dict[str, Any]:
    """What only reports with subtotals, a pivot or a comparison answer."""
    shown: dict[str, Any] = {}
    if result.subtotals is not None:
        names = [one.name for one in prepared.report.dimensions]
        shown["subtotals"] = [
            {"dimensions": names[:level], "rows": rows} for level, rows in enumerate(result.subtotals, 1)
        ]
    if result.omitted is not None:
        shown["pivot_omitted"] = result.omitted
    if prepared.previous is not None:
        shown["previous"] = {"id": prepared.previous.snapshot, "as_of": rfc3339(prepared.previous.as_of)}
    return shown


def dry_run_json(prepared: Prepared, freshness: Freshness, language: Language) -> dict[str, Any]:
    """The statements that a report would run: its rows first, then its totals and the counts of its join block."""
    parts = prepared.statements.parts()
    rows = prepared.statements.rows
    return {
        "columns": columns_json(heads(prepared.report), language),
        "sql": rows.sql,
        "parameters": rows.parameters,
        "statements": [{"part": name, "sql": one.sql, "parameters": one.parameters} for name, one in parts.items()],
        "snapshot": freshness.as_json(),
        "warnings": _warnings(prepared.warnings, language),
    }


def catalog_json(
    catalog: Catalog | None,
    pending: list[Pending],
    not_reportable: list[str],
    freshness: Freshness | None,
    due: str,
    language: Language,
) -> dict[str, Any]:
    """The catalog of CONTRACTS 5; `due` is when pending changes arrive."""
    reason = MESSAGES["not_reportable.report"]
    explores = catalog.explores.values() if catalog is not None else ()
    return {
        "snapshot": freshness.as_json() if freshness is not None else None,
        "explores": [_explore(one, catalog, language) for one in explores if catalog is not None],
        "pending": [{"object": one.object, "change": one.change, "from": due} for one in pending],
        "not_reportable": [
            {"object": name, "reason": reason.render(language, {"object": name})} for name in not_reportable
        ],
    }


def _explore(explore: Explore, catalog: Catalog, language: Language) -> dict[str, Any]:
    definition = explore.definition
    relationships = [
        {"slug": one.slug, "label": one.label or one.slug, "many": one.many} for one in explore.relationships
    ]
    return {
        "object": explore.object,
        "label": definition.labels.plural,
        "joinable": [catalog.contact.object] if relationships else [],
        "relationships": relationships,
        "dimensions": [_dimension(explore.object, field) for field in definition.fields],
        "measures": [_measure(one, explore, language) for one in explore.measures().values()],
    }


def _dimension(object_slug: str, field: FieldDef) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "name": f"{object_slug}.{field.slug}",
        "label": field.label or field.slug,
        "type": field.type.value,
    }
    if field.options:
        shown["options"] = [{"value": one.value, "label": one.label or one.value} for one in field.options]
    if granularities := granularities_of(field.type):
        shown["granularities"] = [one.value for one in granularities]
    return shown


def _measure(measure: Measure, explore: Explore, language: Language) -> dict[str, str]:
    field = measure.field
    label = (field.label or field.slug) if field is not None else explore.definition.labels.plural
    text = MESSAGES[f"measure.{measure.aggregate}"].render(language, {"label": label})
    return {"name": measure.name, "label": text, "type": measure.type.value}


def _links(links: Links | None) -> dict[str, Any] | None:
    if links is None:
        return None
    return {"relationship": links.relationship, "kept": links.kept, "dropped": links.dropped}


def _warnings(warnings: tuple[Problem, ...], language: Language) -> list[dict[str, Any]]:
    return [warning.as_json(language) for warning in warnings]
