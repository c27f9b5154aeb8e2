"""Random histories of tickets and contacts, as Hypothesis draws them, and the events that they are."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.helpers.builders import REQUESTER, SCORE, STATUS, WATCHERS, Event, definition, event

NOW = datetime.now(UTC).replace(microsecond=0)
TICKET = definition(STATUS, SCORE, relationships=(REQUESTER, WATCHERS))
MANY = {"requester": False, "watchers": True}


_EMAILS = st.sampled_from([None, "a@x.example", " A@X.example ", "b@x.example"])
_REFERENCES = st.lists(
    st.sampled_from(
        [
            *({"id": record} for record in ("c0", "c1", "c2")),
            {"email": "A@x.example"},
            {"email": "b@x.example"},
            {"external": "z:1"},
            {"external": "z:2"},
        ]
    ),
    max_size=3,
)
_CONTACT_PARTS = ("email", "created_at", "external_ids")
_SHARED = {
    "kind": st.sampled_from(["upsert", "upsert", "patch", "patch", "delete"]),
    "named": st.sets(
        st.sampled_from(["status", "score", "requester", "watchers", "email", "created_at", "external_ids"])
    ),
    "minutes": st.integers(0, 3),
    "sequence": st.integers(0, 1),
    "event_id": st.integers(0, 30),
}
_TICKETS = st.fixed_dictionaries(
    {
        "object": st.just("ticket"),
        "record": st.sampled_from(["1", "2"]),
        "status": st.sampled_from([None, "", "open", "solved"]),
        "score": st.sampled_from([None, 1, 2.5]),
        "requester": _REFERENCES,
        "watchers": _REFERENCES,
        **_SHARED,
    }
)
_CONTACTS = st.fixed_dictionaries(
    {
        "object": st.just("contact"),
        "record": st.sampled_from(["c0", "c1", "c2"]),
        "merged_into": st.sampled_from([None, "c0", "c1", "c2"]),
        "email": _EMAILS,
        "created_at": st.sampled_from([None, "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"]),
        "external_ids": st.sampled_from([[], ["z:1"]]),
        **_SHARED,
    }
)
_ROUND = st.lists(st.one_of(_TICKETS, _TICKETS, _CONTACTS), max_size=6)
HISTORIES = st.lists(st.lists(_ROUND, min_size=3, max_size=3), min_size=3, max_size=5)
"""Per tenant three rounds of events, each followed by a refresh. Event ids are few, so that repeats are many."""
_DAYS = st.sampled_from([0, 0, 1, 6, 8, 20])
_OLD_ROUND = st.lists(st.tuples(st.one_of(_TICKETS, _TICKETS, _CONTACTS), _DAYS), max_size=6)
OLD_HISTORIES = st.lists(st.lists(_OLD_ROUND, min_size=3, max_size=3), min_size=3, max_size=5)
FAILING = st.lists(
    st.lists(st.sets(st.sampled_from(["ticket", "contact"])), min_size=5, max_size=5), min_size=3, max_size=3
)
"""By turn and tenant the objects that fail."""
DISTINCT = st.lists(st.tuples(_TICKETS, st.integers(0, 2), st.integers(0, 2)), max_size=8)
"""Events with the turns in which each of two tenants gets them."""


ALIASES = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["external:z:1", "external:z:2", "external:z:3", "id:c2"]),
        st.lists(st.sampled_from(["external:z:1", "external:z:3", "email:b@x.example", "id:c0", "id:c1"]), max_size=2),
        st.integers(0, 3),
    ),
    max_size=5,
)
"""Aliases with the turn before whose refresh they arrive, their targets, and the minutes that they are old."""


def event_of(tenant: str, drawn: dict[str, Any]) -> Event:
    """A drawn event of a tenant."""
    shared = {
        "event_id": str(drawn["event_id"]),
        "time": NOW - timedelta(minutes=drawn["minutes"]),
        "kind": drawn["kind"],
        "sequence": drawn["sequence"],
    }
    if drawn["kind"] == "delete":
        into = drawn.get("merged_into")
        merged = {"merged_into": into} if into not in (None, drawn["record"]) else {}
        return event(tenant, drawn["object"], drawn["record"], **merged, **shared)
    told = {name: value for name, value in drawn.items() if drawn["kind"] == "upsert" or name in drawn["named"]}
    fields = {name: value for name, value in told.items() if name in ("status", "score", "email", "created_at")}
    parts = {"external_ids": told["external_ids"]} if "external_ids" in told else {}
    if drawn["object"] == "ticket":
        parts = {"relationships": {name: told[name] for name in MANY if name in told}}
    return event(tenant, drawn["object"], drawn["record"], fields, **parts, **shared)
