"""A seeded sample of the slow suites: `make test` runs it, `make nightly` runs everything.

Of a parametrised test a share of its cases is kept, of the fault tests a share of the tests; always at least one of
each function, or of each file of faults, so that no suite and no file is left out. The seed is the commit's tree, so
that a run can be repeated, also on a commit with another history, and the next change draws others. What starts
neither Kafka nor the engine runs whole.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import Protocol, TypeVar

SHARES = {
    "tests/behaviours/": 0.1,
    "tests/e2e/": 0.5,
    "tests/integration/": 0.1,
    "tests/scenarios/": 0.2,
    "tests/faults/": 0.1,
}
"""By folder: which share of a group of tests is kept."""


SLOW_FIRST = ("tests/e2e/", "tests/faults/", "tests/integration/", "tests/behaviours/", "tests/scenarios/")
"""In this order: a file that takes a minute must not begin when the others are done; the rest fills the gaps."""


class Test(Protocol):
    """What is known of a collected test."""

    @property
    def nodeid(self) -> str:
        """Its file, its function and its case, as pytest writes them."""


T = TypeVar("T", bound=Test)


def sampled(tests: Sequence[T], seed: str) -> list[T]:
    """The tests that are kept, in their order. Equal seeds and equal tests give equal samples."""
    kept: set[str] = set()
    for folder, share in SHARES.items():
        group_of = _file if folder == "tests/faults/" else _function
        for group in _groups([test.nodeid for test in tests if test.nodeid.startswith(folder)], group_of):
            # A sample of its own for each group: a test that is added elsewhere changes nothing here.
            chance = random.Random(f"{seed}/{group_of(group[0])}")  # noqa: S311  # repeatable is what it is for
            kept.update(chance.sample(group, max(1, round(share * len(group)))))
    return [test for test in tests if test.nodeid in kept or not test.nodeid.startswith(tuple(SHARES))]


def slow_first(tests: Sequence[T]) -> list[T]:
    """The tests with the folders of slow ones in front; within a folder their order stays."""
    return sorted(tests, key=lambda test: [not test.nodeid.startswith(folder) for folder in SLOW_FIRST])


def _groups(names: Sequence[str], group_of: Callable[[str], Hashable]) -> list[list[str]]:
    groups: defaultdict[Hashable, list[str]] = defaultdict(list)
    for name in names:
        groups[group_of(name)].append(name)
    return list(groups.values())


def _file(name: str) -> str:
    return name.partition("::")[0]


def _function(name: str) -> str:
    return name.partition("[")[0]
