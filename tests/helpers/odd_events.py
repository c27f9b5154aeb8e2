"""Hypothesis strategies of events: ordinary ones, slightly broken ones, and all encodings of JSON writers."""

import json
from copy import deepcopy
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, NamedTuple

from hypothesis import strategies as st

from crosslook.contracts import exact_json
from crosslook.contracts.admission import FUTURE_TOLERANCE_MS
from crosslook.contracts.events import DELETED, PATCHED, STRUCTURED, UPSERTED
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

RECEIVED_MS = 1_800_000_000_000
_LABELS = Labels(singular="One", plural="Many")
_OPTIONS = (
    OptionDef(value="open"),
    OptionDef(value="clos\u00e9"),
    OptionDef(value='a"b\\'),
    OptionDef(value="🦊"),
    OptionDef(value=""),
)
_CHOICES = [option.value for option in _OPTIONS if option.value]
_KINDS = tuple(FieldType)
_LINKS = tuple(RelationshipDef(slug=slug, target="contact", many=True) for slug in ("requester", "followers"))
EVERY_TYPE = Definition(
    object="ticket",
    labels=_LABELS,
    fields=(
        *(FieldDef(slug=kind.value, type=kind, options=_OPTIONS) for kind in _KINDS),
        FieldDef(slug="tags", type=FieldType.MULTISELECT),
        FieldDef(slug="class", type=FieldType.TEXT),
        FieldDef(slug="nothing", type=FieldType.DROPDOWN),
    ),
    relationships=_LINKS,
)
ALL_REQUIRED = Definition(
    object="order",
    labels=_LABELS,
    fields=tuple(FieldDef(slug=kind.value, type=kind, options=_OPTIONS, required=True) for kind in _KINDS),
)


class Sent(NamedTuple):
    """A message as it lies on the broker."""

    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]
    timestamp: int = RECEIVED_MS


class Schemas:
    """A moment's view: acme's ticket (every type), order (all required), contact, an object without any field, and a
    malformed one."""

    def __init__(self) -> None:
        bare = Definition(object="bare", labels=_LABELS)
        twice = Definition(object="twice", labels=_LABELS, fields=2 * (FieldDef(slug="a", type=FieldType.TEXT),))
        self.states = {
            item.object: SchemaState(tenant="acme", object=item.object, version=3, definition=item)
            for item in (EVERY_TYPE, ALL_REQUIRED, BUILT_IN_CONTACT, bare, twice)
        }
        self._gone = {name: state.model_copy(update={"tenant": "gone"}) for name, state in self.states.items()}

    def tenant_known(self, tenant: str) -> bool:
        """Only acme is known."""
        return tenant == "acme"

    def schema(self, tenant: str, object_slug: str) -> SchemaState | None:
        """The state of one of acme's objects; `gone` has objects, too, but is not known any more."""
        return {"acme": self.states, "gone": self._gone}.get(tenant, {}).get(object_slug)


MANY_DIGITS = st.decimals(-(10**15) + 1, 10**15 - 1, places=4)
"""Amounts with more digits than a double has: sent as numbers they must be kept all the same."""
_TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)
_INSTANTS = (
    st.datetimes()
    .map(lambda at: at.isoformat(timespec="milliseconds") + "Z")
    .filter(lambda text: "1900" <= text < "2300")
)
PLAIN: dict[FieldType, st.SearchStrategy[Any]] = {
    FieldType.TEXT: _TEXT,
    FieldType.TEXTAREA: _TEXT,
    FieldType.NUMBER: st.integers(-(2**53), 2**53) | st.floats(-1e15, 1e15) | st.sampled_from(["4.50", "-1e3", -0.0]),
    FieldType.CURRENCY: st.decimals(-(10**9), 10**9, places=2).map(str)
    | st.integers(-(10**9), 10**9)
    | st.sampled_from([12.5, -0.0, 1e3])
    | MANY_DIGITS,
    FieldType.DATE: _INSTANTS.map(lambda text: text[:10]),
    FieldType.DATETIME: _INSTANTS | _INSTANTS.map(lambda text: text[:19] + "+05:30"),
    FieldType.DROPDOWN: st.sampled_from(_CHOICES),
    FieldType.MULTISELECT: st.lists(st.sampled_from(_CHOICES), unique=True),
    FieldType.BOOLEAN: st.booleans(),
}
_REFERENCE = st.sampled_from([{"id": "c-1"}, {"email": " A@X.example\t"}, {"external": "zendesk:8"}, {"id": "é/ü"}])
_REFERENCES = st.lists(_REFERENCE, max_size=3)
ANY_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**65), 2**65)
    | st.floats()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", " ", "open", "1.0", "x" * 1025, "2026-02-30", "2026-01-01T24:00:00Z", "1e400", "-0", "\0"])
    | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def future_times(draw: st.DrawFn, least: int, most: int) -> str:
    """An instant so many milliseconds after the latest that is admitted of a message, in any form."""
    at = datetime.fromtimestamp((RECEIVED_MS + FUTURE_TOLERANCE_MS) / 1000, UTC)
    at += timedelta(milliseconds=draw(st.integers(least, most)))
    if at.microsecond == 0 and draw(st.booleans()):
        return at.isoformat().replace("+00:00", "Z")
    zone = timezone(timedelta(minutes=draw(st.sampled_from([0, 330, -300]))))
    return at.astimezone(zone).isoformat(timespec="milliseconds")


@st.composite
def ordinary(draw: st.DrawFn) -> dict[str, Any]:
    """A structured CloudEvent that is admitted, and worth being quick about."""
    name = draw(st.sampled_from(["ticket", "order", "contact", "bare"]))
    data: dict[str, Any] = {"tenant": "acme", "object": name, "record": draw(_TEXT)}
    if name == "contact":
        data["fields"] = {"email": "a@x.example", "created_at": draw(_INSTANTS), "phone": None}
        data["external_ids"] = draw(st.lists(st.sampled_from(["zendesk:8", "calendly:1"]), max_size=3))
    elif name != "bare":
        needed = dict(PLAIN) | {FieldType.MULTISELECT: st.just(["open"])} if name == "order" else {}
        plain = {kind.value: needed.get(kind, st.none() | PLAIN[kind]) for kind in _KINDS}
        fields = draw(st.fixed_dictionaries(plain) if name == "order" else st.fixed_dictionaries({}, optional=plain))
        data["fields"] = dict(draw(st.permutations(list(fields.items()))))
        if name == "ticket":
            data["relationships"] = {"requester": draw(_REFERENCES), "followers": draw(st.none() | _REFERENCES)}
    if draw(st.booleans()):
        data["sequence"] = draw(st.none() | st.integers(-(2**53), 2**53))
    event = {"specversion": "1.0", "id": draw(_TEXT), "source": "/s", "type": UPSERTED, "data": data}
    times = st.none() | st.just("2026-01-01T00:00:00Z") | future_times(-2, 0)
    extra = {"time": times, "datacontenttype": st.just("application/json")}
    return event | draw(st.fixed_dictionaries({}, optional={**extra, "traceparent": _TEXT}))


@st.composite
def broken(draw: st.DrawFn) -> dict[str, Any]:
    """An ordinary event of which some members were left out, replaced or added, anywhere."""
    event = deepcopy(draw(ordinary()))
    for _ in range(draw(st.integers(0, 2))):
        place: Any = event
        while True:
            members: list[Any] = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not members:
                break
            member = draw(st.sampled_from(members))
            inside = place[member]
            if isinstance(inside, dict | list) and inside and draw(st.integers(0, 3)):
                place = inside
                continue
            place[member] = deepcopy(
                draw(
                    ANY_JSON
                    | future_times(-2, 2)
                    | st.sampled_from([inside, PATCHED, DELETED, "gone", "bare", [{"id": "  "}]])
                )
            )
            break
        if isinstance(place, dict) and draw(st.integers(0, 3)) == 0:
            name = draw(
                st.sampled_from(["no_such", "external_ids", "merged_into", "sequence", "time", "relationships"])
            )
            place[name] = draw(ANY_JSON)
    return event


def _written(value: Any, draw: st.DrawFn) -> str:
    """JSON as an odd writer would write it: members twice, spaces, escapes, other forms of numbers."""
    space = draw(st.sampled_from(["", "", " ", "\n\t"]))
    match value:
        case dict():
            members = [f"{_written(name, draw)}{space}:{_written(inner, draw)}" for name, inner in value.items()]
            if members and draw(st.integers(0, 9)) == 0:
                first = draw(st.sampled_from(list(value)))
                again = draw(st.sampled_from([value[first], None, "open", 7]))
                twice = f"{_written(first, draw)}:{_written(again, draw)}"
                members.insert(draw(st.integers(0, len(members))), twice)
            return "{" + f"{space},".join(members) + space + "}"
        case list():
            return "[" + ",".join(_written(inner, draw) for inner in value) + "]"
        case str() if value and draw(st.integers(0, 9)) == 0:
            return '"' + "".join(f"\\u{unit:04x}" for unit in _units(value)) + '"'
        case int() if not isinstance(value, bool) and draw(st.integers(0, 9)) == 0:
            return draw(st.sampled_from([f"{value}.0", f"{value}e0", f"{value}E+1", f"0{value}", f"{value}."]))
        case Decimal():
            return str(value)
        case _:
            return json.dumps(value, ensure_ascii=draw(st.booleans()))


def _units(text: str) -> list[int]:
    raw = text.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(raw[at : at + 2], "big") for at in range(0, len(raw), 2)]


@st.composite
def messages(draw: st.DrawFn, events: st.SearchStrategy[dict[str, Any]], *, odd: bool = False) -> Sent:
    """An event as a message in either mode; `odd`: written by an odd writer, with a byte or a header gone wrong."""
    event = draw(events)
    headers: list[tuple[str, bytes | None]] = [("content-type", STRUCTURED.encode())]
    body: Any = event
    if draw(st.booleans()):
        attributes = {f"ce_{name}": str(value).encode() for name, value in event.items() if name != "data" and value}
        headers = [("content-type", b"application/json"), *attributes.items()]
        body = event.get("data")
    data = event.get("data")
    named = data if isinstance(data, dict) else {}
    key = f"{named.get('tenant')}/{named.get('object')}/{named.get('record')}".encode("utf-8", "replace")
    if not odd:
        return Sent(draw(st.sampled_from([key, None])), exact_json.dumps(body), tuple(headers))
    value = _written(body, draw).encode("utf-8", "surrogatepass")
    if value and draw(st.integers(0, 4)) == 0:
        at = draw(st.integers(0, len(value) - 1))
        value = value[:at] + draw(st.binary(max_size=2)) + value[at + draw(st.integers(0, 2)) :]
    if draw(st.integers(0, 4)) == 0:
        gone_wrong = st.sampled_from([("Content-Type", b"APPLICATION/CloudEvents"), ("ce_id", b"\xff"), ("x", None)])
        headers[draw(st.integers(0, len(headers) - 1))] = draw(gone_wrong)
    keys = [key, None, b"", b"acme/order/1", b"acme/ticket/1", b"\xff/ticket"]
    return Sent(draw(st.sampled_from(keys)), value, tuple(headers))
