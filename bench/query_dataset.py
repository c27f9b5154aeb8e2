"""A snapshot of seeded tickets and contacts, written by the engine, and a query_service process that reads it."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from bench.tickets import SCHEMA, TENANT
from crosslook.contracts.layouts import Layout, layout_of, links_column
from crosslook.contracts.manifests import ENTRY_COLUMNS, Entry, Manifest
from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from crosslook.local.demo.schemas import BOOKING
from crosslook.local.folder import DataFolder
from crosslook.local.keys import ensure_keys, issue
from crosslook.local.ports import free_port
from crosslook.platform.auth import ANY_TENANT
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.settings import ClickHouseSettings
from services.snapshot_service.domain.tables import layout_table, service_tables
from tests.helpers.processes import answers, running_engine, stop, wait_for

DATABASE = "crosslook"
TICKET = Definition.model_validate(SCHEMA)
OBJECTS = [TICKET, *(Definition.model_validate({**BOOKING, "object": name}) for name in ("booking", "meeting"))]
"""What each of many tenants has."""
AS_OF = datetime(2026, 11, 23, 11, 30, tzinfo=UTC)
_START, _SECONDS = "toDateTime64('2025-06-01 00:00:00', 3, 'UTC')", 500 * 86_400
TYPES = {"String": pa.string(), "UInt64": pa.uint64(), "UInt32": pa.uint32()}


def _one_of(seed: int, *values: str) -> str:
    return f"[{', '.join(map(repr, values))}][1 + cityHash64(number, {seed}) % {len(values)}]"


def _rarely(seed: int, percent: int, value: str) -> str:
    return f"if(cityHash64(number, {seed}) % 100 < {percent}, {value}, NULL)"


_MOMENT = f"{_START} + toIntervalSecond(cityHash64(number, {{seed}}) % {_SECONDS})"
_TICKETS: Mapping[str, str] = {
    "record": "toString(number)",
    "f_status": _one_of(1, "open", "pending", "solved", "solved", "solved", "closed"),
    "f_priority": _one_of(2, "low", "normal", "normal", "high", "urgent"),
    "f_channel": _one_of(3, "email", "chat", "phone", "web"),
    "f_subject": "concat('ticket about invoice number ', toString(cityHash64(number, 4) % 100000))",
    "f_csat": _rarely(5, 35, "1 + (cityHash64(number, 6) % 41) / 10"),
    "f_amount": _rarely(7, 40, "toDecimal64(cityHash64(number, 8) % 50000, 4) / 100"),
    "f_opened_at": _MOMENT.format(seed=9),
    "f_due_on": f"toDate32({_MOMENT.format(seed=9)}) + 7",
    "f_reopened": "cityHash64(number, 10) % 10 = 0",
    "f_tags": f"if(number % 2 = 0, [{_one_of(11, 'vip', 'billing', 'bug', 'refund')}], [])",
}
_CONTACTS: Mapping[str, str] = {
    "record": "concat('c-', toString(number))",
    "f_email": "concat('p', toString(number), '@bench.example')",
    "f_country": _one_of(12, "US", "US", "US", "FR", "FR", "DE", "GB", "CA", "BR", "JP"),
    "f_created_at": _MOMENT.format(seed=13),
}


@dataclass(frozen=True, slots=True)
class Dataset:
    """Where the engine is, a folder for the service, and the snapshot."""

    engine: ClickHouseSettings
    folder: Path
    manifest: Manifest


@asynccontextmanager
async def dataset(folder: Path, tickets: int, contacts: int) -> AsyncIterator[Dataset]:
    """An engine with one snapshot of one tenant."""
    with running_engine(folder) as settings:
        engine = ClickHouse(settings)
        await engine.create_database()
        for statement in service_tables():
            await engine.command(statement)
        links = {links_column("requester"): f"[concat('c-', toString(cityHash64(number, 14) % {max(1, contacts)}))]"}
        entries = [
            await _fill(engine, BUILT_IN_CONTACT, _CONTACTS, contacts),
            await _fill(engine, TICKET, {**_TICKETS, **links}, tickets),
        ]
        rows = [entry.as_row("s1") for entry in entries]
        columns = {name: pa.array([row[name] for row in rows], TYPES[kind]) for name, kind in ENTRY_COLUMNS}
        await engine.insert_arrow("snapshot_entries", pa.table(columns))
        await engine.close()
        yield Dataset(settings, folder, manifest_of(entries))


async def _fill(engine: ClickHouse, definition: Definition, values: Mapping[str, str], count: int) -> Entry:
    layout = layout_of(definition)
    await engine.command(layout_table(layout))
    fixed = {"build": "1", "tenant": f"'{TENANT}'", "object": f"'{definition.object}'", "deleted": "false"}
    given = {**fixed, **values}
    names = ", ".join(f"`{name}`" for name in given)
    sql = f"INSERT INTO {layout.table} ({names}) SELECT {', '.join(given.values())} FROM numbers({count})"  # noqa: S608  # our own names and numbers
    await engine.command(sql)
    await engine.command(f"OPTIMIZE TABLE {layout.table} FINAL")
    return entry(definition, layout, count)


def entry(definition: Definition, layout: Layout, count: int, tenant: str = TENANT) -> Entry:
    """An object of so many records in the snapshot."""
    return Entry(
        tenant=tenant,
        object=definition.object,
        layout=layout.id,
        build=1,
        rows=count,
        deleted=0,
        unresolved=0,
        schema_version=1,
        definition=definition,
    )


def manifest_of(entries: list[Entry]) -> Manifest:
    """The snapshot of these objects."""
    return Manifest(
        snapshot="s1",
        run="r1",
        sequence=1,
        build=1,
        as_of=AS_OF,
        published_at=AS_OF,
        watermark={0: 0},
        schema_offset=0,
        objects=len(entries),
        rows=sum(stored.rows for stored in entries),
        rebuilt=len(entries),
        carried=0,
    )


@dataclass(frozen=True, slots=True)
class Served:
    """A process of query_service, where it answers, and a token that it trusts."""

    process: subprocess.Popen[bytes]
    url: str
    headers: Mapping[str, str]

    def peak_since(self) -> int:
        """Bytes that it held in memory at the most (VmHWM) since this was asked last."""
        folder = Path(f"/proc/{self.process.pid}")
        status = (folder / "status").read_text()
        (folder / "clear_refs").write_text("5")
        return 1024 * int(status.partition("VmHWM:")[2].split()[0])


@contextmanager
def served(engine: ClickHouseSettings, folder: Path, manifest: Manifest, *, tenants: int = 0) -> Iterator[Served]:
    """query_service as it runs in production, tokens included, but with its logs in memory: the snapshot, and the
    schemas of the bench's tenant or, where `tenants` are asked for, of `t0`, `t1` and so on."""
    (folder / "manifest.json").write_bytes(manifest.encode())
    keys = DataFolder.at(folder / "keys")
    keys.prepare()
    ensure_keys(keys)
    port = free_port()
    environment = {
        **os.environ,
        "CROSSLOOK_HTTP__PORT": str(port),
        "CROSSLOOK_CLICKHOUSE__PORT": str(engine.port),
        "CROSSLOOK_CLICKHOUSE__PASSWORD": engine.read_password(),
        "CROSSLOOK_AUTH__JWKS_FILE": str(keys.key_set),
        "CROSSLOOK_TENANTS__OPEN": "true",
        "CROSSLOOK_LOG__LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "bench.query_process", str(folder / "manifest.json"), str(tenants)]
    process = subprocess.Popen(command, env=environment)
    token = issue(keys, ANY_TENANT, "reports:read reports:write", timedelta(hours=2))
    try:
        wait_for(lambda: answers(f"http://127.0.0.1:{port}/readyz"), 30 + tenants / 50, "readiness")
        yield Served(process, f"http://127.0.0.1:{port}", {"Authorization": f"Bearer {token}"})
    finally:
        stop(process)
