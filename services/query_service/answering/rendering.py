"""Answers as JSON, with labels and sentences in the reader's language."""

from decimal import Decimal
from typing import Any

import orjson

from crosslook.contracts.messages import MESSAGES
from crosslook.contracts.problems import Language, Problem
from services.query_service.answering.preparation import Prepared
from services.query_service.answering.runner import Answer
from services.query_service.catalog.freshness import Freshness, rfc3339
from services.query_service.domain.cells import Cell, number_text
from services.query_service.domain.report import Variant
from services.query_service.domain.result import ColumnHead, Links, ResultSet, heads
from services.query_service.domain.sql import Statement


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
    return number_text(value) if isinstance(value, float) else str(value)


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
        "warnings": _warnings((*prepared.warnings, *result.warnings), language),
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
        "parameters": _parameters(rows),
        "statements": [
            {"part": name, "sql": statement.sql, "parameters": _parameters(statement)}
            for name, statement in parts.items()
        ],
        "snapshot": freshness.as_json(),
        "warnings": _warnings(prepared.warnings, language),
    }


def _parameters(statement: Statement) -> dict[str, Any]:
    """The values as the engine is sent them; amounts as decimal strings."""
    return {name: _decimal_strings(value) for name, value in statement.parameters.items()}


def _decimal_strings(value: Any) -> Any:
    if isinstance(value, list):
        return [_decimal_strings(element) for element in value]
    return str(value) if isinstance(value, Decimal) else value


def _links(links: Links | None) -> dict[str, Any] | None:
    if links is None:
        return None
    return {"relationship": links.relationship, "kept": links.kept, "dropped": links.dropped}


def _warnings(warnings: tuple[Problem, ...], language: Language) -> list[dict[str, Any]]:
    return [warning.as_json(language) for warning in warnings]
