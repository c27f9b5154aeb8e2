"""The second half of step 5 of a refresh: what links to contacts, by shares of the tenants."""

from collections.abc import Callable

from crosslook.contracts.ids import TenantId
from services.snapshot_service.builder import Builder
from services.snapshot_service.domain.decision import Decision, is_contact, relink
from services.snapshot_service.domain.shares import shares
from services.snapshot_service.links import Placed

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
    built = [one for one in decision.rebuild if is_contact(one.key)]
    others = [one for one in decision.rebuild if not is_contact(one.key)]
    changed = {one.key.tenant for one in built if builder.builds.entry(one.key) is not None}
    linking = changed | {one.key.tenant for one in decision.rebuild if one.layout.relationships}
    await builder.build([one for one in others if one.key.tenant not in linking], progress)
    placed = _contacts(builder, decision, linking)
    weights = dict.fromkeys(linking, 0) | {entry.key.tenant: entry.rows for entry, _ in placed}
    for tenants in list(shares(weights, INDEXED_AT_ONCE)) or [set()]:  # each run has an index, as each has a step
        await builder.contacts.fill([one for one in placed if one[0].key.tenant in tenants])
        indexed()
        carried = [(c.previous, c.layout) for c in decision.carry if c.key.tenant in changed & tenants]
        decision = relink(decision, await builder.contacts.relinked(carried))
        share = [one for one in decision.rebuild if one.key.tenant in tenants and not is_contact(one.key)]
        await builder.build(share, progress)
        await builder.require_contacts()
    return decision


def _contacts(builder: Builder, decision: Decision, tenants: set[TenantId]) -> list[Placed]:
    """The contacts of this snapshot, of the tenants whose links are looked at: rebuilt, carried over, or kept where
    their build failed."""
    placed = [(c.previous, c.layout) for c in decision.carry if is_contact(c.key) and c.key.tenant in tenants]
    for one in decision.rebuild:
        if not is_contact(one.key) or one.key.tenant not in tenants:
            continue
        rebuilt = builder.builds.entry(one.key)
        if rebuilt is not None:
            placed.append((rebuilt, one.layout))
        elif one.previous is not None and one.source is not None:
            placed.append((one.previous, one.source))
    return placed
