"""Random questions about bins and groups: the service against the brute-force model."""

from tests.helpers.oracle_trials import Trials


async def test_values_are_grouped_into_bins_widths_and_named_groups(trials: Trials) -> None:
    await trials.run("bins and groups")
