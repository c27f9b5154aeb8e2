"""Random questions about measures: the service against the brute-force model."""

from tests.helpers.oracle_trials import Trials


async def test_quantiles_deviations_and_distinct_values_are_those_of_the_definition(trials: Trials) -> None:
    await trials.run("measures")


async def test_a_filtered_measure_is_of_the_rows_that_pass_its_filters(trials: Trials) -> None:
    await trials.run("filtered measures")
