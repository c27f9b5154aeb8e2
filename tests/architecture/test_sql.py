"""SQL text stands only where SQL is made, so that one can read all of it, and no plan gets around its tenant."""

import re
from collections.abc import Iterator

import pytest

from tests.architecture.sources import EVERYTHING, PRODUCT, Source, calls, python, texts

# Not in query_service's domain: there SQL is a tree, and no piece of it is text.
SQL_IS_MADE_IN = (
    "crosslook/local/engine",
    "crosslook/platform/clickhouse.py",
    "services/query_service/catalog/feed.py",
    "services/query_service/catalog/freshness.py",
    "services/query_service/catalog/zones.py",
    "services/snapshot_service/refresh/run_statements.py",
    "services/snapshot_service/domain/alias_statements.py",
    "services/snapshot_service/domain/columns.py",
    "services/snapshot_service/domain/fact_statements.py",
    "services/snapshot_service/domain/merge_tables.py",
    "services/snapshot_service/domain/patching.py",
    "services/snapshot_service/domain/statements.py",
    "services/snapshot_service/domain/tables.py",
    "services/snapshot_service/domain/verification.py",
    "services/snapshot_service/refresh/entries.py",
    "services/snapshot_service/quarantine/senders.py",
    "services/snapshot_service/ingest/controls.py",
    "services/snapshot_service/refresh/janitor.py",
    "services/snapshot_service/consistency/meta.py",
    "services/snapshot_service/ingest/quarantine_quota.py",
    "services/snapshot_service/quarantine/statements.py",
    "services/snapshot_service/records/statements.py",
    "services/snapshot_service/ingest/staging.py",
    "services/snapshot_service/consistency/store_facts.py",
    "services/snapshot_service/consistency/table_check.py",
)
_SQL = re.compile(
    r"\b(SELECT\s|INSERT\s+INTO\b|CREATE\s+(TABLE|DATABASE|VIEW)\b|ALTER\s+TABLE\b|DROP\s+(TABLE|DATABASE)\b"
    r"|DELETE\s+FROM\b|OPTIMIZE\s+TABLE\b|GROUP\s+BY\b|ORDER\s+BY\b|LEFT\s+JOIN\b|INNER\s+JOIN\b)"
)


def sql_texts(source: Source) -> Iterator[str]:
    """Where the source holds a piece of SQL."""
    for text in texts(source.tree):
        if _SQL.search(str(text.value)):
            yield f"{source.path}:{text.lineno}"


def scoped_plans(source: Source) -> Iterator[str]:
    """Where the source makes a ScopedPlan."""
    for name, call in calls(source.tree):
        if name == "ScopedPlan":
            yield f"{source.path}:{call.lineno}"


def test_sql_stands_only_where_sql_is_made() -> None:
    others = [source for source in python(*PRODUCT) if not source.path.startswith(SQL_IS_MADE_IN)]
    assert [found for source in others for found in sql_texts(source)] == []


def test_every_place_that_may_hold_sql_does() -> None:
    holding = {found.partition(":")[0] for source in python(*PRODUCT) for found in sql_texts(source)}
    assert [place for place in SQL_IS_MADE_IN if not any(path.startswith(place) for path in holding)] == []


def test_only_scope_makes_a_scoped_plan() -> None:
    made = [found for source in python(*EVERYTHING) for found in scoped_plans(source)]
    assert {found.partition(":")[0] for found in made} == {"services/query_service/domain/tenancy.py"}
    assert len(made) == 1


@pytest.mark.parametrize("text", ['q = "SELECT 1"', 'q = f"ALTER TABLE {t}"', 'q = """\n... GROUP BY x"""'])
def test_the_check_sees_sql(text: str) -> None:
    assert list(sql_texts(Source("services/a/api.py", text)))


def test_the_check_passes_over_prose_in_docstrings() -> None:
    assert list(sql_texts(Source("services/a/api.py", '"""Runs a SELECT x."""\nimport re'))) == []


def test_the_check_sees_a_scoped_plan() -> None:
    assert list(scoped_plans(Source("services/a/api.py", "plan = tenancy.ScopedPlan(plan, tenant)")))
