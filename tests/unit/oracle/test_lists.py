"""The brute-force model's lists against rows worked out by hand (CONTRACTS 5, *Lists*)."""

from typing import Any

from tests.helpers.meanings import AS_OF, WORLD
from tests.helpers.oracle import Oracle


def _rows(**asked: Any) -> list[list[Any]]:
    return Oracle(WORLD, AS_OF, "America/Chicago").listed({"object": "ticket", **asked}).rows


def test_a_list_without_the_contact_has_a_row_for_each_record() -> None:
    assert _rows(list=["ticket._id", "ticket.tags"]) == [
        ["t1", ["vip", "bug"]],
        ["t2", ["vip"]],
        ["t3", None],
        ["t4", None],
    ]


def test_a_listed_contact_makes_pairs_and_a_filtered_one_does_not() -> None:
    french = {"field": "contact.country", "op": "eq", "values": ["FR"]}
    asked: dict[str, Any] = {"relationship": "watchers", "filters": french}
    assert _rows(list=["ticket._id", "contact._id"], **asked) == [["t1", "ann"], ["t1", "bob"], ["t2", "bob"]]
    assert _rows(list=["ticket._id"], **asked) == [["t1"], ["t2"]]


def test_one_contact_must_pass_all_conditions_together() -> None:
    both = [
        {"field": "contact.country", "op": "eq", "values": ["US"]},
        {"field": "contact.email", "op": "is_not_empty", "values": []},
    ]
    # The first ticket is watched by a contact in the US and by one with an e-mail address.
    assert _rows(list=["ticket._id"], relationship="watchers", filters={"and": both}) == []
    assert _rows(list=["ticket._id"], relationship="watchers", filters={"or": both}) == [["t1"], ["t3"]]


def test_empty_values_are_last_either_way_and_ties_are_ordered_by_id() -> None:
    for direction, first in (("asc", ["t2", "t1"]), ("desc", ["t1", "t2"])):
        sort = [{"field": "ticket.tags", "direction": direction}]
        rows = _rows(list=["ticket._id", "ticket.tags"], sort=sort)
        # "vip" is less than "vip; bug".
        assert [record for record, _ in rows] == [*first, "t3", "t4"]
