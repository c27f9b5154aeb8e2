"""Which migrations of the service's tables a start runs."""

import pytest

from services.snapshot_service.domain.migrations import MIGRATIONS, Migration, NewerTables, due_migrations

KNOWN = [Migration(number, f"migration {number}", ("SELECT 1",)) for number in (1, 2, 3)]


@pytest.mark.parametrize(("done", "due"), [(0, [1, 2, 3]), (1, [2, 3]), (3, [])])
def test_those_that_are_not_recorded_are_due_in_order(done: int, due: list[int]) -> None:
    assert [migration.number for migration in due_migrations(done, KNOWN)] == due


def test_tables_that_a_newer_release_has_migrated_are_refused() -> None:
    with pytest.raises(NewerTables, match="migration 4 was made by a newer release; this one knows 3"):
        due_migrations(4, KNOWN)


def test_the_migrations_of_this_release_are_numbered_from_one_without_gaps() -> None:
    assert [migration.number for migration in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))
