"""`admit()`: every refusal with its place, every admission in canonical form (CONTRACTS 3, ARCHITECTURE 5)."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts.admission import Admission, compile_schema
from crosslook.contracts.records import FOREIGN_IDS, MERGED_INTO, Admitted, EventKind, RecordEvent, Refused
from crosslook.contracts.references import REFERENCES_MAX
from crosslook.contracts.schemas import (
    BUILT_IN_CONTACT,
    Definition,
    FieldDef,
    FieldType,
    Labels,
    OptionDef,
    RelationshipDef,
    SchemaState,
)
from tests.helpers.builders import state

NOW_MS = 1_800_000_000_000
_TICKET = Definition(
    object="ticket",
    labels=Labels(singular="Ticket", plural="Tickets"),
    fields=(
        FieldDef(slug="status", type=FieldType.DROPDOWN, options=(OptionDef(value="open"), OptionDef(value="solved"))),
        FieldDef(slug="subject", type=FieldType.TEXT, required=True),
        FieldDef(slug="csat", type=FieldType.NUMBER),
        FieldDef(slug="amount", type=FieldType.CURRENCY),
        FieldDef(slug="opened_at", type=FieldType.DATETIME),
        FieldDef(slug="tags", type=FieldType.MULTISELECT),
    ),
    relationships=(
        RelationshipDef(slug="requester", target="contact"),
        RelationshipDef(slug="followers", target="contact", many=True),
        RelationshipDef(slug="parent", target="ticket"),
    ),
)


class Schemas:
    """A moment's view: acme's ticket and contact; the tenant `gone` is suspended."""

    def __init__(self, ticket: Definition = _TICKET, version: int = 4) -> None:
        self.states = {
            "ticket": SchemaState(tenant="acme", object="ticket", version=version, definition=ticket),
            "contact": SchemaState(tenant="acme", object="contact", version=1, definition=BUILT_IN_CONTACT),
        }

    def tenant_known(self, tenant: str) -> bool:
        return tenant in ("acme", "globex")

    def schema(self, tenant: str, object_slug: str) -> SchemaState | None:
        return self.states.get(object_slug) if tenant == "acme" else None


def event(**changes: Any) -> RecordEvent:
    parts: dict[str, Any] = {
        "id": "e1",
        "source": "/s",
        "kind": EventKind.UPSERT,
        "time_ms": NOW_MS,
        "tenant": "acme",
        "object": "ticket",
        "record": "1",
        "sequence": 0,
        "fields": {"subject": "help"},
        "relationships": {},
        "external_ids": [],
    }
    return RecordEvent(**{**parts, **changes})


def admitted(sent: RecordEvent) -> Admitted:
    decided = Admission(Schemas()).admit(sent, NOW_MS)
    assert isinstance(decided, Admitted), decided
    return decided


def refused(sent: RecordEvent, expected_tenant: str | None = None) -> Refused:
    decided = Admission(Schemas()).admit(sent, NOW_MS, expected_tenant)
    assert isinstance(decided, Refused), decided
    return decided


def test_an_admitted_event_has_canonical_values_and_no_empties() -> None:
    sent = event(
        sequence=7,
        fields={
            "subject": "help",
            "status": "open",
            "csat": "4.50",
            "amount": 12.5,
            "opened_at": "2026-11-20T12:00:00+02:00",
            "tags": [],
        },
    )
    row = admitted(sent)
    assert orjson.loads(row.fields) == {
        "subject": "help",
        "status": "open",
        "csat": 4.5,
        "amount": "12.5",
        "opened_at": "2026-11-20 10:00:00.000",
    }
    assert (row.tenant, row.object, row.record, row.source, row.event_id) == ("acme", "ticket", "1", "/s", "e1")
    assert (row.kind, row.time_ms, row.sequence, row.schema_version) == (EventKind.UPSERT, NOW_MS, 7, 4)
    assert (row.references, row.external_ids) == (b"{}", [])


def test_references_take_one_canonical_form() -> None:
    row = admitted(
        event(
            relationships={
                "requester": [{"id": "c-17"}, {"email": " A@X.example\t"}, {"external": "zendesk:88"}],
                "followers": [{"email": "a@x.example"}, {"email": "A@x.example"}, {"id": "C-17"}],
                "parent": None,
            }
        )
    )
    assert orjson.loads(row.references) == {
        "requester": ["id:c-17", "email:a@x.example", "external:zendesk:88"],
        "followers": ["email:a@x.example", "id:C-17"],
    }


def test_a_contact_carries_its_foreign_ids_once_each() -> None:
    row = admitted(event(object="contact", fields={}, external_ids=["zendesk:88", "calendly:1", "zendesk:88"]))
    assert row.external_ids == ["zendesk:88", "calendly:1"]


def test_a_deletion_needs_no_fields_and_what_it_carries_is_left_out() -> None:
    row = admitted(
        event(kind=EventKind.DELETE, fields={"no_such": 1}, relationships={"no_such": 1}, external_ids=["x"])
    )
    assert (row.kind, row.fields, row.references, row.external_ids) == (EventKind.DELETE, b"{}", b"{}", [])


def test_the_contact_that_a_deleted_one_was_merged_into_is_staged_as_a_reference() -> None:
    row = admitted(event(kind=EventKind.DELETE, object="contact", merged_into="c-9"))
    assert (row.fields, orjson.loads(row.references), row.external_ids) == (b"{}", {MERGED_INTO: ["id:c-9"]}, [])


def patched(**changes: Any) -> Admitted:
    return admitted(event(kind=EventKind.PATCH, **{"fields": {}, "external_ids": None, **changes}))


def test_a_patch_says_what_it_clears_and_leaves_out_what_it_does_not_name() -> None:
    fields: dict[str, Any] = {"status": None, "csat": 4, "tags": [], "amount": ""}
    row = patched(fields=fields, relationships={"requester": None, "followers": []})
    assert row.kind is EventKind.PATCH
    assert orjson.loads(row.fields) == {"status": None, "csat": 4, "tags": None, "amount": None}
    assert orjson.loads(row.references) == {"requester": [], "followers": []}


def test_a_patch_may_name_nothing_at_all() -> None:
    assert (patched().fields, patched().references, patched().external_ids) == (b"{}", b"{}", [])


@pytest.mark.parametrize("ids", [[], ["zendesk:1"]])
def test_a_patch_of_a_contact_says_whether_it_names_foreign_ids(ids: list[str]) -> None:
    row = patched(object="contact", external_ids=ids)
    assert (orjson.loads(row.references), row.external_ids) == ({FOREIGN_IDS: []}, ids)
    assert patched(object="contact").references == b"{}"


def test_a_patch_need_not_name_required_fields_but_must_not_clear_them() -> None:
    assert patched(fields={"csat": 1})
    refused = Admission(Schemas()).admit(event(kind=EventKind.PATCH, fields={"subject": None}), NOW_MS)
    assert isinstance(refused, Refused)
    assert (refused.problem.code, refused.problem.pointer) == ("required_missing", "/data/fields/subject")


@pytest.mark.parametrize("ahead_ms", [-(10**12), 0, 5 * 60 * 1000])
def test_an_event_may_be_old_or_five_minutes_ahead(ahead_ms: int) -> None:
    assert admitted(event(time_ms=NOW_MS + ahead_ms)).time_ms == NOW_MS + ahead_ms


_MANY = [{"id": str(number)} for number in range(REFERENCES_MAX + 1)]
_DEEP: Any = orjson.loads(b"[" * 900 + b"]" * 900)
REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"tenant": "nobody"}, "unknown_tenant", "/data/tenant"),
    ({"time_ms": NOW_MS + 5 * 60 * 1000 + 1}, "from_the_future", "/time"),
    ({"object": "spaceship"}, "unknown_object", "/data/object"),
    ({"tenant": "globex"}, "unknown_object", "/data/object"),
    ({"fields": {"subject": "x", "colour": "blue"}}, "unknown_field", "/data/fields/colour"),
    ({"fields": {"subject": "x", "a/b~": 1}}, "unknown_field", "/data/fields/a~1b~0"),
    ({"fields": {"subject": "x", "": 1}}, "unknown_field", "/data/fields/"),
    ({"fields": {"subject": 5}}, "wrong_type", "/data/fields/subject"),
    ({"fields": {"subject": _DEEP}}, "wrong_type", "/data/fields/subject"),
    ({"fields": {"subject": "x" * 1025}}, "too_long", "/data/fields/subject"),
    ({"fields": {"subject": "x", "csat": 2**53 + 1}}, "out_of_range", "/data/fields/csat"),
    ({"fields": {"subject": "x", "status": "opne"}}, "unknown_option", "/data/fields/status"),
    ({"fields": {}}, "required_missing", "/data/fields/subject"),
    ({"fields": {"subject": None}}, "required_missing", "/data/fields/subject"),
    ({"fields": {"subject": ""}}, "required_missing", "/data/fields/subject"),
    ({"relationships": {"reqester": []}}, "unknown_field", "/data/relationships/reqester"),
    ({"relationships": {"requester": {"id": "c"}}}, "wrong_type", "/data/relationships/requester"),
    ({"relationships": {"requester": "c"}}, "wrong_type", "/data/relationships/requester"),
    ({"relationships": {"followers": _MANY}}, "too_long", "/data/relationships/followers"),
    ({"relationships": {"followers": [{"id": "c"}, "c"]}}, "wrong_type", "/data/relationships/followers/1"),
    ({"relationships": {"requester": [{}]}}, "wrong_type", "/data/relationships/requester/0"),
    ({"relationships": {"requester": [{"id": "c", "email": "a"}]}}, "wrong_type", "/data/relationships/requester/0"),
    ({"relationships": {"requester": [{"phone": "1"}]}}, "wrong_type", "/data/relationships/requester/0"),
    ({"relationships": {"requester": [{"id": 17}]}}, "wrong_type", "/data/relationships/requester/0"),
    ({"relationships": {"requester": [{"id": ""}]}}, "wrong_type", "/data/relationships/requester/0"),
    ({"relationships": {"requester": [{"email": " "}]}}, "wrong_type", "/data/relationships/requester/0"),
    ({"relationships": {"requester": [{"id": "c" * 201}]}}, "too_long", "/data/relationships/requester/0/id"),
    ({"relationships": {"requester": [{"email": "c" * 257}]}}, "too_long", "/data/relationships/requester/0/email"),
    ({"external_ids": ["zendesk:1"]}, "unknown_field", "/data/external_ids"),
    ({"object": "contact", "fields": {}, "external_ids": ["a", 5]}, "wrong_type", "/data/external_ids/1"),
    ({"object": "contact", "fields": {}, "external_ids": [" "]}, "wrong_type", "/data/external_ids/0"),
    ({"object": "contact", "fields": {}, "external_ids": ["x" * 257]}, "too_long", "/data/external_ids/0"),
    ({"object": "contact", "fields": {}, "external_ids": ["x"] * 1001}, "too_long", "/data/external_ids"),
]


@pytest.mark.parametrize(("changes", "code", "where"), REFUSED)
def test_what_the_schema_does_not_allow_is_refused_at_its_place(changes: dict[str, Any], code: str, where: str) -> None:
    found = refused(event(**changes))
    assert (found.problem.code, found.problem.pointer) == (code, where)
    assert (found.source, found.event_id, found.record) == ("/s", "e1", "1")
    assert found.problem.message("en")
    assert found.problem.message("fr")


@pytest.mark.parametrize(
    ("changes", "suggestion"),
    [
        ({"fields": {"subjcet": "x"}}, "subject"),
        ({"fields": {"subject": "x", "status": "opne"}}, "open"),
        ({"relationships": {"reqester": []}}, "requester"),
        ({"fields": {"x" * 100_000: 1}}, None),
    ],
)
def test_a_misspelt_name_gets_a_suggestion(changes: dict[str, Any], suggestion: str | None) -> None:
    problem = refused(event(**changes)).problem
    assert problem.suggested() == suggestion
    assert len(problem.message()) < 300


def test_an_event_for_another_tenant_than_the_callers_is_refused() -> None:
    problem = refused(event(), expected_tenant="globex").problem
    assert (problem.code, problem.pointer) == ("wrong_tenant", "/data/tenant")
    assert isinstance(Admission(Schemas()).admit(event(), NOW_MS, "acme"), Admitted)


def test_a_changed_schema_is_used_from_the_next_event_on() -> None:
    schemas = Schemas()
    admission = Admission(schemas)
    newer = event(fields={"subject": "x", "channel": "chat"})
    assert isinstance(admission.admit(newer, NOW_MS), Refused)
    fields = (*_TICKET.fields, FieldDef(slug="channel", type=FieldType.TEXT))
    schemas.states = Schemas(_TICKET.model_copy(update={"fields": fields}), version=5).states
    decided = admission.admit(newer, NOW_MS)
    assert isinstance(decided, Admitted)
    assert decided.schema_version == 5
    del schemas.states["ticket"]
    assert isinstance(admission.admit(newer, NOW_MS), Refused)


def test_a_deleted_object_has_nothing_to_compile() -> None:
    with pytest.raises(ValueError, match="acme/ticket is deleted"):
        compile_schema(state(None, version=2))


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_FIELDS = st.fixed_dictionaries(
    {"subject": st.text(min_size=1)},
    optional=dict.fromkeys(["status", "csat", "amount", "opened_at", "tags", "x"], _JSON),
)
_LINKS = st.fixed_dictionaries({}, optional=dict.fromkeys(["requester", "followers", "parent", "x"], _JSON))


@given(_FIELDS, _LINKS, st.lists(_JSON, max_size=3), st.sampled_from(["ticket", "contact", "x"]))
def test_admission_never_raises_for_anything_an_event_can_hold(
    fields: dict[str, Any], relationships: dict[str, Any], external_ids: list[Any], name: str
) -> None:
    sent = event(object=name, fields=fields, relationships=relationships, external_ids=external_ids)
    decided = Admission(Schemas()).admit(sent, NOW_MS)
    if isinstance(decided, Admitted):
        assert orjson.loads(decided.fields).keys() <= fields.keys()
    else:
        assert decided.problem.message("fr")
