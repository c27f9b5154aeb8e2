"""The builds of one object that are still known, as `outcomes.ObjectHistory`. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from crosslook.contracts.admission import FUTURE_TOLERANCE_MS
from crosslook.contracts.failures import ALL_OBJECTS
from crosslook.contracts.manifests import Entry, Manifest
from crosslook.contracts.positions import Positions
from crosslook.contracts.schemas import SchemaState
from crosslook.contracts.values import milliseconds
from services.snapshot_service.domain.outcomes import Cut, ObjectHistory

_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class BuiltObject:
    """A snapshot, and the entry that the object has in it; None for none."""

    manifest: Manifest
    entry: Entry | None


def history_of(
    state: SchemaState | None, chain: Sequence[BuiltObject], whole: bool, late_days: int, now_ms: int
) -> ObjectHistory:
    """The history of an object whose schema is `state`, None where it does not exist any more. `chain`: the current
    snapshot and those it was made from, the oldest first, as far as they are retained; `whole`: none came before."""
    late_ms = late_days * _DAY_MS
    current = chain[-1] if chain else None
    entry = current.entry if current is not None else None
    next_since = state.since_version if state is not None and state.definition is not None else None
    same = state is not None and entry is not None and entry.schema_version >= state.since_version
    built_since = state.since_version if state is not None and same else 0
    builds = [built for built in chain if built.entry is not None and built.entry.schema_version >= built_since]
    continues = next_since is not None and same
    return ObjectHistory(
        cuts=_cuts(builds, late_ms) if entry is not None else (),
        complete=whole or len(builds) < len(chain),
        built_since=built_since,
        next_since=next_since,
        low=entry.watermark if continues and entry is not None else _start(state, current),
        continues=continues,
        next_expiry_ms=now_ms - late_ms - FUTURE_TOLERANCE_MS,
        late_ms=late_ms,
    )


def _cuts(builds: Sequence[BuiltObject], late_ms: int) -> list[Cut]:
    """An entry that was carried over names the build of the snapshot before, and covers more."""
    found: dict[tuple[str, int], Cut] = {}
    for built in builds:
        if built.entry is None:
            continue
        key = (built.entry.layout, built.entry.build)
        expiry_ms = milliseconds(built.manifest.as_of) - late_ms - FUTURE_TOLERANCE_MS
        first = found.get(key)
        found[key] = Cut(built.entry.watermark, first.expiry_ms if first is not None else expiry_ms)
    return list(found.values())


def _start(state: SchemaState | None, current: BuiltObject | None) -> Positions:
    """From where the next refresh reads the events of an object without rows to continue from."""
    if current is None:
        return {}
    failures = current.manifest.failures_of(state.tenant) if state is not None else {}
    failure = failures.get(state.object if state is not None else "") or failures.get(ALL_OBJECTS)
    return failure.watermark if failure is not None else current.manifest.watermark
