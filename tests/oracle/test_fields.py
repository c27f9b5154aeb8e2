"""Random questions about built-in fields and formulas: the service against the brute-force model."""

from tests.helpers.oracle_trials import Trials


async def test_ids_and_times_of_the_last_update_serve_as_fields_do(trials: Trials) -> None:
    await trials.run("built-in fields")


async def test_a_formula_is_a_value_of_each_record(trials: Trials) -> None:
    await trials.run("formulas")
