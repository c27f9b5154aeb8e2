"""Layouts: who has the same columns shares a table, and nobody else does (ARCHITECTURE 6)."""

import re
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts import layouts
from crosslook.contracts.documents import UnreadableDocument
from crosslook.contracts.layouts import (
    FIXED_COLUMNS,
    LAYOUT_FORMAT,
    LAYOUT_FORMATS,
    LayoutFormat,
    layout_of,
    recorded_layout,
    table_of,
)
from crosslook.contracts.release import RELEASE
from crosslook.contracts.schemas import (
    BUILT_IN_CONTACT,
    Definition,
    FieldDef,
    FieldType,
    Labels,
    OptionDef,
    RelationshipDef,
)


def definition(
    *fields: tuple[str, FieldType], links: tuple[tuple[str, bool], ...] = (("requester", False),), **changes: Any
) -> Definition:
    parts: dict[str, Any] = {
        "object": "ticket",
        "labels": Labels(singular="Ticket", plural="Tickets"),
        "fields": tuple(FieldDef(slug=slug, type=kind) for slug, kind in fields),
        "relationships": tuple(RelationshipDef(slug=slug, target="contact", many=many) for slug, many in links),
    }
    return Definition(**{**parts, **changes})


STATUS, CSAT = ("status", FieldType.TEXT), ("csat", FieldType.NUMBER)
BASE = definition(STATUS, CSAT)


@pytest.mark.parametrize(
    "same",
    [
        definition(CSAT, STATUS),
        definition(STATUS, CSAT, object="booking"),
        definition(STATUS, CSAT, labels=Labels(singular="Billet", plural="Billets"), description="x"),
        definition(fields=(FieldDef(slug="status", type=FieldType.TEXT, label="S", required=True), BASE.fields[1])),
        definition(
            STATUS,
            CSAT,
            relationships=(*BASE.relationships, RelationshipDef(slug="parent", target="ticket", many=True)),
        ),
    ],
)
def test_what_has_no_column_does_not_change_the_layout(same: Definition) -> None:
    assert layout_of(same).id == layout_of(BASE).id


@pytest.mark.parametrize(
    "other",
    [
        definition(STATUS),
        definition(STATUS, CSAT, ("x", FieldType.TEXT)),
        definition(("status", FieldType.TEXTAREA), CSAT),
        definition(("statut", FieldType.TEXT), CSAT),
        definition(STATUS, CSAT, links=()),
        definition(STATUS, CSAT, links=(("owner", False),)),
        definition(STATUS, CSAT, links=(("requester", True),)),
        definition(STATUS, CSAT, links=(("requester", False), ("owner", False))),
        definition(STATUS, CSAT, object="contact"),
    ],
)
def test_whatever_changes_the_columns_or_their_meaning_changes_the_layout(other: Definition) -> None:
    assert layout_of(other).id != layout_of(BASE).id


def test_options_and_currencies_do_not_change_the_layout() -> None:
    def choice(*options: str, currency: str) -> Definition:
        return definition(
            fields=(
                FieldDef(
                    slug="a", type=FieldType.DROPDOWN, options=tuple(OptionDef(value=option) for option in options)
                ),
                FieldDef(slug="b", type=FieldType.CURRENCY, currency=currency),
            )
        )

    assert layout_of(choice("x", currency="USD")) == layout_of(choice("y", "z", currency="EUR"))


def test_the_columns_are_the_fixed_ones_then_fields_then_three_for_each_relationship() -> None:
    layout = layout_of(BASE)
    assert layout.columns == (
        *FIXED_COLUMNS,
        ("f_csat", "Nullable(Float64)"),
        ("f_status", "Nullable(String)"),
        ("refs_requester", "Array(String)"),
        ("hits_requester", "Array(String)"),
        ("links_requester", "Array(String)"),
    )
    assert layout.table == table_of(layout.id) == f"records_{layout.id}"


def test_a_contact_has_foreign_ids_and_no_links() -> None:
    layout = layout_of(BUILT_IN_CONTACT)
    names = [name for name, _ in layout.columns]
    assert names[-1] == "external_ids"
    assert not [name for name in names if name.startswith(("refs_", "hits_", "links_"))]


def test_the_id_of_a_layout_never_changes() -> None:
    """Another hash in the same format would write the same columns into another table, and rebuild every object."""
    assert layout_of(BASE).id == "2_21d0221576b85579"


@pytest.mark.parametrize(
    "other",
    [
        replace(LAYOUT_FORMATS[2], fixed=(*FIXED_COLUMNS, ("region", "String"))),
        replace(LAYOUT_FORMATS[2], fixed=FIXED_COLUMNS[:-1]),
        replace(LAYOUT_FORMATS[2], fixed=(*FIXED_COLUMNS[:-1], ("named", "Array(LowCardinality(String))"))),
        replace(LAYOUT_FORMATS[2], fixed=(*FIXED_COLUMNS[:-1], ("names", "Array(String)"))),
        replace(LAYOUT_FORMATS[2], types={FieldType.NUMBER: "Nullable(Decimal(38, 10))"}),
    ],
    ids=["column-added", "column-dropped", "column-of-another-type", "column-renamed", "engine-type-of-a-field"],
)
def test_another_physical_column_is_another_layout(other: LayoutFormat, monkeypatch: pytest.MonkeyPatch) -> None:
    before = layout_of(BASE)
    monkeypatch.setitem(_formats(), 2, other)
    assert layout_of(BASE).id != before.id


def test_an_engine_type_that_no_field_has_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = layout_of(BASE)
    monkeypatch.setitem(_formats(), 2, replace(LAYOUT_FORMATS[2], types={FieldType.DATE: "Nullable(Date)"}))
    assert layout_of(BASE) == before


def test_another_format_is_another_layout_even_of_the_same_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    before = layout_of(BASE)
    monkeypatch.setitem(_formats(), 3, LAYOUT_FORMATS[2])
    monkeypatch.setattr(layouts, "LAYOUT_FORMAT", 3)
    assert layout_of(BASE).columns == before.columns
    assert (layout_of(BASE).format, layout_of(BASE).id[:2]) == (3, "3_")
    assert layout_of(BASE).id[2:] != before.id[2:]


@pytest.mark.parametrize(("recorded", "number"), [("380fa090e6b858e2", 1), ("2_380fa090e6b858e2", 2)])
def test_recorded_rows_are_read_under_the_id_that_their_entry_has(recorded: str, number: int) -> None:
    layout = recorded_layout(recorded, BASE)
    assert (layout.id, layout.table, layout.format) == (recorded, f"records_{recorded}", number)
    assert layout.columns == layout_of(BASE).columns


@pytest.mark.parametrize("number", [3, 17])
def test_rows_of_a_newer_format_are_refused(number: int) -> None:
    with pytest.raises(
        UnreadableDocument, match=rf"layout format {number}, and release {RELEASE} reads formats 1 to 2"
    ):
        recorded_layout(f"{number}_380fa090e6b858e2", BASE)


@pytest.mark.parametrize("text", ["", "0_380fa090e6b858e2", "380fa090e6b858e", "380FA090E6B858E2", "_380fa090e6b858e2"])
def test_what_is_not_the_id_of_a_layout_is_refused(text: str) -> None:
    with pytest.raises(UnreadableDocument, match="its layout is not the id of one"):
        recorded_layout(text, BASE)


def test_the_columns_of_a_released_format_never_change() -> None:
    """Rows lie in tables with these columns: another set needs another format."""
    fixed = (
        "build UInt64, tenant String, object String, record String, deleted Bool, role UInt8, "
        "event_time DateTime64(3, 'UTC'), sequence Int64, partition UInt16, offset UInt64, source String, "
        "event_id String, received_at DateTime64(3, 'UTC'), named Array(String)"
    )
    types = {
        FieldType.TEXT: "Nullable(String)",
        FieldType.TEXTAREA: "Nullable(String)",
        FieldType.NUMBER: "Nullable(Float64)",
        FieldType.CURRENCY: "Nullable(Decimal(19, 4))",
        FieldType.DATE: "Nullable(Date32)",
        FieldType.DATETIME: "Nullable(DateTime64(3, 'UTC'))",
        FieldType.DROPDOWN: "Nullable(String)",
        FieldType.MULTISELECT: "Array(String)",
        FieldType.BOOLEAN: "Nullable(Bool)",
    }
    assert {number: ", ".join(map(" ".join, of.fixed)) for number, of in LAYOUT_FORMATS.items()} == {1: fixed, 2: fixed}
    for of in LAYOUT_FORMATS.values():
        assert {kind: of.type_of(kind) for kind in types} == types


def _formats() -> dict[int, LayoutFormat]:
    """The formats, to be changed by a test."""
    return cast("dict[int, LayoutFormat]", LAYOUT_FORMATS)


_SLUGS = st.from_regex(re.compile(r"^[a-z][a-z0-9_]{0,3}\Z"))
_COLUMNS = st.dictionaries(_SLUGS, st.sampled_from(FieldType), max_size=4)
_LINKS = st.dictionaries(_SLUGS, st.booleans(), max_size=2)


@given(_COLUMNS, _LINKS, _COLUMNS, _LINKS, st.randoms(use_true_random=False))
def test_equal_columns_have_equal_ids_and_different_ones_do_not(
    fields: dict[str, FieldType],
    links: dict[str, bool],
    other_fields: dict[str, FieldType],
    other_links: dict[str, bool],
    random: Any,
) -> None:
    shuffled = list(fields.items())
    random.shuffle(shuffled)
    layout = layout_of(definition(*fields.items(), links=tuple(links.items())))
    assert layout_of(definition(*shuffled, links=tuple(reversed(links.items())))) == layout
    other = layout_of(definition(*other_fields.items(), links=tuple(other_links.items())))
    assert (other.id == layout.id) == (other == layout) == ((fields, links) == (other_fields, other_links))
    assert re.fullmatch(rf"{LAYOUT_FORMAT}_[0-9a-f]{{16}}", layout.id)
    names = [name for name, _ in layout.columns]
    assert len(set(names)) == len(names)


def test_an_empty_object_has_a_layout_too() -> None:
    assert layout_of(definition(links=())).columns == FIXED_COLUMNS


def test_a_contact_has_no_columns_for_relationships_of_its_own() -> None:
    contact = definition(STATUS, object="contact", links=(("requester", False),))
    assert layout_of(contact) == layout_of(definition(STATUS, object="contact", links=()))
    assert layout_of(contact).relationships == ()
