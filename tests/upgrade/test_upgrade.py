"""This release continues with the data folder of each released format: it answers what the older release answered, and
after a refresh with news what the older release answered after its own.

The tests tell one story, in order, on one start of each folder. How a folder was made: tests/upgrade/make.py.
"""

import asyncio
import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crosslook.contracts.layouts import LAYOUT_FORMAT
from crosslook.local.folder import DataFolder
from crosslook.local.stack import DATABASE
from crosslook.platform.clickhouse import ClickHouse
from crosslook.platform.settings import ClickHouseSettings
from tests.e2e.conftest import COMMAND
from tests.helpers.stack import free_base
from tests.upgrade.answers import Answers, answers, quarantined, refreshed_with_news, reports_of
from tests.upgrade.release import Release, RunningStack

STORED = sorted(file.parent for file in Path(__file__).parent.glob("*/data.tar.xz"))
KEPT = timedelta(days=400)
"""How long refused events are kept here: as long as can be set. The events of an older folder are gone."""


@dataclass(frozen=True, slots=True)
class Upgrade:
    """This release on a copy of a stored folder, and what the older release answered `before` the news and `after`."""

    stack: RunningStack
    before: Answers
    after: Answers

    @property
    def keeps_quarantine(self) -> bool:
        """Whether the refused events of the folder are young enough to be kept."""
        return datetime.now(UTC) - datetime.fromisoformat(self.before["snapshot"]["as_of"]) < KEPT


@pytest.fixture(scope="module", params=STORED, ids=lambda folder: folder.name)
def upgrade(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgrade]:
    """A stack of this release on the folder."""
    data = tmp_path_factory.mktemp("upgrade") / "data"
    data.mkdir(mode=0o700)
    with tarfile.open(request.param / "data.tar.xz") as archive:
        archive.extractall(data, filter="data")
    recorded = json.loads((request.param / "answers.json").read_text(encoding="utf-8"))
    settings = {"CROSSLOOK_QUARANTINE__KEEP_DAYS": str(KEPT.days)}
    with Release(COMMAND, data, free_base(), settings).running() as stack:
        yield Upgrade(stack, recorded["before"], recorded["after"])


def approximately(recorded: Any) -> Any:
    """What was recorded, to be compared: averages may differ in a last digit, nothing else may."""
    match recorded:
        case dict():
            return {name: approximately(member) for name, member in recorded.items()}
        case list():
            return [approximately(member) for member in recorded]
        case float():
            return pytest.approx(recorded, rel=1e-12)
        case _:
            return recorded


def _compare(found: Answers, recorded: Answers) -> None:
    for kind in ("reports", "looks", "dashboards"):
        assert found[kind] == approximately(recorded[kind]), kind
    assert found["catalogs"].keys() == recorded["catalogs"].keys()
    for tenant, catalog in recorded["catalogs"].items():
        assert _still_offered(catalog, found["catalogs"][tenant]) == catalog, tenant


def _still_offered(recorded: Any, found: Any) -> Any:
    """What was recorded and is still there: a release may offer more of an object, and no more objects."""
    match recorded:
        case {"objects": objects}:
            kept = {name: _still_offered(part, found["objects"].get(name, {})) for name, part in objects.items()}
            new = {name: part for name, part in found["objects"].items() if name not in objects}
            return {**found, "objects": kept | new}
        case dict():
            return {name: _still_offered(part, found.get(name, ())) for name, part in recorded.items()}
        case _:
            return [name for name in recorded if name in found]


def test_a_start_serves_the_numbers_that_the_older_release_served(upgrade: Upgrade) -> None:
    current = upgrade.stack.snapshots("GET", "/v1/snapshots")["items"][0]
    assert (current["id"], current["current"]) == (upgrade.before["snapshot"]["id"], True)
    numbers = ("rows", "objects", "waiting_patches", "ignored_patches", "shared_references", "watermark", "as_of")
    assert {name: current[name] for name in numbers} == {name: upgrade.before["snapshot"][name] for name in numbers}
    found = answers(upgrade.stack)
    _compare(found, upgrade.before)


def test_what_was_refused_is_still_in_quarantine(upgrade: Upgrade) -> None:
    assert quarantined(upgrade.stack) == (upgrade.before["quarantine"] if upgrade.keeps_quarantine else {})


def test_after_a_refresh_with_news_it_answers_what_the_older_release_answered(upgrade: Upgrade) -> None:
    run = refreshed_with_news(upgrade.stack)
    assert (run["state"], run["failed_objects"]) == ("published", [])
    snapshot = upgrade.stack.snapshots("GET", f"/v1/snapshots/{run['snapshot']}")
    visits = 0 if upgrade.keeps_quarantine else 1
    assert snapshot["rows"] == upgrade.after["snapshot"]["rows"] - visits
    assert snapshot["objects"] == upgrade.after["snapshot"]["objects"]
    expected, found = upgrade.after, answers(upgrade.stack, later=True)
    if not upgrade.keeps_quarantine:
        expected["reports"]["initech: visits"] |= {
            "rows": [],
            "join": {"relationship": "visitor", "kept": 0, "dropped": 0},
        }
    _compare(found, expected)


def test_a_patch_that_waits_for_its_record_is_still_there(upgrade: Upgrade) -> None:
    """In the snapshot, or, once the horizon is over, in quarantine."""
    current = upgrade.stack.snapshots("GET", "/v1/snapshots")["items"][0]
    orphans = [event for event, code in quarantined(upgrade.stack).items() if code == "orphan_patch"]
    assert current["waiting_patches"] + len(orphans) == upgrade.after["snapshot"]["waiting_patches"] == 1


def test_the_older_snapshot_is_still_served_from_the_older_tables(upgrade: Upgrade) -> None:
    found = reports_of(upgrade.stack, snapshot=upgrade.before["snapshot"]["id"])
    assert found == approximately(upgrade.before["reports"])


def test_every_object_has_rows_in_the_format_of_this_release(upgrade: Upgrade) -> None:
    layouts = asyncio.run(_layouts(upgrade.stack.release))
    older = layouts[upgrade.before["snapshot"]["id"]]
    current = layouts[upgrade.stack.snapshots("GET", "/v1/snapshots")["items"][0]["id"]]
    assert {layout.partition("_")[0] for layout in current} == {str(LAYOUT_FORMAT)}
    assert not older & current


async def _layouts(release: Release) -> dict[str, set[str]]:
    """The layouts that the entries of each snapshot record."""
    password = DataFolder(release.data).password_file
    settings = ClickHouseSettings(
        host="127.0.0.1", port=release.port_base + 123, username="default", password_file=password, database=DATABASE
    )
    engine = ClickHouse(settings)
    try:
        rows = (
            await engine.query("SELECT snapshot, groupUniqArray(layout) FROM snapshot_entries GROUP BY snapshot")
        ).rows
        return {snapshot: set(layouts) for snapshot, layouts in rows}
    finally:
        await engine.close()
