"""How far staging covers the records topic: from what the store has, what the group has committed, and what Kafka still
has. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from crosslook.contracts.positions import Positions
from services.snapshot_service.domain.consistency import Mismatch, MismatchReason


@dataclass(frozen=True, slots=True)
class Note:
    """The metadata of a commit: which database has the rows, and the position behind the last row that was
    staged there (0 where none was)."""

    database: str
    staged: int

    def encode(self) -> str:
        """Its form in the commit's metadata."""
        return f"{self.database}:{self.staged}"

    @staticmethod
    def decode(metadata: str) -> "Note | None":
        """The note; None for commits of earlier releases and of other tools, which say nothing."""
        database, _, staged = metadata.partition(":")
        return Note(database, int(staged)) if database and staged.isdecimal() else None


@dataclass(frozen=True, slots=True)
class Commit:
    """The group's committed offset of a partition."""

    offset: int
    note: Note | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """What an operator has given up: events below these positions, and databases that are lost. The database "" stands
    for commits that name none."""

    positions: Positions = field(default_factory=dict)
    databases: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Evidence:
    """By partition: positions behind the last rows of `record_log` and `quarantine`, the current manifest's watermark,
    the group's commits, and where Kafka begins and ends."""

    database: str
    staged: Positions
    quarantined: Positions
    watermark: Positions
    accepted: Accepted
    commits: Mapping[int, Commit]
    beginning: Positions
    end: Positions

    def mismatch(self) -> Mismatch | None:
        """Why nothing may be staged or published: the first of a lost database, a topic that lost its end, a topic
        that lost its beginning before it was staged."""
        for partition, commit in sorted(self.commits.items()):
            note = commit.note
            if note is not None and note.database not in {self.database, *self.accepted.databases}:
                committed = f"offsets of partition {partition} were committed for database {note.database}"
                return Mismatch(MismatchReason.DATABASE, f"{committed}, this is {self.database}")
        if (truncated := self.truncation()) is not None:
            return truncated
        for partition, lost_from, lost_to in self.holes():
            return Mismatch(MismatchReason.EXPIRED, f"partition {partition} lost [{lost_from}, {lost_to})")
        return None

    def truncation(self) -> Mismatch | None:
        """Whether a partition ends before what it is known to have given out."""
        for partition in sorted({*self.end, *self.staged, *self.quarantined, *self.watermark}):
            known, end = self._known(partition), self.end.get(partition, 0)
            if known > end:
                return Mismatch(MismatchReason.TRUNCATED, f"partition {partition} ends at {end}, {known} was reached")
        return None

    def holes(self) -> list[tuple[int, int, int]]:
        """Events that Kafka deleted before they were staged: partition, from, to."""
        reached = {partition: self._reached(partition) for partition in self.beginning}
        return [(p, reached[p], first) for p, first in sorted(self.beginning.items()) if first > reached[p]]

    def reach(self) -> dict[int, int]:
        """Behind everything that was ever staged, refused or published."""
        partitions = sorted({*self.staged, *self.quarantined, *self.watermark})
        return {p: max(self._stored(p), self.watermark.get(p, 0)) for p in partitions}

    def position(self, partition: int) -> int:
        """Up to where events are staged: from there they are read. Where the group has no commit, or committed rows are
        not there any more, that is where the last snapshot ends: rows above it may be those of a chunk that was cut,
        and what is staged twice counts once."""
        sure = self._sure(partition)
        if self.trusted(partition):
            return max(self.commits[partition].offset, self.accepted.positions.get(partition, 0))
        return max(sure, self.beginning.get(partition, 0))

    def positions(self) -> dict[int, int]:
        """Of every partition there is."""
        return {partition: self.position(partition) for partition in sorted(self.end)}

    def positions_after(self, commits: Mapping[int, Commit]) -> dict[int, int]:
        """The same with later commits: one that was made since stands for rows that were inserted since."""
        moved = {p: commit.offset for p, commit in commits.items() if commit != self.commits.get(p)}
        return {**self.positions(), **moved}

    def trusted(self, partition: int) -> bool:
        """Whether the store has the rows that the partition's commit stands for."""
        commit = self.commits.get(partition)
        if commit is None:
            return False
        note = commit.note
        if note is None:
            return "" not in self.accepted.databases
        return note.database == self.database and note.staged <= self._stored(partition)

    def note(self, partition: int) -> Note:
        """The note of the next commit about rows staged before."""
        commit = self.commits.get(partition)
        if commit is not None and commit.note is not None and self.trusted(partition):
            return commit.note
        return Note(self.database, self.staged.get(partition, 0))

    def _sure(self, partition: int) -> int:
        """Everything below counts as staged."""
        return max(self.watermark.get(partition, 0), self.accepted.positions.get(partition, 0))

    def _stored(self, partition: int) -> int:
        """Nothing that the store has or had lies at or above."""
        return max(self._sure(partition), self.staged.get(partition, 0), self.quarantined.get(partition, 0))

    def _reached(self, partition: int) -> int:
        committed = self.commits[partition].offset if self.trusted(partition) else 0
        return max(self._stored(partition), committed)

    def _known(self, partition: int) -> int:
        """The greatest position that the topic has given out and that something here rests on: a commit whose rows are
        not there does not count."""
        committed = self.commits[partition].offset if self.trusted(partition) else 0
        rows = max(self.staged.get(partition, 0), self.quarantined.get(partition, 0))
        return max(rows, self.watermark.get(partition, 0), committed)
