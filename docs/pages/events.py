"""docs/reference/events.md: what is on the wire, with the examples that the contract tests read."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import crosslook.contracts
from crosslook.contracts.events import KINDS
from crosslook.contracts.topic_messages import PINNED, TOPIC_MESSAGES
from docs.pages.markdown import code, page, table

EXAMPLES = Path(crosslook.contracts.__file__).parent / "examples"
REFUSED = "refused"

ABOUT: dict[str, str] = {
    **{message.name: message.summary for message in TOPIC_MESSAGES if message.name != PINNED},
    "snapshot_entries": "One row of the ClickHouse table `snapshot_entries`: which rows are an object in a snapshot.",
}
"""What each folder of examples shows; a folder that is not here fails the generation."""

_INTRODUCTION = f"""Record events are CloudEvents 1.0, on Kafka in structured mode (`application/cloudevents+json`) or
in binary mode (attributes as `ce_…` headers, `data` as the value), over HTTP in batches. `source` and `id` together are
an identity: a repeat changes nothing. `time` is when it happened, the arrival where it is missing; `sequence`
orders events of the same time. The types of record events that are taken: {", ".join(map(code, sorted(KINDS)))}."""


_FOR_PROGRAMS = """[asyncapi.json](asyncapi.json) describes all topics for programs: keys, headers and payloads.
schema_service answers it for its installation at `GET /v1/asyncapi`, without a token. The `data` of the events of one
object is described by `GET /v1/tenants/{tenant}/schemas/{object}/json-schema` (JSON Schema 2020-12; `?type=` is
`upserted`, `patched` or `deleted`). Its address can be the event's `dataschema`, which is not read.

A schema takes what admission takes, except:

* Refused by admission only: a number as text or with more digits than a double beyond ±2^53; an amount with more than
  four decimals as a JSON number, or beyond its digits with an exponent; an instant of 1900 or 2299 that is one of
  another year in UTC; a `sequence` such as `1.0`; an event that is too large, from the future, or of an unknown object.
* Refused by the schema only: an instant of 31 December 1899 that is one of 1900 in UTC."""


def folders() -> list[str]:
    """The kinds of examples there are."""
    return sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir())


def render() -> str:
    """The page. Raises LookupError for a kind of examples that nobody described."""
    unknown = [name for name in folders() if name not in ABOUT and name != REFUSED]
    if unknown:
        raise LookupError(f"docs/pages/events.py says nothing about the examples in {', '.join(unknown)}")
    shown = [part for name, about in ABOUT.items() for part in _section(name, about)]
    return page("Events", _INTRODUCTION, _FOR_PROGRAMS, *shown, *_refused())


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
