"""Random data of events about three objects: all optional fields, all required fields, and contact."""

from typing import Any

from hypothesis import strategies as st

from crosslook.contracts.admission import Admission
from crosslook.contracts.events import NotAdmitted, read_structured
from crosslook.contracts.field_types import FIELD_TYPES
from crosslook.contracts.ids import CONTACT
from crosslook.contracts.records import Refused
from crosslook.contracts.schemas import Definition, FieldDef, FieldType, OptionDef, RelationshipDef, SchemaState
from tests.helpers.builders import definition

OPTIONS = (OptionDef(value="open", label="Open"), OptionDef(value="véritable 2"))
FIELDS = tuple(
    FieldDef(slug=f"{kind}{suffix}", type=kind, label=f"The {kind}", required=required, options=options)
    for kind in FieldType
    for suffix, required in (("", False), ("_required", True))
    for options in (OPTIONS if FIELD_TYPES[kind].closed else (),)
)
EVERYTHING = definition(
    *(field for field in FIELDS if not field.required),
    FieldDef(slug="listed", type=FieldType.MULTISELECT, options=OPTIONS),
    FieldDef(slug="impossible", type=FieldType.DROPDOWN),
    name="everything",
    relationships=(RelationshipDef(slug="people", target=CONTACT, many=True),),
)
STRICT = definition(*(field for field in FIELDS if field.required), name="strict")
PEOPLE = definition(FieldDef(slug="email", type=FieldType.TEXT), name=CONTACT)
OBJECTS = {found.object: found for found in (EVERYTHING, STRICT, PEOPLE)}


NOW_MS = 1_795_500_000_000


class Schemas:
    """The three objects, for every tenant."""

    def __init__(self) -> None:
        self._states = {
            name: SchemaState(tenant="acme", object=name, version=1, definition=found)
            for name, found in OBJECTS.items()
        }

    def tenant_known(self, tenant: str) -> bool:
        return tenant == "acme"

    def schema(self, tenant: str, object_slug: str) -> SchemaState | None:
        return self._states.get(object_slug)


ADMISSION = Admission(Schemas())


def envelope(data: Any, kind: str) -> dict[str, Any]:
    """The event with this data, in structured mode."""
    return {"specversion": "1.0", "id": "1", "source": "/s", "type": kind, "data": data}


def refusal(data: Any, kind: str, **attributes: Any) -> Refused | None:
    """Why admission refuses an event with this data; None where it takes it."""
    event = {**envelope(data, kind), **attributes}
    try:
        decided = ADMISSION.admit(read_structured(event, NOW_MS), NOW_MS, "acme")
    except NotAdmitted as error:
        return error.refused
    return decided if isinstance(decided, Refused) else None


def upsert(name: str, **more: Any) -> dict[str, Any]:
    return {"tenant": "acme", "object": name, "record": "1", **more}


def near(*patterns: str) -> st.SearchStrategy[Any]:
    return st.one_of(*(st.from_regex(pattern, fullmatch=True) for pattern in patterns))


ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=5)
ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), ANY_TEXT,
    st.lists(ANY_TEXT, max_size=3), st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=2), st.just(""), st.just([]),
)  # fmt: skip
OF_TYPE: dict[FieldType, st.SearchStrategy[Any]] = {
    FieldType.TEXT: st.one_of(ANY_TEXT, st.integers(1023, 1026).map(lambda size: "x" * size)),
    FieldType.TEXTAREA: st.integers(65535, 65537).map(lambda size: "x" * size),
    FieldType.NUMBER: st.one_of(
        st.integers(-(2**54), 2**54), st.floats(-1e17, 1e17), near(r"[+-]?[0-9]{0,3}\.?[0-9]{0,3}([eE]-?[0-9]{1,2})?")
    ),
    FieldType.CURRENCY: st.one_of(
        st.integers(-(10**16), 10**16), st.decimals(-(10**16), 10**16, places=5).map(str),
        near(r"[+-]?0{0,2}[0-9]{0,16}\.?[0-9]{0,5}0{0,2}", r"-?[0-9]{1,3}\.?[0-9]?e-?[0-9]{1,2}"),
        st.floats(-1e16, 1e16).map(lambda amount: round(amount, 4)),
    ),
    FieldType.DATE: st.one_of(
        st.dates().map(str), near(r"(1899|1900|2000|2024|2100|2299|2300)-(0[0-9]|1[0-3])-([0-2][0-9]|3[0-2])")
    ),
    FieldType.DATETIME: near(
        r"(1899|1900|2000|2100|2299|2300)-(0[12]|1[12])-(01|28|29|3[01])[Tt _](00|2[34]):[05]9:(59|60)"
        r"(\.[0-9]{0,9})?([Zz]|[+-](00|14|2[34]):([0-5]9|60))?"
    ),
    FieldType.DROPDOWN: st.sampled_from(["open", "véritable 2", "Open", ""]),
    FieldType.MULTISELECT: st.lists(st.sampled_from(["open", "véritable 2", "x", ""]), max_size=3),
    FieldType.BOOLEAN: st.booleans(),
}  # fmt: skip


GOOD: dict[FieldType, Any] = {
    **dict.fromkeys((FieldType.TEXT, FieldType.TEXTAREA, FieldType.DROPDOWN), "open"),
    **dict.fromkeys((FieldType.NUMBER, FieldType.CURRENCY), 12.5),
    FieldType.DATE: "2026-11-23",
    FieldType.DATETIME: "2026-11-23T09:30:00Z",
    FieldType.MULTISELECT: ["open"],
    FieldType.BOOLEAN: False,
}


def value_of(field: FieldDef) -> st.SearchStrategy[Any]:
    return st.one_of(OF_TYPE[field.type], OF_TYPE[field.type], OF_TYPE[field.type], ANYTHING)


TEXTS_OF_REFERENCES = st.one_of(
    st.sampled_from(["a@x.com", " ", "\x1c\x85", "\ufeff", ""]), st.sampled_from([200, 201, 256, 257]).map("x".__mul__)
)
REFERENCE = st.one_of(
    st.dictionaries(st.sampled_from(["id", "email", "external", "x"]), TEXTS_OF_REFERENCES, max_size=2), ANYTHING
)
SEQUENCES = st.one_of(st.none(), st.integers(-(2**53) - 1, 2**53 + 1), ANYTHING)


@st.composite
def data_of(draw: st.DrawFn, found: Definition) -> dict[str, Any]:
    """The data of an event about an object, mostly good."""
    fields = {field.slug: GOOD[field.type] for field in found.fields if field.required}
    for field in draw(st.sets(st.sampled_from(found.fields), max_size=2)):
        fields[field.slug] = draw(value_of(field))
    links: dict[str, Any] = {"people": draw(st.one_of(st.lists(REFERENCE, max_size=2), ANYTHING))}
    data: dict[str, Any] = upsert(found.object, fields=fields)
    optional = {
        "relationships": st.sampled_from([links, None, {}, {"nobody": []}]),
        "external_ids": st.one_of(st.lists(TEXTS_OF_REFERENCES, max_size=2), ANYTHING),
        "merged_into": st.one_of(st.sampled_from([None, "1", "2"]), TEXTS_OF_REFERENCES, ANYTHING),
        "sequence": SEQUENCES,
        "fields": st.one_of(st.just({**fields, "unknown": None}), ANYTHING),
        "record": st.one_of(st.sampled_from([200, 201]).map("x".__mul__), ANYTHING),
        "tenant": st.just("globex"),
        "object": st.sampled_from(["strict", "other", None]),
        "stranger": ANYTHING,
    }
    for name in draw(st.sets(st.sampled_from(list(optional)), max_size=2)):
        data[name] = draw(optional[name])
    for name in draw(st.sets(st.sampled_from(list(data)), max_size=1)) if draw(st.integers(0, 4)) == 0 else ():
        del data[name]
    return data
