"""Which tests `make test` draws."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.sampling import SHARES, sampled, slow_first


@dataclass(frozen=True)
class Named:
    """A collected test."""

    nodeid: str


CASES = [Named(f"tests/behaviours/test_engine.py::test_type[{case}]") for case in range(20)]
FAULTS = [Named(f"tests/faults/test_kills.py::test_{number}") for number in range(10)]
OTHERS = [Named("tests/unit/test_a.py::test_b[1]"), Named("tests/integration/test_c.py::test_d")]


def test_a_share_of_the_cases_and_of_the_faults_is_kept_and_all_else() -> None:
    kept = sampled([*CASES, *OTHERS, *FAULTS], "abc")
    assert [test for test in kept if test in OTHERS] == OTHERS
    assert len([test for test in kept if test in CASES]) == round(20 * SHARES["tests/behaviours/"])
    assert len([test for test in kept if test in FAULTS]) == round(10 * SHARES["tests/faults/"])


def test_another_seed_draws_others_and_the_same_seed_the_same() -> None:
    draws = {tuple(sampled(CASES, str(seed))) for seed in range(200)}
    assert len(draws) > 10
    assert sampled(CASES, "7") == sampled(CASES, "7")
    assert {test for draw in draws for test in draw} == set(CASES)


@given(st.sets(st.sampled_from([*CASES, *OTHERS, *FAULTS])), st.text(max_size=8))
def test_no_function_and_no_file_of_faults_is_left_out(tests: set[Named], seed: str) -> None:
    ordered = sorted(tests, key=lambda test: test.nodeid)
    kept = sampled(ordered, seed)
    assert kept == [test for test in ordered if test in kept]
    assert {test.nodeid.partition("::")[0] for test in kept} == {test.nodeid.partition("::")[0] for test in tests}


def test_slow_folders_come_first_and_the_order_within_a_folder_stays() -> None:
    names = ["unit/test_a.py::x", "integration/test_b.py::y", "integration/test_a.py::x", "faults/test_c.py::z"]
    ordered = slow_first([Named(f"tests/{name}") for name in names])
    assert [test.nodeid.removeprefix("tests/") for test in ordered] == [names[3], names[1], names[2], names[0]]
