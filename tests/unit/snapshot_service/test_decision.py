"""Step 4 of a refresh: what is rebuilt, carried over and dropped."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

from crosslook.contracts.failures import ALL_OBJECTS, FailedObject
from crosslook.contracts.ids import ObjectKey
from crosslook.contracts.layouts import layout_of
from crosslook.contracts.manifests import Entry, Manifest, UnreadableEntry
from crosslook.contracts.schemas import Definition, RelationshipDef, SchemaState
from services.snapshot_service.domain.decision import (
    Built,
    Decision,
    Gathered,
    batches,
    decide_objects,
    groups,
    layouts_in,
    relink,
)
from services.snapshot_service.domain.partitions import Partition
from tests.helpers import builders
from tests.helpers.builders import SCORE, STATUS, definition, object_key

NOW = datetime(2026, 11, 24, tzinfo=UTC)
OLD, NEW = {0: 10, 1: 20}, {0: 30, 1: 40}


def entry(tenant: str, defined: Definition, watermark: Mapping[int, int] = OLD) -> Entry:
    return builders.entry(defined, tenant, watermark=dict(watermark))


def state(tenant: str, defined: Definition | None, version: int = 1) -> SchemaState:
    return builders.state(defined, tenant, version=version)


def manifest(*failed: FailedObject) -> Manifest:
    return builders.manifest(as_of=NOW, watermark=OLD, failed_objects=failed)


def gathered(
    states: list[SchemaState], entries: list[Entry], *touched: ObjectKey, previous: Manifest | None = None
) -> Gathered:
    return Gathered(
        {item.key: item for item in states},
        previous or manifest(),
        {item.key: item for item in entries},
        frozenset(touched),
    )


def test_an_object_without_events_or_changes_is_carried_over() -> None:
    decision = decide_objects(gathered([state("a", definition(STATUS))], [entry("a", definition(STATUS))]))
    assert [carried.key for carried in decision.carry] == [object_key("a")]
    assert decision.rebuild == []


def test_an_object_with_events_is_rebuilt_from_its_watermark() -> None:
    decision = decide_objects(
        gathered([state("a", definition(STATUS))], [entry("a", definition(STATUS))], object_key("a"))
    )
    (rebuild,) = decision.rebuild
    assert (rebuild.since, rebuild.previous) == (OLD, entry("a", definition(STATUS)))


def test_a_new_object_counts_events_from_the_previous_snapshot_on() -> None:
    (rebuild,) = decide_objects(gathered([state("a", definition(STATUS))], [])).rebuild
    assert (rebuild.since, rebuild.previous, rebuild.source) == (OLD, None, None)


def test_the_first_snapshot_counts_events_from_the_beginning() -> None:
    first = Gathered({object_key("a"): state("a", definition(STATUS))}, None, {}, frozenset())
    assert [dict(rebuild.since) for rebuild in decide_objects(first).rebuild] == [{}]


def test_other_columns_mean_a_rebuild_and_another_label_does_not() -> None:
    changed = decide_objects(gathered([state("a", definition(STATUS, SCORE), 2)], [entry("a", definition(STATUS))]))
    assert [rebuild.key for rebuild in changed.rebuild] == [object_key("a")]
    renamed = decide_objects(
        gathered([state("a", definition(STATUS, label="Case"), 2)], [entry("a", definition(STATUS))])
    )
    assert [carried.definition.labels.singular for carried in renamed.carry] == ["Case"]


def test_an_object_in_a_partition_that_should_drain_or_with_a_waiting_patch_is_rebuilt() -> None:
    states, own = [state("a", definition(STATUS))], entry("a", definition(STATUS))
    draining = replace(gathered(states, [own]), worn=frozenset({Partition(own.layout, own.build)}))
    assert [rebuild.key for rebuild in decide_objects(draining).rebuild] == [object_key("a")]
    elsewhere = replace(gathered(states, [own]), worn=frozenset({Partition(own.layout, own.build + 1)}))
    assert [carried.key for carried in decide_objects(elsewhere).carry] == [object_key("a")]
    waiting = own.model_copy(update={"patches": 1, "waiting": 1})
    assert [rebuild.key for rebuild in decide_objects(gathered(states, [waiting])).rebuild] == [object_key("a")]


def test_a_deleted_object_is_dropped() -> None:
    decision = decide_objects(gathered([state("a", None, 2)], [entry("a", definition(STATUS))]))
    assert (decision.drop, decision.rebuild, decision.carry) == ([object_key("a")], [], [])


def test_rows_of_an_earlier_object_of_the_same_name_are_not_taken_over() -> None:
    again = state("a", definition(STATUS), 3).model_copy(update={"since_version": 3})
    (rebuild,) = decide_objects(gathered([again], [entry("a", definition(STATUS))])).rebuild
    assert (rebuild.previous, rebuild.since) == (None, OLD)


def test_an_object_that_failed_reads_on_from_its_own_watermark_or_from_where_its_first_build_began() -> None:
    behind, began = {0: 1}, {0: 2}
    failed = [
        FailedObject(tenant="a", object=name, reason="build", watermark=at)
        for name, at in (("ticket", behind), ("order", began))
    ]
    states = [state("a", definition(STATUS, name=name)) for name in ("ticket", "order", "case", "visit")]
    entries = [entry("a", definition(STATUS), behind), entry("a", definition(STATUS, name="case"))]
    decision = decide_objects(gathered(states, entries, previous=manifest(*failed)))
    since = {rebuild.key.object: dict(rebuild.since) for rebuild in decision.rebuild}
    assert since == {"ticket": behind, "order": began, "visit": OLD}
    assert [carried.key.object for carried in decision.carry] == ["case"]


TO_CONTACT = RelationshipDef(slug="requester", target="contact")


def linked(name: str = "ticket") -> Definition:
    return definition(STATUS, name=name).model_copy(update={"relationships": (TO_CONTACT,)})


def unreadable(tenant: str, name: str) -> UnreadableEntry:
    return UnreadableEntry({"tenant": tenant, "object": name, "watermark": '{"0":4}'}, "fields.0.type is new")


def held(decision: Decision) -> dict[str, str]:
    return {str(held.key): held.reason for held in decision.hold}


def test_an_object_whose_entry_cannot_be_read_is_held_with_its_watermark_and_nobody_else() -> None:
    states = [state("a", definition(STATUS)), state("a", definition(STATUS, name="order")), state("b", linked())]
    before = replace(
        gathered(states, [entry("b", linked())], object_key("a"), object_key("b")),
        unreadable={object_key("a"): unreadable("a", "ticket"), object_key("c"): unreadable("c", "ticket")},
    )
    decision = decide_objects(before)
    assert [str(rebuild.key) for rebuild in decision.rebuild] == ["a/order", "b/ticket"]
    assert held(decision) == dict.fromkeys(["a/ticket", "c/ticket"], "entry_unreadable: fields.0.type is new")
    assert [held.watermark for held in decision.hold] == [{0: 4}, {0: 4}]
    assert decision.drop == []


def test_what_a_whole_tenant_missed_in_an_older_release_counts_for_its_objects_without_an_entry() -> None:
    failed = FailedObject(tenant="a", object=ALL_OBJECTS, reason="verify", watermark={0: 1})
    states = [state("a", definition(STATUS)), state("b", definition(STATUS))]
    decision = decide_objects(gathered(states, [], previous=manifest(failed)))
    assert {str(rebuild.key): rebuild.since for rebuild in decision.rebuild} == {"a/ticket": {0: 1}, "b/ticket": OLD}


def test_rows_of_an_older_layout_format_are_read_where_they_were_recorded_and_written_anew() -> None:
    old = entry("a", definition(STATUS)).model_copy(update={"layout": "380fa090e6b858e2"})
    (rebuild,) = decide_objects(gathered([state("a", definition(STATUS))], [old])).rebuild
    assert rebuild.source is not None
    assert (rebuild.source.table, rebuild.source.format) == ("records_380fa090e6b858e2", 1)
    assert rebuild.layout == layout_of(definition(STATUS))
    assert rebuild.since == OLD


def test_the_tables_that_a_run_uses_are_those_that_entries_record_and_those_of_new_schemas() -> None:
    old = entry("a", definition(STATUS)).model_copy(update={"layout": "380fa090e6b858e2"})
    states = [state("a", definition(STATUS)), state("b", definition(SCORE))]
    found = layouts_in({item.key: item for item in states}, {old.key: old})
    assert found.keys() == {"380fa090e6b858e2", layout_of(definition(SCORE)).id, layout_of(definition(STATUS)).id}


def test_objects_of_a_layout_whose_table_has_other_columns_are_held() -> None:
    old, new = definition(STATUS), definition(STATUS, SCORE)
    states = [state("a", new, 2), state("b", new, 2), state("c", old), state("d", new), state("e", new)]
    entries = [entry("a", old), entry("b", new), entry("c", old), entry("e", new)]
    before = gathered(states, entries, object_key("c"), object_key("e"))
    of_old = decide_objects(replace(before, mismatched={layout_of(old).id: "x lacks y"}))
    assert held(of_old) == dict.fromkeys(["a/ticket", "c/ticket"], "layout_mismatch: x lacks y")
    of_new = decide_objects(replace(before, mismatched={layout_of(new).id: "x lacks y"}))
    assert sorted(held(of_new)) == ["a/ticket", "b/ticket", "d/ticket", "e/ticket"]
    assert {str(held.key): held.watermark for held in of_new.hold}["d/ticket"] == OLD


def test_what_links_to_contacts_that_cannot_be_read_is_held_where_it_would_be_rebuilt() -> None:
    states = [state("a", linked()), state("a", linked("order")), state("a", definition(STATUS, name="visit"))]
    states.append(state("a", definition(name="contact")))
    entries = [entry("a", linked()), entry("a", linked("order")), entry("a", definition(STATUS, name="visit"))]
    touched = (object_key("a"), object_key("a", "visit"))
    before = gathered(states, entries, *touched)
    decision = decide_objects(replace(before, unreadable={object_key("a", "contact"): unreadable("a", "contact")}))
    assert sorted(held(decision)) == ["a/contact", "a/ticket"]
    assert held(decision)["a/ticket"] == "contact: entry_unreadable: fields.0.type is new"
    assert [carried.key.object for carried in decision.carry] == ["order"]
    assert [rebuild.key.object for rebuild in decision.rebuild] == ["visit"]


def test_what_links_to_contacts_that_were_never_built_is_rebuilt_without_them() -> None:
    contact = definition(name="contact")
    before = gathered([state("a", linked()), state("a", contact)], [entry("a", linked())], object_key("a"))
    decision = decide_objects(replace(before, mismatched={layout_of(contact).id: "x lacks y"}))
    assert sorted(held(decision)) == ["a/contact"]
    assert [rebuild.key.object for rebuild in decision.rebuild] == ["ticket"]


def test_a_carried_object_whose_links_changed_is_rebuilt_after_all() -> None:
    states = [state("a", definition(STATUS)), state("b", definition(STATUS))]
    decision = decide_objects(gathered(states, [entry("a", definition(STATUS)), entry("b", definition(STATUS))]))
    relinked = relink(decision, frozenset({object_key("b")}))
    assert [carried.key for carried in relinked.carry] == [object_key("a")]
    assert [(rebuild.key, dict(rebuild.since)) for rebuild in relinked.rebuild] == [(object_key("b"), OLD)]


def test_one_statement_builds_what_has_the_same_columns_before_and_after_and_the_same_start() -> None:
    states = [state(tenant, definition(STATUS)) for tenant in "abc"] + [state("d", definition(SCORE))]
    entries = [entry("a", definition(STATUS)), entry("b", definition(STATUS)), entry("d", definition(STATUS))]
    touched = [object_key(tenant) for tenant in "abcd"]
    grouped = groups(decide_objects(gathered(states, entries, *touched)).rebuild)
    assert sorted([item.key.tenant for item in group] for group in grouped) == [["a", "b"], ["c"], ["d"]]


def test_objects_whose_schemas_began_at_other_versions_are_not_grouped() -> None:
    again = state("b", definition(STATUS), 3).model_copy(update={"since_version": 3})
    grouped = groups(decide_objects(gathered([state("a", definition(STATUS)), again], [])).rebuild)
    assert [[item.key.tenant for item in group] for group in grouped] == [["a"], ["b"]]


def test_builds_of_one_start_are_verified_together_but_those_with_patches_alone() -> None:
    tenants = [f"t{number:02}" for number in range(20)]
    states = [state(tenant, definition(STATUS)) for tenant in tenants]
    rebuilt = decide_objects(gathered(states, [])).rebuild
    done = [Built(number, [rebuild], patches=number < 2) for number, rebuild in enumerate(rebuilt)]
    assert [len(batch) for batch in batches(done)] == [1, 1, 18]
    entries = [entry(tenant, definition(STATUS)) for tenant in tenants]
    rebuilt = decide_objects(gathered(states, entries, *(object_key(tenant) for tenant in tenants))).rebuild
    done = [Built(number, [rebuild], patches=False) for number, rebuild in enumerate(rebuilt)]
    assert [len(batch) for batch in batches(done)] == [16, 4]
