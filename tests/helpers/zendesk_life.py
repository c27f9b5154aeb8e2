"""Stretches of the life of a simulated Zendesk account, for tests."""

from collections.abc import Sequence
from random import Random
from typing import Any

from crosslook.local.demo.zendesk_account import SimulatedUser, ZendeskAccount
from crosslook.local.demo.zendesk_actions import happen
from crosslook.local.demo.zendesk_shapes import MINUTE, SECOND

START = 1_780_000_000 * SECOND
PAUSES = (SECOND // 50, SECOND, 50 * SECOND, 7 * MINUTE, 26 * 60 * MINUTE)
"""How long nothing happens: two actions can share a second, but not an instant."""
WHOLE_PAUSES = PAUSES[1:]


def dice(seed: int) -> Random:
    """Random numbers that follow from a seed."""
    return Random(seed)  # noqa: S311  # examples, no secrets


def live(
    account: ZendeskAccount, actions: int, *, at: int = START, pauses: Sequence[int] = PAUSES, hides: bool = True
) -> int:
    """So many things happen to users and tickets; answers an instant after all of it. `hides`: as in `happen`."""
    random = account.random
    while len(account.users) < 2:
        at += random.choice(pauses)
        account.sign_up(at)
    for _ in range(actions):
        at += random.choice(pauses)
        users = [user for user in account.users.values() if user.merged_into is None]
        if random.random() < 0.2 or not account.tickets:
            account.open_ticket(random.choice(users), at)
        elif random.random() < 0.1:
            relive(account, users, at)
        else:
            happen(account, random.choice(list(account.tickets.values())), at, hides=hides)
    return at + 3 * MINUTE


def relive(account: ZendeskAccount, users: Sequence[SimulatedUser], at: int) -> None:
    """Something happens to a user."""
    user, *others = account.random.sample(users, min(2, len(users)))
    if others and account.random.random() < 0.3:
        account.merge_users(user, others[0], at)
        account.sign_up(at)
    elif account.random.random() < 0.5:
        account.change_email(user, at)
    else:
        account.drop_email(user, at)


def repeated(random: Random, items: Sequence[Any]) -> list[Any]:
    """The items in another order, some of them twice."""
    mixed = [*items, *random.choices(items, k=len(items) // 2)]
    random.shuffle(mixed)
    return mixed
