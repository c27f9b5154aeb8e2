"""Layouts: who has the same columns shares a table, and nobody else does (ARCHITECTURE 6)."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts.layouts import FIXED_COLUMNS, Layout, layout_of, table_of
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
                FieldDef(slug="a", type=FieldType.DROPDOWN, options=tuple(OptionDef(value=one) for one in options)),
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
    """Tables are found by it: another hash would orphan every build."""
    assert layout_of(BASE).id == "380fa090e6b858e2"


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
    assert re.fullmatch(r"[0-9a-f]{16}", layout.id)
    names = [name for name, _ in layout.columns]
    assert len(set(names)) == len(names)


def test_an_empty_object_has_a_layout_too() -> None:
    assert Layout((), (), contact=False).columns == FIXED_COLUMNS
