"""docs/reference/events.md: what is on the wire, with the examples that the contract tests read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import crosslook.contracts
from crosslook.contracts.events import DELETED, KINDS, PATCHED, UPSERTED
from crosslook.contracts.manifests import Expiry, Manifest, Run
from crosslook.contracts.reports import Claim, Dashboard, Look
from crosslook.contracts.schemas import SCHEMA_CHANGED, SCHEMA_CREATED, SCHEMA_DELETED, TENANT_CHANGED
from crosslook.contracts.tenant_settings import SETTINGS_CHANGED
from crosslook.contracts.topics import RECORDS, REPORTS, SCHEMAS, SNAPSHOTS
from docs.pages.markdown import code, page, table

EXAMPLES = Path(crosslook.contracts.__file__).parent / "examples"
REFUSED = "refused"

ABOUT: dict[str, str] = {
    UPSERTED: f"A whole record: a field that is not named is cleared. On `{RECORDS.name}`, or over HTTP.",
    PATCHED: f"Some fields or relationships of a record; null clears one. On `{RECORDS.name}`, or over HTTP.",
    DELETED: f"A record is gone; the event has no fields. On `{RECORDS.name}`, or over HTTP.",
    SCHEMA_CREATED: f"An object was made. On `{SCHEMAS.name}`; the last value of a key is the object's state.",
    SCHEMA_CHANGED: f"An object's definition was replaced. On `{SCHEMAS.name}`.",
    SCHEMA_DELETED: f"An object was deleted. On `{SCHEMAS.name}`; it stays in reports until the next refresh.",
    TENANT_CHANGED: f"An operator made or changed a tenant. On `{SCHEMAS.name}` under `~tenant/<tenant>`.",
    SETTINGS_CHANGED: f"A tenant's settings were replaced; a member that is missing follows the deployment. On "
    f"`{SCHEMAS.name}` under `~settings/<tenant>`.",
    str(Manifest.model_fields["type"].default): f"The manifest of a snapshot: its publication. On `{SNAPSHOTS.name}`.",
    str(Run.model_fields["type"].default): f"Where one attempt at a refresh stands. On `{SNAPSHOTS.name}`.",
    str(Expiry.model_fields["type"].default): f"When a snapshot stopped being retained. On `{SNAPSHOTS.name}` under "
    "`expired/<id>`, until the rows that only this snapshot names are dropped.",
    str(Look.model_fields["type"].default): f"A saved report. On `{REPORTS.name}` under `<tenant>/look/<id>`.",
    str(Dashboard.model_fields["type"].default): f"A dashboard. On `{REPORTS.name}` under `<tenant>/dashboard/<id>`.",
    str(Claim.model_fields["type"].default): f"Which id an `Idempotency-Key` stands for. On `{REPORTS.name}`.",
    "snapshot_entries": "One row of the ClickHouse table `snapshot_entries`: which rows are an object in a snapshot.",
}
"""What each folder of examples shows; a folder that is not here fails the generation."""

_INTRODUCTION = f"""Record events are CloudEvents 1.0, on Kafka in structured mode (`application/cloudevents+json`) or
in binary mode (attributes as `ce_…` headers, `data` as the value), over HTTP in batches. `source` and `id` together are
an identity: a repeat changes nothing. `time` is when it happened, the arrival where it is missing; `sequence`
orders events of the same time. The types of record events that are taken: {", ".join(map(code, sorted(KINDS)))}."""


def folders() -> list[str]:
    """The kinds of examples there are."""
    return sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())


def render() -> str:
    """The page. Raises LookupError for a kind of examples that nobody described."""
    unknown = [name for name in folders() if name not in ABOUT and name != REFUSED]
    if unknown:
        raise LookupError(f"docs/pages/events.py says nothing about the examples in {', '.join(unknown)}")
    shown = [part for name, about in ABOUT.items() for part in _section(name, about)]
    return page("Events", _INTRODUCTION, *shown, *_refused())


def _section(name: str, about: str) -> Iterator[str]:
    yield f"## {name}"
    yield about
    for path in sorted((EXAMPLES / name).glob("*.json")):
        yield f"**{_words(path)}**"
        yield _block(json.loads(path.read_text(encoding="utf-8")))


def _refused() -> Iterator[str]:
    yield "## Refused"
    yield "Events that are not admitted, with the code and the place; all codes are in [problems](problems.md)."
    examples = {path: json.loads(path.read_text(encoding="utf-8")) for path in sorted((EXAMPLES / REFUSED).glob("*"))}
    rows = [
        (_words(path), code(example["refused"]["code"]), code(example["refused"]["pointer"]))
        for path, example in examples.items()
    ]
    yield table(("Event", "Code", "Place"), rows)


def _words(path: Path) -> str:
    return path.stem.replace("_", " ").capitalize()


def _block(value: Any) -> str:
    return f"```json\n{json.dumps(value, indent=2, ensure_ascii=False)}\n```"
