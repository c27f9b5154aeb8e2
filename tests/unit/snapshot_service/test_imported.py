"""Which records undoing an import deletes, keeps, or finds gone."""

from datetime import UTC, datetime, timedelta

import pytest

from crosslook.contracts.manifests import Manifest
from crosslook.contracts.values import milliseconds
from services.snapshot_service.domain.imported import (
    BuiltRow,
    Fate,
    StagedFacts,
    TooOld,
    fate_of,
    page_of,
    snapshot_before,
)
from tests.helpers import builders

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
START = milliseconds(AT)
UPSERT, PATCH, DELETE = 1, 2, 3


@pytest.mark.parametrize(
    ("staged", "built", "fate"),
    [
        (StagedFacts("r", 1, 0, 0, 0, 0), None, Fate.DELETED),
        (StagedFacts("r", 2, 0, 0, 0, 0), BuiltRow(5, True), Fate.DELETED),  # deleted long before
        (StagedFacts("r", 1, DELETE, 9, 0, 0), BuiltRow(5, False), Fate.DELETED),  # deleted shortly before
        (StagedFacts("r", 1, DELETE, 4, 0, 0), BuiltRow(5, False), Fate.EXISTED),  # that deletion came late
        (StagedFacts("r", 1, 0, 0, 0, 0), BuiltRow(5, False), Fate.EXISTED),
        (StagedFacts("r", 1, UPSERT, 9, 0, 0), None, Fate.EXISTED),
        (StagedFacts("r", 1, UPSERT, 9, 0, 0), BuiltRow(5, True), Fate.EXISTED),
        (StagedFacts("r", 1, 0, 0, 1, 0), None, Fate.CHANGED),  # patched later
        (StagedFacts("r", 1, UPSERT, 9, 1, UPSERT), None, Fate.CHANGED),
        (StagedFacts("r", 1, 0, 0, 2, DELETE), None, Fate.ABSENT),
        (StagedFacts("r", 0, 0, 0, 0, 0), None, Fate.ABSENT),  # the import only patched it
    ],
)
def test_a_record_is_deleted_only_if_nothing_but_the_import_made_it(
    staged: StagedFacts, built: BuiltRow | None, fate: Fate
) -> None:
    assert fate_of(staged, built) is fate
    page = page_of([staged], {"r": built} if built is not None else {})
    assert (page.deleted, page.changed, page.existed) == (
        ("r",) if fate is Fate.DELETED else (),
        int(fate is Fate.CHANGED),
        int(fate is Fate.EXISTED),
    )


def manifest(number: int, hours: int, previous: str | None) -> Manifest:
    return builders.manifest(number, as_of=AT + timedelta(hours=hours), previous=previous)


def test_the_newest_snapshot_from_before_the_import_is_compared() -> None:
    before = [manifest(1, -2, None), manifest(2, -1, "s1")]
    assert snapshot_before([*before, manifest(3, 1, "s2")], START, START - 1) == before[1]
    assert snapshot_before([manifest(1, 1, None), manifest(2, 2, "s1")], START, START - 1) is None
    assert snapshot_before([], START, START) is None


def test_an_import_is_too_old_where_nobody_knows_what_was_before() -> None:
    with pytest.raises(TooOld):
        snapshot_before([], START, START + 1)
    with pytest.raises(TooOld):
        snapshot_before([manifest(3, 1, "s2"), manifest(4, 2, "s3")], START, START)
