"""The events that folds publish: in any order of publication, the fold over the most facts wins."""

import orjson
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts.events import DELETED, UPSERTED, read_structured
from crosslook.integrations.interface import Connection, Fact, RecordGone, WholeRecord
from crosslook.integrations.publication import (
    StatedFact,
    counted,
    fact_content,
    fact_order,
    fold_version,
    record_message,
)

ZENDESK = Connection("zendesk", "zendesk_ticket")
FACTS = st.builds(
    Fact,
    record=st.sampled_from(["1", "2"]),
    key=st.sampled_from(["a", "b", "c"]),
    kind=st.sampled_from(["status", "reply"]),
    time_ms=st.integers(0, 3),
    order=st.integers(0, 2),
    version=st.integers(0, 1),
    data=st.fixed_dictionaries({"to": st.sampled_from(["open", "solved"])}),
)
STATED = st.lists(st.builds(StatedFact, FACTS, st.integers(1, 2)), min_size=1, max_size=12)


@given(STATED, st.randoms(use_true_random=False))
def test_neither_order_nor_repeats_of_statements_count(stated: list[StatedFact], random: object) -> None:
    shuffled = [*stated, *stated]
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert counted(shuffled) == counted(stated)


@given(STATED)
def test_a_fact_counts_once_by_its_greatest_statement(stated: list[StatedFact]) -> None:
    found = counted(stated)
    assert len({(fact.record, fact.key) for fact in found}) == len(found)
    assert found == sorted(found, key=fact_order)
    for fact in found:
        rivals = [item for item in stated if (item.fact.record, item.fact.key) == (fact.record, fact.key)]
        assert max(rivals, key=lambda item: item.precedence).fact == fact


@given(STATED, STATED)
def test_a_fold_over_more_facts_has_a_greater_version(some: list[StatedFact], more: list[StatedFact]) -> None:
    def distinct(stated: list[StatedFact]) -> list[StatedFact]:
        return list(
            {(item.mapper, item.fact.record, item.fact.key, fact_content(item.fact)): item for item in stated}.values()
        )

    few, all_ = distinct(some), distinct([*some, *more])
    assert fold_version(all_) > fold_version(few) if len(all_) > len(few) else fold_version(all_) == fold_version(few)


def test_the_content_of_equal_facts_is_equal() -> None:
    fact = Fact("1", "a", "status", 5, {"to": "open", "from": "new"}, related=("3", "2"))
    same = Fact("1", "a", "status", 5, {"from": "new", "to": "open"}, related=("2", "3"))
    assert fact_content(fact) == fact_content(same)


def test_a_state_is_published_as_a_whole_record() -> None:
    stated = [StatedFact(Fact("1", "a", "status", 1_700_000_000_123)), StatedFact(Fact("1", "b", "status", 5))]
    state = WholeRecord("1", {"status": "open"}, {"requester": [{"external": "zendesk:88"}]})
    message = record_message("acme", ZENDESK, fold_version(stated), state)
    assert message.key == b"acme/zendesk_ticket/1"
    event = orjson.loads(message.value)
    assert (event["type"], event["source"]) == (UPSERTED, "/integrations/zendesk")
    read = read_structured(event, 0)
    assert (read.time_ms, read.sequence, read.fields) == (1_700_000_000_123, 2, {"status": "open"})
    assert read.relationships == {"requester": [{"external": "zendesk:88"}]}
    assert record_message("acme", ZENDESK, fold_version(stated), state) == message


def test_the_id_of_an_event_is_a_hash_of_all_that_it_says() -> None:
    version = fold_version([StatedFact(Fact("1", "a", "status", 5))])
    states: list[WholeRecord | RecordGone] = [
        WholeRecord("1", {"status": "open"}, {}),
        WholeRecord("1", {"status": "new"}, {}),
        RecordGone("1"),
    ]
    ids = {orjson.loads(record_message("acme", ZENDESK, version, state).value)["id"] for state in states}
    assert len(ids) == 3


def test_a_record_that_is_gone_is_deleted() -> None:
    version = fold_version([StatedFact(Fact("1", "a", "deleted", 5))])
    event = orjson.loads(record_message("acme", ZENDESK, version, RecordGone("1")).value)
    assert event["type"] == DELETED
    assert event["data"] == {"tenant": "acme", "object": "zendesk_ticket", "record": "1", "sequence": 1}
