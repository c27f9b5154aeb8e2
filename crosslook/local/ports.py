"""The ports of a stack, all from one base, so that several stacks can run on one machine (CONTRACTS 6)."""

import secrets
import socket
from dataclasses import dataclass, fields
from pathlib import Path

from crosslook.local.messages import CommandRefused

_TRIES = 200
_OUTGOING = Path("/proc/sys/net/ipv4/ip_local_port_range")
BASE_MIN, BASE_MAX = 1024, 65_535 - 123


class PortTaken(CommandRefused):
    """A port is in use; the text names it and the remedy."""


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of one stack. `controller` is Kafka's KRaft listener."""

    schema: int
    snapshot: int
    query: int
    kafka: int
    controller: int
    clickhouse: int

    @staticmethod
    def from_base(base: int) -> "Ports":
        """Services on base + 1, 2, 3; Kafka on + 92 and + 93; the engine's HTTP on + 123. Raises CommandRefused."""
        if not BASE_MIN <= base <= BASE_MAX:
            raise CommandRefused("bad_port_base", base=base, least=BASE_MIN, most=BASE_MAX)
        return Ports(base + 1, base + 2, base + 3, base + 92, base + 93, base + 123)

    def check(self) -> None:
        """Raises PortTaken for the first port that somebody else listens on."""
        for field in fields(self):
            port = getattr(self, field.name)
            if not is_free(port):
                raise PortTaken("port_taken", port=port, name=field.name)

    def among_outgoing(self, outgoing: tuple[int, int]) -> int | None:
        """The first port that lies in the range which the system gives to outgoing connections, None when none does.

        While a server is down, a connection that goes out can be given its port; then the server cannot come back
        until that connection ends.
        """
        first, last = outgoing
        ports = (getattr(self, field.name) for field in fields(self))
        return next((port for port in ports if first <= port <= last), None)


def outgoing_ports() -> tuple[int, int]:
    """The first and last port that the system gives to outgoing connections; an empty range where it does not say."""
    try:
        first, last = _OUTGOING.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return (1, 0)
    return int(first), int(last)


def is_free(port: int) -> bool:
    """Whether a server could listen on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def listens(port: int) -> bool:
    """Whether a process listens on this port of 127.0.0.1 now."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """A port that nobody listens on at this moment, below those that outgoing connections use. Raises OSError."""
    first, _ = outgoing_ports()
    choices = range(BASE_MIN, first if first > BASE_MIN else BASE_MAX)
    for _ in range(_TRIES):
        # Not `random.choice`: test tools seed that one, and processes side by side would ask for the same port.
        port = secrets.choice(choices)
        if is_free(port):
            return port
    raise OSError(f"no free port found in {_TRIES} tries")
