"""One name means one thing: a public name that two modules define is a mistake, unless both mean the same by it."""

import ast
from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.architecture.sources import EVERYTHING, PRODUCT, Source, python

# Names that several modules may define, each with the reason.
ALLOWED = {
    "T": "a type variable says nothing beyond its function",
    "main": "the entry of a program that is run by itself",
    "build": "each service's application",
    "recovery_router": "each service's part of /v1/recovery",
    "unready": "each service's reason for /readyz",
    "with_metadata": "the same for Arrow and for Parquet; the module says which",
    "INTEGRATION": "each folder of a vendor holds one",
    "DESCRIPTION_MAX": "the same bound for an object and for a saved report; neither service knows the other",
}


def public_names(source: Source) -> Iterator[tuple[str, str]]:
    """The names that a module defines for others, with their places."""
    for node in source.tree.body:
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names = [name]
            case ast.Assign(targets=targets):
                names = [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
            case ast.AnnAssign(target=ast.Name(id=name)):
                names = [name]
            case _:
                names = []
        yield from ((name, f"{source.path}:{node.lineno}") for name in names if not name.startswith("_"))


def doubled(sources: list[Source]) -> dict[str, list[str]]:
    """The names that more than one place defines."""
    places: dict[str, list[str]] = defaultdict(list)
    for source in sources:
        for name, place in public_names(source):
            places[name].append(place)
    return {name: found for name, found in places.items() if len(found) > 1}


def nameless(source: Source) -> Iterator[str]:
    """Where a loop, a comprehension or a parameter is called `one`."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension | ast.NamedExpr):
            for target in ast.walk(node.target):
                if isinstance(target, ast.Name) and target.id == "one":
                    yield f"{source.path}:{target.lineno}"
        if isinstance(node, ast.arg) and node.arg == "one":
            yield f"{source.path}:{node.lineno}"


def test_no_public_name_has_two_meanings() -> None:
    found = doubled(python(*PRODUCT))
    assert {name: places for name, places in found.items() if name not in ALLOWED} == {}


def test_every_allowed_name_is_defined_more_than_once() -> None:
    assert set(ALLOWED) <= set(doubled(python(*PRODUCT)))


def test_loops_name_what_they_go_over() -> None:
    assert [place for source in python(*EVERYTHING) for place in nameless(source)] == []


def test_the_check_sees_a_name_that_is_defined_twice() -> None:
    first, second = (
        Source("services/a/x.py", "class Shelf: ..."),
        Source("services/b/y.py", "Shelf, A = 1, 2\n_own = 2"),
    )
    assert doubled([first, second]) == {"Shelf": ["services/a/x.py:1", "services/b/y.py:1"]}


@pytest.mark.parametrize(
    "text", ["for one in x: ...", "y = [one for one in x]", "y = {a: one for a, one in x}", "f = lambda one: 1"]
)
def test_the_check_sees_a_loop_without_a_noun(text: str) -> None:
    assert list(nameless(Source("services/a/x.py", text))) == ["services/a/x.py:1"]
