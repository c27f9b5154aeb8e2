"""An engine whose disk a test can fill: a small file system of its own where the machine lets us mount one."""

import contextlib
import os
import subprocess
from pathlib import Path

from crosslook.platform.clickhouse import ClickHouse
from tests.helpers.faults_processes import EngineProcess
from tests.helpers.processes import PASSWORD, answers, engine_command, wait_for

_MOUNTED = 'mount -t tmpfs -o size="$1"m tmpfs "$0" && shift && exec "$@"'
_NAMESPACE = ("unshare", "--user", "--map-root-user", "--mount")
"""The mount is seen by the engine alone, needs no rights of ours, and is gone with it."""
_TABLES = ("record_log", "quarantine")
_NO_ROOM = "ALTER TABLE {table} MODIFY SETTING min_free_disk_bytes_to_perform_insert = 1000000000000000"
_ROOM = "ALTER TABLE {table} RESET SETTING min_free_disk_bytes_to_perform_insert"


class SmallDiskEngine(EngineProcess):
    """An engine on 64 MiB.

    Where a machine forbids mounts (some containers do), the engine is told instead to keep more room free than any disk
    has: it then refuses inserts by the same code, 243, before it writes.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._data = folder / "data"
        self._mounts = can_mount()

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._data.mkdir(parents=True)
        password_file = self._data.parent / "password"
        password_file.write_text(PASSWORD)
        command = engine_command(self._data, self.port, password_file)
        if self._mounts:
            command = on_small_disk(command, self._data, 64)
        with (self._data.parent / "engine.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log)
        wait_for(lambda: answers(f"http://127.0.0.1:{self.port}/ping"), what="the engine's ping")

    async def fill(self, store: ClickHouse) -> None:
        """Leave no room on the disk. `store`: the database that is about to be written to."""
        if not self._mounts:
            for table in _TABLES:
                await store.command(_NO_ROOM.format(table=table))
            return
        fill(self._inside)

    async def free(self, store: ClickHouse) -> None:
        """Give the room back."""
        if not self._mounts:
            for table in _TABLES:
                await store.command(_ROOM.format(table=table))
            return
        empty(self._inside)

    @property
    def _inside(self) -> Path:
        """Its data folder as it sees it."""
        assert self._process is not None
        return seen_by(self._process.pid, self._data)


def can_mount() -> bool:
    """Whether this machine lets us mount a file system for a process of ours; some containers forbid it."""
    return subprocess.run([*_NAMESPACE, "true"], capture_output=True, check=False).returncode == 0


def on_small_disk(command: list[str], folder: Path, mebibytes: int) -> list[str]:
    """The command with a file system of that size mounted on `folder`, which must exist."""
    return [*_NAMESPACE, "sh", "-c", _MOUNTED, str(folder), str(mebibytes), *command]


def seen_by(pid: int, folder: Path) -> Path:
    """The folder as a process sees it that has its own mounts."""
    return Path(f"/proc/{pid}/root{folder}")


def fill(folder: Path) -> None:
    """Leave no room on the disk of this folder."""
    with (folder / "ballast").open("wb") as ballast:
        taken = 0
        while (disk := os.statvfs(folder)).f_bavail:
            room = disk.f_bavail * disk.f_frsize
            with contextlib.suppress(OSError):  # who runs on this disk was quicker: there is less room by now
                os.posix_fallocate(ballast.fileno(), taken, room)
                taken += room


def empty(folder: Path) -> None:
    """Give the room back that `fill` took."""
    (folder / "ballast").unlink()
