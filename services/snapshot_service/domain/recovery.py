"""Plans a recovery after a volume was lost, from gathered facts. Pure.

Every step leaves state from which the rest of the plan is found again, so a recovery that was cut goes on where it was.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from crosslook.contracts.identity import KafkaIdentity
from crosslook.contracts.manifests import Manifest
from crosslook.contracts.positions import Positions
from crosslook.contracts.topics import RECORDS
from services.snapshot_service.domain.consistency import InstallationIdentity
from services.snapshot_service.domain.coverage import Accepted, Evidence
from services.snapshot_service.domain.recovered import Damage
from services.snapshot_service.domain.retention import number_of

Hole = tuple[int, int, int]
"""Partition, the first lost offset, the first one that is there again."""


class RecoveryStep(StrEnum):
    """What a recovery does, in this order."""

    SCHEMAS = "restore_schemas"
    NUMBERS = "reserve_numbers"
    SALVAGE = "salvage_snapshot"
    REPUBLISH = "republish_snapshot"
    REFRESH = "publish_staged"
    SET_ASIDE = "set_aside_staging"
    CARRY = "carry_over_snapshot"
    ACCEPT = "accept_losses"
    FORGET = "forget_snapshots"
    IDENTITY = "record_identity"


@dataclass(frozen=True, slots=True)
class RecoveryFacts:
    """What there is. `manifests`: on the topic, in the order of publication; `broken`: those of them that lack entries
    or rows. `base`: the snapshot to continue from (`base_snapshot`), rebuilt from its entries where the topic lacks it.
    `evidence`: compared with no watermark yet. `missing_schemas`: objects of the base of which the schemas topic holds
    nothing; `damaged`: those whose rows are not all there. `given`, `used`: the greatest run numbers on the topic and
    in the tables. `set_aside`: numbers in the names of staging tables that were set aside."""

    recorded: InstallationIdentity
    found: KafkaIdentity
    manifests: Sequence[Manifest]
    broken: frozenset[str]
    base: Manifest | None
    evidence: Evidence
    missing_schemas: int = 0
    damaged: Sequence[Damage] = ()
    given: int = 0
    used: int = 0
    set_aside: frozenset[int] = frozenset()

    @property
    def current(self) -> Manifest | None:
        """The current snapshot."""
        return self.manifests[-1] if self.manifests else None

    @property
    def against_base(self) -> Evidence:
        """The evidence, compared with the base."""
        return replace(self.evidence, watermark=self.base.watermark if self.base is not None else {})

    @property
    def another_topic(self) -> bool:
        """Whether staging's positions are those of another records topic."""
        former = self.recorded.kafka
        if former is None:
            return False
        ids = former.topics.get(RECORDS.name), self.found.topics.get(RECORDS.name)
        if all(ids):
            return ids[0] != ids[1]
        return bool(former.cluster and self.found.cluster) and former.cluster != self.found.cluster

    @property
    def offsets_restarted(self) -> bool:
        """Whether offsets start again: the records topic is another one, or it lost its end."""
        return self.another_topic or self.against_base.truncation() is not None

    @property
    def carried_over(self) -> bool:
        """Whether the current snapshot already belongs to the new records topic."""
        former, base = self.recorded.kafka, self.base
        is_current = base is not None and self.current is not None and base.snapshot == self.current.snapshot
        return (
            self.another_topic
            and is_current
            and base is not None
            and base.kafka is not None
            and former is not None
            and bool(former.differs(self.found))
            and not base.kafka.differs(self.found)
        )


@dataclass(frozen=True, slots=True)
class RecoveryPlan:
    """The steps that are left, and what they need. `base`: the snapshot to continue from, as it will be published.
    `lost`: events that Kafka deleted before they were staged. `forget`: snapshots that lack entries or rows.
    `damaged`: objects of the base that lost rows, of which there is no whole snapshot. `number`: the greatest that the
    tables hold. `aside`: the number in the names of the staging tables that are set aside. `high`: behind all that was
    ever staged."""

    steps: tuple[RecoveryStep, ...]
    base: Manifest | None
    forget: tuple[str, ...]
    accepted: Accepted
    lost: tuple[Hole, ...]
    identity: InstallationIdentity
    missing_schemas: int
    number: int
    aside: int
    damaged: tuple[Damage, ...] = ()
    high: Positions = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Names what would be done: a plan of the same name does the same."""
        base = (self.base.snapshot, self.base.database, str(self.base.kafka)) if self.base is not None else ()
        accepted = sorted(self.accepted.positions.items()), sorted(self.accepted.databases)
        damaged = [(str(damage.entry.key), damage.missing) for damage in self.damaged]
        parts = (self.steps, base, self.forget, accepted, self.lost, str(self.identity), self.missing_schemas, damaged)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:12]

    def require_base(self) -> Manifest:
        """The base, for the steps that need one. Raises ValueError where the plan has none."""
        if self.base is None:
            raise ValueError("a step that goes on from a snapshot was planned without one")
        return self.base

    @property
    def lost_offsets(self) -> int:
        """How many offsets are lost."""
        return sum(to - begin for _, begin, to in self.lost)


def plan_recovery(facts: RecoveryFacts) -> RecoveryPlan:
    """The plan; without steps where everything belongs together."""
    base, identity = _wanted_base(facts), _wanted_identity(facts)
    accepted, lost = _losses(facts, identity)
    staged = facts.offsets_restarted and not facts.carried_over and _staged_above(facts)
    aside = number_of(base.snapshot) if base is not None else facts.used
    forget = tuple(
        manifest.snapshot
        for manifest in facts.manifests
        if manifest.snapshot in facts.broken and (base is None or facts.damaged or manifest.snapshot != base.snapshot)
    )
    leaving = facts.offsets_restarted and not facts.carried_over
    wanted = {
        RecoveryStep.SCHEMAS: facts.missing_schemas > 0,
        RecoveryStep.NUMBERS: facts.used > facts.given,
        RecoveryStep.SALVAGE: bool(facts.damaged),
        RecoveryStep.REPUBLISH: base is not None and not facts.damaged and not _published(facts, base),
        RecoveryStep.REFRESH: staged,
        RecoveryStep.SET_ASIDE: leaving and (staged or aside not in facts.set_aside),
        RecoveryStep.CARRY: leaving and (staged or base is not None),
        RecoveryStep.ACCEPT: accepted != facts.evidence.accepted,
        RecoveryStep.FORGET: bool(forget),
        RecoveryStep.IDENTITY: identity != facts.recorded and bool(identity.database),
    }
    steps = tuple(step for step in RecoveryStep if wanted[step])
    high = facts.against_base.reach()
    damaged, missing = tuple(facts.damaged), facts.missing_schemas
    return RecoveryPlan(steps, base, forget, accepted, lost, identity, missing, facts.used, aside, damaged, high)


def base_snapshot(manifests: Sequence[Manifest], broken: Collection[str], stored: Iterable[str]) -> str | None:
    """The snapshot to continue from: the current one, else the newest whole one on the topic, else the newest of which
    the store has everything. `stored`: those."""
    whole = [manifest.snapshot for manifest in manifests if manifest.snapshot not in broken]
    if manifests and whole and whole[-1] == manifests[-1].snapshot:
        return whole[-1]
    return max(whole, key=number_of, default=None) or max(stored, key=number_of, default=None)


def _wanted_base(facts: RecoveryFacts) -> Manifest | None:
    """The base as it belongs to this database, and to the Kafka that its positions are of."""
    if facts.base is None:
        return None
    former = facts.another_topic and not facts.carried_over
    kafka = facts.recorded.kafka if former else facts.found
    database = _wanted_identity(facts).database
    return facts.base.model_copy(update={"database": database, "kafka": kafka})


def _published(facts: RecoveryFacts, base: Manifest) -> bool:
    """Whether the base is the current snapshot as it is to be; what it does not say, nobody compares."""
    current = facts.current
    if current is None or current.snapshot != base.snapshot:
        return False
    same_kafka = current.kafka is None or base.kafka is None or not current.kafka.differs(base.kafka)
    return same_kafka and current.database in ("", base.database)


def _wanted_identity(facts: RecoveryFacts) -> InstallationIdentity:
    """Who this database is: itself, else whom the base names; and the Kafka that is there. "" and None are drawn or
    adopted at the next look."""
    database = facts.recorded.database or (facts.base.database if facts.base is not None else "")
    differs = facts.recorded.kafka is not None and facts.recorded.kafka.differs(facts.found)
    return InstallationIdentity(database, facts.found if differs else facts.recorded.kafka)


def _losses(facts: RecoveryFacts, identity: InstallationIdentity) -> tuple[Accepted, tuple[Hole, ...]]:
    """What has to be given up: databases that commits name, and offsets that are neither staged nor on Kafka."""
    before, commits = facts.evidence.accepted, facts.evidence.commits.values()
    named = {commit.note.database for commit in commits if commit.note is not None} - {identity.database}
    unnamed = {""} if not facts.recorded.database and any(commit.note is None for commit in commits) else set()
    databases = before.databases | named | unnamed
    if not facts.offsets_restarted:
        evidence = replace(facts.against_base, accepted=Accepted(before.positions, databases))
        lost = evidence.holes()
        return Accepted({**before.positions, **{p: to for p, _, to in lost}}, databases), tuple(lost)
    # Nothing of the new topic is staged yet. What lies before the beginning of a topic that lost its end was staged.
    evidence = replace(facts.evidence, accepted=Accepted({}, databases), staged={}, quarantined={}, commits={})
    lost = evidence.holes()
    return Accepted({p: to for p, _, to in lost}, databases), tuple(lost) if facts.another_topic else ()


def _staged_above(facts: RecoveryFacts) -> bool:
    watermark: Mapping[int, int] = facts.base.watermark if facts.base is not None else {}
    return any(position > watermark.get(p, 0) for p, position in facts.evidence.staged.items())
