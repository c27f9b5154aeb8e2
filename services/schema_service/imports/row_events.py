"""The events of an import's rows."""

from crosslook.contracts.admission import Admission
from crosslook.contracts.events import KINDS, PATCHED, UPSERTED, NotAdmitted, read_data
from crosslook.contracts.imports import ImportFacts
from crosslook.contracts.records import Refused
from crosslook.contracts.values import milliseconds
from services.schema_service.domain.imports.identity import IMPORT_SOURCE, RecordsSeen, row_id
from services.schema_service.domain.imports.rows import ImportMode, RowDraft, RowRefusal
from services.schema_service.intake import OutMessage, admitted_message

_TYPES = {ImportMode.UPSERT: UPSERTED, ImportMode.PATCH: PATCHED}


class RowEvents:
    """Makes the events of the rows of one call, through the same admission as events over HTTP. To be asked for each
    row of a file once, in their order: whether its record stood in the file before is part of an event's id."""

    def __init__(self, admission: Admission, facts: ImportFacts) -> None:
        time, self._mode = facts.attempts[-1], ImportMode(facts.mode)
        self._admission = admission
        self._tenant, self._object, self._import = facts.tenant, facts.object, facts.id
        self._parameter, self._salt = facts.parameter, facts.salt
        self._seen = RecordsSeen()
        self._kind = KINDS[_TYPES[self._mode]]
        self._time_ms = milliseconds(time)
        self._envelope = {
            "source": IMPORT_SOURCE,
            "type": _TYPES[self._mode],
            "time": f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03d}Z",
            "datacontenttype": "application/json",
        }

    def message(self, row: RowDraft) -> OutMessage | RowRefusal:
        """The message of a row's event."""
        data = row.data(self._tenant, self._object)
        try:
            # The id is the import's until the row's own is known.
            event = read_data(data, self._import, IMPORT_SOURCE, self._kind, self._time_ms)
            decided = self._admission.admit(event, self._time_ms, self._tenant)
        except NotAdmitted as error:
            decided = error.refused
        if isinstance(decided, Refused):
            return RowRefusal(row.line, row.column(decided.problem), decided.problem)
        line = row.line if self._seen.see(decided.record) else None
        id_ = row_id(self._mode, decided, self._parameter, self._salt, line)
        made = admitted_message(decided, {"specversion": "1.0", "id": id_, **self._envelope, "data": data})
        return RowRefusal(row.line, None, made.problem) if isinstance(made, Refused) else made
