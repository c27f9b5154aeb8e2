"""`admit()`: the pure function that decides which events enter staging, over HTTP and over Kafka.

Schemas are compiled once per version into converters; an event is then a handful of dictionary look-ups.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

import orjson

from crosslook.contracts.events import NotAdmitted
from crosslook.contracts.field_types import converter
from crosslook.contracts.ids import CONTACT, EVENT_ID_MAX
from crosslook.contracts.problems import Problem, pointer
from crosslook.contracts.records import FOREIGN_IDS, MERGED_INTO, Admitted, EventKind, RecordEvent, Refused
from crosslook.contracts.references import REFERENCES_MAX, distinct, reference
from crosslook.contracts.schemas import SchemaState
from crosslook.contracts.suggestions import guess
from crosslook.contracts.values import BadValue, Convert

FUTURE_TOLERANCE_MS = 5 * 60 * 1000
EMPTY_JSON = b"{}"
MAY_BE_NEWS = frozenset({"unknown_object", "unknown_field", "unknown_option", "unknown_tenant"})
"""Refusals that a schema which was not read yet, or cannot be read, would turn into an admission."""


class SchemaLookup(Protocol):
    """The schemas that admission checks events against: the current view of the schemas topic."""

    def tenant_known(self, tenant: str) -> bool:
        """Whether the tenant may send events."""

    def schema(self, tenant: str, object_slug: str) -> SchemaState | None:
        """The object's state, or None when it does not exist or is deleted. The same object until it changes."""


@dataclass(frozen=True, slots=True)
class CompiledSchema:
    """A schema state ready to check events: one converter per field."""

    state: SchemaState
    converters: dict[str, Convert]
    required: tuple[str, ...]
    relationships: frozenset[str]
    is_contact: bool


def compile_schema(state: SchemaState) -> CompiledSchema:
    """Compile the definition of a live object. Raises ValueError for a deleted one."""
    definition = state.definition
    if definition is None:
        raise ValueError(f"{state.key} is deleted: there is nothing to check against")
    return CompiledSchema(
        state=state,
        converters={field.slug: converter(field) for field in definition.fields},
        required=tuple(field.slug for field in definition.fields if field.required),
        relationships=frozenset(definition.relationship_by_slug),
        is_contact=definition.object == CONTACT,
    )


class Admission:
    """Checks events against a schema view and caches compiled schemas. No I/O, no clock: time is an argument.

    The suggestion of a refusal is not computed here: over Kafka nobody reads it, and one would hold up every sender.
    """

    def __init__(self, schemas: SchemaLookup) -> None:
        self._schemas = schemas
        self._compiled: dict[tuple[str, str], CompiledSchema] = {}

    def admit(self, event: RecordEvent, now_ms: int, expected_tenant: str | None = None) -> Admitted | Refused:
        """Check one event. Never raises, whatever the event contains.

        `now_ms` bounds the future. `expected_tenant` is the tenant a token or a path speaks for, where there is one.
        """
        try:
            return self._admit(event, now_ms, expected_tenant)
        except NotAdmitted as error:
            return error.refused

    def _admit(self, event: RecordEvent, now_ms: int, expected_tenant: str | None) -> Admitted:
        if expected_tenant is not None and event.tenant != expected_tenant:
            raise _refuse(event, "wrong_tenant", "/data/tenant", tenant=event.tenant, expected=expected_tenant)
        if not self._schemas.tenant_known(event.tenant):
            raise _refuse(event, "unknown_tenant", "/data/tenant", tenant=event.tenant)
        if event.time_ms > now_ms + FUTURE_TOLERANCE_MS:
            raise _refuse(event, "from_the_future", "/time")
        schema = self._schema(event)
        fields, references, external_ids = _content(event, schema)
        return Admitted(
            event.tenant,
            event.object,
            event.record,
            event.kind,
            event.time_ms,
            event.sequence,
            event.source,
            event.id,
            schema.state.version,
            fields,
            references,
            external_ids,
        )

    def _schema(self, event: RecordEvent) -> CompiledSchema:
        state = self._schemas.schema(event.tenant, event.object)
        if state is None:
            raise _refuse(event, "unknown_object", "/data/object", object=event.object)
        key = (event.tenant, event.object)
        compiled = self._compiled.get(key)
        if compiled is None or compiled.state is not state:
            compiled = self._compiled[key] = compile_schema(state)
        return compiled


def _refuse(event: RecordEvent, code: str, where: str, text: str = "", **values: str | int) -> NotAdmitted:
    return _refusal(event, Problem(code, where, text, values))


def _refusal(event: RecordEvent, problem: Problem) -> NotAdmitted:
    return NotAdmitted(Refused(problem, event.tenant, event.object, event.record, event.source, event.id))


def _content(event: RecordEvent, schema: CompiledSchema) -> tuple[bytes, bytes, list[str]]:
    """Fields, references and foreign ids as they are staged. A delete has none, but the contact that a contact was
    merged into is a reference of its own kind."""
    match event.kind:
        case EventKind.UPSERT:
            references = _json(_references(event, schema)) if event.relationships else EMPTY_JSON
            return _fields(event, schema), references, _external_ids(event, schema)
        case EventKind.PATCH:
            named = _references(event, schema)
            if schema.is_contact and event.external_ids is not None:
                named[FOREIGN_IDS] = []
            return _fields(event, schema), _json(named), _external_ids(event, schema)
        case EventKind.DELETE:
            merged = event.merged_into
            return EMPTY_JSON, _json({MERGED_INTO: [f"id:{merged}"]}) if merged is not None else EMPTY_JSON, []


def _fields(event: RecordEvent, schema: CompiledSchema) -> bytes:
    converters = schema.converters
    patch = event.kind is EventKind.PATCH
    values: dict[str, Any] = {}
    for slug, sent in event.fields.items():
        convert = converters.get(slug)
        if convert is None:
            raise _unknown(event, "fields", slug, converters)
        try:
            value = convert(sent)
        except BadValue as bad:
            where = pointer("data", "fields", slug)
            raise _refusal(event, Problem(bad.code, where, bad.text, bad.values, bad.suggestion)) from None
        if value is not None or patch:
            values[slug] = value
    for slug in schema.required:
        if values.get(slug) is None and (not patch or slug in values):
            raise _refuse(event, "required_missing", pointer("data", "fields", slug), name=slug)
    return _json({slug: values[slug] for slug in converters if slug in values})


def _json(value: Any) -> bytes:
    """JSON in a piece of memory of its own size. What orjson answers lies at the start of the kilobyte it was written
    in: with 20,000 of those kept, the gaps between them made a chunk's 7 MB into 150."""
    return memoryview(orjson.dumps(value)).tobytes()


def _unknown(event: RecordEvent, part: str, slug: str, known: Iterable[str]) -> NotAdmitted:
    values: dict[str, str | int] = {"name": slug[:100], "object": event.object}
    where = pointer("data", part, slug)
    return _refusal(event, Problem("unknown_field", where, values=values, suggestion=guess(slug, known)))


def _references(event: RecordEvent, schema: CompiledSchema) -> dict[str, list[str]]:
    named: dict[str, list[str]] = {}
    patch = event.kind is EventKind.PATCH
    for slug, sent in event.relationships.items():
        if slug not in schema.relationships:
            raise _unknown(event, "relationships", slug, schema.relationships)
        where = ("data", "relationships", slug)
        contacts = [] if sent is None else sent
        if type(contacts) is not list:
            raise _refuse(event, "wrong_type", pointer(*where), "wrong_type.array")
        if len(contacts) > REFERENCES_MAX:
            raise _refuse(event, "too_long", pointer(*where), "too_long.list", limit=REFERENCES_MAX)
        references = [_reference(event, contact, where, index) for index, contact in enumerate(contacts)]
        if references or patch:
            named[slug] = distinct(references)
    return named


def _reference(event: RecordEvent, sent: Any, where: tuple[str, str, str], index: int) -> str:
    try:
        return reference(sent)
    except BadValue as bad:
        place = pointer(*where, index, *sent) if bad.code == "too_long" else pointer(*where, index)
        raise _refusal(event, Problem(bad.code, place, bad.text, bad.values)) from None


def _external_ids(event: RecordEvent, schema: CompiledSchema) -> list[str]:
    if not event.external_ids:
        return []
    if not schema.is_contact:
        raise _refuse(event, "unknown_field", "/data/external_ids", name="external_ids", object=event.object)
    if len(event.external_ids) > REFERENCES_MAX:
        raise _refuse(event, "too_long", "/data/external_ids", "too_long.list", limit=REFERENCES_MAX)
    for index, id_ in enumerate(event.external_ids):
        where = pointer("data", "external_ids", index)
        if type(id_) is not str or not id_.strip():
            raise _refuse(event, "wrong_type", where, "wrong_type.text")
        if len(id_) > EVENT_ID_MAX:
            raise _refuse(event, "too_long", where, limit=EVENT_ID_MAX)
    return distinct(event.external_ids)
