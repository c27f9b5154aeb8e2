"""Answers as JSON and CSV, with labels and sentences in the reader's language."""

from typing import Any

from crosslook.contracts.messages import MESSAGES
from crosslook.contracts.problems import Language, Problem
from crosslook.contracts.schemas import FieldDef
from services.query_service.domain.catalog import Catalog, Explore, Measure, granularities_of
from services.query_service.domain.pending import Pending
from services.query_service.domain.result import ColumnHead, Links, heads
from services.query_service.freshness import Freshness
from services.query_service.runner import Answer, Prepared


def label_of(head: ColumnHead, language: Language) -> str:
    """What people read above a column."""
    if head.granularity is not None:
        return MESSAGES[f"granularity.{head.granularity}"].render(language, {"label": head.label})
    if head.aggregate is not None:
        return MESSAGES[f"measure.{head.aggregate}"].render(language, {"label": head.label})
    return head.label


def columns_json(columns: tuple[ColumnHead, ...], language: Language) -> list[dict[str, str]]:
    """The `columns` of an answer."""
    return [
        {"name": one.name, "label": label_of(one, language), "kind": one.kind, "type": one.type.value}
        for one in columns
    ]


def result_json(
    prepared: Prepared, answer: Answer, freshness: Freshness, query_id: str, elapsed_ms: int, language: Language
) -> dict[str, Any]:
    """The result of CONTRACTS 5."""
    result = answer.result
    return {
        "columns": columns_json(result.columns, language),
        "rows": result.rows,
        "totals": result.totals,
        "truncated": result.truncated,
        "join": _links(result.links),
        "snapshot": freshness.as_json(),
        "warnings": _warnings(prepared.warnings, language),
        "query_id": query_id,
        "elapsed_ms": elapsed_ms,
        "cached": answer.cached,
    }


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
