"""What `crosslook up --detach` says itself, and not only its supervisor's log."""

import socket
import subprocess
import sys
from pathlib import Path

from crosslook.local.ports import outgoing_ports


def test_a_detached_start_says_that_outgoing_connections_may_take_a_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:  # the system gives a port of that range
        port = taken.getsockname()[1]
        command = [sys.executable, "-c", "from crosslook.cli import main; main()", "up", "--detach"]
        options = ["--port-base", str(port - 1), "--data", str(tmp_path / "data")]
        ran = subprocess.run([*command, *options], env={"CROSSLOOK_LANG": "en"}, capture_output=True, text=True)
    first, last = outgoing_ports()
    assert (ran.returncode, ran.stdout) == (1, "")
    assert f"Port {port} is in the range {first}-{last} that this machine uses for outgoing connections" in ran.stderr
