from tests.helpers.oracle_drills import check_drill
from tests.helpers.oracle_trials import Trials
from tests.helpers.random_drills import drills


async def test_more(trials: Trials) -> None:
    await trials.run("drills", check_drill, cases=900, family=drills)
