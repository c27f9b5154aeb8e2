"""What ingest does about each answer of the store: wait, find the row at fault, or stop."""

import asyncio
from collections.abc import Sequence
from itertools import repeat
from math import ceil, log2
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts.problems import Problem
from crosslook.contracts.records import Address, Admitted, EventKind, Quarantined, Refused
from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.errors import StopService
from crosslook.platform.metrics import Meters
from services.snapshot_service.ingest.insertion import AddressedEvent, Insertion, Interrupted
from services.snapshot_service.ingest.staging import Staging
from services.snapshot_service.ingest.state import IngestState
from services.snapshot_service.settings import IngestSettings
from tests.helpers.gate import OpenGate

BUSY = ClickHouseError(252, "TOO_MANY_PARTS", "")
AMBIGUOUS = ClickHouseError(319, "UNKNOWN_STATUS_OF_INSERT", "")
NO_ANSWER = ClickHouseError(None, "NETWORK", "")


class Store:
    """A store that refuses some offsets, or answers what it was told to answer first."""

    def __init__(self, refuses: frozenset[int] = frozenset(), answers: Sequence[ClickHouseError] = ()) -> None:
        self._refuses = refuses
        self._answers = list(answers)
        self.kept: list[int] = []
        self.tokens: dict[str, list[int]] = {}
        self.tries = 0

    async def stage(self, rows: Sequence[AddressedEvent], token: str) -> None:
        await self._insert([address.offset for _, address in rows], token)

    async def quarantine(self, rows: Sequence[Quarantined], token: str) -> None:
        await self._insert([row.address.offset for row in rows], token)

    async def _insert(self, offsets: list[int], token: str) -> None:
        self.tries += 1
        assert self.tokens.setdefault(token, offsets) == offsets, "one token names one set of rows"
        if self._answers:
            raise self._answers.pop(0)
        if self._refuses & set(offsets):
            raise ClickHouseError(321, "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE", "")
        self.kept += offsets


def insertion(store: Store, stopping: asyncio.Event | None = None) -> Insertion:
    settings = IngestSettings(retry_seconds=0.001)
    state = IngestState(Meters())
    return Insertion(cast(Staging, store), state, settings, Meters(), stopping or asyncio.Event(), OpenGate())


def rows(count: int) -> list[AddressedEvent]:
    admitted = Admitted("t", "o", "r", EventKind.UPSERT, 0, 0, "s", "e", 1, b"{}", b"{}", [])
    return [(admitted, Address("topic", 0, offset, 0)) for offset in range(count)]


async def test_rows_that_the_store_takes_are_staged_in_one_try() -> None:
    store = Store()
    assert await insertion(store).stage(rows(50_000), "t") == []
    assert (store.tries, len(store.kept)) == (1, 50_000)


async def test_a_chunk_read_again_and_decided_otherwise_is_another_insert() -> None:
    store = Store()
    staging = insertion(store)
    await staging.stage(rows(3)[:2], "t")
    await staging.stage(rows(3), "t")
    assert store.kept == [0, 1, 0, 1, 2]


@pytest.mark.parametrize("bad", [0, 1, 24_999, 25_000, 49_999])
async def test_one_bad_row_of_fifty_thousand_is_found_in_seventeen_tries_and_costs_no_good_one(bad: int) -> None:
    store = Store(refuses=frozenset({bad}))
    refused = await insertion(store).stage(rows(50_000), "t")
    assert [address.offset for _, address in refused] == [bad]
    assert sorted(store.kept) == [offset for offset in range(50_000) if offset != bad]
    the_rest_in_one = 1
    assert store.tries <= 1 + ceil(log2(50_000)) + the_rest_in_one == 17 + the_rest_in_one


@given(st.integers(1, 60), st.data())
def test_whatever_rows_are_bad_each_of_the_others_is_staged_exactly_once(count: int, data: st.DataObject) -> None:
    bad = frozenset(data.draw(st.sets(st.integers(0, count - 1))))
    store = Store(refuses=bad)
    refused = asyncio.run(insertion(store).stage(rows(count), "t"))
    assert {address.offset for _, address in refused} == bad
    assert sorted(store.kept) == sorted(set(range(count)) - bad)


@pytest.mark.parametrize("error", [BUSY, AMBIGUOUS, NO_ANSWER], ids=lambda error: error.name)
async def test_a_store_that_is_busy_or_silent_gets_the_very_same_rows_again(error: ClickHouseError) -> None:
    store = Store(answers=[error, error])
    assert await insertion(store).stage(rows(3), "t") == []
    assert (store.tries, store.kept, len(store.tokens)) == (3, [0, 1, 2], 1)


@pytest.mark.parametrize(
    "error",
    [
        ClickHouseError(516, "AUTHENTICATION_FAILED", ""),
        ClickHouseError(60, "UNKNOWN_TABLE", ""),
        ClickHouseError(243, "NOT_ENOUGH_SPACE", ""),
        ClickHouseError(9999, "NEVER_HEARD_OF", ""),
    ],
    ids=lambda error: error.name,
)
async def test_what_is_wrong_with_the_environment_or_unknown_stops_and_quarantines_nothing(
    error: ClickHouseError,
) -> None:
    store = Store(answers=[error])
    with pytest.raises(StopService, match=error.name):
        await insertion(store).stage(rows(3), "t")
    assert (store.tries, store.kept) == (1, [])


async def test_a_stop_leaves_a_chunk_that_the_store_does_not_take_to_whoever_reads_it_next() -> None:
    stopping = asyncio.Event()
    stopping.set()
    store = Store(answers=list(repeat(BUSY, 3)))
    with pytest.raises(Interrupted):
        await insertion(store, stopping).stage(rows(3), "t")
    assert store.kept == []


async def test_a_row_that_not_even_the_quarantine_can_hold_stops_ingest() -> None:
    store = Store(refuses=frozenset({0}))
    refused = Refused(Problem("not_json", text="not_json.event", values={"reason": ""}))
    quarantined: Any = [Quarantined(refused, Address("topic", 0, 0, 0), b"{", (), None)]
    with pytest.raises(StopService, match="quarantine itself"):
        await insertion(store).quarantine(quarantined, "t")
