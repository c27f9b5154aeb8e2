"""Which partitions are rewritten so that they can be dropped."""

import pytest

from crosslook.contracts.manifests import Entry
from services.snapshot_service.domain.partitions import Partition, worn
from tests.helpers import builders

OLD, OLDEST, NEW = 5, 10, 12


def entry(tenant: str, build: int, rows: int, deleted: int = 0) -> Entry:
    return builders.entry(builders.definition(), tenant, layout="a", build=build, rows=rows, deleted=deleted)


@pytest.mark.parametrize(("rows", "is_worn"), [(100, False), (200, False), (201, True)])
def test_a_partition_is_worn_when_less_than_half_of_it_is_in_use(rows: int, is_worn: bool) -> None:
    entries = [entry("acme", OLD, 60), entry("globex", OLD, 30, deleted=10)]
    assert (Partition("a", OLD) in worn({Partition("a", OLD): rows}, entries, OLDEST)) is is_worn


def test_what_a_retained_snapshot_made_is_left_alone() -> None:
    assert worn({Partition("a", NEW): 1000}, [entry("acme", NEW, 1)], OLDEST) == frozenset()


def test_a_partition_of_the_oldest_retained_snapshot_itself_is_left_alone() -> None:
    assert worn({Partition("a", OLDEST): 1000}, [entry("acme", OLDEST, 1)], OLDEST) == frozenset()


def test_what_nobody_uses_is_the_janitors() -> None:
    assert worn({Partition("b", OLD): 1000}, [entry("acme", OLD, 1)], OLDEST) == frozenset()
