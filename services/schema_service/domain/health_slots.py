"""Which slot of the health topic a replica takes. A claim is a hint only: the broker lets one process write a slot."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import count

from crosslook.contracts.health import SlotClaim

HELD_FOR = timedelta(minutes=3)
"""A slot is free where its holder has not said for so long that it holds it; it does so once a minute."""
OUTDATED_AFTER = timedelta(hours=26)
"""Where nobody has written in a slot for so long, none of its counts is of the last 24 hours."""

SlotClaims = Mapping[int, SlotClaim]
"""The last claim of each slot."""


def slot_to_take(claims: SlotClaims, holder: str, address: str | None, now: datetime) -> int:
    """The slot of a process: the one that it holds, else one of its predecessor at `address`, which is gone, else the
    lowest that is free. `address`: None where another process has the same, so that it says nothing."""
    for claim in claims.values():
        if claim.holder == holder:
            return claim.slot
    for claim in claims.values():
        if claim.address == address:
            return claim.slot
    return next(slot for slot in count() if slot not in claims or not is_held(claims[slot], now))


def is_held(claim: SlotClaim, now: datetime) -> bool:
    """Whether a process that still runs holds the slot."""
    return bool(claim.holder) and now - claim.at < HELD_FOR


def outdated_slots(claims: SlotClaims, now: datetime) -> list[int]:
    """The slots whose counts are all too old for any report."""
    return [slot for slot, claim in claims.items() if now - claim.at > OUTDATED_AFTER]
