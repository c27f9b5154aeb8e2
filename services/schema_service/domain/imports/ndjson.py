"""Lines of an NDJSON file to the data of record events: an object a line, its members named as columns are."""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any

import orjson

from crosslook.contracts import exact_json
from crosslook.contracts.odd_json import odd_places, read_odd
from crosslook.contracts.problems import Problem, Problems
from crosslook.contracts.schemas import Definition, FieldType
from services.schema_service.domain.imports.cells import read_instant
from services.schema_service.domain.imports.columns import (
    RECORD_COLUMN,
    ColumnNames,
    ColumnsRefused,
    ColumnTarget,
    FileColumn,
    Mapped,
    TargetKind,
)
from services.schema_service.domain.imports.lines import Line
from services.schema_service.domain.imports.rows import ImportMode, RowDraft, RowRefusal, places_of

_RELATIONSHIPS = "relationships"
_REMEMBERED_MOST = 1_000


class NdjsonDrafts:
    """Makes drafts of the lines of an NDJSON file. Values are those of events; a text of a datetime may lack its
    offset. A relationship is `"requester.email": "a@x.com"` or, as in events, `"requester": [{"email": "a@x.com"}]`.
    Raises ColumnsRefused for a mapping to names that nothing has."""

    def __init__(self, definition: Definition, mapping: Mapped, mode: ImportMode, zone: tzinfo) -> None:
        self._names, problems = ColumnNames(definition, mapping, nested=True), Problems()
        with problems.reading():
            self._names.check_mapping(problems)
        if problems:
            raise ColumnsRefused(problems)
        self._patch = mode is ImportMode.PATCH
        self._zone = zone
        self._instants = {field.slug for field in definition.fields if field.type is FieldType.DATETIME}
        self._targets: dict[str, tuple[ColumnTarget, ...]] = {}

    def draft(self, line: Line) -> RowDraft | RowRefusal | None:
        """The row of a line; None for an empty line."""
        if line.problem is not None:
            return RowRefusal(line.number, None, line.problem)
        if not line.text or line.text.isspace():
            return None
        row = _parse(line)
        return row if isinstance(row, RowRefusal) else self._row(line.number, row)

    def _row(self, line: int, row: dict[str, Any]) -> RowDraft | RowRefusal:
        filled: dict[str, FileColumn] = {}
        values: dict[str, Any] = {}
        for header, value in self._members(row):
            targets = self._targets_of(header)
            if not targets:
                return RowRefusal(line, header, self._names.unknown(header))
            for target in targets:
                if target.kind is TargetKind.IGNORED:
                    continue
                column = FileColumn(header, target)
                first = filled.setdefault(target.name, column)
                if first is not column:
                    named: dict[str, str | int] = {"name": header, "other": first.header, "target": target.name}
                    return RowRefusal(line, header, Problem("duplicate_column", "", "duplicate_column.target", named))
                values[target.name] = value
        return self._draft(line, list(filled.values()), values)

    def _draft(self, line: int, columns: list[FileColumn], values: Mapping[str, Any]) -> RowDraft | RowRefusal:
        record, external = values.get(RECORD_COLUMN), None
        if type(record) is int:
            record = str(record)
        if record is None or record == "":
            return RowRefusal(line, None, Problem("missing_id"))
        fields: dict[str, Any] = {}
        relationships: dict[str, Any] = {}
        for column in columns:
            target, value = column.target, values[column.target.name]
            match target.kind:
                case TargetKind.FIELD:
                    if self._patch or value is not None:
                        fields[target.slug] = self._value(target.slug, value)
                case TargetKind.LINK | TargetKind.LINKS:
                    self._link(target, value, relationships)
                case TargetKind.EXTERNAL_IDS:
                    external = [] if value is None else value
                case _:
                    pass
        return RowDraft(line, record, fields, relationships, external, places_of(columns))

    def _members(self, row: dict[str, Any]) -> list[tuple[str, Any]]:
        """The members of a row; those of `relationships`, as events have them, stand beside the others."""
        nested = row.get(_RELATIONSHIPS)
        if type(nested) is not dict or self._names.targets(_RELATIONSHIPS):
            return list(row.items())
        return [*((name, value) for name, value in row.items() if name != _RELATIONSHIPS), *nested.items()]

    def _targets_of(self, header: str) -> tuple[ColumnTarget, ...]:
        """What a member fills; remembered, because most lines have the same."""
        targets = self._targets.get(header) or self._names.targets(header)
        if targets and len(self._targets) < _REMEMBERED_MOST:
            self._targets[header] = targets
        return targets

    def _link(self, target: ColumnTarget, value: Any, relationships: dict[str, Any]) -> None:
        """Add what a member says of a relationship; a text that is empty names nobody."""
        if target.kind is TargetKind.LINK:
            sent = value if type(value) is list else [] if value in (None, "") else [value]
            more = [{target.form: item} for item in sent]
        else:
            more = value if type(value) is list else [] if value is None else [value]
        if more or self._patch:
            relationships[target.slug] = [*relationships.get(target.slug, ()), *more]

    def _value(self, slug: str, value: Any) -> Any:
        return read_instant(value.strip(), self._zone) if slug in self._instants and type(value) is str else value


def _parse(line: Line) -> dict[str, Any] | RowRefusal:
    try:
        row = exact_json.loads(line.text.encode())
    except orjson.JSONDecodeError as error:
        return RowRefusal(line.number, None, _unparsed(line.text, error))
    if type(row) is not dict:
        return RowRefusal(line.number, None, Problem("wrong_type", text="wrong_type.object"))
    return row


def _unparsed(text: str, error: orjson.JSONDecodeError) -> Problem:
    try:
        odd = next(odd_places(read_odd(text.encode())), None)
    except (ValueError, RecursionError):
        odd = None
    return odd or Problem("not_json", text="not_json.line", values={"column": error.colno})
