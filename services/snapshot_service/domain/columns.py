"""Parts of the SQL of a refresh: the events and rows of a statement, and the expression of each column.

Events and previous rows come in one shape, the columns of `_staged_columns`; `outputs` turns that shape into rows of a
layout's table.
"""

from collections.abc import Mapping

from crosslook.contracts.field_types import FIELD_TYPES
from crosslook.contracts.layouts import (
    FIXED_COLUMNS,
    Layout,
    Role,
    field_column,
    hits_column,
    refs_column,
)
from crosslook.contracts.records import FOREIGN_IDS, EventKind
from crosslook.contracts.values import EMAIL_TRIMMED
from services.snapshot_service.domain.tables import contact_index_name

MINE = "FROM refresh_work WHERE build IN {builds:Array(UInt64)}"
WORK = f"(SELECT tenant, object {MINE})"
WORK_BUILDS = f"(SELECT tenant, object, previous_build {MINE})"
BELOW_HIGH = "offset < {high:Array(UInt64)}[partition + 1]"
NEW = "offset >= {low:Array(UInt64)}[partition + 1] AND " + BELOW_HIGH
WINNER_ORDER = "event_time, sequence, partition, offset"
EXPIRY = "{expiry:DateTime64(3, 'UTC')}"
LATE = "event_time < received_at - toIntervalDay({late_days:UInt32})"
RECORD = "tenant, object, record"
_LEADING = ("build", "tenant", "object", "record", "deleted", "role")
ORIGIN = tuple(name for name, _ in FIXED_COLUMNS if name not in (*_LEADING, "named"))
"""The columns that say which event won."""

FIRST_OCCURRENCES = (
    "(received_at, partition, offset) NOT IN (SELECT received_at, partition, offset FROM {repeats:Identifier})"
)
"""Of events with the same source and id only the first to arrive counts, also when it was in an earlier refresh."""

EVENTS = f"""record_log
    WHERE (tenant, object) IN {WORK} AND {NEW} AND schema_version >= {{since_version:UInt32}} AND {FIRST_OCCURRENCES}"""
"""The new events that count."""

_NEWEST_FIRST = ", ".join(f"{name} DESC" for name in f"{RECORD}, {WINNER_ORDER}".split(", "))
"""Staging's own order read backwards, so that nothing is sorted, and of a record the winner comes first."""


def staged(target: Layout, only: str = "") -> str:
    """SELECT of the new events that count, in the shape of `_staged_columns`. `only` restricts (tenant, object,
    record)."""
    return _staged(target, only_where(only))


def latest(target: Layout, only: str = "") -> str:
    """Like `staged`, but only the greatest event of each record. Values are extracted from nothing else: most of a
    build's time went into reading what other events say."""
    return _staged(target, f"{only_where(only)} ORDER BY {_NEWEST_FIRST} LIMIT 1 BY {RECORD}")


def _staged(target: Layout, which: str) -> str:
    return f"""
    SELECT {listed(_staged_columns(target))} FROM (SELECT *{_parsed(target)} FROM (SELECT * FROM {EVENTS}{which}))"""


def previous(target: Layout, source: Layout, *only: str) -> str:
    """SELECT of the pieces that previous rows consist of, in the shape of `_staged_columns`."""
    restricted = "".join(only_where(condition) for condition in only)
    return f"""
    SELECT {listed(_previous_columns(target, source))}
    FROM {source.table}
    WHERE (tenant, object, build) IN {WORK_BUILDS} AND role != {Role.COMPOSED:d}{restricted}"""


def outputs(target: Layout, base: int, role: str, named: str, deleted: str, *, aliased: bool) -> list[str]:
    """The columns of the target's table, from rows in the shape of `_staged_columns`, with links resolved."""
    columns = ["{build:UInt64}", "tenant", "object", "record", deleted, role, *ORIGIN, named]
    columns += [quoted(field_column(slug)) for slug, _ in target.fields]
    for slug, many in target.relationships:
        columns.append(quoted(refs_column(slug)))
        columns.append(f"{resolved(slug, base, aliased=aliased)} AS {quoted(f'resolved_{slug}')}")
        columns.append(linked(quoted(f"resolved_{slug}"), base, many=many, aliased=aliased))
    return [*columns, *foreign(target)]


def resolved(slug: str, base: int, *, aliased: bool) -> str:
    """A resolved link stays until its contact is deleted; an unresolved one is looked up again.

    `aliased`: whether contacts of the index were merged. Then a link stays with the contact that it names, and one by
    id names that contact, so that it has its links again if it comes back.
    """
    index = f"'{contact_index_name(base)}', 'record', tenant"
    known = f"hit != '' AND joinGet({index}, concat('id:', hit)) != ''"
    found = f"joinGet({index}, reference)"
    named = f"if(startsWith(reference, 'id:') AND {found} != '', substring(reference, 4), {found})"
    return (
        f"arrayMap((reference, hit) -> if({known}, hit, {named if aliased else found}), "
        f"{quoted(refs_column(slug))}, {quoted(hits_column(slug))})"
    )


def linked(hits: str, base: int, *, many: bool, aliased: bool) -> str:
    """The contacts that a report joins: those that links resolved to, or the ones that these were merged into."""
    found = f"arrayFilter(hit -> hit != '', {hits})"
    if aliased:
        survivor = f"joinGet('{contact_index_name(base)}', 'record', tenant, concat('id:', hit))"
        found = f"arrayMap(hit -> {survivor}, {found})"
    return f"arrayDistinct({found})" if many else f"arraySlice(arrayDistinct({found}), 1, 1)"


def email_reference(email: str) -> str:
    """An expression of an e-mail address as a reference, as `values.email_key` compares it."""
    trimmed = EMAIL_TRIMMED.encode("unicode_escape").decode()
    return f"concat('email:', lower(trimBoth({email}, '{trimmed}')))"


def foreign(target: Layout) -> list[str]:
    """The column of foreign ids, where the layout has one."""
    return ["external_ids"] if target.contact else []


def listed(columns: list[str]) -> str:
    """Columns as a list."""
    return ", ".join(columns)


def quoted(identifier: str) -> str:
    """A name as an identifier."""
    return f"`{identifier}`"


def literal(slug: str) -> str:
    """A slug as a text. Slugs are `[a-z][a-z0-9_]*` by contract: nothing in them needs escaping."""
    return f"'{slug}'"


def only_where(only: str) -> str:
    """A further condition on (tenant, object, record): `only`, or none."""
    return f"\n        AND ({RECORD}) {only}" if only else ""


def _parsed(target: Layout) -> str:
    """One extraction of all fields at once: a third faster than one for each (research, measured)."""
    if not target.fields:
        return ""
    members = ", ".join(f"{quoted(_element(slug))} {FIELD_TYPES[kind].json_type}" for slug, kind in target.fields)
    return f", JSONExtract({_ELEMENTS}, 'Tuple({members})') AS parsed"


_ELEMENTS = r"""replaceAll(replaceAll(fields, '":', '_":'), '\\_":', '\\":')"""
"""The staged fields with `_element` of each slug as its key: the elements of a tuple are found by their names, and the
engine keeps names for itself (`null`), so no slug may be one.

Exact for the JSON that admission writes, which has no white space: `":` ends a key, or it stands within a text, where
the quote has a backslash before it; the second replacement restores those. It adds 2 % to the processor time of a
build; one extraction for each field would take three times as long as this one, and fifteen times at 100 fields.
"""


def _element(slug: str) -> str:
    """The name of a field as the element of a tuple: no name of the engine's own ends like this."""
    return f"{slug}_"


def _staged_columns(target: Layout) -> list[str]:
    named = f"if(kind = {EventKind.PATCH:d}, arrayConcat(JSONExtractKeys(fields), JSONExtractKeys(`references`)), [])"
    columns = ["toString(tenant) AS tenant", "toString(object) AS object", "record", "kind", "true AS fresh"]
    columns += [*ORIGIN, f"{named} AS named"]
    for slug, kind in target.fields:
        spec = FIELD_TYPES[kind]
        value = spec.expression.format(f"tupleElement(parsed, {literal(_element(slug))})")
        columns.append(f"CAST({value} AS {target.type_of(kind)}) AS {quoted(field_column(slug))}")
    for slug, _ in target.relationships:
        refs = f"JSONExtract(`references`, {literal(slug)}, 'Array(String)')"
        columns.append(f"{refs} AS {quoted(refs_column(slug))}")
        columns.append(f"arrayMap(reference -> '', {refs}) AS {quoted(hits_column(slug))}")
    return [*columns, *foreign(target)]


def _previous_columns(target: Layout, source: Layout) -> list[str]:
    """What previous rows know of the target's columns, whatever the format of either; a field of the same name and
    another type is another field."""
    stored = dict(source.columns)
    fields = [slug for slug, kind in target.fields if (slug, kind) in source.fields]
    links = [slug for slug, many in target.relationships if (slug, many) in source.relationships]
    known = listed([literal(name) for name in (*fields, *links, FOREIGN_IDS)])
    whole = f"if(deleted AND role = {Role.WHOLE:d}, {EventKind.DELETE:d}, {EventKind.UPSERT:d})"
    kind = f"toUInt8(if(role >= {Role.APPLIED:d}, {EventKind.PATCH:d}, {whole})) AS kind"
    columns = ["tenant", "object", "record", kind, "false AS fresh"]
    columns += [_as(stored, name, wanted) for name, wanted in target.columns if name in ORIGIN]
    columns.append(f"arrayFilter(name -> name IN ({known}), named) AS named")
    for slug, value in target.fields:
        column, wanted = field_column(slug), target.type_of(value)
        missing = f"CAST({FIELD_TYPES[value].empty} AS {wanted}) AS {quoted(column)}"
        columns.append(_as(stored, column, wanted) if slug in fields else missing)
    for slug, _ in target.relationships:
        for column in (quoted(refs_column(slug)), quoted(hits_column(slug))):
            columns.append(column if slug in links else f"CAST([] AS Array(String)) AS {column}")
    return [*columns, *foreign(target)]


def _as(stored: Mapping[str, str], name: str, wanted: str) -> str:
    """A stored column under the type that is wanted; the type's default where the format has no such column."""
    if stored.get(name) == wanted:
        return quoted(name)
    text = wanted.replace("'", "\\'")
    value = quoted(name) if name in stored else f"defaultValueOfTypeName('{text}')"
    return f"CAST({value} AS {wanted}) AS {quoted(name)}"
