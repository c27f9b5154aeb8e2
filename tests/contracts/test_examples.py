"""Every example under `crosslook/contracts/examples` is read by production code, and written back unchanged."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

import crosslook.contracts
from crosslook.contracts.admission import Admission
from crosslook.contracts.events import DELETED, PATCHED, UPSERTED, NotAdmitted, read_kafka, read_structured
from crosslook.contracts.health import SlotClaim, StoredHealth
from crosslook.contracts.imports import ImportEvent
from crosslook.contracts.integrations import IntegrationEvent
from crosslook.contracts.manifests import ENTRY_COLUMNS, Entry, decode_expiry, decode_manifest, decode_run
from crosslook.contracts.records import Admitted, Refused
from crosslook.contracts.reports import REPORT_TYPES, decode_report
from crosslook.contracts.schemas import SchemaEvent, SchemaState, TenantEvent, decode_tenant
from crosslook.contracts.sign_in import UsedSignInCode
from crosslook.contracts.tenant_settings import SettingsEvent

EXAMPLES = Path(crosslook.contracts.__file__).parent / "examples"
NOW_MS = 1_795_500_000_000


def cases(*kinds: str) -> list[Any]:
    files = [file for kind in kinds for file in sorted((EXAMPLES / kind).glob("*.json"))]
    assert files, f"there are no examples of {kinds}"
    return [pytest.param(file, id=f"{file.parent.name}/{file.stem}") for file in files]


def body(file: Path) -> Any:
    return orjson.loads(file.read_bytes())


class Schemas:
    """The schemas that the examples of schema events tell of."""

    def __init__(self) -> None:
        self._states = {
            "ticket": self._read("crosslook.schema.created.v1/ticket.json"),
            "contact": self._read("crosslook.schema.changed.v1/contact.json"),
        }

    def tenant_known(self, tenant: str) -> bool:
        return True

    def schema(self, tenant: str, object_slug: str) -> SchemaState | None:
        return self._states.get(object_slug)

    def _read(self, name: str) -> SchemaState:
        return SchemaEvent.decode((EXAMPLES / name).read_bytes()).data


def decide(event: Any) -> Admitted | Refused:
    try:
        return Admission(Schemas()).admit(read_structured(event, NOW_MS), NOW_MS, "acme")
    except NotAdmitted as error:
        return error.refused


@pytest.mark.parametrize("file", cases(UPSERTED, PATCHED, DELETED))
def test_a_record_event_is_admitted(file: Path) -> None:
    event = body(file)
    decided = decide(event)
    assert isinstance(decided, Admitted), decided
    assert event["type"] == file.parent.name
    assert decided.record == event["data"]["record"]
    fields = event["data"].get("fields", {})
    named = {slug for slug, value in fields.items() if event["type"] == PATCHED or value not in (None, "", [])}
    assert orjson.loads(decided.fields).keys() == named


@pytest.mark.parametrize("file", cases(UPSERTED, PATCHED, DELETED))
def test_a_record_event_reads_the_same_in_binary_mode(file: Path) -> None:
    event = body(file)
    data = event.pop("data")
    headers = [("content-type", event.pop("datacontenttype").encode())]
    headers += [(f"ce_{name}", str(value).encode()) for name, value in event.items()]
    assert read_kafka(orjson.dumps(data), headers, NOW_MS) == read_structured(body(file), NOW_MS)


@pytest.mark.parametrize("file", cases("refused"))
def test_a_refused_event_is_refused_for_the_reason_beside_it(file: Path) -> None:
    example = body(file)
    decided = decide(example["event"])
    assert isinstance(decided, Refused), decided
    told = decided.problem.as_json()
    del told["message"]
    assert told == example["refused"]


def _schema_event(value: bytes) -> bytes:
    return SchemaEvent.decode(value).encode()


def _tenant_event(value: bytes) -> bytes:
    event = TenantEvent.model_validate_json(value)
    assert decode_tenant(value) == event.data
    return event.encode()


def _settings_event(value: bytes) -> bytes:
    return SettingsEvent.decode(value).encode()


def _integration_event(value: bytes) -> bytes:
    return IntegrationEvent.decode(value).encode()


def _import_event(value: bytes) -> bytes:
    return ImportEvent.decode(value).encode()


def _health(value: bytes) -> bytes:
    return StoredHealth.decode(value).encode()


def _slot_claim(value: bytes) -> bytes:
    return SlotClaim.decode(value).encode()


def _manifest(value: bytes) -> bytes:
    return decode_manifest(value).encode()


def _expiry(value: bytes) -> bytes:
    return decode_expiry(value).encode()


def _run(value: bytes) -> bytes:
    return decode_run(value).encode()


def _report(value: bytes) -> bytes:
    return decode_report(value).encode()


def _used_code(value: bytes) -> bytes:
    return UsedSignInCode.decode(value).encode()


def _entry(value: bytes) -> bytes:
    row = orjson.loads(value)
    return orjson.dumps(Entry.of_row(row).as_row(row["snapshot"]))


ROUND_TRIPS: dict[str, Callable[[bytes], bytes]] = {
    "crosslook.schema.created.v1": _schema_event,
    "crosslook.schema.changed.v1": _schema_event,
    "crosslook.schema.deleted.v1": _schema_event,
    "crosslook.tenant.changed.v1": _tenant_event,
    "crosslook.settings.changed.v1": _settings_event,
    "crosslook.integration.changed.v1": _integration_event,
    "crosslook.import.changed.v1": _import_event,
    "crosslook.integration.health.v1": _health,
    "crosslook.health.slot.v1": _slot_claim,
    "crosslook.snapshot.published.v1": _manifest,
    "crosslook.snapshot.expired.v1": _expiry,
    "crosslook.refresh.run.v1": _run,
    "snapshot_entries": _entry,
    "crosslook.sign_in_code.used.v1": _used_code,
    **dict.fromkeys(REPORT_TYPES, _report),
}


@pytest.mark.parametrize("file", cases(*ROUND_TRIPS))
def test_what_is_published_is_read_and_written_back_unchanged(file: Path) -> None:
    kind = file.parent.name
    written = ROUND_TRIPS[kind](file.read_bytes())
    assert written is not None, "the example cannot be read"
    assert orjson.loads(written) == body(file)
    assert body(file).get("type", kind) == kind


def test_an_entry_has_exactly_the_columns_of_its_table() -> None:
    row = body(EXAMPLES / "snapshot_entries" / "ticket.json")
    assert list(row) == [name for name, _ in ENTRY_COLUMNS]


def test_no_example_is_left_unread() -> None:
    assert {folder.name for folder in EXAMPLES.iterdir()} == {UPSERTED, PATCHED, DELETED, "refused", *ROUND_TRIPS}
    assert all(file.suffix == ".json" for file in EXAMPLES.glob("*/*"))
