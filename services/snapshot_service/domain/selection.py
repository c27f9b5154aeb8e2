"""Which quarantined events somebody means, and what to do with them: the bodies of replay and discard, read whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from crosslook.contracts.ids import EVENT_ID_MAX, SLUG_MAX
from crosslook.contracts.problems import Problem, did_you_mean, pointer

IDS_MAX = 10_000
ID_LENGTH_MAX = 100
REASON_MAX = 500
FILTER_LIMITS = {"tenant": SLUG_MAX, "object": SLUG_MAX, "code": SLUG_MAX, "source": EVENT_ID_MAX}
_SUGGESTED_MOST = 50


@dataclass(frozen=True, slots=True)
class Filter:
    """Which quarantined events; "" and () mean any."""

    tenant: str = ""
    object: str = ""
    codes: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """Events by their ids, in the order of their offsets, or, where `ids` is None, all that pass the filter."""

    filter: Filter = Filter()
    ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """What a body asks for. `dry_run` is None where the body does not say; `reason` is "" for a replay."""

    selection: Selection
    dry_run: bool | None
    reason: str


def read_move(body: Any, *, with_reason: bool) -> Move | list[Problem]:
    """What a body asks for, or every problem with it. `with_reason`: a discard, which must say why."""
    if type(body) is not dict:
        return [Problem("not_an_object")]
    known = ("ids", "filter", "dry_run", *(("reason",) if with_reason else ()))
    problems = [*_unknown(body, known), *_selection_problems(body), *_dry_run_problems(body)]
    if with_reason:
        problems += _reason_problems(body.get("reason"))
    if problems:
        return problems
    ids, chosen = body.get("ids"), body.get("filter") or {}
    code = chosen.get("code") or ""
    wanted = Filter(
        chosen.get("tenant") or "", chosen.get("object") or "", (code,) if code else (), chosen.get("source") or ""
    )
    selection = Selection(wanted, None if ids is None else tuple(sorted(set(ids), key=_by_offset)))
    return Move(selection, body.get("dry_run"), (body.get("reason") or "").strip())


def _by_offset(name: str) -> tuple[str, int, str]:
    """Ids end in partition and offset; in this order events about one record do not overtake each other."""
    partition, _, offset = name.rpartition("-")
    return (partition, int(offset) if offset.isascii() and offset.isdigit() else -1, name)


def _selection_problems(body: dict[str, Any]) -> list[Problem]:
    ids, chosen = body.get("ids"), body.get("filter")
    if ids is None and chosen is None:
        return [Problem("selection_missing")]
    problems = [Problem("selection_twice", "/filter")] if ids is not None and chosen is not None else []
    if ids is not None:
        problems += _id_problems(ids)
    if chosen is not None:
        problems += _filter_problems(chosen)
    return problems


def _id_problems(ids: Any) -> Iterator[Problem]:
    if type(ids) is not list:
        yield Problem("wrong_type", "/ids", "wrong_type.array")
    elif len(ids) > IDS_MAX:
        yield Problem("too_long", "/ids", "too_long.list", {"limit": IDS_MAX})
    else:
        for index, one in enumerate(ids):
            yield from _text_problems(one, pointer("ids", index), ID_LENGTH_MAX)


def _filter_problems(chosen: Any) -> Iterator[Problem]:
    if type(chosen) is not dict:
        yield Problem("not_an_object", "/filter")
        return
    yield from _unknown(chosen, tuple(FILTER_LIMITS), "filter")
    for name, limit in FILTER_LIMITS.items():
        if chosen.get(name) is not None:
            yield from _text_problems(chosen[name], pointer("filter", name), limit)


def _dry_run_problems(body: dict[str, Any]) -> Iterator[Problem]:
    if body.get("dry_run") is not None and type(body["dry_run"]) is not bool:
        yield Problem("wrong_type", "/dry_run", "wrong_type.boolean")


def _reason_problems(reason: Any) -> Iterator[Problem]:
    if reason is None or (type(reason) is str and not reason.strip()):
        yield Problem("required_missing", "/reason", values={"name": "reason"})
    else:
        yield from _text_problems(reason, "/reason", REASON_MAX)


def _text_problems(value: Any, where: str, limit: int) -> Iterator[Problem]:
    if type(value) is not str:
        yield Problem("wrong_type", where, "wrong_type.text")
    elif len(value) > limit:
        yield Problem("too_long", where, values={"limit": limit})


def _unknown(sent: dict[str, Any], known: tuple[str, ...], *at: str) -> Iterator[Problem]:
    unknown = [name for name in sent if name not in known]
    for name in unknown:
        meant = did_you_mean(name, known) if len(unknown) <= _SUGGESTED_MOST else None
        yield Problem("unknown_property", pointer(*at, name), values={"name": name[:100]}, suggestion=meant)
