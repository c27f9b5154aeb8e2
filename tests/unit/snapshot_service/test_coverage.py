"""Up to where staging covers the records topic, and when that leaves a hole."""

import pytest

from services.snapshot_service.domain.consistency import MismatchReason
from services.snapshot_service.domain.coverage import Accepted, Commit, Evidence, Note


def evidence(
    *,
    staged: int = 0,
    quarantined: int = 0,
    watermark: int = 0,
    accepted: int = 0,
    commit: Commit | None = None,
    beginning: int = 0,
    end: int = 5000,
    given_up: frozenset[str] = frozenset(),
) -> Evidence:
    """Of one partition, 0."""
    commits = {0: commit} if commit is not None else {}
    known = Accepted({0: accepted}, given_up)
    return Evidence("db", {0: staged}, {0: quarantined}, {0: watermark}, known, commits, {0: beginning}, {0: end})


def committed(offset: int, staged: int, database: str = "db") -> Commit:
    return Commit(offset, Note(database, staged))


def reason(found: Evidence) -> MismatchReason | None:
    mismatch = found.mismatch()
    return mismatch.reason if mismatch is not None else None


@pytest.mark.parametrize(
    ("found", "position"),
    [
        (evidence(), 0),
        (evidence(commit=committed(3010, 3000), staged=3000), 3010),
        (evidence(commit=Commit(3010), staged=10), 3010),
        # The group's offsets expired: reading begins where the last snapshot ends, not at the beginning.
        (evidence(staged=3000, watermark=2500), 2500),
        (evidence(staged=3000, watermark=2500, beginning=2700), 2700),
        # A backup was restored: the rows that the commit stands for are not there.
        (evidence(commit=committed(4000, 4000), staged=3000, watermark=2500), 2500),
        # Staging is cleared behind the watermark.
        (evidence(commit=committed(4000, 4000), staged=0, watermark=4000), 4000),
        (evidence(accepted=700, beginning=700), 700),
    ],
)
def test_events_are_read_from_where_staging_really_ends(found: Evidence, position: int) -> None:
    assert found.position(0) == position
    assert reason(found) is None


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        # The head of the topic is gone, and the group's offsets expired as well.
        (evidence(staged=3000, watermark=3000, beginning=5000), MismatchReason.EXPIRED),
        (evidence(commit=committed(3000, 3000), staged=3000, beginning=3001), MismatchReason.EXPIRED),
        (evidence(beginning=1), MismatchReason.EXPIRED),
        # The store was restored, and what was staged since is no longer on Kafka.
        (evidence(commit=committed(4000, 4000), staged=3000, beginning=3500), MismatchReason.EXPIRED),
        # The topic was made anew, or lost its end: these offsets are given out a second time.
        (evidence(staged=3000, end=50), MismatchReason.TRUNCATED),
        (evidence(quarantined=3000, end=50), MismatchReason.TRUNCATED),
        (evidence(watermark=3000, end=50), MismatchReason.TRUNCATED),
        (evidence(commit=Commit(3000), end=50), MismatchReason.TRUNCATED),
        (evidence(commit=committed(3000, 3000, "lost"), staged=0), MismatchReason.DATABASE),
    ],
)
def test_whatever_the_group_says_a_hole_stops(found: Evidence, expected: MismatchReason) -> None:
    assert reason(found) is expected


@pytest.mark.parametrize(
    "found",
    [
        evidence(staged=3000, quarantined=5000, beginning=5000),
        evidence(commit=committed(5000, 3000), staged=3000, beginning=5000),
        evidence(staged=3000, beginning=5000, accepted=5000),
        evidence(commit=committed(3000, 3000, "lost"), given_up=frozenset({"lost"})),
    ],
)
def test_what_is_covered_or_given_up_is_no_hole(found: Evidence) -> None:
    assert reason(found) is None


def test_a_hole_is_named_with_its_bounds() -> None:
    found = evidence(staged=3000, watermark=2000, beginning=5000)
    assert found.holes() == [(0, 3000, 5000)]
    mismatch = found.mismatch()
    assert mismatch is not None
    assert mismatch.detail == "partition 0 lost [3000, 5000)"


def test_a_commit_made_since_stands_for_rows_made_since() -> None:
    before = evidence(commit=committed(4000, 4000), staged=3000, watermark=2500)
    assert before.positions_after(before.commits) == {0: 2500}
    assert before.positions_after({0: committed(2600, 3000)}) == {0: 2600}


def test_a_note_survives_the_commit_and_what_others_wrote_is_none() -> None:
    assert Note.decode(Note("db", 17).encode()) == Note("db", 17)
    assert [Note.decode(text) for text in ("", "metadata", "db:", ":3", "db:x")] == [None] * 5


def test_the_next_commit_names_the_rows_that_are_there() -> None:
    assert evidence(commit=committed(10, 7), staged=9).note(0) == Note("db", 7)
    assert evidence(commit=committed(10, 9), staged=5).note(0) == Note("db", 5)
    assert evidence(staged=5).note(0) == Note("db", 5)
