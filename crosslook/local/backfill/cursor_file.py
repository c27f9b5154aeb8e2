"""How far a back-fill has come, in the data folder: it continues there after whatever ended it."""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from crosslook.local.folder import DataFolder
from crosslook.local.messages import CommandRefused


@dataclass(frozen=True, slots=True)
class BackfillState:
    """One back-fill: from which vendor's address and since when, and the cursor behind the last page that the
    integration accepted. `finished`: the vendor had nothing more. The vendor's token is not in it."""

    kind: str
    url: str
    start: str
    cursor: str | None = None
    finished: bool = False
    pages: int = 0
    accepted: int = 0
    refused: int = 0

    @property
    def began(self) -> datetime:
        """The instant from which it reads."""
        return datetime.fromisoformat(self.start)


@dataclass(frozen=True, slots=True)
class CursorFile:
    """The file of one integration's back-fill."""

    path: Path

    @staticmethod
    def of(folder: DataFolder, tenant: str, name: str) -> "CursorFile":
        """The file in a data folder."""
        return CursorFile(folder.root / "backfill" / f"{tenant}.{name}.json")

    def read(self) -> BackfillState | None:
        """The state; None before the first page. Raises CommandRefused where the file is damaged."""
        try:
            return BackfillState(**json.loads(self.path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError):
            raise CommandRefused("state_unreadable", path=str(self.path)) from None

    def write(self, state: BackfillState) -> None:
        """Keep the state, whole or not at all, also where the machine stops."""
        draft = self.path.with_suffix(".draft")
        with draft.open("w", encoding="utf-8") as file:
            json.dump(asdict(state), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self.path)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Only one back-fill of an integration runs at a time. Raises CommandRefused where one does."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise CommandRefused("backfill_runs", path=str(self.path)) from None
        finally:
            os.close(descriptor)
