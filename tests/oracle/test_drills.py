"""Random cells of random reports: the list behind each against the brute-force model."""

from tests.helpers.oracle_drills import check_drill
from tests.helpers.oracle_trials import Trials
from tests.helpers.random_drills import drills


async def test_the_list_behind_a_cell_has_the_records_of_its_figure(trials: Trials) -> None:
    await trials.run("drills", check_drill, family=drills)
