"""deploy/gateway/nginx.conf on this machine: a real nginx before processes on loopback, and its container's health
check."""

import contextlib
import re
import shutil
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

from crosslook.local.ports import free_port
from tests.architecture.compose import containers
from tests.architecture.sources import ROOT
from tests.helpers.processes import stop, wait_for

CONFIGURATION = ROOT / "deploy/gateway/nginx.conf"
_UNPACKED = ROOT / ".venv/nginx/usr/sbin/nginx"


def nginx() -> str:
    """The program. AssertionError where there is none: a test that needs it cannot pass."""
    found = str(_UNPACKED) if _UNPACKED.exists() else shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
    assert found is not None, "nginx is missing: run `make .venv/nginx/usr/sbin/nginx` or `apt-get install nginx-light`"
    return found


def configuration(folder: Path, servers: Mapping[str, str], ports: Mapping[int, int]) -> str:
    """The file with the addresses of this machine. `servers`: by name and port of the container. `ports`: by the port
    that the gateway listens on."""
    text = CONFIGURATION.read_text(encoding="utf-8").replace(" /tmp/", f" {folder}/")  # the container's
    for name, address in servers.items():
        text = text.replace(f" {name} ", f" {address} ")
    return re.sub(r"listen (\d+);", lambda found: f"listen 127.0.0.1:{ports[int(found[1])]};", text)


@contextlib.contextmanager
def running_gateway(folder: Path, servers: Mapping[str, str]) -> Iterator[Mapping[int, str]]:
    """Answers the addresses by the port in the container. Parameters as of `configuration`."""
    declared = containers()["gateway"]
    ports = {int(port.rpartition(":")[2]): free_port() for port in declared["ports"]}
    file = folder / "nginx.conf"
    file.write_text(configuration(folder, servers, ports), encoding="utf-8")
    program, flag, _, *more = declared["command"]
    assert (program, flag) == ("nginx", "-c")
    with (folder / "gateway.log").open("wb") as log:
        process = subprocess.Popen(
            [nginx(), "-p", str(folder), "-e", str(folder / "error.log"), flag, str(file), *more],
            stdout=log,
            stderr=log,
        )
    try:
        with _health_check(process, ports):
            yield {port: f"http://127.0.0.1:{here}" for port, here in ports.items()}
    finally:
        assert stop(process) == 0, (folder / "gateway.log").read_text()


@contextlib.contextmanager
def _health_check(gateway: subprocess.Popen[bytes], ports: Mapping[int, int]) -> Iterator[None]:
    """Ask what the container's health check asks, as often. Begins once every service is ready."""
    check = containers()["gateway"]["healthcheck"]
    found = re.search(r"for port in ([\d ]+); do curl .* http://127\.0\.0\.1:\$\$port(/\w+) ", check["test"][1])
    assert found is not None
    urls = [f"http://127.0.0.1:{ports[int(port)]}{found[2]}" for port in found[1].split()]

    def ready() -> bool:
        return gateway.poll() is not None or [_status(url) for url in urls] == [200] * len(urls)

    wait_for(ready, 60, "a ready replica of each service")
    done = threading.Event()

    def check_on() -> None:
        while not done.wait(float(check["interval"].rstrip("s"))):
            for url in urls:
                _status(url)

    checking = threading.Thread(target=check_on, name="health check of the gateway")
    checking.start()
    try:
        yield
    finally:
        done.set()
        checking.join()


def _status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310  # a loopback address of our own
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0
