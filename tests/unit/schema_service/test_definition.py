"""Reading a definition: what is taken, and each refusal with its place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts.schemas import FieldType, definition_json
from crosslook.contracts.suggestions import SUGGESTIONS_MAX
from services.schema_service.domain.definition import RESERVED, Limits, parse_definition
from tests.unit.schema_service.samples import TICKET, definition, found, read, ticket, with_field

Expected = tuple[str, str, str | None]


def test_the_schema_of_the_contract_is_taken_and_comes_back_as_it_was_sent() -> None:
    assert definition_json(definition(TICKET)) == TICKET


def test_members_that_were_not_sent_do_not_appear() -> None:
    small = {"object": "order", "labels": {"singular": "Order", "plural": "Orders"}}
    assert definition_json(definition(small)) == small


def test_null_counts_as_not_sent() -> None:
    body = with_field(slug="note", type="text", label=None, scale=None, options=None, description=None)
    assert definition_json(definition(body))["fields"][5] == {"slug": "note", "type": "text"}


def test_a_definition_may_be_sent_back_with_empty_options_on_any_field() -> None:
    assert definition(with_field(slug="note", type="text", options=[])).fields[5].options == ()


@pytest.mark.parametrize("kind", list(FieldType))
def test_every_type_of_the_contract_is_taken(kind: FieldType) -> None:
    assert definition(with_field(slug="extra", type=kind.value, options=[])).fields[5].type is kind


@pytest.mark.parametrize("kind", list(FieldType))
def test_a_field_of_every_type_can_be_marked_personal_and_comes_back_as_it_was_sent(kind: FieldType) -> None:
    sent = with_field(slug="extra", type=kind.value, options=[], personal=True)
    found = definition(sent)
    assert found.fields[5].personal
    assert definition_json(found) == sent
    assert not definition(with_field(slug="extra", type=kind.value, options=[])).fields[5].personal


@pytest.mark.parametrize("slug", ["a", "a1", "a_b", "z" * 63])
def test_slugs_of_the_contract_are_taken(slug: str) -> None:
    assert definition(with_field(slug=slug, type="text")).fields[5].slug == slug


FIELD: list[tuple[dict[str, Any], list[Expected]]] = [
    ({"type": "text"}, [("/fields/5/slug", "required_missing", None)]),
    ({"slug": "x"}, [("/fields/5/type", "required_missing", None)]),
    ({"slug": "", "type": "text"}, [("/fields/5/slug", "required_missing", None)]),
    ({"slug": 7, "type": "text"}, [("/fields/5/slug", "wrong_type", None)]),
    ({"slug": "Opened At", "type": "text"}, [("/fields/5/slug", "bad_slug", "opened_at")]),
    ({"slug": "1st", "type": "text"}, [("/fields/5/slug", "bad_slug", "st")]),
    ({"slug": "_x", "type": "text"}, [("/fields/5/slug", "bad_slug", "x")]),
    ({"slug": "x\n", "type": "text"}, [("/fields/5/slug", "bad_slug", "x")]),
    ({"slug": "été", "type": "text"}, [("/fields/5/slug", "bad_slug", "t")]),
    ({"slug": "ß", "type": "text"}, [("/fields/5/slug", "bad_slug", None)]),
    ({"slug": "z" * 64, "type": "text"}, [("/fields/5/slug", "bad_slug", "z" * 63)]),
    ({"slug": "z" * 201, "type": "text"}, [("/fields/5/slug", "too_long", None)]),
    ({"slug": "count", "type": "text"}, [("/fields/5/slug", "reserved_word", None)]),
    ({"slug": "status", "type": "text"}, [("/fields/5/slug", "duplicate_slug", None)]),
    ({"slug": "x", "type": "datetim"}, [("/fields/5/type", "unknown_type", "datetime")]),
    ({"slug": "x", "type": "Text"}, [("/fields/5/type", "unknown_type", "text")]),
    ({"slug": "x", "type": "string"}, [("/fields/5/type", "unknown_type", "text")]),
    ({"slug": "x", "type": "qqq"}, [("/fields/5/type", "unknown_type", None)]),
    ({"slug": "x", "type": ["text"]}, [("/fields/5/type", "wrong_type", None)]),
    ({"slug": "x", "type": "text", "label": "l" * 201}, [("/fields/5/label", "too_long", None)]),
    ({"slug": "x", "type": "text", "label": 1}, [("/fields/5/label", "wrong_type", None)]),
    ({"slug": "x", "type": "text", "description": "d" * 2001}, [("/fields/5/description", "too_long", None)]),
    ({"slug": "x", "type": "text", "required": "yes"}, [("/fields/5/required", "wrong_type", None)]),
    ({"slug": "x", "type": "text", "required": 1}, [("/fields/5/required", "wrong_type", None)]),
    ({"slug": "x", "type": "text", "personal": 1}, [("/fields/5/personal", "wrong_type", None)]),
    ({"slug": "x", "type": "text", "scale": 2}, [("/fields/5/scale", "not_for_type", None)]),
    ({"slug": "x", "type": "text", "currency": "USD"}, [("/fields/5/currency", "not_for_type", None)]),
    ({"slug": "x", "type": "number", "currency": "USD"}, [("/fields/5/currency", "not_for_type", None)]),
    ({"slug": "x", "type": "date", "options": [{"value": "a"}]}, [("/fields/5/options", "not_for_type", None)]),
    ({"slug": "x", "type": "number", "scale": -1}, [("/fields/5/scale", "out_of_range", None)]),
    ({"slug": "x", "type": "number", "scale": 11}, [("/fields/5/scale", "out_of_range", None)]),
    ({"slug": "x", "type": "number", "scale": 1.5}, [("/fields/5/scale", "wrong_type", None)]),
    ({"slug": "x", "type": "number", "scale": True}, [("/fields/5/scale", "wrong_type", None)]),
    ({"slug": "x", "type": "currency", "currency": "usd"}, [("/fields/5/currency", "bad_currency", "USD")]),
    ({"slug": "x", "type": "currency", "currency": "dollar"}, [("/fields/5/currency", "bad_currency", None)]),
    ({"slug": "x", "type": "dropdown"}, [("/fields/5/options", "options_missing", None)]),
    ({"slug": "x", "type": "multiselect"}, [("/fields/5/options", "options_missing", None)]),
    ({"slug": "x", "type": "dropdown", "options": {}}, [("/fields/5/options", "wrong_type", None)]),
    ({"slug": "x", "type": "dropdown", "options": ["a"]}, [("/fields/5/options/0", "wrong_type", None)]),
    ({"slug": "x", "type": "dropdown", "options": [{}]}, [("/fields/5/options/0/value", "required_missing", None)]),
    (
        {"slug": "x", "type": "dropdown", "options": [{"value": "a"}, {"value": "b"}, {"value": "a"}]},
        [("/fields/5/options/2/value", "duplicate_option", None)],
    ),
    (
        {"slug": "x", "type": "dropdown", "options": [{"value": "a", "lable": "A"}]},
        [("/fields/5/options/0/lable", "unknown_property", "label")],
    ),
    (
        {"slug": "x", "type": "dropdown", "options": [{"value": str(n)} for n in range(501)]},
        [("/fields/5/options", "too_many_options", None)],
    ),
    ({"slug": "x", "type": "text", "requierd": True}, [("/fields/5/requierd", "unknown_property", "required")]),
    ({"slug": "x", "type": "text", "a/b~c": 1}, [("/fields/5/a~1b~0c", "unknown_property", None)]),
]


@pytest.mark.parametrize(("field", "expected"), FIELD, ids=[f"{e[0][1]}-{n}" for n, (_, e) in enumerate(FIELD)])
def test_a_field_is_refused_at_its_place(field: dict[str, Any], expected: list[Expected]) -> None:
    assert found(read(with_field(**field))) == expected


OBJECT: list[tuple[dict[str, Any], list[Expected]]] = [
    ({"object": None}, [("/object", "required_missing", None)]),
    ({"object": "Ticket"}, [("/object", "bad_slug", "ticket")]),
    ({"object": "record"}, [("/object", "reserved_word", None)]),
    ({"labels": None}, [("/labels", "required_missing", None)]),
    ({"labels": "Ticket"}, [("/labels", "wrong_type", None)]),
    ({"labels": {"singular": "Ticket"}}, [("/labels/plural", "required_missing", None)]),
    ({"labels": {"singular": " ", "plural": "T"}}, [("/labels/singular", "required_missing", None)]),
    (
        {"labels": {"singular": "T", "plural": "T", "plurals": "T"}},
        [("/labels/plurals", "unknown_property", "plural")],
    ),
    ({"description": "d" * 2001}, [("/description", "too_long", None)]),
    ({"fields": {}}, [("/fields", "wrong_type", None)]),
    ({"fields": ["status"]}, [("/fields/0", "wrong_type", None)]),
    (
        {"fields": [{"slug": f"f{n}", "type": "text"} for n in range(201)]},
        [("/fields", "too_many_fields", None)],
    ),
    (
        {"relationships": [{"slug": f"r{n}", "target": "contact"} for n in range(11)]},
        [("/relationships", "too_many_relationships", None)],
    ),
    ({"relationships": [{"slug": "requester"}]}, [("/relationships/0/target", "required_missing", None)]),
    (
        {"relationships": [{"slug": "requester", "target": "Big Contact"}]},
        [("/relationships/0/target", "bad_slug", "big_contact")],
    ),
    (
        {"relationships": [{"slug": "requester", "target": "contact", "many": "no"}]},
        [("/relationships/0/many", "wrong_type", None)],
    ),
    (
        {"relationships": [{"slug": "status", "target": "contact"}]},
        [("/relationships/0/slug", "duplicate_slug", None)],
    ),
    ({"fieldz": []}, [("/fieldz", "unknown_property", "fields")]),
]


@pytest.mark.parametrize(("members", "expected"), OBJECT, ids=[f"{e[0][1]}-{n}" for n, (_, e) in enumerate(OBJECT)])
def test_an_object_is_refused_at_its_place(members: dict[str, Any], expected: list[Expected]) -> None:
    assert found(read(ticket(**members))) == expected


@pytest.mark.parametrize("body", [None, [], "ticket", 3, True])
def test_a_body_that_is_no_object_is_refused_whole(body: Any) -> None:
    assert found(read(body)) == [("", "wrong_type", None)]


def test_every_problem_of_a_body_is_found_at_once() -> None:
    body = {
        "labels": {},
        "fields": [{"slug": "Bad", "type": "strin", "x": 1}, {"slug": "y", "type": "dropdown"}],
        "relationships": [{"slug": "y", "target": "contact"}],
        "extra": True,
    }
    assert found(read(body)) == [
        ("/object", "required_missing", None),
        ("/labels/singular", "required_missing", None),
        ("/labels/plural", "required_missing", None),
        ("/fields/0/slug", "bad_slug", "bad"),
        ("/fields/0/type", "unknown_type", "text"),
        ("/fields/0/x", "unknown_property", None),
        ("/fields/1/options", "options_missing", None),
        ("/relationships/0/slug", "duplicate_slug", None),
        ("/extra", "unknown_property", None),
    ]


def test_the_object_of_the_body_is_that_of_the_address() -> None:
    assert found(read(TICKET, "booking")) == [("/object", "object_mismatch", "booking")]
    assert list(read(TICKET, "ticket").problems) == []


@pytest.mark.parametrize("name", ["version", "status", "created_at", "updated_at", "in_reports", "integration"])
def test_what_the_service_adds_is_refused_with_a_sentence_of_its_own(name: str) -> None:
    (problem,) = read(ticket(**{name: 1})).problems
    assert (problem.code, problem.pointer, problem.text) == (
        "unknown_property",
        f"/{name}",
        "unknown_property.read_only",
    )
    assert problem.message("en") == f"{name} is set by the service; leave it out."


def test_limits_are_arguments() -> None:
    parsed = parse_definition(TICKET, Limits(fields=4, relationships=0, options=1))
    assert [(problem.code, problem.values) for problem in parsed.problems] == [
        ("too_many_fields", {"limit": 4, "count": 5}),
        ("too_many_relationships", {"limit": 0, "count": 1}),
    ]
    assert [problem.code for problem in parse_definition(TICKET, Limits(options=1)).problems] == ["too_many_options"]


def test_every_reserved_word_is_refused_for_fields_relationships_and_objects() -> None:
    for word in RESERVED:
        body = ticket(object=word, relationships=[{"slug": word, "target": "contact"}])
        assert [problem.code for problem in read(body).problems] == ["reserved_word", "reserved_word"]


def test_unknown_members_are_described_up_to_a_limit_and_counted_beyond_it() -> None:
    body = ticket(**{f"field{n}": 1 for n in range(2000)})
    problems = read(body).problems
    assert (len(problems), len(problems.shown), problems.omitted) == (2000, 100, 1900)
    assert len([problem for problem in problems if problem.suggestion == "fields"]) == SUGGESTIONS_MAX


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["object", "labels", "fields", "relationships", "slug", "type", "options", "target"])
            | st.text(max_size=5),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


@given(_JSON)
def test_whatever_json_is_sent_is_either_a_definition_or_refused_with_sentences(body: Any) -> None:
    parsed = read(body)
    assert (parsed.definition is None) == bool(parsed.problems)
    for problem in parsed.problems:
        assert problem.message("en") != problem.message("fr")
