"""The second half of step 5 of a refresh: what links to contacts, by shares of the tenants."""

from collections.abc import Callable

from crosslook.contracts.ids import TenantId
from services.snapshot_service.domain.decision import Decision, is_contact, relink
from services.snapshot_service.domain.shares import shares
from services.snapshot_service.refresh.builder import Builder
from services.snapshot_service.refresh.links import Placed

INDEXED_AT_ONCE = 2_000_000
"""So many contacts lie in the index at the same time, at about 150 bytes a reference; those of one tenant always do."""


async def build_others(
    builder: Builder, decision: Decision, progress: Callable[[int], None], indexed: Callable[[], None]
) -> Decision:
    """Build all objects but contacts, which are built and verified; answers the decision with the objects whose links
    changed among those to rebuild.

    The index of contacts lies in the engine's memory. Links never leave their tenant, so that it holds a share of the
    tenants at a time. `indexed` is called when an index is filled. Raises RunFailed, ClickHouseError.
    """
    built = [rebuild for rebuild in decision.rebuild if is_contact(rebuild.key)]
    others = [rebuild for rebuild in decision.rebuild if not is_contact(rebuild.key)]
    changed = {rebuild.key.tenant for rebuild in built if builder.builds.entry(rebuild.key) is not None}
    linking = changed | {rebuild.key.tenant for rebuild in decision.rebuild if rebuild.layout.relationships}
    await builder.build([rebuild for rebuild in others if rebuild.key.tenant not in linking], progress)
    placed = _contacts(builder, decision, linking)
    weights = dict.fromkeys(linking, 0) | {entry.key.tenant: entry.rows for entry, _ in placed}
    for tenants in list(shares(weights, INDEXED_AT_ONCE)) or [set()]:  # each run has an index, as each has a step
        await builder.contacts.fill([contact for contact in placed if contact[0].key.tenant in tenants])
        indexed()
        carried = [(c.previous, c.layout) for c in decision.carry if c.key.tenant in changed & tenants]
        decision = relink(decision, await builder.contacts.relinked(carried))
        share = [
            rebuild for rebuild in decision.rebuild if rebuild.key.tenant in tenants and not is_contact(rebuild.key)
        ]
        await builder.build(share, progress)
        await builder.require_contacts()
    return decision


def _contacts(builder: Builder, decision: Decision, tenants: set[TenantId]) -> list[Placed]:
    """The contacts of this snapshot, of the tenants whose links are looked at: rebuilt, carried over, or kept where
    their build failed."""
    placed = [(c.previous, c.layout) for c in decision.carry if is_contact(c.key) and c.key.tenant in tenants]
    for rebuild in decision.rebuild:
        if not is_contact(rebuild.key) or rebuild.key.tenant not in tenants:
            continue
        rebuilt = builder.builds.entry(rebuild.key)
        if rebuilt is not None:
            placed.append((rebuilt, rebuild.layout))
        elif rebuild.previous is not None and rebuild.source is not None:
            placed.append((rebuild.previous, rebuild.source))
    return placed
