"""Which tests `make test` draws."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.helpers.sampling import SHARES, sampled, slow_first


@dataclass(frozen=True)
class Named:
    """A collected test."""

    nodeid: str


CASES = [Named(f"tests/behaviours/test_engine.py::test_type[{case}]") for case in range(20)]
FUNCTIONS = [Named(f"tests/faults/test_a.py::test_{number}") for number in range(20)]
FILES = [Named(f"tests/integration/test_{number}.py::test_{part}") for number in range(20) for part in ("a", "b")]
WHOLE = [Named("tests/unit/test_a.py::test_b[1]"), Named("tests/unit/test_a.py::test_b[2]")]


def test_a_share_of_the_functions_and_of_the_cases_is_kept_and_all_else() -> None:
    kept = sampled([*CASES, *WHOLE, *FUNCTIONS, *FILES], "abc")
    assert [test for test in kept if test in WHOLE] == WHOLE
    assert len([test for test in kept if test in CASES]) == round(20 * SHARES["tests/behaviours/"].cases)
    assert len([test for test in kept if test in FUNCTIONS]) == round(20 * SHARES["tests/faults/"].functions)


def test_a_share_of_the_integration_files_is_kept_each_as_a_whole() -> None:
    kept = sampled(FILES, "abc")
    files = {test.nodeid.partition("::")[0] for test in kept}
    assert len(files) == round(20 * SHARES["tests/integration/"].files)
    assert kept == [test for test in FILES if test.nodeid.partition("::")[0] in files]


def test_a_share_of_the_files_of_random_questions_is_asked_and_in_some_run_each() -> None:
    families = [Named(f"tests/oracle/test_{number}.py::test_{part}") for number in range(6) for part in ("a", "b")]
    draws = [sampled(families, str(seed)) for seed in range(50)]
    assert {len(draw) for draw in draws} == {2}
    assert {test for draw in draws for test in draw} == set(families)


@pytest.mark.parametrize("tests", [CASES, FUNCTIONS, FILES])
def test_another_seed_draws_others_and_the_same_seed_the_same(tests: list[Named]) -> None:
    draws = {tuple(sampled(tests, str(seed))) for seed in range(200)}
    assert len(draws) > 10
    assert sampled(tests, "7") == sampled(tests, "7")
    assert {test for draw in draws for test in draw} == set(tests)


@given(st.sets(st.sampled_from([*CASES, *WHOLE, *FUNCTIONS])), st.text(max_size=8))
def test_no_file_is_left_out(tests: set[Named], seed: str) -> None:
    ordered = sorted(tests, key=lambda test: test.nodeid)
    kept = sampled(ordered, seed)
    assert kept == [test for test in ordered if test in kept]
    assert {test.nodeid.partition("::")[0] for test in kept} == {test.nodeid.partition("::")[0] for test in tests}


def test_slow_folders_come_first_and_the_order_within_a_folder_stays() -> None:
    names = ["unit/test_a.py::x", "integration/test_b.py::y", "integration/test_a.py::x", "faults/test_c.py::z"]
    ordered = slow_first([Named(f"tests/{name}") for name in names])
    assert [test.nodeid.removeprefix("tests/") for test in ordered] == [names[3], names[1], names[2], names[0]]
