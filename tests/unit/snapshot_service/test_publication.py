"""Step 7 of a refresh: which entries the new snapshot has, and what its manifest counts."""

from datetime import UTC, datetime

from crosslook.contracts.failures import FailedObject
from crosslook.contracts.ids import ObjectKey
from crosslook.contracts.layouts import layout_of
from crosslook.contracts.manifests import BUILDS_A_RUN, Entry, Run, StepTime, UnreadableEntry
from crosslook.contracts.schemas import Definition
from services.snapshot_service.domain.decision import CarryOver, Decision, Rebuild
from services.snapshot_service.domain.publication import (
    Previous,
    RunOutcome,
    snapshot_entries,
    snapshot_id,
    snapshot_manifest,
    total,
)
from tests.helpers import builders
from tests.helpers.builders import STATUS, definition, object_key

AS_OF, NOW = datetime(2026, 11, 24, 11, 30, 5, tzinfo=UTC), datetime(2026, 11, 24, 11, 31, tzinfo=UTC)
OLD, NEW = {0: 10}, {0: 30}
RUN = Run(run="r5", build=5 * BUILDS_A_RUN, state="verifying", trigger="cron", started_at=AS_OF)
TICKET = definition(STATUS)


def before(*entries: Entry, unreadable: tuple[UnreadableEntry, ...] = ()) -> Previous:
    manifest = builders.manifest(3, watermark=OLD)
    return Previous(manifest, {kept.key: kept for kept in entries}, {kept.key: kept for kept in unreadable}, sequence=4)


def outcome(decision: Decision, *built: Entry, failures: dict[ObjectKey, str] | None = None) -> RunOutcome:
    return RunOutcome(decision, {entry.key: entry for entry in built}, failures or {}, NEW, 9, AS_OF)


def carried(entry: Entry, defined: Definition = TICKET, version: int = 1) -> CarryOver:
    state = builders.state(defined, entry.tenant, version=version)
    return CarryOver(entry.key, state, defined, layout_of(defined), entry)


def rebuilt(tenant: str, previous: Entry | None = None, since: dict[int, int] | None = None) -> Rebuild:
    key, state = object_key(tenant), builders.state(TICKET, tenant)
    return Rebuild(key, state, TICKET, layout_of(TICKET), previous, OLD if since is None else since)


def test_what_was_built_is_in_as_it_was_built() -> None:
    built = builders.entry(TICKET, "a", build=RUN.build, rows=4, watermark=NEW)
    assert snapshot_entries(outcome(Decision(rebuild=[rebuilt("a")]), built), before()) == [built]


def test_what_is_carried_over_keeps_its_rows_and_covers_the_new_watermark_under_the_new_schema() -> None:
    old = builders.entry(TICKET, "a", rows=4, too_late=2, failed="disk full", watermark=OLD)
    renamed = definition(STATUS, label="Case")
    (entry,) = snapshot_entries(outcome(Decision(carry=[carried(old, renamed, version=3)])), before(old))
    assert (entry.key, entry.watermark) == (object_key("a"), NEW)
    assert entry == old.model_copy(
        update={"watermark": NEW, "schema_version": 3, "definition": renamed, "failed": "", "too_late": 0}
    )


def test_what_failed_keeps_its_earlier_entry_with_its_own_watermark_and_the_reason() -> None:
    old = builders.entry(TICKET, "a", rows=4, too_late=2, watermark=OLD)
    half_built = builders.entry(TICKET, "a", build=RUN.build, rows=1, watermark=NEW)
    run = outcome(Decision(rebuild=[rebuilt("a", old)]), half_built, failures={old.key: "verify: too few"})
    (entry,) = snapshot_entries(run, before(old))
    assert entry == old.model_copy(update={"failed": "verify: too few", "too_late": 0})


def test_what_fails_at_its_first_build_has_no_entry_and_is_named_with_where_to_read_on() -> None:
    run = outcome(Decision(rebuild=[rebuilt("a", since={0: 7})]), failures={object_key("a"): "build: memory"})
    assert snapshot_entries(run, before()) == []
    assert run.failed() == {
        object_key("a"): FailedObject(tenant="a", object="ticket", reason="build: memory", watermark={0: 7})
    }


def test_an_entry_that_cannot_be_read_is_kept_as_it_is_but_for_the_reason() -> None:
    row = {"tenant": "a", "object": "ticket", "rows": 3, "too_late": 2, "later_column": "x"}
    held = FailedObject(tenant="a", object="ticket", reason="entry_unreadable: url", watermark=OLD)
    previous = before(unreadable=(UnreadableEntry(row, "url"),))
    (kept,) = snapshot_entries(outcome(Decision(hold=[held])), previous)
    assert isinstance(kept, UnreadableEntry)
    assert kept.row == {**row, "failed": "entry_unreadable: url", "too_late": 0}
    assert kept.cause == "url"


def test_objects_that_are_held_and_those_that_failed_are_named_in_the_order_of_their_keys() -> None:
    held = FailedObject(tenant="b", object="ticket", reason="layout_mismatch", watermark=OLD)
    decision = Decision(rebuild=[rebuilt("c"), rebuilt("a")], hold=[held])
    run = outcome(decision, failures={object_key("c"): "x", object_key("a"): "y"})
    assert [(key.tenant, failed.reason) for key, failed in run.failed().items()] == [
        ("a", "y"),
        ("b", "layout_mismatch"),
        ("c", "x"),
    ]


def test_what_was_dropped_has_no_entry() -> None:
    gone = builders.entry(TICKET, "a")
    assert snapshot_entries(outcome(Decision(drop=[gone.key])), before(gone)) == []


def test_a_snapshot_is_named_by_its_instant_and_its_run() -> None:
    assert snapshot_id(outcome(Decision()), RUN) == "20261124T113005Z-5"
    within = RUN.model_copy(update={"build": RUN.build + BUILDS_A_RUN - 1})
    assert snapshot_id(outcome(Decision()), within) == "20261124T113005Z-5"


def test_the_manifest_counts_what_the_entries_hold_and_what_the_run_did() -> None:
    old = builders.entry(TICKET, "c", rows=100, waiting=1, ignored=2, shared=4)
    figures = {"rows": 4, "waiting": 10, "ignored": 20, "too_late": 30, "shared": 40}
    built = builders.entry(TICKET, "a", build=RUN.build, **figures)
    decision = Decision(rebuild=[rebuilt("a"), rebuilt("b")], carry=[carried(old)], drop=[object_key("d")])
    run = outcome(decision, built, failures={object_key("b"): "build: memory"})
    steps = [StepTime(name="build", seconds=2.5)]
    manifest = snapshot_manifest(run, before(old), snapshot_entries(run, before(old)), RUN, NOW, steps)
    assert (manifest.snapshot, manifest.run, manifest.build) == ("20261124T113005Z-5", "r5", RUN.build)
    assert (manifest.as_of, manifest.published_at, manifest.steps) == (AS_OF, NOW, tuple(steps))
    assert (manifest.watermark, manifest.schema_offset) == (NEW, 9)
    assert (manifest.objects, manifest.rebuilt, manifest.carried, manifest.dropped) == (2, 1, 1, 1)
    assert (manifest.rows, manifest.waiting_patches, manifest.ignored_patches) == (104, 11, 22)
    assert (manifest.too_late, manifest.shared_references) == (30, 44)
    assert list(manifest.failures_of("b")) == ["ticket"]


def test_a_manifest_names_the_snapshot_before_and_counts_on_from_the_greatest_number_ever_given() -> None:
    first = Previous(None, {}, {}, sequence=0)
    made = [snapshot_manifest(outcome(Decision()), previous, [], RUN, NOW, []) for previous in (first, before())]
    assert [(manifest.previous, manifest.sequence) for manifest in made] == [(None, 1), ("s3", 5)]


def test_figures_of_entries_that_cannot_be_read_count_too() -> None:
    unreadable = UnreadableEntry({"tenant": "a", "object": "order", "rows": 3}, "url")
    assert total([builders.entry(TICKET, rows=4), unreadable], "rows") == 7
