"""The bodies of replay and discard: which quarantined events to move, and how."""

from dataclasses import dataclass
from typing import Any

from crosslook.contracts.ids import EVENT_ID_MAX, SLUG_MAX
from crosslook.contracts.problems import Problems
from crosslook.contracts.reading import Reader, read_object

IDS_MAX = 10_000
ID_LENGTH_MAX = 100
REASON_MAX = 500
FILTER_LIMITS = {"tenant": SLUG_MAX, "object": SLUG_MAX, "code": SLUG_MAX, "source": EVENT_ID_MAX}


@dataclass(frozen=True, slots=True)
class QuarantineFilter:
    """Which quarantined events; "" and () mean any."""

    tenant: str = ""
    object: str = ""
    codes: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """Events by their ids, in the order of their offsets, or, where `ids` is None, all that pass the filter."""

    filter: QuarantineFilter = QuarantineFilter()
    ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """The content of a body. `dry_run` is None if the body lacks it; `reason` is "" for a replay."""

    selection: Selection
    dry_run: bool | None
    reason: str


def read_move(body: Any, *, with_reason: bool) -> tuple[Move | None, Problems]:
    """The move of a body, and every problem with it. `with_reason`: for a discard, which requires a reason."""
    return read_object(body, lambda reader: _move(reader, with_reason))


def _move(reader: Reader, with_reason: bool) -> Move | None:
    reader.close(("ids", "filter", "dry_run", *(("reason",) if with_reason else ())))
    sent = reader.value("ids"), reader.value("filter")
    if sent == (None, None):
        reader.refuse("selection_missing")
    if None not in sent:
        reader.refuse("selection_twice", "filter")
    ids, chosen = _ids(reader), _filter(reader)
    dry_run = reader.boolean("dry_run")
    reason = reader.text("reason", REASON_MAX, required=True) if with_reason else None
    return None if reader.problems else Move(Selection(chosen, ids), dry_run, (reason or "").strip())


def _by_offset(name: str) -> tuple[str, int, str]:
    """Ids end in partition and offset; in this order events about one record do not overtake each other. What stands
    before the colon is how often the reason changed."""
    partition, _, offset = name.rpartition(":")[2].rpartition("-")
    return (partition, int(offset) if offset.isascii() and offset.isdigit() else -1, name)


def _ids(reader: Reader) -> tuple[str, ...] | None:
    sent = reader.elements("ids", IDS_MAX)
    for index, code in enumerate(sent or ()):
        if type(code) is not str:
            reader.refuse("wrong_type", "ids", index, text="wrong_type.text")
        elif len(code) > ID_LENGTH_MAX:
            reader.refuse("too_long", "ids", index, values={"limit": ID_LENGTH_MAX})
    return None if sent is None or reader.problems else tuple(sorted(set(sent), key=_by_offset))


def _filter(reader: Reader) -> QuarantineFilter:
    chosen = reader.child("filter")
    if chosen is None:
        return QuarantineFilter()
    chosen.close(tuple(FILTER_LIMITS))
    sent = {name: chosen.text(name, most) or "" for name, most in FILTER_LIMITS.items()}
    code = sent["code"]
    return QuarantineFilter(sent["tenant"], sent["object"], (code,) if code else (), sent["source"])
