"""Which steps a recovery takes, from what is there."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crosslook.contracts.identity import KafkaIdentity
from crosslook.contracts.manifests import BUILDS_A_RUN, Entry, Manifest, UnreadableEntry
from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.contracts.topics import RECORDS, SCHEMAS, SNAPSHOTS
from services.snapshot_service.domain.consistency import InstallationIdentity
from services.snapshot_service.domain.coverage import Accepted, Commit, Evidence, Note
from services.snapshot_service.domain.recovered import Damage, carried_entries, rebuilt_manifest
from services.snapshot_service.domain.recovery import (
    RecoveryFacts,
    RecoveryPlan,
    RecoveryStep,
    base_snapshot,
    plan_recovery,
)
from tests.helpers import builders

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def kafka(life: str, *others: str) -> KafkaIdentity:
    """The topics of a life; `others` are of another one."""
    names = (SCHEMAS.name, RECORDS.name, SNAPSHOTS.name)
    topics = {name: f"{name}-other" if name in others else f"{name}-{life}" for name in names}
    return KafkaIdentity(cluster="cluster", topics=topics)


def manifest(number: int, watermark: int, life: KafkaIdentity | None = None, database: str = "db") -> Manifest:
    return builders.manifest(
        number,
        snapshot=f"20261129T120000Z-{number}",
        run=f"run-{number}",
        build=number * BUILDS_A_RUN,
        as_of=NOW,
        watermark={0: watermark},
        objects=1,
        rows=watermark,
        rebuilt=1,
        database=database,
        kafka=life or kafka("one"),
    )


def evidence(staged: int, end: int, beginning: int = 0, commit: Commit | None = None) -> Evidence:
    commits = {0: commit} if commit is not None else {}
    return Evidence("db", {0: staged} if staged else {}, {}, {}, Accepted(), commits, {0: beginning}, {0: end})


def facts(
    *manifests: Manifest,
    base: Manifest | None = None,
    found: KafkaIdentity | None = None,
    broken: tuple[Manifest, ...] = (),
    seen: Evidence | None = None,
    recorded: InstallationIdentity | None = None,
) -> RecoveryFacts:
    """Of an installation that recorded life `one`."""
    return RecoveryFacts(
        recorded or InstallationIdentity("db", kafka("one")),
        found or kafka("one"),
        manifests,
        frozenset(manifest.snapshot for manifest in broken),
        base,
        seen or evidence(3000, 3000, commit=Commit(3000, Note("db", 3000))),
        given=9,
        used=9,
    )


def steps(plan: RecoveryPlan) -> list[str]:
    return [step.value for step in plan.steps]


def test_nothing_is_done_where_everything_belongs_together() -> None:
    current = manifest(2, 3000)
    assert plan_recovery(facts(manifest(1, 1000), current, base=current)).steps == ()


def test_an_empty_database_gives_every_snapshot_up_and_the_commits_of_the_lost_one() -> None:
    gone = manifest(1, 3000)
    seen = evidence(0, 3000, beginning=200, commit=Commit(3000, Note("db", 3000)))
    plan = plan_recovery(facts(gone, broken=(gone,), seen=seen, recorded=InstallationIdentity()))
    assert steps(plan) == ["accept_losses", "forget_snapshots"]
    assert plan.accepted == Accepted({0: 200}, frozenset({"db"}))
    assert plan.lost == ((0, 0, 200),)


def test_commits_that_name_no_database_are_not_believed_in_an_empty_one() -> None:
    plan = plan_recovery(facts(seen=evidence(0, 3000, commit=Commit(3000)), recorded=InstallationIdentity()))
    assert plan.accepted.databases == {""}


def test_a_restored_backup_goes_on_from_its_own_snapshot() -> None:
    older, younger = manifest(1, 3000), manifest(2, 5000)
    seen = evidence(3000, 5500, commit=Commit(5500, Note("db", 5500)))
    plan = plan_recovery(facts(older, younger, base=older, broken=(younger,), seen=seen))
    assert steps(plan) == ["republish_snapshot", "forget_snapshots"]
    assert plan.forget == (younger.snapshot,)
    late = plan_recovery(facts(older, younger, base=older, broken=(younger,), seen=replace(seen, beginning={0: 3400})))
    assert late.lost == ((0, 3000, 3400),)
    assert late.lost_offsets == 400


def test_a_lost_kafka_publishes_what_was_staged_before_its_positions_are_set_aside() -> None:
    base = manifest(9, 3000)
    plan = plan_recovery(facts(base=base, found=kafka("two"), seen=evidence(3020, 0)))
    assert steps(plan) == [
        "republish_snapshot",
        "publish_staged",
        "set_aside_staging",
        "carry_over_snapshot",
        "record_identity",
    ]
    assert plan.base is not None
    assert plan.base.kafka == kafka("one"), "its positions are of the lost one"
    assert plan.high == {0: 3020}


def test_each_step_leaves_what_is_left_of_the_plan() -> None:
    """As after a crash behind each of them."""
    base, two = manifest(9, 3000), kafka("two")
    republished = facts(base, base=base, found=two, seen=evidence(3000, 50))
    assert steps(plan_recovery(republished)) == ["set_aside_staging", "carry_over_snapshot", "record_identity"]
    aside = replace(republished, set_aside=frozenset({9}), evidence=evidence(0, 50))
    assert steps(plan_recovery(aside)) == ["carry_over_snapshot", "record_identity"]
    carried = manifest(10, 0, two)
    carried_over = replace(aside, manifests=(base, carried), base=carried)
    assert steps(plan_recovery(carried_over)) == ["record_identity"]
    assert plan_recovery(replace(carried_over, recorded=InstallationIdentity("db", two))).steps == ()


@pytest.mark.parametrize("topic", [SCHEMAS.name, SNAPSHOTS.name])
def test_a_topic_without_positions_that_was_lost_alone_keeps_staging(topic: str) -> None:
    base, found = manifest(9, 3000), kafka("one", topic)
    plan = plan_recovery(facts(base=base, found=found))
    assert steps(plan) == ["republish_snapshot", "record_identity"]
    assert plan.base is not None
    assert (plan.base.kafka, plan.base.watermark) == (found, {0: 3000})


def test_a_topic_that_lost_its_end_restarts_its_offsets() -> None:
    base = manifest(9, 3000)
    plan = plan_recovery(facts(base, base=base, seen=evidence(3500, 2000)))
    assert steps(plan) == ["publish_staged", "set_aside_staging", "carry_over_snapshot"]


def test_missing_schemas_come_first_and_used_numbers_are_reserved() -> None:
    base = manifest(9, 3000)
    found = replace(facts(base, base=base), missing_schemas=2, given=3, used=9)
    assert plan_recovery(found).steps == (RecoveryStep.SCHEMAS, RecoveryStep.NUMBERS)


def test_a_snapshot_that_lost_rows_is_salvaged_where_there_is_no_whole_one() -> None:
    only = manifest(9, 3000)
    entry = builders.entry(BUILT_IN_CONTACT, layout="l", build=9_000_000, rows=5, deleted=1, watermark={0: 3000})
    damage = Damage(entry, live=2, deleted=0)
    plan = plan_recovery(replace(facts(only, base=only, broken=(only,)), damaged=[damage]))
    assert steps(plan) == ["salvage_snapshot", "forget_snapshots"]
    assert (damage.missing, plan.forget) == (4, (only.snapshot,))
    assert (damage.salvaged().rows, damage.salvaged().watermark) == (2, {})


def test_accepting_a_hole_is_a_plan_that_names_the_hole() -> None:
    current = manifest(1, 3000)
    plan = plan_recovery(facts(current, base=current, seen=evidence(3000, 5000, beginning=5000)))
    assert (steps(plan), plan.lost_offsets) == (["accept_losses"], 2000)
    larger = plan_recovery(facts(current, base=current, seen=evidence(3000, 6000, beginning=6000)))
    assert larger.id != plan.id


def test_the_base_is_the_current_snapshot_else_the_youngest_whole_one() -> None:
    one, two, three = (manifest(number, 0) for number in (1, 2, 3))
    broken = frozenset({three.snapshot})
    assert base_snapshot([two, one], frozenset(), ["20261129T120000Z-7"]) == one.snapshot
    assert base_snapshot([two, one, three], broken, []) == two.snapshot
    assert base_snapshot([three], broken, ["20261129T120000Z-2", "20261129T120000Z-12"]) == "20261129T120000Z-12"
    assert base_snapshot([], frozenset(), []) is None


def test_a_manifest_is_rebuilt_from_its_entries() -> None:
    common = {"layout": "l", "build": 9_000_000, "deleted": 0, "unresolved": 0, "schema_version": 1}
    entries = [
        Entry(tenant=tenant, object="contact", rows=2, definition=BUILT_IN_CONTACT, **kept, **common)
        for tenant, kept in (
            ("acme", {"watermark": {0: 30}}),
            ("late", {"watermark": {0: 20}, "failed": "verify: counts"}),
        )
    ]
    made = rebuilt_manifest("20261129T115900Z-9", entries, 17, NOW)
    assert (made.objects, made.rows, made.watermark, made.build) == (2, 4, {0: 30}, 9_000_000)
    assert made.as_of == datetime(2026, 11, 29, 11, 59, tzinfo=UTC)
    failed = [(str(failure.key), failure.reason, failure.watermark) for failure in made.failed_objects]
    assert failed == [("late/contact", "verify: counts", {0: 20})]


def test_an_entry_that_cannot_be_read_is_part_of_what_is_rebuilt_and_carried_over() -> None:
    figures = dict.fromkeys(("waiting", "ignored", "too_late", "shared"), 0)
    row = {"tenant": "acme", "object": "ticket", "rows": 3, "watermark": '{"0":20}', "failed": "", **figures}
    unreadable = UnreadableEntry(row, "fields.0.type is new")
    made = rebuilt_manifest("20261129T115900Z-9", [unreadable], 17, NOW)
    assert (made.objects, made.rows) == (1, 3)
    failed = [(str(failure.key), failure.reason, failure.watermark) for failure in made.failed_objects]
    assert failed == [("acme/ticket", "entry_unreadable: fields.0.type is new", {0: 20})]
    (carried,) = carried_entries([unreadable])
    assert carried.as_row("s") == {**row, "snapshot": "s", "watermark": "{}"}
