"""The bodies of replay and discard: what they mean, and every problem with them at once."""

from typing import Any

import pytest

from services.snapshot_service.domain.selection import (
    ID_LENGTH_MAX,
    IDS_MAX,
    REASON_MAX,
    Move,
    QuarantineFilter,
    Selection,
    read_move,
)


def read(body: Any, *, with_reason: bool = False) -> Move:
    move, found = read_move(body, with_reason=with_reason)
    assert move is not None, list(found)
    return move


def problems(body: Any, *, with_reason: bool = False) -> list[tuple[str, str]]:
    move, found = read_move(body, with_reason=with_reason)
    assert move is None
    assert all(item.message("en") and item.message("fr") for item in found)
    return [(problem.pointer, problem.code) for problem in found]


def test_ids_are_taken_once_each_in_the_order_of_their_offsets() -> None:
    selection = read({"ids": ["t-0-10", "t-0-9", "t-0-10", "odd"]}).selection
    assert selection == Selection(QuarantineFilter(), ("odd", "t-0-9", "t-0-10"))


def test_a_filter_names_what_it_names_and_nothing_else() -> None:
    chosen = {"tenant": "acme", "object": "ticket", "code": "unknown_field", "source": "/a"}
    assert read({"filter": chosen}).selection == Selection(QuarantineFilter("acme", "ticket", ("unknown_field",), "/a"))
    assert read({"filter": {"code": None}}).selection == Selection(QuarantineFilter())


@pytest.mark.parametrize(("sent", "read_as"), [({}, None), ({"dry_run": False}, False), ({"dry_run": True}, True)])
def test_a_dry_run_is_what_the_body_says_if_it_does(sent: dict[str, Any], read_as: bool | None) -> None:
    assert read({"ids": [], **sent}).dry_run is read_as


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ([], [("", "wrong_type")]),
        ({}, [("", "selection_missing")]),
        ({"ids": None, "filter": None}, [("", "selection_missing")]),
        ({"ids": [], "filter": {}}, [("/filter", "selection_twice")]),
        ({"ids": "a"}, [("/ids", "wrong_type")]),
        ({"ids": ["a"] * (IDS_MAX + 1)}, [("/ids", "too_long")]),
        ({"ids": ["a", 3, "x" * (ID_LENGTH_MAX + 1)]}, [("/ids/1", "wrong_type"), ("/ids/2", "too_long")]),
        ({"filter": []}, [("/filter", "wrong_type")]),
        (
            {"filter": {"cod": "x", "object": 1, "source": "x" * 257}},
            [("/filter/cod", "unknown_property"), ("/filter/object", "wrong_type"), ("/filter/source", "too_long")],
        ),
        ({"ids": [], "dry_run": "no"}, [("/dry_run", "wrong_type")]),
        (
            {"idz": [], "filter": {"a/b": 1}, "dry_run": 0},
            [("/idz", "unknown_property"), ("/filter/a~1b", "unknown_property"), ("/dry_run", "wrong_type")],
        ),
        ({"ids": [], "reason": "a replay needs none"}, [("/reason", "unknown_property")]),
    ],
)
def test_every_problem_is_told_with_its_place(body: Any, expected: list[tuple[str, str]]) -> None:
    assert problems(body) == expected


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        (None, "required_missing"),
        ("", "required_missing"),
        (" \n", "required_missing"),
        (7, "wrong_type"),
        ("x" * (REASON_MAX + 1), "too_long"),
    ],
)
def test_a_discard_must_say_why(reason: Any, code: str) -> None:
    assert problems({"filter": {}, "reason": reason}, with_reason=True) == [("/reason", code)]


def test_a_reason_is_kept_without_its_outer_spaces() -> None:
    assert read({"ids": [], "reason": " sent twice "}, with_reason=True).reason == "sent twice"


def test_a_misspelt_property_is_answered_with_what_was_meant() -> None:
    _, found = read_move({"ids": [], "dryrun": False}, with_reason=False)
    assert [problem.suggestion for problem in found] == ["dry_run"]
