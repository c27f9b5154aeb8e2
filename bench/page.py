"""The page's figures: python -m bench.page

Starts a stack with the demonstration's data, opens the page in Chromium and prints what a first chart costs, how soon a
click is answered with 5,000 rows shown and with 200 objects of 100 fields in the picker, and what stays in memory after
200 and 600 changes of a report: the page keeps 200 steps to undo, the browser the times of 250 requests. Times are also
printed as multiples of what the machine does at the same time: a chart of the time in which the services answer its
questions, a click of a click on an empty page.
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.e2e.conftest import COMMAND, Crosslook
from tests.page.demonstrated import demonstrated

WEB = Path(__file__).parents[1] / "web"
MOST_BYTES = 500_000
MOST_CHART_MS = 1_500
MOST_CLICK_MS = 100


def main() -> None:
    """Measure and print.

    Raises RuntimeError where the stack does not start, CalledProcessError where a window of the page fails."""
    with tempfile.TemporaryDirectory() as folder, demonstrated(Path(folder) / "data") as command:
        _show(_measured(command))


def _measured(command: Crosslook) -> dict[str, Any]:
    opening = json.dumps([str(COMMAND), "open", "--data", str(command.data)])
    done = subprocess.run(
        ["node", "e2e/figures.mjs"],
        cwd=WEB,
        env={**os.environ, "CROSSLOOK_OPEN": opening},
        check=True,
        capture_output=True,
        text=True,
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _show(found: dict[str, Any]) -> None:
    size, chart = found["first_chart_bytes"], found["first_chart_ms"]
    print(f"first chart: {size / 1000:.0f} kB, {size / MOST_BYTES:.2f} of {MOST_BYTES // 1000} kB")
    answers = chart / found["answers_ms"]
    print(
        f"first chart: {chart:.0f} ms, {chart / MOST_CHART_MS:.2f} of the target, {answers:.1f} x the services' answers"
    )
    for name, label in (
        ("click_5000_rows_ms", "a field with 5,000 rows shown"),
        ("click_open_object_ms", "opening one of 200 objects"),
        ("click_add_field_ms", "a field in a picker of 200 x 100"),
    ):
        took = found[name]
        target, bare = took / MOST_CLICK_MS, took / found["bare_click_ms"]
        print(f"click on {label}: {took:.0f} ms, {target:.2f} of the target, {bare:.1f} x a click on nothing")
    heap = {int(changes): size for changes, size in found["heap_bytes"].items()}
    for late, early in ((200, 20), (600, 300)):
        print(f"memory after {late} changes: {heap[late] / heap[early]:.2f} x that after {early}")


if __name__ == "__main__":
    main()
