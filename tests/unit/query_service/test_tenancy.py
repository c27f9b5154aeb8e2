"""No statement reads a row of another tenant: proven on the SQL, and on who can make what it is rendered from."""

import ast
from pathlib import Path

import pytest
import sqlglot
from sqlglot import exp

from crosslook.contracts.schemas import BUILT_IN_CONTACT
from services.query_service.domain.catalog import build_catalog
from services.query_service.domain.statements import Statement
from tests.unit.query_service.dataset import BOOKING, TICKET, catalog, entry, statements
from tests.unit.query_service.shapes import SHAPES

SERVICE = Path(__file__).resolve().parents[3] / "services" / "query_service"


def scans(statement: Statement) -> list[exp.Select]:
    """The selects of a statement that read a table themselves."""
    tree = sqlglot.parse_one(statement.sql, dialect="clickhouse")
    return [select for select in tree.find_all(exp.Select) if isinstance(_source(select), exp.Table)]


def _source(select: exp.Select) -> exp.Expr | None:
    source = select.args.get("from_")
    return source.this if source is not None else None


def conjuncts(select: exp.Select) -> list[str]:
    """What must hold of every row that the select reads, without its table's name."""
    where = select.args["where"].this
    parts = where.flatten() if isinstance(where, exp.And) else [where]
    return [part.sql("clickhouse") for item in parts for part in _unnested(item)]


def _unnested(part: exp.Expr) -> list[exp.Expr]:
    inner = part.unnest()
    return [leaf for item in inner.flatten() for leaf in _unnested(item)] if isinstance(inner, exp.And) else [inner]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_scan_names_its_tenant_its_object_and_its_build(shape: str) -> None:
    for statement in statements(SHAPES[shape]).parts().values():
        found = scans(statement)
        tables = list(sqlglot.parse_one(statement.sql, dialect="clickhouse").find_all(exp.Table))
        assert len(found) == len(tables) > 0
        for select in found:
            held = conjuncts(select)
            (tenant,) = [text for text in held if text.startswith('"tenant" = ')]
            name = tenant.removeprefix('"tenant" = {').partition(":")[0]
            assert statement.parameters[name] == "acme"
            assert any(text.startswith('"build" = ') for text in held)
            assert any(text.startswith('"object" = ') for text in held)
            assert 'NOT "deleted"' in held


def test_the_walk_sees_a_scan_without_tenant() -> None:
    statement = Statement('SELECT 1 FROM (SELECT "record" FROM "t" WHERE "build" = {p0: UInt64}) AS base', {"p0": 1})
    assert [conjuncts(select) for select in scans(statement)] == [['"build" = {p0: UInt64}']]


def test_a_catalog_takes_no_entry_of_another_tenant() -> None:
    with pytest.raises(ValueError, match="another tenant"):
        build_catalog("globex", "s1", [entry(TICKET)])


def test_nothing_but_the_tenancy_module_names_its_seal() -> None:
    naming = {
        path.name
        for path in SERVICE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Name) and node.id in ("_Seal", "_SEAL"))
        or (isinstance(node, ast.ImportFrom) and {alias.name for alias in node.names} & {"_Seal", "_SEAL"})
    }
    assert naming == {"tenancy.py"}


def test_a_contact_that_was_never_built_has_no_rows() -> None:
    known = catalog(TICKET, BOOKING)
    statement = statements({"object": "contact", "measures": ["contact.email.count_distinct"]}, known).rows
    assert scans(statement) == []
    assert "FALSE" in statement.sql
    assert known.contact.definition == BUILT_IN_CONTACT
