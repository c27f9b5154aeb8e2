"""What became of contacts that were merged, for the links of one record."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any

from crosslook.platform.clickhouse import QueryResult
from services.snapshot_service.domain.link_aliases import FOLLOWED_MOST, follow_chained
from services.snapshot_service.records.statements import ALIASES

_ID = "id:"


async def remaining(
    query: Callable[[str, Mapping[str, Any]], Awaitable[QueryResult]],
    tenant: str,
    merged: Collection[str],
    joined: Collection[str],
) -> dict[str, str]:
    """By merged contact the one of those that are joined that it leads to, as aliases are now; those that lead to none
    are absent. Raises ClickHouseError."""
    found: dict[str, list[str]] = {}
    waiting = {f"{_ID}{contact}" for contact in merged}
    while waiting and len(found) < FOLLOWED_MOST:
        rows = (await query(ALIASES, {"tenant": tenant, "references": sorted(waiting)})).rows
        found |= {name: targets for name, targets in rows}  # noqa: C416  # rows are sequences of anything
        waiting = {target for _, targets in rows for target in targets} - found.keys()
    live = {f"{_ID}{contact}": contact for contact in joined}
    chained = {
        (tenant, name): [(target, live.get(target, "")) for target in targets] for name, targets in found.items()
    }
    return {name.removeprefix(_ID): contact for (_, name), contact in follow_chained(chained).items()}
