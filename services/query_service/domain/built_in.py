"""The fields that every object has besides those of its schema (CONTRACTS 5): stored with every row of every layout, so
that no definition names them and no event carries them. Slugs of schemas begin with a letter: none can be the same."""

from collections.abc import Mapping

from crosslook.contracts.ids import CONTACT
from crosslook.contracts.layouts import field_column
from crosslook.contracts.schemas import BUILT_IN_CONTACT_FIELDS, FieldDef, FieldType

RECORD_ID = FieldDef(slug="_id", type=FieldType.TEXT)
"""The record's id, which is never empty."""
UPDATED_AT = FieldDef(slug="_updated_at", type=FieldType.DATETIME)
"""The greatest `time` among the record's winning upsert and the patches applied to it."""
BUILT_IN_FIELDS: Mapping[str, FieldDef] = {field.slug: field for field in (RECORD_ID, UPDATED_AT)}
_CONTACT_LABELS = {field.slug: field.label for field in BUILT_IN_CONTACT_FIELDS}
_COLUMNS = {RECORD_ID.slug: "record", UPDATED_AT.slug: "event_time"}


def is_built_in(slug: str) -> bool:
    """Whether every object has the field of this slug."""
    return slug in BUILT_IN_FIELDS


def label_text(object_slug: str, field: FieldDef) -> str | None:
    """The name of the text that says what a field is called where Crosslook named it: a built-in one, or a field of
    every contact whose label its tenant left as it was. None where the schema says it."""
    if is_built_in(field.slug):
        return f"field.{field.slug.lstrip('_')}"
    if object_slug == CONTACT and _CONTACT_LABELS.get(field.slug) == field.label:
        return f"contact.{field.slug}"
    return None


def row_column(field: FieldDef) -> str:
    """The column of a row that holds the field's value."""
    return _COLUMNS.get(field.slug) or field_column(field.slug)
