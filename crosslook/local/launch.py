"""Starts a command that does not outlive whoever started it:

    python -I -S launch.py SIGNAL PARENT_PID COMMAND…

The kernel sends SIGNAL when the parent is gone (Linux; elsewhere the next `crosslook up` cleans up). A tiny program
rather than a hook between fork and exec, where a process with threads may not run Python.
"""

import ctypes
import os
import sys

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Becomes the command; leaves with status 1 when the parent went before that."""
    number, parent, *command = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(number), 0, 0, 0)
    if os.getppid() != int(parent):
        sys.exit(1)
    os.execvp(command[0], command)  # noqa: S606  # the command comes from the supervisor's own list


if __name__ == "__main__":
    main()
