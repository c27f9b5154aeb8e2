"""The table of `make mutants` fits the code: what was rewritten since must be written there anew."""

from collections import Counter

import pytest

from tests.mutants.mutant import ROOT, Mutant, mutants

TABLE = mutants()
LEAST = 40

_INTEGRATIONS = "crosslook/integrations"


def test_each_change_stands_once_in_the_code_and_changes_it() -> None:
    for mutant in TABLE:
        text = (ROOT / mutant.file).read_text(encoding="utf-8")
        assert mutant.of(text) != text


def test_the_tests_that_must_notice_are_unit_tests_that_are_there() -> None:
    named = {test for mutant in TABLE for test in mutant.tests}
    assert {test for test in named if not test.startswith("tests/unit/") or not (ROOT / test).is_file()} == set()


def test_all_three_services_the_contracts_and_integrations_are_changed_in_their_domain() -> None:
    parts = Counter(_part(mutant.file.rpartition("/")[0]) for mutant in TABLE)
    services = {f"services/{name}/domain" for name in ("schema_service", "snapshot_service", "query_service")}
    assert parts.keys() == {"crosslook/contracts", _INTEGRATIONS, *services}
    assert parts.total() >= LEAST
    assert min(parts.values()) >= 5


def test_a_line_that_is_gone_or_stands_twice_is_told() -> None:
    mutant = Mutant("a.py", "x = 1", "x = 2", ())
    assert mutant.of("x = 1\n") == "x = 2\n"
    for text in ("y = 1\n", "x = 1\nx = 1\n"):
        with pytest.raises(ValueError, match=r"a\.py has [02] times: x = 1"):
            mutant.of(text)


def _part(folder: str) -> str:
    """All vendors are one part, and so is the domain of a service with its folders."""
    return _INTEGRATIONS if folder.startswith(_INTEGRATIONS) else "/".join(folder.split("/")[:3])
