"""Identities, keys, positions, topics and zones: the small change of every service."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts.ids import SLUG, TENANT, ObjectKey, ObjectSlug, TenantId, record_key
from crosslook.contracts.positions import as_array, covers, lowest
from crosslook.contracts.topics import DAY_MS, RECORDS, TOPICS
from crosslook.contracts.zones import names, zone, zone_of


@pytest.mark.parametrize("slug", ["a", "ticket", "a1_b", "a" * 63])
def test_a_slug_is_a_lower_case_name(slug: str) -> None:
    assert SLUG.match(slug)


@pytest.mark.parametrize("text", ["", "1a", "_a", "A", "a-b", "é", "a b", "a\n", "a\x00", "a" * 64, "a/b", "\u0430"])
def test_anything_else_is_no_slug(text: str) -> None:
    assert not SLUG.match(text)


@pytest.mark.parametrize("tenant", ["acme", "Acme-1_x", "0", "a" * 63])
def test_a_tenant_is_a_name_without_slashes(tenant: str) -> None:
    assert TENANT.match(tenant)


@pytest.mark.parametrize("text", ["", "-a", "_a", "a/b", "a\n", "*", "~tenant", "a" * 64, "é", "a b", ".."])
def test_anything_else_is_no_tenant(text: str) -> None:
    assert not TENANT.match(text)


@given(st.from_regex(TENANT), st.from_regex(SLUG))
def test_an_object_key_can_be_read_back(tenant: str, slug: str) -> None:
    key = ObjectKey(TenantId(tenant), ObjectSlug(slug))
    assert ObjectKey.parse(str(key)) == key


@pytest.mark.parametrize("text", ["", "acme", "acme/", "/ticket", "acme/ticket/1", "~tenant/acme", "~barrier", "a/B"])
def test_what_is_no_object_key_is_none(text: str) -> None:
    assert ObjectKey.parse(text) is None


def test_object_keys_are_ordered_by_tenant_then_object() -> None:
    keys = [ObjectKey(TenantId(t), ObjectSlug(o)) for t, o in (("b", "a"), ("a", "b"), ("a", "a"))]
    assert [str(key) for key in sorted(keys)] == ["a/a", "a/b", "b/a"]


def test_a_record_key_has_one_reading_though_record_ids_may_hold_slashes() -> None:
    assert record_key("acme", "ticket", "a/b é") == "acme/ticket/a/b é".encode()


@pytest.mark.parametrize(
    ("reached", "wanted", "answer"),
    [
        ({}, {}, True),
        ({}, {0: 0}, True),
        ({}, {0: 1}, False),
        ({0: 5}, {0: 5}, True),
        ({0: 4}, {0: 5}, False),
        ({0: 9, 1: 1}, {0: 5, 1: 2}, False),
        ({0: 9, 1: 2, 2: 7}, {0: 5, 1: 2}, True),
    ],
)
def test_positions_cover_others_partition_by_partition(
    reached: dict[int, int], wanted: dict[int, int], answer: bool
) -> None:
    assert covers(reached, wanted) is answer


_POSITIONS = st.dictionaries(st.integers(0, 5), st.integers(0, 50))


@given(st.lists(_POSITIONS, min_size=1))
def test_the_lowest_positions_are_covered_by_all_and_are_the_greatest_that_are(several: list[dict[int, int]]) -> None:
    found = lowest(list(several))
    assert all(covers(item, found) for item in several)
    for partition in found:
        assert not all(covers(item, {**found, partition: found[partition] + 1}) for item in several)


def test_no_positions_at_all_have_no_lowest() -> None:
    assert lowest([]) == {}


def test_positions_become_an_array_with_zero_for_what_is_missing() -> None:
    assert as_array({2: 9, 0: 1}, 4) == [1, 0, 9, 0]


def test_topics_are_what_the_architecture_says() -> None:
    assert {(topic.name, topic.cleanup, topic.partitions) for topic in TOPICS} == {
        ("crosslook-schemas", "compact", 1),
        ("crosslook-records", "delete", 12),
        ("crosslook-webhooks", "delete", 6),
        ("crosslook-snapshots", "compact", 1),
        ("crosslook-reports", "compact", 1),
        ("crosslook-health", "compact", 1),
    }


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_topic_is_created_with_its_policy(topic: Any) -> None:
    assert topic.config["cleanup.policy"] == topic.cleanup
    assert ("retention.ms" in topic.config) == (topic.cleanup == "delete")
    assert ("delete.retention.ms" in topic.config) == (topic.cleanup == "compact")


def test_record_events_are_kept_seven_days_and_fit_with_their_envelope() -> None:
    assert RECORDS.config["retention.ms"] == str(7 * DAY_MS)
    assert int(RECORDS.config["max.message.bytes"]) >= 2 * 1024 * 1024


@pytest.mark.parametrize("name", ["UTC", "America/Chicago", "Europe/Paris"])
def test_a_zone_is_found_by_its_name(name: str) -> None:
    found = zone(name)
    assert found is not None
    assert found.key == name
    assert found is zone_of(name)


def test_zones_are_those_of_the_tz_database_whatever_the_host_has() -> None:
    assert {"UTC", "America/Chicago", "US/Pacific", "Etc/GMT+12"} <= names()
    assert [name for name in names() if name.startswith(("posix", "right", "/"))] == []


@pytest.mark.parametrize("name", ["localtime", "posixrules", "Factory", "right/UTC", "posix/UTC", "utc"])
def test_what_only_a_host_has_is_not_a_zone(name: str) -> None:
    assert zone(name) is None
    with pytest.raises(ValueError, match="not an IANA time zone"):
        zone_of(name)


@pytest.mark.parametrize("name", ["", "America", "Europe/Pariss", "../etc/passwd", "/etc/passwd", "\x00", "a" * 300])
def test_what_is_no_zone_is_none(name: str) -> None:
    assert zone(name) is None
