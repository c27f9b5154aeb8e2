"""Step 4 of a refresh: per object, rebuild, carry over or drop (ARCHITECTURE 6). Pure: all it needs is handed in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crosslook.contracts.ids import CONTACT, ObjectKey
from crosslook.contracts.layouts import Layout, layout_of
from crosslook.contracts.manifests import Entry, Manifest
from crosslook.contracts.schemas import Definition, SchemaState
from services.snapshot_service.domain.parts import Part


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Write the object's rows anew, from its previous entry (if any) and the events staged since `since`."""

    key: ObjectKey
    state: SchemaState
    definition: Definition
    layout: Layout
    previous: Entry | None
    since: Mapping[int, int]

    @property
    def source(self) -> Layout | None:
        """The layout of its previous rows."""
        return layout_of(self.previous.definition) if self.previous is not None else None


@dataclass(frozen=True, slots=True)
class CarryOver:
    """The new entry names the rows of the old one: no row is read or written."""

    key: ObjectKey
    state: SchemaState
    definition: Definition
    layout: Layout
    previous: Entry


@dataclass(slots=True)
class Decision:
    """What a run does, object by object."""

    rebuild: list[Rebuild] = field(default_factory=list)
    carry: list[CarryOver] = field(default_factory=list)
    drop: list[ObjectKey] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What `decide` looks at: live schemas at the cut, the previous snapshot, objects with events since then, and
    partitions that should drain."""

    schemas: Mapping[ObjectKey, SchemaState]
    manifest: Manifest | None
    entries: Mapping[ObjectKey, Entry]
    touched: frozenset[ObjectKey]
    worn: frozenset[Part] = frozenset()


def decide(gathered: Gathered) -> Decision:
    """Rebuild what has events, another layout, an older watermark than its snapshot, rows in a partition that should
    drain, or patches that wait for their record, because they wait no longer than the horizon; carry over the rest."""
    decision = Decision()
    for key, state in sorted(gathered.schemas.items()):
        definition = state.definition
        if definition is None:
            continue
        entry, layout = _entry_of(gathered, state), layout_of(definition)
        if entry is None or _must_rebuild(gathered, entry, layout):
            since = entry.watermark if entry is not None else _start_of(gathered.manifest, key.tenant)
            decision.rebuild.append(Rebuild(key, state, definition, layout, entry, since))
        else:
            decision.carry.append(CarryOver(key, state, definition, layout, entry))
    live = {key for key, state in gathered.schemas.items() if state.definition is not None}
    decision.drop = sorted(gathered.entries.keys() - live)
    return decision


def relink(decision: Decision, relinked: frozenset[ObjectKey]) -> Decision:
    """Rebuild also what would be carried over but has a link that newly resolves or newly breaks."""
    moved = [Rebuild(o.key, o.state, o.definition, o.layout, o.previous, o.previous.watermark) for o in decision.carry]
    return Decision(
        rebuild=[*decision.rebuild, *(one for one in moved if one.key in relinked)],
        carry=[one for one in decision.carry if one.key not in relinked],
        drop=decision.drop,
    )


def groups(rebuilds: Iterable[Rebuild]) -> list[list[Rebuild]]:
    """Rebuilds that one statement can do together: same target and source layout, same start."""
    grouped: dict[tuple[str, str, int, tuple[tuple[int, int], ...]], list[Rebuild]] = {}
    for one in rebuilds:
        source = one.previous.layout if one.previous is not None else ""
        start = (one.state.since_version, tuple(sorted(one.since.items())))
        grouped.setdefault((one.layout.id, source, *start), []).append(one)
    return [grouped[key] for key in sorted(grouped)]


@dataclass(frozen=True, slots=True)
class Built:
    """One group's work: which objects, in which partition, and whether any of their records has patches."""

    build: int
    group: Sequence[Rebuild]
    patches: bool


_SOURCES_AT_ONCE = 16


def batches(done: Iterable[Built]) -> list[list[Built]]:
    """Builds that one statement can verify together: same start, no patches, not too many tables to read from."""
    batched: dict[tuple[object, ...], list[list[Built]]] = {}
    for number, built in enumerate(done):
        first = built.group[0]
        alone = number if built.patches else None
        key = (first.state.since_version, tuple(sorted(first.since.items())), first.previous is None, alone)
        filled = batched.setdefault(key, [[]])
        if first.previous is not None and len(filled[-1]) == _SOURCES_AT_ONCE:
            filled.append([])
        filled[-1].append(built)
    return [batch for filled in batched.values() for batch in filled]


def is_contact(key: ObjectKey) -> bool:
    """Whether this is a tenant's contact: contacts are built first, because links resolve against the same snapshot."""
    return key.object == CONTACT


def _entry_of(gathered: Gathered, state: SchemaState) -> Entry | None:
    """The object's previous entry; rows of an earlier object of that name are not its own."""
    entry = gathered.entries.get(state.key)
    return entry if entry is not None and entry.schema_version >= state.since_version else None


def _must_rebuild(gathered: Gathered, entry: Entry, layout: Layout) -> bool:
    behind = gathered.manifest is not None and entry.watermark != gathered.manifest.watermark
    drains = Part(entry.layout, entry.build) in gathered.worn
    return entry.key in gathered.touched or behind or entry.layout != layout.id or drains or entry.waiting > 0


def _start_of(manifest: Manifest | None, tenant: str) -> Mapping[int, int]:
    """From where a new object's events count: the previous watermark, or an older one where the tenant fell behind."""
    if manifest is None:
        return {}
    failed = manifest.failure_of(tenant)
    return failed.watermark if failed is not None else manifest.watermark
