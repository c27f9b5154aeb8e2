"""The offsets at which a worker's partitions start, and the notes in its commits."""

from collections.abc import Iterable, Sequence

from crosslook.contracts.records import Address
from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.kafka import KafkaUnavailable, StartUnknown
from crosslook.platform.logging import get_logger
from services.snapshot_service.consistency.check import Consistency
from services.snapshot_service.domain.coverage import Note

_LOG = get_logger(__name__)


class StartOffsets:
    """The group's committed offset means *staged* only as long as the rows are there: so each commit names the database
    and the last row that it stands for, and an assignment starts from what the store really holds."""

    def __init__(self, consistency: Consistency) -> None:
        self.consistency = consistency
        self._notes: dict[int, Note] = {}

    async def of(self, partitions: Sequence[int]) -> dict[int, int]:
        """Where these partitions begin. Raises StartUnknown where that is unknown or nothing may be staged."""
        try:
            mismatch = await self.consistency.recheck()
        except KafkaUnavailable as error:
            raise StartUnknown("kafka") from error
        except ClickHouseError as error:
            raise StartUnknown(error.name) from error
        evidence = self.consistency.evidence
        if evidence is None or mismatch is not None:
            raise StartUnknown(mismatch.reason if mismatch is not None else "unknown")
        for partition in partitions:
            self._notes[partition] = evidence.note(partition)
            commit = evidence.commits.get(partition)
            if commit is not None and not evidence.trusted(partition):
                offset = evidence.position(partition)
                _LOG.warning(
                    "staged_rows_missing", partition=partition, committed=commit.offset, read_again_from=offset
                )
        return {partition: evidence.position(partition) for partition in partitions}

    def staged(self, addresses: Iterable[Address]) -> None:
        """These rows are durable in staging."""
        for address in addresses:
            note = self._notes.get(address.partition, Note(self.consistency.identity.database, 0))
            if address.offset >= note.staged:
                self._notes[address.partition] = Note(note.database, address.offset + 1)

    def metadata(self, partitions: Iterable[int]) -> dict[int, str]:
        """The metadata of commits of these partitions."""
        return {partition: self._notes[partition].encode() for partition in partitions if partition in self._notes}
