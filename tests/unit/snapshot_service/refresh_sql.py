"""The statements of a refresh, by telling cases: each case maps what a statement does to its text."""

from collections.abc import Mapping

from crosslook.contracts.layouts import Layout, layout_of
from crosslook.contracts.schemas import BUILT_IN_CONTACT, Definition
from services.snapshot_service.domain.alias_statements import (
    ALIAS_COUNTS,
    CHANGED_ALIASES,
    MERGING,
    STORED_ALIASES,
    add_alias_hits_statement,
    alias_hits_statement,
    chained_aliases_statement,
    chained_statement,
    merged_references_statement,
    merges_statement,
    moved_statement,
    moves_statement,
)
from services.snapshot_service.domain.merge_tables import alias_hits_table, merge_tables
from services.snapshot_service.domain.patching import (
    PROBE,
    expired_statement,
    patched_build_statement,
    too_late_statement,
)
from services.snapshot_service.domain.statements import (
    build_statement,
    copy_statement,
    index_statement,
    relinked_statement,
    repeats_statement,
    shared_count_statement,
    shared_statement,
)
from services.snapshot_service.domain.tables import (
    SERVICE_COLUMNS,
    contact_index_table,
    layout_table,
    repeats_table,
    service_tables,
)
from services.snapshot_service.domain.verification import counts_statement, expected_statement

BASE = 3_000_000


def _layout(name: str, fields: Mapping[str, str], **relationships: bool) -> Layout:
    options = {"dropdown": [{"value": "a"}], "multiselect": [{"value": "a"}]}
    return layout_of(
        Definition.model_validate(
            {
                "object": name,
                "labels": {"singular": name, "plural": name},
                "fields": [
                    {"slug": slug, "type": kind, **({"options": options[kind]} if kind in options else {})}
                    for slug, kind in fields.items()
                ],
                "relationships": [
                    {"slug": slug, "target": "contact", "many": many} for slug, many in relationships.items()
                ],
            }
        )
    )


CONTACT = layout_of(BUILT_IN_CONTACT)
TICKET = _layout("ticket", {"amount": "currency", "status": "text"}, requester=False)
BOOKING = _layout("booking", {"minutes": "number"}, guests=True, invitee=False)
ASSET = _layout("asset", {})
EVERY_TYPE = _layout(
    "every",
    {
        "a_text": "text",
        "a_textarea": "textarea",
        "a_number": "number",
        "a_currency": "currency",
        "a_date": "date",
        "a_datetime": "datetime",
        "a_dropdown": "dropdown",
        "a_multiselect": "multiselect",
        "a_boolean": "boolean",
    },
)
OLD_TICKET = _layout("ticket", {"amount": "number", "priority": "text", "status": "text"}, agent=False, requester=True)
"""Beside TICKET: a field less and one of another type, a relationship less and one to many contacts."""


def _tables() -> dict[str, str]:
    return {
        **dict(zip(SERVICE_COLUMNS, service_tables(), strict=True)),
        "a layout's table": layout_table(TICKET),
        "a contact's table": layout_table(CONTACT),
        "the index of contacts": contact_index_table(BASE),
        "the repeats": repeats_table(BASE),
        "resolved aliases": alias_hits_table(BASE),
        **dict(zip(("merged contacts", "their events"), merge_tables(BASE), strict=True)),
    }


STATEMENTS: dict[str, dict[str, str]] = {
    "tables": _tables(),
    "repeats": {
        "of a first snapshot": repeats_statement(BASE, "cityHash64", all_new=True),
        "of a later snapshot": repeats_statement(BASE, "cityHash64", all_new=False),
        "found anew to verify": repeats_statement(BASE + 1, "farmHash64", all_new=False),
    },
    "probe": {"new patches and late events": PROBE},
    "first_build": {"build": build_statement(TICKET, None, BASE, patches=False, copied=False)},
    "first_build_of_every_type": {"build": build_statement(EVERY_TYPE, None, BASE, patches=False, copied=False)},
    "first_build_without_columns": {"build": build_statement(ASSET, None, BASE, patches=False, copied=False)},
    "first_build_with_many_contacts": {"build": build_statement(BOOKING, None, BASE, patches=False, copied=False)},
    "first_build_with_patches": {
        "records without patches": build_statement(TICKET, None, BASE, patches=True, copied=False),
        "patched records": patched_build_statement(TICKET, None, BASE),
    },
    "build_with_links_resolved_anew": {"build": build_statement(TICKET, TICKET, BASE, patches=False, copied=False)},
    "build_with_rows_copied": {
        "records with new events": build_statement(TICKET, TICKET, BASE, patches=False, copied=True),
        "all other records": copy_statement(TICKET, patches=False),
    },
    "build_from_other_columns": {"build": build_statement(TICKET, OLD_TICKET, BASE, patches=False, copied=False)},
    "build_with_patches": {
        "records without patches with new events": build_statement(TICKET, TICKET, BASE, patches=True, copied=True),
        "all other records without patches": copy_statement(TICKET, patches=True),
        "patched records": patched_build_statement(TICKET, TICKET, BASE),
        "events that came too late": too_late_statement(TICKET),
        "patches that waited a horizon long": expired_statement(TICKET, TICKET),
    },
    "build_with_patches_from_other_columns": {
        "patched records": patched_build_statement(TICKET, OLD_TICKET, BASE),
        "patches that waited a horizon long": expired_statement(TICKET, OLD_TICKET),
    },
    "contacts": {
        "build": build_statement(CONTACT, CONTACT, BASE, patches=True, copied=True),
        "patched contacts": patched_build_statement(CONTACT, CONTACT, BASE),
        "patches that waited a horizon long": expired_statement(CONTACT, CONTACT),
        "index by reference": index_statement(CONTACT, BASE),
        "how many references are shared": shared_count_statement(CONTACT),
        "which references are shared": shared_statement(CONTACT),
    },
    "relinked": {
        "to one contact": relinked_statement(TICKET, BASE),
        "to many contacts": relinked_statement(BOOKING, BASE),
        "with aliases": relinked_statement(BOOKING, BASE, aliased=True),
    },
    "build_with_aliases": {
        "build": build_statement(BOOKING, BOOKING, BASE, patches=True, copied=False, aliased=True),
        "patched records": patched_build_statement(TICKET, None, BASE, aliased=True),
    },
    "merges": {
        "tenants with new merges": MERGING,
        "contacts that moved": moved_statement(CONTACT, BASE),
        "of a first snapshot": moved_statement(None, BASE),
        "their events": moves_statement(CONTACT, BASE),
        "their events in a first snapshot": moves_statement(None, BASE),
        "their references": merged_references_statement(BASE),
        "what they were merged into": merges_statement(BASE),
    },
    "aliases": {
        "what is stored": STORED_ALIASES,
        "tenants with changed aliases": CHANGED_ALIASES,
        "how many": ALIAS_COUNTS,
        "those that others may name": chained_statement(BASE),
        "those that name no other": alias_hits_statement(BASE),
        "these in the index": add_alias_hits_statement(BASE),
        "those that name others": chained_aliases_statement(BASE),
    },
    "counts": {
        "without relationships": counts_statement(ASSET),
        "with relationships": counts_statement(BOOKING),
    },
    "verify": {
        "a first build": expected_statement([], patches=False),
        "builds from two layouts": expected_statement([TICKET, BOOKING], patches=False),
        "a first build with patches": expected_statement([], patches=True),
        "a build with patches": expected_statement([TICKET], patches=True),
    },
}
