"""What a stack answers about the stored data, in a form that every release can be compared in."""

from collections.abc import Mapping
from typing import Any

from tests.upgrade.dataset import DEMO, DEMO_REPORTS, LATER_REPORTS, REPORTS, TENANT, VISIT, news
from tests.upgrade.release import RunningStack, wait_until

Answers = dict[str, Any]
Reports = Mapping[str, Mapping[str, Any]]
"""Requests by name."""

TENANTS: Mapping[str, Reports] = {TENANT: REPORTS, **dict.fromkeys(DEMO, DEMO_REPORTS)}
"""What is asked of each tenant."""


def answers(stack: RunningStack, *, later: bool = False) -> Answers:
    """Every report, Look and dashboard, and the catalogs. `later`: also what can be asked once the news are there."""
    more = reports_of(stack, {TENANT: LATER_REPORTS}) if later else {}
    return {
        "reports": reports_of(stack) | more,
        "looks": {look["name"]: _result(_of(stack, "looks", look)) for look in _saved(stack, "looks")},
        "dashboards": {
            board["name"]: [_result(tile["result"]) for tile in _of(stack, "dashboards", board)["tiles"]]
            for board in _saved(stack, "dashboards")
        },
        "catalogs": {tenant: _catalog(stack.queries("GET", f"/v1/tenants/{tenant}/catalog")) for tenant in TENANTS},
    }


def reports_of(stack: RunningStack, tenants: Mapping[str, Reports] = TENANTS, snapshot: str = "current") -> Answers:
    """What reports answer, by tenant and name. `snapshot`: of which one they are asked."""
    return {
        f"{tenant}: {name}": _result(
            stack.queries("POST", f"/v1/tenants/{tenant}/query", {**request, "snapshot": snapshot})
        )
        for tenant, reports in tenants.items()
        for name, request in reports.items()
    }


def quarantined(stack: RunningStack) -> dict[str, str]:
    """The code of every event in quarantine, by its id."""
    found = stack.snapshots("GET", "/v1/quarantine?page_size=500")
    assert found["next_page_token"] is None
    return {item["event_id"]: item["code"] for item in found["items"]}


def refreshed_with_news(stack: RunningStack) -> Any:
    """Define the object whose event was refused, wait until that event is replayed, send the news, and refresh; answers
    the run."""
    stack.define(TENANT, VISIT)
    wait_until(lambda: not any(event.startswith("v1-") for event in quarantined(stack)), "the replay")
    stack.send(TENANT, news())
    stack.settle()
    return stack.refresh()


def _saved(stack: RunningStack, kind: str) -> list[Any]:
    found: list[Any] = stack.queries("GET", f"/v1/tenants/{TENANT}/{kind}")["items"]
    return found


def _of(stack: RunningStack, kind: str, saved: Any) -> Any:
    return stack.queries("GET", f"/v1/tenants/{TENANT}/{kind}/{saved['id']}/result")


def _result(result: Any) -> Answers:
    """What does not depend on when it was asked: columns, rows, totals, and how the join went."""
    names = [column["name"] for column in result["columns"]]
    return {"columns": names, **{name: result[name] for name in ("rows", "totals", "join")}}


def _catalog(catalog: Any) -> Answers:
    """Which objects can be reported on, with their dimensions and measures, and which cannot."""
    return {
        "objects": {
            found["object"]: {name: [entry["name"] for entry in found[name]] for name in ("dimensions", "measures")}
            for found in catalog["explores"]
        },
        "not_reportable": [found["object"] for found in catalog["not_reportable"]],
    }
