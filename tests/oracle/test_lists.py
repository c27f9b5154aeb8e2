"""Random lists: the service, page by page and in files, against the brute-force model."""

from tests.helpers.oracle_pages import check_list
from tests.helpers.oracle_trials import Trials


async def test_all_pages_of_a_list_are_the_whole_list(trials: Trials) -> None:
    await trials.run("lists", check_list)
