"""Step 5 of a refresh: contacts first, verified at once; then all other objects, by shares of the tenants."""

from collections.abc import Callable, Mapping, Sequence

from crosslook.contracts.ids import TenantId
from services.snapshot_service.domain.decision import Decision, is_contact, relink
from services.snapshot_service.domain.shares import shares
from services.snapshot_service.refresh.aliases import AliasCount, RefreshAliases
from services.snapshot_service.refresh.builder import Builder, Builds
from services.snapshot_service.refresh.context import RunFailed
from services.snapshot_service.refresh.links import ContactIndex, EntryRows
from services.snapshot_service.refresh.run_statements import RunStatements
from services.snapshot_service.refresh.verify import Verification

INDEXED_AT_ONCE = 2_000_000
"""So many contacts and aliases lie in the index at the same time, at about 150 bytes a reference; those of one tenant
always do."""


async def build_contacts(
    statements: RunStatements,
    builder: Builder,
    verification: Verification,
    aliases: RefreshAliases,
    decision: Decision,
    progress: Callable[[int], None],
) -> None:
    """Find the run's repeats, build contacts and verify them: no link may resolve to a contact whose build then fails.
    Then record which of them were merged. Raises ClickHouseError."""
    # Of an object without rows nothing but its table must be there, for reports to read.
    empty = [carry for carry in decision.carry if not carry.previous.rows + carry.previous.deleted]
    await builder.make_tables(carry.layout for carry in empty)
    if decision.rebuild:
        await statements.find_repeats(decision.rebuild)
    await builder.build([rebuild for rebuild in decision.rebuild if is_contact(rebuild.key)], progress)
    await verification.verify(lambda count: None)
    await aliases.record_merges(builder.builds)


async def build_others(
    statements: RunStatements,
    builder: Builder,
    aliases: RefreshAliases,
    decision: Decision,
    progress: Callable[[int], None],
    indexed: Callable[[], None],
) -> Decision:
    """Build all objects but contacts, which are built and verified; returns the decision with the objects whose links
    changed among those to rebuild.

    The index of contacts and aliases lies in the engine's memory. Links never leave their tenant, so that it holds a
    share of the tenants at a time. `indexed` is called when an index is filled. Raises RunFailed, ClickHouseError.
    """
    index = ContactIndex(statements)
    built = [rebuild for rebuild in decision.rebuild if is_contact(rebuild.key)]
    others = [rebuild for rebuild in decision.rebuild if not is_contact(rebuild.key)]
    builder.builds.realiased = await aliases.changed()
    changed = {rebuild.key.tenant for rebuild in built if builder.builds.entry(rebuild.key) is not None}
    changed |= builder.builds.realiased
    linking = changed | {rebuild.key.tenant for rebuild in decision.rebuild if rebuild.layout.relationships}
    await builder.build([rebuild for rebuild in others if rebuild.key.tenant not in linking], progress)
    contacts = _contacts(builder.builds, decision, linking)
    counts = await aliases.counts(linking)
    weights = _weights(linking, counts, contacts)
    for tenants in list(shares(weights, INDEXED_AT_ONCE)) or [set()]:  # each run has an index, as each has a step
        aliased = not tenants.isdisjoint(counts)
        await index.fill([contact for contact in contacts if contact[0].key.tenant in tenants], aliased=aliased)
        indexed()
        carried = [(c.previous, c.layout) for c in decision.carry if c.key.tenant in changed & tenants]
        decision = relink(decision, await index.relinked(carried))
        share = [
            rebuild for rebuild in decision.rebuild if rebuild.key.tenant in tenants and not is_contact(rebuild.key)
        ]
        if share:
            await statements.find_repeats(share)
        await builder.build(share, progress, aliased=aliased)
        if builder.builds.done and not await index.intact():
            raise RunFailed("contact_index_lost")
    return decision


def _weights(
    tenants: set[TenantId], counts: Mapping[TenantId, AliasCount], contacts: Sequence[EntryRows]
) -> dict[TenantId, int]:
    """How much of the index each tenant takes."""
    weights = {tenant: counts[tenant].aliases if tenant in counts else 0 for tenant in tenants}
    for entry, _ in contacts:
        weights[entry.key.tenant] += entry.rows
    return weights


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
