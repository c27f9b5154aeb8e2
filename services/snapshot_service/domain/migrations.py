"""How the service's own tables of an older release become those of this one. Pure.

Tables of layouts are not migrated: a refresh reads rows in the format in which they were written, and rewrites them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from services.snapshot_service.domain.tables import ADD_EVENT_IDS, ADD_FACT_LIFE


@dataclass(frozen=True, slots=True)
class Migration:
    """One migration. Its `number` is recorded when all its `statements` have run; numbers begin at 1 and have no gaps.

    A start that is interrupted repeats the statements, and so may two workers: each must change nothing when it runs
    again. A worker of the older release may still write: a column that is added needs a default.
    """

    number: int
    name: str
    statements: tuple[str, ...]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(1, "staged events are found by their ids", (ADD_EVENT_IDS,)),
    Migration(2, "facts name the object that they were stated about", (ADD_FACT_LIFE,)),
)
"""Those of this release, in order; the first is about the tables of commit 5821802."""


class NewerTables(ValueError):
    """A newer release has migrated the tables: this one does not know what they hold."""


def due_migrations(done: int, known: Sequence[Migration]) -> list[Migration]:
    """The migrations after the last one that is recorded as done. Raises NewerTables."""
    if done > len(known):
        raise NewerTables(f"migration {done} was made by a newer release; this one knows {len(known)}")
    return [migration for migration in known if migration.number > done]
