"""A seeded sample of the slow suites: `make test` runs it, `make nightly` runs everything.

Of the integration tests one file of twenty is kept, of those that kill services or ask random questions (tests/oracle:
200 of each family) one of five, of those that start whole stacks one of three, of the page's scenarios one of eight. Of
each file of fault tests a share of its functions is kept, and of each function that has cases a share of the cases;
always at least one. The functions of other files stay together: some tell a story in order. What starts neither Kafka
nor the engine runs whole.

The seed is the commit's tree, so that a run can be repeated, also on a commit with another history, and the next change
draws others.
"""

import random
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple, Protocol, TypeVar


class Share(NamedTuple):
    """Which share of a folder's files is kept, of a file's functions, and of a function's cases."""

    files: float
    functions: float
    cases: float


SHARES = {
    "tests/behaviours/": Share(files=0.5, functions=1, cases=0.1),
    "tests/e2e/": Share(files=0.34, functions=1, cases=0.5),
    "tests/integration/": Share(files=0.05, functions=1, cases=0.1),
    "tests/oracle/": Share(files=0.2, functions=1, cases=0.5),
    "tests/page/": Share(files=1, functions=1, cases=0.125),
    "tests/scenarios/": Share(files=0.5, functions=1, cases=0.2),
    "tests/faults/": Share(files=0.2, functions=0.1, cases=0.1),
}
"""By folder."""


SLOW_FIRST = (
    "tests/page/",
    "tests/e2e/",
    "tests/faults/",
    "tests/oracle/",
    "tests/integration/",
    "tests/behaviours/",
    "tests/scenarios/",
)
"""In this order: a file that takes a minute must not begin when the others are done; the rest fills the gaps."""


class Test(Protocol):
    """What is known of a collected test."""

    @property
    def nodeid(self) -> str:
        """Its file, its function and its case, as pytest writes them."""


T = TypeVar("T", bound=Test)
D = TypeVar("D")


def sampled(tests: Sequence[T], seed: str) -> list[T]:
    """The tests that are kept, in their order. Equal seeds and equal tests give equal samples."""
    kept: set[str] = set()
    for folder, share in SHARES.items():
        names = [test.nodeid for test in tests if test.nodeid.startswith(folder)]
        for functions in _drawn(_groups(names, _file), share.files, f"{seed}/{folder}"):
            for cases in _drawn(_groups(functions, _function), share.functions, f"{seed}/{_file(functions[0])}"):
                kept.update(_drawn(cases, share.cases, f"{seed}/{_function(cases[0])}"))
    return [test for test in tests if test.nodeid in kept or not test.nodeid.startswith(tuple(SHARES))]


def _drawn(group: list[D], share: float, seed: str) -> list[D]:
    """At least one, where there is any. A test that is added elsewhere changes nothing within a file."""
    if not group:
        return []
    chance = random.Random(seed)  # noqa: S311  # repeatable is what it is for
    return chance.sample(group, max(1, round(share * len(group))))


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
