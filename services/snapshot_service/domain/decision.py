"""Step 4 of a refresh: per object, rebuild, carry over, drop, or hold back (ARCHITECTURE 6). Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from crosslook.contracts.failures import ALL_OBJECTS, FailedObject
from crosslook.contracts.ids import CONTACT, ObjectKey, ObjectSlug
from crosslook.contracts.layouts import LAYOUT_FORMAT, Layout, layout_of, recorded_layout
from crosslook.contracts.manifests import Entry, Manifest, UnreadableEntry
from crosslook.contracts.schemas import Definition, SchemaState
from services.snapshot_service.domain.partitions import Partition


@dataclass(frozen=True, slots=True)
class Rebuild:
    """Write new rows of the object, from its previous entry (if any) and the events staged since `since`."""

    key: ObjectKey
    state: SchemaState
    definition: Definition
    layout: Layout
    previous: Entry | None
    since: Mapping[int, int]

    @property
    def source(self) -> Layout | None:
        """The layout of its previous rows."""
        return recorded_layout(self.previous.layout, self.previous.definition) if self.previous is not None else None


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
    """What a run does with each object. `hold`: objects that cannot be built, which keep what they have."""

    rebuild: list[Rebuild] = field(default_factory=list)
    carry: list[CarryOver] = field(default_factory=list)
    drop: list[ObjectKey] = field(default_factory=list)
    hold: list[FailedObject] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Gathered:
    """What `decide` looks at: live schemas at the cut, the previous snapshot, objects with events since then, and
    partitions that should drain. `unreadable`: entries of the previous snapshot that this release cannot read.
    `mismatched`: what is wrong with the tables of layouts, by their ids."""

    schemas: Mapping[ObjectKey, SchemaState]
    manifest: Manifest | None
    entries: Mapping[ObjectKey, Entry]
    touched: frozenset[ObjectKey]
    worn: frozenset[Partition] = frozenset()
    unreadable: Mapping[ObjectKey, UnreadableEntry] = field(default_factory=dict)
    mismatched: Mapping[str, str] = field(default_factory=dict)


def layouts_in(schemas: Mapping[ObjectKey, SchemaState], entries: Mapping[ObjectKey, Entry]) -> dict[str, Layout]:
    """The layouts that a run may read or write, by the ids that entries record or new rows get."""
    found: dict[str, Layout] = {}
    for entry in entries.values():
        if entry.layout not in found:
            found[entry.layout] = recorded_layout(entry.layout, entry.definition)
    for key, state in schemas.items():
        if state.definition is not None and not _same_layout(entries.get(key), state, found):
            layout = layout_of(state.definition)
            found.setdefault(layout.id, layout)
    return found


def _same_layout(entry: Entry | None, state: SchemaState, found: Mapping[str, Layout]) -> bool:
    """Whether new rows of an object certainly have the layout of its entry: it costs less than to derive it."""
    if entry is None or entry.schema_version != state.version:
        return False
    return found[entry.layout].format == LAYOUT_FORMAT


def decide_objects(gathered: Gathered) -> Decision:
    """Rebuild what has events, another layout, an older watermark than its snapshot, rows in a partition that should
    drain, or patches that wait for their record, because they wait no longer than the horizon; carry over the rest.

    Held back are objects whose entry cannot be read, be they deleted since or not; those whose rows lie, or would lie,
    in a table with other columns; and those to rebuild whose links would need contacts that are lost in this way.
    """
    decision, failed = Decision(), _failures(gathered.manifest)
    blocked = _blocked(gathered)
    for key, state in sorted(gathered.schemas.items()):
        definition = state.definition
        if definition is None or key in gathered.unreadable:
            continue
        entry, layout = _entry_of(gathered, state), layout_of(definition)
        since = entry.watermark if entry is not None else _start_of(gathered.manifest, failed, key)
        rebuild = Rebuild(key, state, definition, layout, entry, since)
        if entry is not None and not _must_rebuild(gathered, entry, layout) and key not in blocked:
            decision.carry.append(CarryOver(key, state, definition, layout, entry))
        elif (reason := blocked.get(key) or _lost_contacts(rebuild, gathered, blocked)) is not None:
            decision.hold.append(failed_object(key, reason, since))
        else:
            decision.rebuild.append(rebuild)
    decision.hold += [
        failed_object(key, blocked[key], entry.watermark) for key, entry in sorted(gathered.unreadable.items())
    ]
    live = {key for key, state in gathered.schemas.items() if state.definition is not None}
    decision.drop = sorted(gathered.entries.keys() - live)
    return decision


def relink(decision: Decision, relinked: frozenset[ObjectKey]) -> Decision:
    """Also rebuild carried-over objects that have a link that newly resolves or breaks."""
    moved = [Rebuild(o.key, o.state, o.definition, o.layout, o.previous, o.previous.watermark) for o in decision.carry]
    return Decision(
        rebuild=[*decision.rebuild, *(rebuilt for rebuilt in moved if rebuilt.key in relinked)],
        carry=[carried for carried in decision.carry if carried.key not in relinked],
        drop=decision.drop,
        hold=decision.hold,
    )


def groups(rebuilds: Iterable[Rebuild]) -> list[list[Rebuild]]:
    """Rebuilds that one statement can do together: same target and source layout, same start."""
    grouped: dict[tuple[str, str, int, tuple[tuple[int, int], ...]], list[Rebuild]] = {}
    for rebuild in rebuilds:
        source = rebuild.previous.layout if rebuild.previous is not None else ""
        start = (rebuild.state.since_version, tuple(sorted(rebuild.since.items())))
        grouped.setdefault((rebuild.layout.id, source, *start), []).append(rebuild)
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
    drains = Partition(entry.layout, entry.build) in gathered.worn
    return entry.key in gathered.touched or behind or entry.layout != layout.id or drains or entry.waiting > 0


def _blocked(gathered: Gathered) -> dict[ObjectKey, str]:
    """Why objects cannot be built whatever happened to them."""
    reasons = {key: f"entry_unreadable: {entry.cause}" for key, entry in gathered.unreadable.items()}
    if not gathered.mismatched:
        return reasons
    for key, state in gathered.schemas.items():
        if state.definition is None or key in reasons:
            continue
        entry = _entry_of(gathered, state)
        layouts = [layout_of(state.definition).id, *([entry.layout] if entry is not None else [])]
        found = next((gathered.mismatched[layout] for layout in layouts if layout in gathered.mismatched), None)
        if found is not None:
            reasons[key] = f"layout_mismatch: {found}"
    return reasons


def _lost_contacts(rebuild: Rebuild, gathered: Gathered, blocked: Mapping[ObjectKey, str]) -> str | None:
    """Why links of the object cannot be resolved: its tenant's contacts are there and cannot be read."""
    contact = ObjectKey(rebuild.key.tenant, CONTACT)
    reason = blocked.get(contact) if rebuild.layout.relationships else None
    if reason is None or not (contact in gathered.entries or contact in gathered.unreadable):
        return None
    return f"contact: {reason}"


def _failures(manifest: Manifest | None) -> dict[ObjectKey, FailedObject]:
    return {failed.key: failed for failed in manifest.failed_objects} if manifest is not None else {}


def failed_object(key: ObjectKey, reason: str, since: Mapping[int, int]) -> FailedObject:
    """An object that keeps its previous entry, and the positions from which its next build must read staging."""
    return FailedObject(tenant=key.tenant, object=key.object, reason=reason, watermark=dict(since))


def _start_of(manifest: Manifest | None, failed: Mapping[ObjectKey, FailedObject], key: ObjectKey) -> Mapping[int, int]:
    """From where the events of an object without an entry count: the previous watermark, or where its first build, or
    that of its tenant, began that failed."""
    failure = failed.get(key) or failed.get(ObjectKey(key.tenant, ObjectSlug(ALL_OBJECTS)))
    if failure is not None:
        return failure.watermark
    return manifest.watermark if manifest is not None else {}
