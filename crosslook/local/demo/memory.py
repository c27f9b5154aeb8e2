"""Remembers the dataset of a data folder, so that a later demonstration there uses the same one.

The same story has the same events: they are repeats, which change nothing, and the numbers stay checkable.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crosslook.local.messages import CommandRefused


@dataclass(frozen=True, slots=True)
class Story:
    """The instant at which the dataset ends, and about how many records it has."""

    told_at: datetime
    records: int


def story_for(path: Path, records: int | None, now: datetime, default_records: int) -> Story:
    """The story used here before, else a new one, which is stored. Raises CommandRefused for another size."""
    before = _read(path)
    if before is None:
        story = Story(now.replace(microsecond=0), records if records is not None else default_records)
        path.write_text(json.dumps({"told_at": story.told_at.isoformat(), "records": story.records}))
        return story
    if records not in (None, before.records):
        raise CommandRefused("demo_size", folder=str(path.parent), records=before.records)
    return before


def _read(path: Path) -> Story | None:
    try:
        found = json.loads(path.read_text())
        return Story(datetime.fromisoformat(found["told_at"]), int(found["records"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        raise CommandRefused("state_unreadable", path=str(path)) from None
