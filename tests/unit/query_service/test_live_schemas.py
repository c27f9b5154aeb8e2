"""Schemas read on demand say the same as the feed that keeps all of them, and keep no more than they may."""

import uuid
from typing import Any

import pytest

from crosslook.contracts.schemas import TENANT_PREFIX, Definition, TenantEvent, TenantState
from crosslook.contracts.topics import SCHEMAS
from crosslook.platform.feeds import SchemaFeed
from crosslook.platform.log_store.memory import MemoryLog
from services.query_service.catalog.feed import LiveSchemas
from tests.helpers.builders import schema_event, state
from tests.unit.query_service.dataset import AS_OF, BOOKING, TICKET

TENANTS = ("acme", "globex", "closed", "new", "Not A Tenant")


def event(tenant: str, definition: Definition | None, version: int = 1) -> bytes:
    return schema_event(state(definition, tenant, version=version), id=uuid.uuid4().hex).encode()


@pytest.mark.parametrize("tenants_open", [True, False])
@pytest.mark.parametrize("early", [True, False])
async def test_they_say_what_the_whole_feed_says(tenants_open: bool, early: bool) -> None:
    log = MemoryLog(SCHEMAS.name)
    await log.start()
    lazy = LiveSchemas(log, tenants_open=tenants_open, kept_bytes=10**6) if early else None
    steps: list[tuple[str, bytes | None]] = [
        ("acme/ticket", event("acme", TICKET)),
        ("acme/booking", event("acme", BOOKING)),
        ("acme/ticket", event("acme", None, 2)),
        ("globex/booking", event("globex", BOOKING)),
        ("globex/booking", None),
        *(
            (f"{TENANT_PREFIX}{name}", _tenant(name, status))
            for name, status in (("closed", "suspended"), ("acme", "active"))
        ),
    ]
    for key, value in steps:
        await log.put(key, value)
        if lazy is not None:
            lazy.states("acme")
    for key, value in (
        ("globex/ticket", event("acme", TICKET)),
        ("acme/broken", b"{"),
        ("no key", b"{}"),
        (f"{TENANT_PREFIX}new", b"{}"),
    ):
        log.shared.append(key, value)
    found = lazy or LiveSchemas(log, tenants_open=tenants_open, kept_bytes=10**6)
    whole = SchemaFeed(log, tenants_open=tenants_open)
    for tenant in TENANTS:
        assert found.tenant_known(tenant) is whole.tenant_known(tenant), tenant
        if whole.tenant_known(tenant):
            expected = {record.state.object: record.state for record in whole.records(tenant)}
            assert list(found.states(tenant).items()) == list(expected.items()), tenant
        assert found.tenant_lost(tenant) is whole.tenant_lost(tenant) is (tenant == "new")
        lost = [key for key in log.unreadable if key.startswith(f"{tenant}/")]
        assert sorted(f"{tenant}/{name}" for name in found.lost(tenant)) == lost


def _tenant(name: str, status: Any) -> bytes:
    state = TenantState(tenant=name, status=status)
    made = TenantEvent(id="e", source="/tests", type="crosslook.tenant.changed.v1", time=AS_OF, data=state)
    return made.model_dump_json().encode()


async def test_a_tenants_revision_grows_with_its_changes_alone() -> None:
    log = MemoryLog(SCHEMAS.name)
    await log.start()
    lazy = LiveSchemas(log, tenants_open=True, kept_bytes=10**6)
    seen = []
    for key, value in (
        ("acme/ticket", event("acme", TICKET)),
        ("globex/ticket", event("globex", TICKET)),
        ("acme/ticket", None),
    ):
        await log.put(key, value)
        seen.append((lazy.revision("acme"), lazy.revision("globex")))
    assert seen == [(1, 0), (1, 1), (2, 1)]


async def test_of_many_tenants_only_so_many_are_kept_and_all_are_answered() -> None:
    log = MemoryLog(SCHEMAS.name)
    await log.start()
    lazy = LiveSchemas(log, tenants_open=True, kept_bytes=100_000)
    for number in range(200):
        await log.put(f"t{number}/ticket", event(f"t{number}", TICKET))
    for _ in range(2):
        for number in range(200):
            assert list(lazy.states(f"t{number}")) == ["contact", "ticket"]
    assert 0 < lazy.kept_bytes <= 100_000
