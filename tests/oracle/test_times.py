"""Random questions about periods: the service against the brute-force model."""

from tests.helpers.oracle_trials import Trials


async def test_periods_and_weeks_are_whole(trials: Trials) -> None:
    await trials.run("periods")


async def test_conditions_test_truncated_values(trials: Trials) -> None:
    await trials.run("truncated conditions")
