"""The SQL of steps 5 and 6 of a refresh. Pure text: names come from layouts, every value is a server-side parameter.

Parameters of all statements: `build` (the partition that is written, by which `refresh_work` names the objects),
`low` and `high` (positions by partition number: events in [low, high) are new), `expiry` (tombstones received before
go). `compaction.compact` says the same in Python and is the reference.
"""

from crosslook.contracts.layouts import (
    COLUMN_TYPES,
    FIXED_COLUMNS,
    Layout,
    field_column,
    hits_column,
    refs_column,
)
from crosslook.contracts.records import Kind
from crosslook.contracts.schemas import FieldType
from crosslook.contracts.values import EMAIL_TRIMMED
from services.snapshot_service.domain.tables import contact_index_name

_MINE = "FROM refresh_work WHERE build = {build:UInt64}"
_WORK = f"(SELECT tenant, object {_MINE})"
_WORK_BUILDS = f"(SELECT tenant, object, previous_build {_MINE})"
_WORK_TENANTS = f"(SELECT tenant {_MINE})"
_BELOW_HIGH = "offset < {high:Array(UInt64)}[partition + 1]"
_NEW = "offset >= {low:Array(UInt64)}[partition + 1] AND " + _BELOW_HIGH
_VERSION = "event_time, sequence, partition, offset"
_IDENTITY = "sipHash128(tenant, source, event_id)"
_NOT_EXPIRED = "NOT (deleted AND received_at < {expiry:DateTime64(3, 'UTC')})"
_FIRST = ("build", "tenant", "object", "record", "deleted")
_WINNING = tuple(name for name, _ in FIXED_COLUMNS if name not in _FIRST)

_FIRST_OCCURRENCES = f"""(
    SELECT min((received_at, partition, offset)) FROM record_log
    WHERE tenant IN {_WORK_TENANTS} AND {_BELOW_HIGH}
      AND {_IDENTITY} IN (SELECT {_IDENTITY} FROM record_log WHERE (tenant, object) IN {_WORK} AND {_NEW})
    GROUP BY {_IDENTITY}
)"""
"""Of events with the same source and id only the first to arrive counts, also when it was in an earlier refresh."""


def build_statement(target: Layout, source: Layout | None, base: int) -> str:
    """INSERT the rows of one group of objects: the winner of each record, with its links resolved.

    `source` is the layout of the objects' previous rows, None where there are none; `base` names the contact index.
    """
    inputs = [_staged(target)] if source is None else [_staged(target), _previous(target, source)]
    return f"""
INSERT INTO {target.table} ({_listed([_name(column) for column, _ in target.columns])})
SELECT {_listed(_outputs(target, base))}
FROM (
    SELECT * FROM ({" UNION ALL ".join(inputs)})
    ORDER BY tenant, object, record, event_time DESC, sequence DESC, partition DESC, offset DESC
    LIMIT 1 BY tenant, object, record
)
WHERE {_NOT_EXPIRED}
"""


def counts_statement(layout: Layout) -> str:
    """What a build holds, by object: live rows, tombstones, distinct records, references without a contact."""
    unknown = [f"arrayCount(hit -> hit = '', {_name(hits_column(slug))})" for slug, _ in layout.relationships]
    return f"""
SELECT tenant, object, countIf(NOT deleted), countIf(deleted), uniqExact(record),
    sumIf({" + ".join(unknown) or "0"}, NOT deleted)
FROM {layout.table} WHERE build = {{build:UInt64}} GROUP BY tenant, object
"""


def expected_statement(source: Layout | None) -> str:
    """What the same objects must hold, found another way than the build: (tenant, object, live rows, tombstones).

    Repeats go by aggregating over source and id, winners by `argMax`; no column of the object is read.
    """
    staged = f"""
    SELECT tenant, object, event.2 AS record, event.3 = {Kind.DELETE:d} AS deleted, event.4 AS event_time,
        event.5 AS sequence, arrival.2 AS partition, arrival.3 AS offset, arrival.1 AS received_at
    FROM (
        SELECT owner AS tenant, event.1 AS object, event, arrival FROM (
            SELECT toString(tenant) AS owner,
                argMin((toString(object), record, kind, event_time, sequence, schema_version),
                       (received_at, partition, offset)) AS event,
                min((received_at, partition, offset)) AS arrival
            FROM record_log WHERE tenant IN {_WORK_TENANTS} AND {_BELOW_HIGH}
            GROUP BY tenant, source, event_id
        )
    ) AS firsts
    INNER JOIN (SELECT tenant, object, since_version {_MINE}) AS work USING (tenant, object)
    WHERE {_NEW} AND event.6 >= since_version"""
    previous = (
        f"UNION ALL SELECT tenant, object, record, deleted, {_VERSION}, received_at FROM {source.table} "
        f"WHERE (tenant, object, build) IN {_WORK_BUILDS}"
        if source is not None
        else ""
    )
    return f"""
SELECT tenant, object, countIf(NOT deleted), countIf(deleted) FROM (
    SELECT tenant, object, winner.1 AS deleted, winner.2 AS received_at FROM (
        SELECT tenant, object, argMax((deleted, received_at), ({_VERSION})) AS winner FROM ({staged} {previous})
        GROUP BY tenant, object, record
    )
)
WHERE {_NOT_EXPIRED} GROUP BY tenant, object
"""


def index_statement(contacts: Layout, base: int) -> str:
    """INSERT the live contacts of the work's builds under each reference that names them. The oldest contact wins."""
    email = field_column("email")
    created = field_column("created_at")
    trimmed = EMAIL_TRIMMED.encode("unicode_escape").decode()
    return f"""
INSERT INTO {contact_index_name(base)} (tenant, reference, record)
SELECT tenant, reference, argMin(record, (isNull({created}), ifNull({created}, toDateTime64(0, 3, 'UTC')), record))
FROM (
    SELECT tenant, record, {created}, arrayJoin(arrayConcat(
        [concat('id:', record)],
        arrayMap(foreign -> concat('external:', foreign), external_ids),
        if(isNull({email}), [], [concat('email:', lower(trimBoth(assumeNotNull({email}), '{trimmed}')))])
    )) AS reference
    FROM {contacts.table} WHERE (tenant, object, build) IN {_WORK_BUILDS} AND NOT deleted
)
GROUP BY tenant, reference
"""


def relinked_statement(layout: Layout, base: int) -> str:
    """Which of the work's objects have a link that newly resolves or newly breaks: (tenant, object)."""
    changed = [f"{_name(hits_column(slug))} != {_resolved(slug, base)}" for slug, _ in layout.relationships]
    return f"""
SELECT DISTINCT tenant, object FROM {layout.table}
WHERE (tenant, object, build) IN {_WORK_BUILDS} AND NOT deleted AND ({" OR ".join(changed)})
"""


def _staged(target: Layout) -> str:
    return f"""
    SELECT {_listed(_staged_columns(target))}
    FROM (
        SELECT log.*{_parsed(target)} FROM record_log AS log
        INNER JOIN (SELECT tenant, object, since_version {_MINE}) AS work
            ON log.tenant = work.tenant AND log.object = work.object
        WHERE (log.tenant, log.object) IN {_WORK} AND {_NEW} AND schema_version >= since_version
            AND (received_at, partition, offset) IN {_FIRST_OCCURRENCES}
    )"""


def _parsed(target: Layout) -> str:
    """One extraction of all fields at once: a third faster than one for each (research, measured)."""
    if not target.fields:
        return ""
    members = ", ".join(f"{_name(slug)} {_json_type(kind)}" for slug, kind in target.fields)
    return f", JSONExtract(fields, 'Tuple({members})') AS parsed"


def _json_type(kind: FieldType) -> str:
    match kind:
        case FieldType.NUMBER | FieldType.BOOLEAN | FieldType.MULTISELECT:
            return COLUMN_TYPES[kind]
        case _:
            return "Nullable(String)"


def _typed(kind: FieldType, text: str) -> str:
    match kind:
        case FieldType.CURRENCY:
            return f"toDecimal128OrNull({text}, 4)"
        case FieldType.DATE:
            return f"toDate32OrNull({text})"
        case FieldType.DATETIME:
            return f"toDateTime64OrNull({text}, 3, 'UTC')"
        case _:
            return text


def _staged_columns(target: Layout) -> list[str]:
    columns = ["toString(tenant) AS tenant", "toString(object) AS object", "record"]
    columns += [f"kind = {Kind.DELETE:d} AS deleted", *_WINNING]
    for slug, kind in target.fields:
        value = _typed(kind, f"tupleElement(parsed, {_literal(slug)})")
        columns.append(f"CAST({value} AS {COLUMN_TYPES[kind]}) AS {_name(field_column(slug))}")
    for slug, _ in target.relationships:
        refs = f"JSONExtract(`references`, {_literal(slug)}, 'Array(String)')"
        columns.append(f"{refs} AS {_name(refs_column(slug))}")
        columns.append(f"arrayMap(reference -> '', {refs}) AS {_name(hits_column(slug))}")
    return [*columns, *_foreign(target)]


def _previous(target: Layout, source: Layout) -> str:
    return f"""
    SELECT {_listed(_previous_columns(target, source))}
    FROM {source.table} WHERE (tenant, object, build) IN {_WORK_BUILDS}"""


def _previous_columns(target: Layout, source: Layout) -> list[str]:
    """What previous rows know of the target's columns; a field of the same name and another type is another field."""
    columns = ["tenant", "object", "record", "deleted", *_WINNING]
    for slug, kind in target.fields:
        column = _name(field_column(slug))
        kept = (slug, kind) in source.fields
        columns.append(column if kept else f"CAST({_empty(kind)} AS {COLUMN_TYPES[kind]}) AS {column}")
    for slug, many in target.relationships:
        for column in (_name(refs_column(slug)), _name(hits_column(slug))):
            kept = (slug, many) in source.relationships
            columns.append(column if kept else f"CAST([] AS Array(String)) AS {column}")
    return [*columns, *_foreign(target)]


def _empty(kind: FieldType) -> str:
    return "[]" if kind is FieldType.MULTISELECT else "NULL"


def _outputs(target: Layout, base: int) -> list[str]:
    columns = ["{build:UInt64}", "tenant", "object", "record", "deleted", *_WINNING]
    columns += [_name(field_column(slug)) for slug, _ in target.fields]
    for slug, many in target.relationships:
        resolved = _name(f"resolved_{slug}")
        found = f"arrayDistinct(arrayFilter(hit -> hit != '', {resolved}))"
        columns.append(_name(refs_column(slug)))
        columns.append(f"{_resolved(slug, base)} AS {resolved}")
        columns.append(found if many else f"arraySlice({found}, 1, 1)")
    return [*columns, *_foreign(target)]


def _foreign(target: Layout) -> list[str]:
    return ["external_ids"] if target.contact else []


def _resolved(slug: str, base: int) -> str:
    """Once resolved a link stays, unless its contact is gone; what is not resolved is tried again."""
    index = f"'{contact_index_name(base)}', 'record', tenant"
    return (
        f"arrayMap((reference, hit) -> if(hit != '' AND joinGet({index}, concat('id:', hit)) != '', hit, "
        f"joinGet({index}, reference)), {_name(refs_column(slug))}, {_name(hits_column(slug))})"
    )


def _listed(columns: list[str]) -> str:
    return ", ".join(columns)


def _name(identifier: str) -> str:
    return f"`{identifier}`"


def _literal(slug: str) -> str:
    """Slugs are `[a-z][a-z0-9_]*` by contract: nothing in them needs escaping."""
    return f"'{slug}'"
