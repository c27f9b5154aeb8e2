"""Which records exist only because of an import: what undoing it deletes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from crosslook.contracts.manifests import Manifest
from crosslook.contracts.records import EventKind
from crosslook.contracts.values import milliseconds


class Fate(StrEnum):
    """What undoing an import does to a record."""

    DELETED = "deleted"
    CHANGED = "changed"
    """It was changed after the import, and is kept."""
    EXISTED = "existed"
    """It existed before the import, and is kept."""
    ABSENT = "absent"
    """It does not exist: somebody deleted it, or the import only patched what never was."""


class StagedFacts(NamedTuple):
    """What staging has of one record that the import has an event of, repeats left out.

    `upserts`: events of the import that make the whole record. `before_kind`, `before_ms`: the last upsert or delete
    before the import, 0 for none. `later`: how many events of others came after its start. `later_kind`: the last
    upsert or delete among these, 0 for none.
    """

    record: str
    upserts: int
    before_kind: int
    before_ms: int
    later: int
    later_kind: int


class BuiltRow(NamedTuple):
    """A record in the snapshot from before the import: when the event that made it was, and whether it is deleted."""

    time_ms: int
    deleted: bool


@dataclass(frozen=True, slots=True)
class ImportedPage:
    """Records that the import has events of: those to delete, and how many are kept and why."""

    deleted: tuple[str, ...]
    changed: int
    existed: int


def fate_of(staged: StagedFacts, built: BuiltRow | None) -> Fate:
    """What undoing does to a record. What changed it later counts more than that it existed before."""
    if staged.later and staged.later_kind == EventKind.DELETE:
        return Fate.ABSENT
    if staged.later:
        return Fate.CHANGED
    if _existed(staged, built):
        return Fate.EXISTED
    return Fate.DELETED if staged.upserts else Fate.ABSENT


def _existed(staged: StagedFacts, built: BuiltRow | None) -> bool:
    """Whether the record existed when the import began: the later of its row in the snapshot and its staged events."""
    if built is not None and (not staged.before_kind or built.time_ms > staged.before_ms):
        return not built.deleted
    return staged.before_kind == EventKind.UPSERT


def page_of(staged: Iterable[StagedFacts], built: Mapping[str, BuiltRow]) -> ImportedPage:
    """The fates of the records of a page."""
    fates = [(facts.record, fate_of(facts, built.get(facts.record))) for facts in staged]
    counted = [fate for _, fate in fates]
    return ImportedPage(
        tuple(record for record, fate in fates if fate is Fate.DELETED),
        counted.count(Fate.CHANGED),
        counted.count(Fate.EXISTED),
    )


class TooOld(Exception):
    """Nobody knows any more what existed before the import."""


def snapshot_before(manifests: Sequence[Manifest], start_ms: int, oldest_ms: int) -> Manifest | None:
    """The newest retained snapshot from before an import that started then; None where there never was one.

    `oldest_ms`: staging certainly reaches back so far. Raises TooOld where the import is older, or where snapshots
    from before it are not retained any more.
    """
    if start_ms < oldest_ms:
        raise TooOld
    before = [manifest for manifest in manifests if milliseconds(manifest.as_of) <= start_ms]
    if before:
        return max(before, key=lambda manifest: manifest.as_of)
    if any(manifest.previous is not None for manifest in manifests) and not any(
        manifest.previous is None for manifest in manifests
    ):
        raise TooOld
    return None
