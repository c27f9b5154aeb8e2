"""Processes of the stack: how they are identified, started and ended."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

_LAUNCHER = Path(__file__).with_name("launch.py")
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class ProcessIdentity:
    """A pid together with when that process began, so that a pid given to somebody else is not mistaken for ours."""

    pid: int
    began: str

    @property
    def running(self) -> bool:
        """Whether this very process still runs."""
        return bool(self.began) and began(self.pid) == self.began

    def send(self, number: signal.Signals) -> None:
        """Signal this process and, where it leads one, its group. Does nothing when it is gone."""
        if not self.running:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.getpgid(self.pid) == self.pid:
                os.killpg(self.pid, number)
            else:
                os.kill(self.pid, number)

    def gone_within(self, seconds: float) -> bool:
        """Wait for its end."""
        deadline = time.monotonic() + seconds
        while self.running:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True


def identify(pid: int) -> ProcessIdentity:
    """The identity of a process that runs now."""
    return ProcessIdentity(pid, began(pid))


def began(pid: int) -> str:
    """When the process began, in the kernel's words; "" when there is none (a zombie counts as none)."""
    if not _BOOT_ID.exists():
        said = subprocess.run(
            ["ps", "-o", "lstart=,stat=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        *when, state = said.stdout.split() or [""]
        return "" if state.startswith("Z") else " ".join(when)
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    # The name in parentheses may hold anything; what follows it does not.
    state, *rest = text[text.rindex(")") + 2 :].split()
    return "" if state in "ZX" else f"{_BOOT_ID.read_text().strip()} {rest[18]}"


def bound_to_us(command: list[str], number: signal.Signals = signal.SIGKILL) -> list[str]:
    """The command, started so that it gets this signal when our process ends, however that happens."""
    return [sys.executable, "-I", "-S", str(_LAUNCHER), str(int(number)), str(os.getpid()), *command]
