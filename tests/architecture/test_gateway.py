"""The gateway's configuration names the replicas that there are; tests/integration/test_deploy_start.py runs it."""

import re

import httpx
import pytest

from docs.pages.settings import SERVICES
from tests.architecture.compose import REPLICAS, containers, environment, replicas
from tests.helpers.gateway import CONFIGURATION

TEXT = CONFIGURATION.read_text(encoding="utf-8")


def port(name: str) -> str:
    """Where a container listens."""
    return environment(name)["CROSSLOOK_HTTP__PORT"]


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_has_all_its_replicas_twice_the_second_time_for_when_none_is_ready(service: str) -> None:
    found = re.search(rf"upstream {service} {{\n(.*?)\n    }}", TEXT, re.DOTALL)
    assert found is not None
    addresses = [f"{name}:{port(name)}" for name in replicas(service)]
    checked = [f"server {address} max_fails=1 fail_timeout=3s;" for address in addresses]
    spare = [f"server {address} max_fails=0 backup;" for address in addresses]
    assert [line.strip() for line in found[1].splitlines()] == [f"zone {service} 64k;", *checked, *spare]


_IMPORTS = "~ ^/v1/tenants/[^/]+/(objects/[^/]+/import|imports/[^/]+)$"
"""Files that are imported are larger, and their calls last longer."""
_PAGE_IMPORTS = _IMPORTS.replace("/v1/", "/api/schema/v1/")
_INNER = r"~ ^/(livez|metrics|docs|openapi\.json)$"
"""What a proxy keeps inside where it serves the page at `/`."""


@pytest.mark.parametrize("service", SERVICES)
def test_each_service_is_found_at_its_own_port_and_asked_for_its_readiness(service: str) -> None:
    (server,) = [text for text in TEXT.split("    server {\n") if f"proxy_pass http://{service};" in text]
    own = port(replicas(service)[0])
    assert re.findall(r"listen (\d+);", server) == [own]
    assert set(re.findall(r"proxy_pass (.*);", server)) == {f"http://{service}"}
    long_calls = {"schema_service": [_IMPORTS], "query_service": [_PAGE_IMPORTS]}.get(service, [])
    inner = [_INNER] if service == "query_service" else []
    assert re.findall(r"location (.*) {", server) == ["/v1/", *long_calls, "= /readyz", *inner, "/"]
    assert f"127.0.0.1:{own}:{own}" in containers()["gateway"]["ports"]
    assert own in containers()["gateway"]["healthcheck"]["test"][1]


def test_the_gateway_starts_after_those_whose_names_it_reads() -> None:
    assert containers()["gateway"]["depends_on"].keys() == {name for _, name in REPLICAS}


def test_no_other_container_is_reachable_from_the_network_of_the_published_ports() -> None:
    assert [name for name, container in containers().items() if "front" in container["networks"]] == ["gateway"]


@pytest.mark.parametrize(("_", "name"), REPLICAS)
def test_the_address_of_a_replica_is_one_that_clients_accept(_: str, name: str) -> None:
    url = httpx.URL(environment(name)["CROSSLOOK_HTTP__ADVERTISED_URL"])
    assert (url.host, str(url.port)) == (name, port(name))
