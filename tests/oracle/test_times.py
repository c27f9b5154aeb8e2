"""Random questions about periods: the service against the brute-force model."""

from tests.helpers.oracle_trials import Trials


async def test_periods_and_weeks_are_whole(trials: Trials) -> None:
    await trials.run("periods")
