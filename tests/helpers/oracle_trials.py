"""Random questions of one family put to the service and to the brute-force model. A difference is reported with the
seed that repeats it and the smallest question found that shows it."""

import os
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from crosslook.contracts.tenant_settings import SETTINGS_PREFIX, SettingsEvent, TenantSettings, WeekStart
from tests.helpers.differential import Difference, compared, neighbours
from tests.helpers.examples import examples
from tests.helpers.oracle import Oracle
from tests.helpers.query_service import QueryStack
from tests.helpers.random_dataset import ZONE, World, worlds
from tests.helpers.random_families import FAMILIES, Family
from tests.helpers.snapshots import publish

SEED = os.environ.get("CROSSLOOK_TEST_SEED", "1")
"""Repeats the questions of a run that failed: a report of a difference prints its seed."""
CASES = examples(200, 2500)
_WORLDS = examples(8, 24)
_SHRINKING = 150
_KEPT = {"object", "snapshot", "relationship"}

TENANTS = {
    settings.tenant: settings
    for settings in (
        TenantSettings(tenant="acme"),
        TenantSettings(tenant="kiwi", timezone="Pacific/Auckland", week_start=WeekStart.SUNDAY),
        TenantSettings(tenant="cedar", timezone="Asia/Beirut", week_start=WeekStart.SATURDAY),
    )
}
"""Tenants with the same records. The settings of the first are those of the deployment."""

Check = Callable[["Trials", World, dict[str, Any]], Awaitable[None]]
"""Asks the service and the model. Raises Difference where their answers are not the same."""


@dataclass(frozen=True, slots=True)
class Trials:
    """A service with snapshots of random records, which the model knows, too."""

    stack: QueryStack
    worlds: Sequence[World]

    def oracle(self, world: World, tenant: str = "acme") -> Oracle:
        """The model of a tenant's snapshot, which knows the snapshot before and the tenant's settings."""
        before = [other for other in self.worlds if other.number == world.number - 1]
        earlier = (before[0].objects, before[0].as_of) if before else None
        settings = TENANTS[tenant]
        return Oracle(
            world.objects, world.as_of, settings.timezone or ZONE, earlier, settings.week_start or WeekStart.MONDAY
        )

    async def run(
        self, name: str, check: Check | None = None, cases: int = CASES, family: Family | None = None
    ) -> None:
        """Ask so many questions of the family, by default the one of that name. Raises AssertionError at the first
        difference."""
        check, family = check or _checked, family or FAMILIES[name]
        for number in range(cases):
            seed = f"{SEED}/{name}/{number}"
            world, question = self.question(family, seed)
            if (difference := await self._difference(check, world, question)) is not None:
                smaller, least = await self._shrunk(check, world, question, difference)
                raise AssertionError(f"seed {seed!r}, snapshot {world.snapshot}: {smaller}\n{least}")

    def question(self, family: Family, seed: str) -> tuple[World, dict[str, Any]]:
        """The question of a seed, and the snapshot that it is about."""
        dice = Random(seed)  # noqa: S311  # repeatable is what it is for
        world = dice.choice(self.worlds)
        return world, family(dice, world)

    async def _difference(self, check: Check, world: World, question: dict[str, Any]) -> str | None:
        try:
            await check(self, world, question)
        except Difference as difference:
            return str(difference)
        return None

    async def _shrunk(
        self, check: Check, world: World, question: dict[str, Any], difference: str
    ) -> tuple[dict[str, Any], str]:
        """The question with all left out that the difference does not need."""
        tried, kind = 0, difference.partition(":")[0]
        smaller = iter(_smaller(question))
        while (candidate := next(smaller, None)) is not None and tried < _SHRINKING:
            tried += 1
            try:
                found = await self._difference(check, world, candidate)
            except Exception:  # noqa: S112  # a question cut apart need not be a good one
                continue
            if found is not None and found.partition(":")[0] == kind:
                question, difference, smaller = candidate, found, iter(_smaller(candidate))
        return question, difference


async def published(stack: QueryStack, seed: str = SEED) -> Trials:
    """Publish the snapshots of a seed: the same records for tenants with unlike settings, others for one more."""
    made = worlds(seed, _WORLDS)
    for tenant, settings in TENANTS.items():
        event = SettingsEvent(id=tenant, source="/tests", time=made[0].as_of, data=settings)
        await stack.schemas.put(SETTINGS_PREFIX + tenant, event.encode())
    for world in made:
        tenants = {**dict.fromkeys(TENANTS, world.objects), "globex": neighbours(world.objects)}
        await publish(stack.clickhouse, stack.snapshots, tenants, number=world.number, as_of=world.as_of)
    return Trials(stack, made)


async def check_defaults(trials: Trials, world: World, question: dict[str, Any]) -> None:
    """Ask as one of the tenants that have settings. Raises Difference."""
    tenant = sorted(TENANTS)[len(repr(question)) % len(TENANTS)]
    await compared(trials.stack, question, trials.oracle(world, tenant).answer(question), tenant)


async def _checked(trials: Trials, world: World, question: dict[str, Any]) -> None:
    await compared(trials.stack, question, trials.oracle(world).answer(question))


def _smaller(value: Any) -> Iterator[Any]:
    """The value with one part less, or with one part smaller."""
    if isinstance(value, Mapping):
        for name in value.keys() - _KEPT:
            yield {other: value[other] for other in value if other != name}
        for name in value.keys() - _KEPT:
            yield from ({**value, name: part} for part in _smaller(value[name]))
    elif isinstance(value, list):
        for place in range(len(value)):
            yield value[:place] + value[place + 1 :]
        for place, item in enumerate(value):
            yield from ([*value[:place], part, *value[place + 1 :]] for part in _smaller(item))
