"""The data folder of one stack: its paths, its lock, and the state that stays between `down` and `up`."""

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from crosslook.local.messages import CommandRefused
from crosslook.local.processes import ProcessIdentity

Phase = Literal["starting", "ready", "stopping", "stopped"]


@dataclass(frozen=True, slots=True)
class ChildState:
    """One process of the stack as its supervisor last saw it. `restarts`: how often it was started again."""

    name: str
    url: str
    pid: int | None = None
    began: str = ""
    restarts: int = 0

    @property
    def identity(self) -> ProcessIdentity | None:
        """The process, None while there is none."""
        return None if self.pid is None else ProcessIdentity(self.pid, self.began)


@dataclass(frozen=True, slots=True)
class StackState:
    """What `stack.json` holds: the ports' base, the supervisor, its processes."""

    port_base: int
    phase: Phase = "stopped"
    pid: int | None = None
    began: str = ""
    children: tuple[ChildState, ...] = ()

    @property
    def supervisor(self) -> ProcessIdentity | None:
        """The supervisor that wrote this, None after an orderly stop."""
        return None if self.pid is None else ProcessIdentity(self.pid, self.began)

    def with_child(self, child: ChildState) -> "StackState":
        """The state with one process replaced or added."""
        by_name = {child.name: child for child in self.children} | {child.name: child}
        return replace(self, children=tuple(by_name.values()))


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Where one stack keeps everything. `root` is absolute."""

    root: Path

    @staticmethod
    def at(path: Path) -> "DataFolder":
        """The data folder at a path."""
        return DataFolder(path.expanduser().resolve())

    @property
    def logs(self) -> Path:
        """One log a process."""
        return self.root / "logs"

    @property
    def state_file(self) -> Path:
        """What runs, with its pids and addresses."""
        return self.root / "stack.json"

    @property
    def broker(self) -> Path:
        """Kafka's folder."""
        return self.root / "kafka"

    @property
    def engine(self) -> Path:
        """The engine's folder."""
        return self.root / "clickhouse"

    @property
    def password_file(self) -> Path:
        """The engine's password."""
        return self.root / "keys" / "clickhouse-password"

    @property
    def private_key(self) -> Path:
        """What `crosslook token` signs with."""
        return self.root / "keys" / "signing-key.pem"

    @property
    def key_set(self) -> Path:
        """The public half, as the services read it."""
        return self.root / "keys" / "jwks.json"

    @property
    def secrets_keys(self) -> Path:
        """What signing secrets of integrations are encrypted with."""
        return self.root / "keys" / "secrets-keys"

    @property
    def session_keys(self) -> Path:
        """What sessions of the page are sealed with."""
        return self.root / "keys" / "session-keys"

    @property
    def page_key(self) -> Path:
        """What tokens of the page's sessions are signed with, where `private_key` is not."""
        return self.root / "keys" / "page-key.pem"

    @property
    def page_key_set(self) -> Path:
        """The public half of `page_key`, as the services read it."""
        return self.root / "keys" / "page-jwks.json"

    def log(self, name: str) -> Path:
        """The log of one process."""
        return self.logs / f"{name}.log"

    def prepare(self) -> None:
        """Make what is missing. Raises CommandRefused."""
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            for folder in (self.logs, self.password_file.parent):
                folder.mkdir(exist_ok=True, mode=0o700)
            if not self.password_file.exists():
                write_secret(self.password_file, secrets.token_urlsafe(24).encode())
        except OSError as error:
            raise CommandRefused(
                "folder_unusable", folder=str(self.root), reason=error.strerror or str(error)
            ) from None

    def read(self) -> StackState | None:
        """The recorded state, None before the first `up`. Raises CommandRefused when it is damaged."""
        try:
            text = self.state_file.read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            return None
        try:
            found = json.loads(text)
            children = tuple(ChildState(**child) for child in found.pop("children"))
            return StackState(**found, children=children)
        except (ValueError, TypeError, KeyError, AttributeError):
            raise CommandRefused("state_unreadable", path=str(self.state_file)) from None

    def write(self, state: StackState) -> None:
        """Record the state, whole or not at all."""
        draft = self.state_file.with_suffix(".draft")
        draft.write_text(json.dumps(asdict(state), indent=1), encoding="utf-8")
        draft.replace(self.state_file)

    def running(self) -> StackState | None:
        """The state of the stack that runs here now, None when none does. Raises CommandRefused."""
        state = self.read()
        return state if state is not None and state.supervisor is not None and state.supervisor.running else None

    def require_running(self) -> StackState:
        """As `running`, but raises CommandRefused when none does."""
        state = self.running()
        if state is None:
            raise CommandRefused("not_up", folder=str(self.root))
        return state

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Lock the folder for its supervisor; the lock ends with the process. Raises CommandRefused if it is taken."""
        descriptor = os.open(self.root / "stack.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.read(descriptor, 32).decode(errors="replace").strip() or "?"
            os.close(descriptor)
            raise CommandRefused("already_up", folder=str(self.root), pid=pid) from None
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
            yield
        finally:
            os.close(descriptor)


def write_secret(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    draft = path.with_name(f"{path.name}.draft")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    draft.replace(path)


def tail(path: Path, lines: int = 15) -> str:
    """The last lines of a log, "" when there is none."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 16_384))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
