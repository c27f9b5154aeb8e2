"""Random questions about built-in fields: the service against the brute-force model."""

from tests.helpers.oracle_trials import Trials


async def test_ids_and_times_of_the_last_update_serve_as_fields_do(trials: Trials) -> None:
    await trials.run("built-in fields")
