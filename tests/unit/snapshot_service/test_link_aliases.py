"""Aliases as values: their versions, their compared form, and which of several counts."""

from itertools import permutations

import pytest

from services.snapshot_service.domain.link_aliases import (
    LinkAlias,
    StoredAlias,
    alias_version,
    canonical,
    newest_aliases,
    to_write,
)

NOW_MS = 1_800_000_000_000


def alias(reference: str, *targets: str, version: int = 1) -> LinkAlias:
    return LinkAlias("acme", reference, targets, version)


def test_versions_follow_the_time_and_then_the_sequence() -> None:
    ordered = [alias_version(5, 0), alias_version(5, 7), alias_version(5, 1 << 40), alias_version(6, -3)]
    assert ordered == sorted(set(ordered))
    assert alias_version(-5, -5) == 0
    assert alias_version(10_413_792_000_000, 1 << 20) < 1 << 64  # the year 2300


def test_emails_are_compared_without_case_and_outer_spaces() -> None:
    sent = alias("external:zendesk:88", "email: A@X.com ", "email:a@x.com", "external:Zendesk:99")
    assert canonical(sent).targets == ("email:a@x.com", "external:Zendesk:99")


def test_an_alias_does_not_stand_for_itself() -> None:
    assert canonical(alias("id:c-7", "id:c-7", "id:c-9")).targets == ("id:c-9",)


def test_the_greatest_version_of_a_reference_counts_in_any_order() -> None:
    rows = [alias("a:1", "id:1", version=1), alias("a:1", "id:3", version=3), alias("a:1", "id:2", version=3)]
    for order in permutations(rows):
        assert newest_aliases(order) == [alias("a:1", "id:3", version=3)]


@pytest.mark.parametrize("version", [4, 5])
def test_what_is_not_newer_than_what_is_stored_is_not_written(version: int) -> None:
    stored = {("acme", "a:1"): StoredAlias(("id:1",), 5, 0)}
    assert to_write([alias("a:1", "id:2", version=version)], stored, NOW_MS) == []


def test_an_alias_that_is_repeated_with_a_newer_version_did_not_change() -> None:
    stored = {("acme", "a:1"): StoredAlias(("id:1",), 5, 77)}
    same, other = alias("a:1", "id:1", version=6), alias("a:1", "id:2", version=6)
    assert to_write([same], stored, NOW_MS) == [(same, 77)]
    assert to_write([other], stored, NOW_MS) == [(other, NOW_MS)]


def test_the_end_of_an_alias_that_nobody_knows_is_stored_without_a_change() -> None:
    end = alias("a:1", version=6)
    assert to_write([end], {}, NOW_MS) == [(end, 0)]
