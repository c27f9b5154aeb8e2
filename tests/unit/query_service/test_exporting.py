"""The statement of a file: the report's own, within columns that have names and types; nothing of a request in it."""

from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from services.query_service.domain.exporting import exported
from services.query_service.domain.nodes import DIALECT
from services.query_service.domain.report import ResolvedReport
from services.query_service.domain.result import heads
from services.query_service.domain.statements import Statement
from tests.unit.query_service.dataset import resolved, statements
from tests.unit.query_service.shapes import SHAPES
from tests.unit.query_service.test_injection import CORPUS
from tests.unit.query_service.test_tenancy import conjuncts, scans


def _resolved(request: Any) -> ResolvedReport:
    report, problems = resolved(request)
    assert report is not None, problems
    return report


PLAIN = [name for name, request in SHAPES.items() if not _resolved(request).composed]


def _exported(request: Any) -> tuple[Statement, Statement, ResolvedReport]:
    report, inner = _resolved(request), statements(request).rows
    return exported(inner, heads(report), report.zone.name, report.limit), inner, report


@pytest.mark.parametrize("shape", PLAIN)
def test_a_file_is_made_of_the_statement_of_the_answer(shape: str) -> None:
    outer, inner, report = _exported(SHAPES[shape])
    lines = [line.strip() for line in outer.sql.splitlines()]
    within = [line.strip() for line in inner.sql.splitlines()]
    assert lines[lines.index("FROM (") + 1 :] == [*within, ") AS answer", "LIMIT {rows: UInt64}"]
    tree = sqlglot.parse_one(outer.sql, dialect=DIALECT)
    assert isinstance(tree, exp.Select)
    assert tree.named_selects == [head.name for head in heads(report)]
    assert outer.parameters == {**inner.parameters, "zone": "America/Chicago", "rows": report.limit}


@pytest.mark.parametrize("shape", PLAIN)
def test_every_scan_of_a_file_names_its_tenant(shape: str) -> None:
    statement = _exported(SHAPES[shape])[0]
    found = scans(statement)
    assert len(found) == len(list(sqlglot.parse_one(statement.sql, dialect=DIALECT).find_all(exp.Table))) > 0
    for select in found:
        (tenant,) = [conjunct for conjunct in conjuncts(select) if conjunct.startswith('"tenant" = ')]
        assert statement.parameters[tenant.removeprefix('"tenant" = {').partition(":")[0]] == "acme"


@pytest.mark.parametrize("text", CORPUS)
def test_a_value_of_a_filter_is_a_parameter_of_a_file(text: str) -> None:
    asked = {
        "object": "ticket",
        "dimensions": ["ticket.subject", {"field": "ticket.opened_at", "granularity": "hour"}],
        "filters": {"field": "ticket.subject", "op": "contains", "values": [text]},
    }
    statement = _exported(asked)[0]
    assert text not in statement.sql
    assert text in statement.parameters.values()


def test_a_files_columns_have_the_types_that_the_reference_names() -> None:
    asked = {
        "object": "ticket",
        "dimensions": ["ticket.status", "ticket.urgent", "ticket.due_on", "ticket.opened_at"],
        "measures": ["ticket.count", "ticket.csat.avg", "ticket.amount.sum"],
    }
    sql = _exported(asked)[0].sql
    assert sql[: sql.index("FROM")].split() == [
        "SELECT",
        *('"d0"', "AS", '"ticket.status",', '"d1"', "AS", '"ticket.urgent",'),
        *('toDate32("d2")', "AS", '"ticket.due_on",'),
        *('toTimeZone(toDateTime64("d3",', "3),", "{zone:", "String})", "AS", '"ticket.opened_at",'),
        *('toInt64("m0")', "AS", '"ticket.count",'),
        *('toFloat64("m1")', "+", "0", "AS", '"ticket.csat.avg",'),
        *('toDecimal128("m2",', "4)", "AS", '"ticket.amount.sum"'),
    ]
