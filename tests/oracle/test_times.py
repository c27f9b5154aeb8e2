"""Random questions about periods: the service against the brute-force model."""

from tests.helpers.oracle_trials import Trials, check_defaults


async def test_periods_and_weeks_are_whole(trials: Trials) -> None:
    await trials.run("periods")


async def test_conditions_test_truncated_values(trials: Trials) -> None:
    await trials.run("truncated conditions")


async def test_the_zone_and_the_first_day_of_the_week_are_the_tenants(trials: Trials) -> None:
    await trials.run("tenant defaults", check_defaults)


async def test_a_comparison_asks_the_same_of_moved_values(trials: Trials) -> None:
    await trials.run("comparisons")
