"""What a refresh must compute about merged contacts: which event decides, and what stands for the contact."""

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Any

import orjson
import pytest

from crosslook.contracts.records import FOREIGN_IDS, MERGED_INTO, Address, Admitted, EventKind
from services.snapshot_service.domain.compaction import BuiltRecord, ContactReferences, Staged, compact
from services.snapshot_service.domain.link_aliases import LinkAlias, alias_version, follow_chained
from services.snapshot_service.domain.merging import merge_aliases

NOBODY = ContactReferences({})


def contact(record: str, time: int, kind: EventKind = EventKind.UPSERT, into: str = "", **fields: Any) -> Staged:
    named = {MERGED_INTO: [f"id:{into}"]} if into else {}
    ids = fields.pop("external_ids", [])
    event = Admitted(
        "acme", "contact", record, kind, time, 0, "/s", f"e{time}", 1, orjson.dumps(fields), orjson.dumps(named), ids
    )
    return event, Address("crosslook-records", 0, time, time)


def gone(record: str, time: int, into: str = "") -> Staged:
    return contact(record, time, EventKind.DELETE, into)


def found(staged: list[Staged], fresh: list[Staged] | None = None, merged: tuple[str, ...] = ()) -> dict[str, Any]:
    aliases = merge_aliases({}, staged, staged if fresh is None else fresh, merged)
    assert {alias.tenant for alias in aliases} <= {"acme"}
    return {alias.reference: alias.targets for alias in aliases}


@pytest.mark.parametrize(
    ("events", "targets"),
    [
        ([gone("c-7", 2, "c-9")], ("id:c-9",)),
        ([contact("c-7", 1), gone("c-7", 2, "c-9")], ("id:c-9",)),
        ([gone("c-7", 2, "c-9"), gone("c-7", 3)], ("id:c-9",)),
        ([gone("c-7", 2, "c-9"), gone("c-7", 3, "c-1")], ("id:c-1",)),
        ([gone("c-7", 2, "c-9"), contact("c-7", 3)], ()),
        ([gone("c-7", 2, "c-9"), contact("c-7", 3), gone("c-7", 4)], ()),
    ],
)
def test_the_greatest_merge_or_upsert_decides_in_any_order(events: list[Staged], targets: tuple[str, ...]) -> None:
    for order in permutations(events):
        assert found(list(order))["id:c-7"] == targets


def test_an_alias_has_the_version_of_the_event_that_decided() -> None:
    (alias,) = merge_aliases({}, [gone("c-7", 5, "c-9"), gone("c-7", 9)], [gone("c-7", 5, "c-9")], ())
    assert alias == LinkAlias("acme", "id:c-7", ("id:c-9",), alias_version(5, 0))


def test_contacts_that_were_never_merged_get_no_alias() -> None:
    assert found([contact("c-1", 1, email="a@x.example"), gone("c-2", 2)]) == {}


def test_a_merged_contact_that_returns_ends_its_alias_and_one_that_was_never_merged_does_not() -> None:
    back = contact("c-7", 3)
    assert found([back], merged=("c-7",)) == {"id:c-7": ()}
    assert found([back], merged=("c-8",)) == {}


BEFORE = compact({}, [contact("c-7", 1, email=" Old@X.example", external_ids=["z:1"])], {}, NOBODY)
MERGED = gone("c-7", 5, "c-9")


def patched(time: int, **fields: Any) -> Staged:
    event, address = contact("c-7", time, EventKind.PATCH, **fields)
    return event._replace(
        references=b'{"%b": []}' % FOREIGN_IDS.encode() if "external_ids" in fields else b"{}"
    ), address


@pytest.mark.parametrize(
    ("events", "had"),
    [
        ([], {"email:old@x.example", "external:z:1"}),
        ([contact("c-7", 2, email="new@x.example")], {"email:new@x.example"}),
        ([contact("c-7", 2, external_ids=["z:2"])], {"external:z:2"}),
        ([contact("c-7", 2, email="b@x.example"), contact("c-7", 3, email="c@x.example")], {"email:c@x.example"}),
        ([patched(2, email="new@x.example")], {"email:new@x.example", "external:z:1"}),
        ([patched(2, email=None)], {"external:z:1"}),
        ([patched(2, external_ids=["z:3"])], {"email:old@x.example", "external:z:3"}),
        ([patched(2, external_ids=[])], {"email:old@x.example"}),
        ([contact("c-7", 3, email="c@x.example"), patched(2, email="b@x.example")], {"email:c@x.example"}),
        ([gone("c-7", 2)], {"email:old@x.example", "external:z:1"}),
        ([patched(6, email="late@x.example")], {"email:old@x.example", "external:z:1"}),
    ],
)
def test_what_a_contact_had_when_it_was_merged_stands_for_it(events: list[Staged], had: set[str]) -> None:
    for order in permutations([*events, MERGED]):
        aliases = {alias.reference: alias.targets for alias in merge_aliases(BEFORE, order, order, ())}
        assert aliases == {"id:c-7": ("id:c-9",), **dict.fromkeys(had, ("id:c-7",))}


def references(aliases: Mapping[str, Sequence[str]], *live: str) -> ContactReferences:
    rows: dict[str, BuiltRecord] = {}
    for record in live:
        rows |= compact({}, [contact(record, 1, email=f"{record}@x.example")], {}, NOBODY)
    return ContactReferences.of(rows, aliases)


def test_a_link_names_the_merged_contact_and_leads_to_the_one_that_remains() -> None:
    known = references({"id:c-7": ("id:c-9",), "id:c-9": ("id:c-12",), "external:z:7": ("id:c-7",)}, "c-12")
    assert (known.by_reference["id:c-7"], known.by_reference["external:z:7"]) == ("c-7", "c-7")
    assert known.survivors == {"c-7": "c-12", "c-9": "c-12", "c-12": "c-12"}


def test_circles_name_nobody_and_own_references_win() -> None:
    circle = {"id:a": ("id:b",), "id:b": ("id:a",), "email:c@x.example": ("id:a",)}
    assert references(circle, "c").survivors == {"c": "c"}
    assert references(circle, "c").by_reference["email:c@x.example"] == "c"


def test_chained_aliases_are_followed_as_the_reference_follows_them() -> None:
    targets = {
        "external:z:2": ("external:z:3", "email:b@x.example"),
        "external:z:3": ("external:z:9", "external:z:4"),
        "external:z:4": ("external:z:2", "email:a@x.example"),
        "id:c-7": ("id:c-9", "id:a"),
        "id:c-9": ("id:c-7",),
    }
    known = references(targets, "a", "b")
    own = {"email:a@x.example": "a", "email:b@x.example": "b", "id:a": "a"}
    chained = {("acme", name): [(target, own.get(target, "")) for target in named] for name, named in targets.items()}
    followed = {name: record for (_, name), record in follow_chained(chained).items()}
    wanted = {name: known.by_reference[name] for name in targets if name.startswith("external:")}
    assert followed == {**wanted, "id:c-7": "a", "id:c-9": "a"}
    assert wanted == {"external:z:2": "a", "external:z:3": "b", "external:z:4": "b"}


def test_a_chain_is_followed_over_a_bounded_number_of_aliases() -> None:
    chained = {("acme", f"id:{number}"): [(f"id:{number + 1}", "")] for number in range(200)}
    chained["acme", "id:199"] = [("id:200", "200")]
    followed = follow_chained(chained)
    assert followed["acme", "id:150"] == "200"
    assert ("acme", "id:0") not in followed
