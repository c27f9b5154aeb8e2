"""Finds the contact that a tenant has for an e-mail: in the current snapshot, or staged for the next one."""

from collections import defaultdict
from collections.abc import Sequence

from crosslook.contracts.layouts import table_of
from crosslook.contracts.manifests import Manifest, read_entries
from crosslook.contracts.positions import as_array, partition_count
from crosslook.contracts.values import email_key
from crosslook.integrations.publication import RecordMessage
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.feeds import SnapshotFeed
from services.snapshot_service.domain.contact_events import contact_messages
from services.snapshot_service.domain.fact_folding import ContactWish
from services.snapshot_service.domain.fact_statements import CONTACT_ENTRIES, STAGED_CONTACTS, contacts_by_email

_Key = tuple[str, str]
"""A tenant and an e-mail as it is compared."""


class KnownContacts:
    """Answers from tables each time. One that is on Kafka and not staged yet is not seen: two contacts then share the
    e-mail, links lead to the older one, and the snapshot lists them among its shared references."""

    def __init__(self, clickhouse: ClickHouse, snapshots: SnapshotFeed) -> None:
        self._clickhouse = clickhouse
        self._snapshots = snapshots

    async def messages(self, wishes: Sequence[ContactWish]) -> list[RecordMessage]:
        """The events that make or patch the contacts of these persons. Raises ClickHouseError."""
        wanted = {(wish.tenant, email_key(wish.email)) for wish in wishes if email_key(wish.email)}
        known = await self._known(sorted(wanted))
        return [m for w in wishes for m in contact_messages(w, known.get((w.tenant, email_key(w.email))))]

    async def _known(self, wanted: Sequence[_Key]) -> dict[_Key, str]:
        if not wanted:
            return {}
        manifest = self._snapshots.current()
        asked = {"tenants": sorted({tenant for tenant, _ in wanted}), "emails": sorted({email for _, email in wanted})}
        watermark = manifest.watermark if manifest is not None else {}
        low = {"low": as_array(watermark, partition_count(watermark))}
        rows = (await self._clickhouse.query(STAGED_CONTACTS, {**asked, **low})).rows
        found = {(tenant, email): record for tenant, email, record in rows}
        if manifest is not None:  # what is in the snapshot is older, so that links lead there
            found |= await self._published(manifest, asked)
        return found

    async def _published(self, manifest: Manifest, asked: dict[str, list[str]]) -> dict[_Key, str]:
        named = {"snapshot": manifest.snapshot, "tenants": asked["tenants"]}
        readable, _ = read_entries((await self._clickhouse.query(CONTACT_ENTRIES, named)).dicts())
        builds: defaultdict[str, set[int]] = defaultdict(set)
        for entry in readable:
            builds[table_of(entry.layout)].add(entry.build)
        found: dict[_Key, str] = {}
        for table, numbers in builds.items():
            rows = await self._clickhouse.query(contacts_by_email(table), {**asked, "builds": sorted(numbers)})
            found |= {(tenant, email): record for tenant, email, record in rows.rows}
        return found
