"""Step 5 of a refresh: contacts first, verified at once; then all other objects, by shares of the tenants."""

from collections.abc import Callable

from crosslook.contracts.ids import TenantId
from services.snapshot_service.domain.decision import Decision, is_contact, relink
from services.snapshot_service.domain.shares import shares
from services.snapshot_service.refresh.builder import Builder, Builds
from services.snapshot_service.refresh.context import RunFailed
from services.snapshot_service.refresh.links import ContactIndex, EntryRows
from services.snapshot_service.refresh.run_statements import RunStatements
from services.snapshot_service.refresh.verify import Verification

INDEXED_AT_ONCE = 2_000_000
"""So many contacts lie in the index at the same time, at about 150 bytes a reference; those of one tenant always do."""


async def build_contacts(
    statements: RunStatements,
    builder: Builder,
    verification: Verification,
    decision: Decision,
    progress: Callable[[int], None],
) -> None:
    """Find the run's repeats, build contacts and verify them: no link may resolve to a contact whose build then fails.
    Raises ClickHouseError."""
    # Of an object without rows nothing but its table must be there, for reports to read.
    empty = [carry for carry in decision.carry if not carry.previous.rows + carry.previous.deleted]
    await builder.make_tables(carry.layout for carry in empty)
    if decision.rebuild:
        await statements.find_repeats(decision.rebuild)
    await builder.build([rebuild for rebuild in decision.rebuild if is_contact(rebuild.key)], progress)
    await verification.verify(lambda count: None)


async def build_others(
    statements: RunStatements,
    builder: Builder,
    decision: Decision,
    progress: Callable[[int], None],
    indexed: Callable[[], None],
) -> Decision:
    """Build all objects but contacts, which are built and verified; returns the decision with the objects whose links
    changed among those to rebuild.

    The index of contacts lies in the engine's memory. Links never leave their tenant, so that it holds a share of the
    tenants at a time. `indexed` is called when an index is filled. Raises RunFailed, ClickHouseError.
    """
    index = ContactIndex(statements)
    built = [rebuild for rebuild in decision.rebuild if is_contact(rebuild.key)]
    others = [rebuild for rebuild in decision.rebuild if not is_contact(rebuild.key)]
    changed = {rebuild.key.tenant for rebuild in built if builder.builds.entry(rebuild.key) is not None}
    linking = changed | {rebuild.key.tenant for rebuild in decision.rebuild if rebuild.layout.relationships}
    await builder.build([rebuild for rebuild in others if rebuild.key.tenant not in linking], progress)
    contacts = _contacts(builder.builds, decision, linking)
    weights = dict.fromkeys(linking, 0) | {entry.key.tenant: entry.rows for entry, _ in contacts}
    for tenants in list(shares(weights, INDEXED_AT_ONCE)) or [set()]:  # each run has an index, as each has a step
        await index.fill([contact for contact in contacts if contact[0].key.tenant in tenants])
        indexed()
        carried = [(c.previous, c.layout) for c in decision.carry if c.key.tenant in changed & tenants]
        decision = relink(decision, await index.relinked(carried))
        share = [
            rebuild for rebuild in decision.rebuild if rebuild.key.tenant in tenants and not is_contact(rebuild.key)
        ]
        await builder.build(share, progress)
        if builder.builds.done and not await index.intact():
            raise RunFailed("contact_index_lost")
    return decision


def _contacts(builds: Builds, decision: Decision, tenants: set[TenantId]) -> list[EntryRows]:
    """The contacts of this snapshot, of the tenants whose links may change: rebuilt, carried over, or kept where their
    build failed."""
    found = [(c.previous, c.layout) for c in decision.carry if is_contact(c.key) and c.key.tenant in tenants]
    for rebuild in decision.rebuild:
        if not is_contact(rebuild.key) or rebuild.key.tenant not in tenants:
            continue
        rebuilt = builds.entry(rebuild.key)
        if rebuilt is not None:
            found.append((rebuilt, rebuild.layout))
        elif rebuild.previous is not None and rebuild.source is not None:
            found.append((rebuild.previous, rebuild.source))
    return found
