"""What the deployment files ask of the engine and the broker is known to a real engine and a real broker."""

import re
from collections.abc import AsyncIterator
from functools import cache

import httpx
import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from crosslook.contracts.layouts import table_of
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.settings import ClickHouseSettings, KafkaSettings
from services.query_service.answering.executor import export_settings, report_settings
from services.query_service.settings import QuerySettings
from services.snapshot_service.domain.tables import STAGING_COLUMNS
from tests.architecture.compose import containers, environment, ours
from tests.architecture.sources import python, texts, xml

USERS = xml("deploy/clickhouse/users.d/crosslook.xml")
SERVER = xml("deploy/clickhouse/config.d/crosslook.xml")
READ = USERS.find("profiles/crosslook_read")
OPEN_TO_EVERYBODY = {"system.build_options", "system.time_zones"}
"""Tables of the server that it lets everybody read: always_accessible_tables in its ContextAccess.cpp."""


@cache
def sql_of(service: str) -> list[str]:
    """Every text in a service's code."""
    return [str(text.value) for source in python(f"services/{service}/") for text in texts(source.tree)]


@pytest.fixture(scope="module")
async def engine(clickhouse: ClickHouseSettings) -> AsyncIterator[ClickHouse]:
    """A client of the real engine."""
    client = ClickHouse(clickhouse.model_copy(update={"database": "default"}))
    yield client
    await client.close()


async def known_settings(engine: ClickHouse) -> set[str]:
    """Every setting that the engine has."""
    return {name for (name,) in (await engine.query("SELECT name FROM system.settings")).rows}


def constraints() -> dict[str, dict[str, float | None]]:
    """The read profile's constraints by setting: `min`, `max`, or `const`."""
    assert READ is not None
    return {
        setting.tag: {rule.tag: float(rule.text) if rule.text else None for rule in setting}
        for setting in READ.findall("constraints/*")
    }


def profile_values() -> dict[str, str]:
    """The read profile's values by setting."""
    assert READ is not None
    return {setting.tag: setting.text or "" for setting in READ if setting.tag != "constraints"}


async def test_every_setting_of_a_profile_is_one_the_engine_knows(engine: ClickHouse) -> None:
    named = {setting.tag for setting in USERS.findall("profiles/*/*") if setting.tag != "constraints"}
    named |= {setting.tag for setting in USERS.findall("profiles/*/constraints/*")}
    assert named - await known_settings(engine) == set()


async def test_every_server_setting_is_one_the_engine_knows(engine: ClickHouse) -> None:
    known = {name for (name,) in (await engine.query("SELECT name FROM system.server_settings")).rows}
    # Those with parts of their own are sections of the server's file and not in its list of settings.
    named = {setting.tag for setting in SERVER if len(setting) == 0 and not setting.get("remove")}
    assert named - known - {"timezone"} == set()


async def test_every_grant_is_one_the_engine_can_read(engine: ClickHouse) -> None:
    for grant in USERS.findall("users/*/grants/query"):
        await engine.query(f"EXPLAIN AST {grant.text} TO somebody")


def test_the_reader_may_only_select_what_reports_are_made_of() -> None:
    grants = [str(grant.text) for grant in USERS.findall("users/crosslook_reader/grants/query")]
    granted = {re.sub(r"^GRANT SELECT(\([\w, ]+\))? ON ", "", grant) for grant in grants}
    named = {name for sql in sql_of("query_service") for name in re.findall(r"FROM ([\w.]+)", sql)}
    ours = named - OPEN_TO_EVERYBODY
    assert granted == {f"{environment_database()}.{name}" for name in (*ours, table_of("*"))}


def test_the_reader_may_count_waiting_events_without_reading_them() -> None:
    (grant,) = [g.text for g in USERS.findall("users/crosslook_reader/grants/query") if "record_log" in str(g.text)]
    columns = re.search(r"SELECT\(([\w, ]+)\)", str(grant))
    assert columns is not None
    (counting,) = [sql for sql in sql_of("query_service") if "record_log" in sql]
    others = {name for name, _ in STAGING_COLUMNS} - set(columns[1].split(", "))
    assert not others & set(re.findall(r"\w+", counting))


def environment_database() -> str:
    """The database of the deployment: nothing in it changes the default."""
    assert not any("CROSSLOOK_CLICKHOUSE__DATABASE" in environment(name) for name in ours())
    return ClickHouseSettings().database


def test_the_writer_may_do_every_statement_of_the_snapshot_service() -> None:
    granted = " ".join(grant.text or "" for grant in USERS.findall("users/crosslook_writer/grants/query"))
    needed = {
        "CREATE TABLE": r"\bCREATE TABLE\b",
        "DROP TABLE": r"\bDROP TABLE\b",
        "ALTER DELETE": r"\bDROP PARTITION\b|\bDELETE FROM\b",
        "ALTER ADD INDEX": r"\bADD INDEX\b",
        "INSERT": r"\bINSERT INTO\b",
        "SELECT": r"\bSELECT\b",
        "TRUNCATE": r"\bTRUNCATE\b",
        "OPTIMIZE": r"\bOPTIMIZE\b",
        "CREATE TEMPORARY TABLE": r"\bCREATE TEMPORARY\b",
        "SYSTEM": r"\bSYSTEM (SYNC|FLUSH|RELOAD|STOP|START)\b",
    }
    used = {
        grant for grant, pattern in needed.items() if any(re.search(pattern, sql) for sql in sql_of("snapshot_service"))
    }
    assert {"CREATE TABLE", "INSERT", "SELECT"} <= used
    assert [grant for grant in used if not re.search(rf"\b{grant}\b", granted)] == []


def test_the_writer_may_read_every_system_table_that_the_snapshot_service_asks() -> None:
    granted = " ".join(grant.text or "" for grant in USERS.findall("users/crosslook_writer/grants/query"))
    asked = {name for sql in sql_of("snapshot_service") for name in re.findall(r"FROM (system\.\w+)", sql)}
    # Everybody may read these; they show what the reader has rights on.
    assert [
        name for name in asked - {"system.tables", "system.columns", "system.settings"} if name not in granted
    ] == []


def test_the_writer_may_use_every_table_engine_of_the_snapshot_service() -> None:
    grants = " ".join(grant.text or "" for grant in USERS.findall("users/crosslook_writer/grants/query"))
    granted = re.findall(r"TABLE ENGINE ON (\w+)", grants)
    used = {name for sql in sql_of("snapshot_service") for name in re.findall(r"ENGINE = (\w+)", sql)}
    assert used
    assert used == set(granted)


def test_no_limit_of_reports_can_be_switched_off() -> None:
    for setting, value in profile_values().items():
        if not setting.startswith("max_"):
            continue
        rule = constraints()[setting]
        low, high = rule["min"], rule["max"]
        assert low is not None
        assert high is not None
        assert 0 < low <= float(value) <= high, setting


async def test_every_setting_that_reports_send_is_one_the_engine_knows(engine: ClickHouse) -> None:
    assert sent().keys() - await known_settings(engine) == set()


def test_every_setting_that_reports_send_is_within_what_the_reader_may_change() -> None:
    assert {"max_execution_time", "max_memory_usage", "max_result_rows"} <= sent().keys()
    for name, value in sent().items():
        rule = constraints().get(name, {})
        if "const" in rule:
            assert str(value) == profile_values()[name], name
        for bound, fits in (("min", float.__ge__), ("max", float.__le__)):
            if (limit := rule.get(bound)) is not None:
                assert fits(float(value), limit), name


def sent() -> dict[str, str | float]:
    """The settings of every report's and every file's statements, with the deployment's limits: nothing there changes
    the defaults."""
    named = {name for name in environment("query_service_1") if name.startswith("CROSSLOOK_QUERY__")}
    assert named == {"CROSSLOOK_QUERY__EXPORT_FOLDER"}
    limits = QuerySettings()
    most = limits.max_export_rows + 1
    return {**report_settings(limits, most), **export_settings(limits, most)}


async def test_the_ping_of_the_health_check_is_answered(clickhouse: ClickHouseSettings) -> None:
    path = re.search(r":8123(/\w+)", " ".join(containers()["clickhouse"]["healthcheck"]["test"]))
    assert path is not None
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"http://{clickhouse.host}:{clickhouse.port}{path[1]}")).text == "Ok.\n"


async def test_every_kafka_property_is_one_the_broker_knows(kafka: KafkaSettings) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap_servers)
    await admin.start()
    try:
        (answer,) = await admin.describe_configs([ConfigResource(ConfigResourceType.BROKER, "1")])
    finally:
        await admin.close()
    known = {entry[0] for *_, entries in answer.resources for entry in entries}
    given = {name for name in environment("kafka") if name.startswith("KAFKA_") and not name.endswith("_OPTS")}
    assert {name.removeprefix("KAFKA_").replace("_", ".").lower() for name in given} - known == set()
