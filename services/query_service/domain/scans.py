"""The live rows of one object of one tenant in one build, as a SELECT; what the build lacks is empty."""

from collections.abc import Iterable

from sqlglot import exp

from crosslook.contracts.field_types import FIELD_TYPES
from crosslook.contracts.layouts import links_column
from crosslook.contracts.schemas import FieldDef, FieldType
from services.query_service.domain.built_in import row_column
from services.query_service.domain.expressions import Parameters
from services.query_service.domain.nodes import aliased, column, function, select, text_constant
from services.query_service.domain.predicates import Value
from services.query_service.domain.tenancy import Scan


def live_rows(scan: Scan, parameters: Parameters, selected: Iterable[exp.Expr]) -> exp.Select:
    """The live rows that a scan may read; none where nothing was ever built."""
    if scan.source is None:
        return select(selected).where(exp.false(), copy=False)
    table = exp.table_(exp.to_identifier(scan.source.table, quoted=True))
    parts = [
        ("build", Value(scan.source.build, "UInt64")),
        ("tenant", Value(scan.tenant, "String")),
        ("object", Value(scan.object, "String")),
    ]
    conditions = [exp.EQ(this=column(name), expression=parameters.placeholder(value)) for name, value in parts]
    live = exp.not_(column("deleted"), copy=False)
    return select(selected).from_(table, copy=False).where(*conditions, live, copy=False)


def record_id(scan: Scan) -> exp.Expr:
    """The id of a row's record, in the column `record`."""
    return column("record") if scan.source is not None else aliased(text_constant(""), "record")


def stored_value(scan: Scan, field: FieldDef) -> exp.Expr:
    """A field's column; empty where the build has none."""
    name = row_column(field)
    if scan.holds(field):
        return column(name)
    spec = FIELD_TYPES[field.type]
    if spec.several:
        return aliased(_no_texts(), name)
    return aliased(function("CAST", exp.Null(), text_constant(spec.engine_type)), name)


def linked_contacts(scan: Scan, relationship: str) -> exp.Expr:
    """The ids of a record's contacts; none where the build lacks the relationship."""
    return column(links_column(relationship)) if relationship in scan.relationships else _no_texts()


def _no_texts() -> exp.Expr:
    return function("CAST", exp.Array(), text_constant(FIELD_TYPES[FieldType.MULTISELECT].engine_type))
