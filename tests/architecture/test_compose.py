"""The compose file says nothing that is not so: settings, ports, mounts, secrets, health checks, start order."""

import importlib.metadata
import json
import re
import tomllib
from graphlib import TopologicalSorter
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest

from crosslook.platform.plan_settings import read_plans
from deploy.make_secrets import make
from docs.pages.settings import SERVICES, settings_class, settings_of
from tests.architecture.compose import REPLICAS, compose, containers, environment, ours, replicas
from tests.architecture.sources import ROOT, xml

ALL = sorted(containers())
LISTENING = re.findall(r"listen (\d+);", (ROOT / "deploy/gateway/nginx.conf").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("service", "name"), REPLICAS)
def test_every_variable_is_a_setting_of_its_service(service: str, name: str) -> None:
    assert environment(name).keys() - {setting.name for setting in settings_of(service)} == set()


def test_every_variable_of_the_topics_job_is_a_setting() -> None:
    known = {setting.name for service in SERVICES for setting in settings_of(service)}
    assert environment("topics").keys() <= known


def test_every_setting_can_be_given_in_one_file() -> None:
    for name in ours():
        assert containers()[name]["env_file"] == [{"path": ".env", "required": False}]
        # Where a variable of the file were repeated here, its default here would win over the file.
        assert not any("$" in value for value in environment(name).values())
    assert ".env" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize(("service", "name"), REPLICAS)
def test_every_service_accepts_its_environment(service: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable, value in environment(name).items():
        monkeypatch.setenv(variable, value)
    settings = settings_class(service)()
    assert settings.auth.mode == "jwt"
    assert settings.http.address == f"http://{name}:{settings.http.port}"
    assert settings.kafka.bootstrap_servers in environment("kafka")["KAFKA_ADVERTISED_LISTENERS"]


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_runs_twice_under_stable_names_and_addresses(service: str) -> None:
    assert replicas(service) == [f"{service}_1", f"{service}_2"]
    network = ip_network(compose()["networks"]["inside"]["ipam"]["config"][0]["subnet"])
    for name in replicas(service):
        assert containers()[name]["hostname"] == name.replace("_", "-")  # underscores are not for host names
        assert environment(name).get("CROSSLOOK_WORKER__NAME", name) == name
        assert ip_address(containers()[name]["networks"]["inside"]["ipv4_address"]) in network
    assert ("CROSSLOOK_WORKER__NAME" in environment(f"{service}_1")) == (service == "snapshot_service")


def test_no_two_containers_share_an_address_or_a_volume() -> None:
    fixed = [containers()[name]["networks"]["inside"]["ipv4_address"] for _, name in REPLICAS]
    volumes = [mount.partition(":")[0] for name in ALL for mount in containers()[name].get("volumes", [])]
    given = ip_network(compose()["networks"]["inside"]["ipam"]["config"][0]["ip_range"])
    assert len({*fixed}) == len(fixed)
    assert len({*volumes}) == len(volumes)
    assert not any(ip_address(address) in given for address in fixed)


def test_ports_are_published_on_loopback_only_and_somebody_listens_there() -> None:
    for name in ALL:
        for port in containers()[name].get("ports", []):
            host, published, target = port.split(":")
            assert host == "127.0.0.1"
            assert published == target
            listening = environment("kafka")["KAFKA_LISTENERS"].split(":") if name == "kafka" else LISTENING
            assert target in listening


@pytest.mark.parametrize(("service", "name"), REPLICAS)
def test_every_health_check_asks_its_service_for_an_address_it_has(service: str, name: str) -> None:
    asked = re.search(r"http://127\.0\.0\.1:(\d+)(/\w+)'", " ".join(containers()[name]["healthcheck"]["test"]))
    assert asked is not None
    assert asked[1] == environment(name)["CROSSLOOK_HTTP__PORT"]
    interface = json.loads((ROOT / f"docs/reference/openapi/{service}.json").read_text(encoding="utf-8"))
    assert "get" in interface["paths"][asked[2]]


@pytest.mark.parametrize("name", [name for name in ALL if name != "topics"])
def test_whatever_runs_on_is_checked(name: str) -> None:
    assert containers()[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")


@pytest.mark.parametrize("name", ALL)
def test_every_container_is_hardened_and_limited(name: str) -> None:
    container = containers()[name]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert container["user"].partition(":")[0] not in ("", "0", "root")
    assert container["deploy"]["resources"]["limits"].keys() == {"cpus", "memory", "pids"}
    assert not {"privileged", "cap_add", "network_mode", "pid", "devices"} & container.keys()


@pytest.mark.parametrize("name", ALL)
def test_every_mount_exists_and_is_read_only_or_a_volume(name: str) -> None:
    for mount in containers()[name].get("volumes", []):
        source, _, options = mount.partition(":")
        if source.startswith("."):
            assert (ROOT / source).is_file()
            assert options.endswith(":ro")
        else:
            assert source in compose()["volumes"]


def test_every_volume_is_mounted() -> None:
    mounted = {mount.partition(":")[0] for container in containers().values() for mount in container.get("volumes", [])}
    assert compose()["volumes"].keys() <= mounted


def test_secrets_are_the_files_that_make_secrets_writes(tmp_path: Path) -> None:
    make(tmp_path)
    for secret in compose()["secrets"].values():
        assert (tmp_path / Path(secret["file"]).relative_to("deploy/secrets")).is_file()
    assert "deploy/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_making_secrets_again_changes_nothing(tmp_path: Path) -> None:
    make(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    make(tmp_path)
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_making_secrets_again_keeps_the_keys_of_an_identity_provider(tmp_path: Path) -> None:
    theirs = '{"keys": []}'
    key_set = tmp_path / "keys" / "jwks.json"
    make(tmp_path)
    key_set.write_text(theirs, encoding="utf-8")
    make(tmp_path)
    assert key_set.read_text(encoding="utf-8") == theirs


def test_keys_that_are_there_first_get_no_private_key_beside_them(tmp_path: Path) -> None:
    key_set = tmp_path / "keys" / "jwks.json"
    key_set.parent.mkdir()
    key_set.write_text('{"keys": []}', encoding="utf-8")
    make(tmp_path)
    assert key_set.read_text(encoding="utf-8") == '{"keys": []}'
    others = {"secrets-keys", "session-keys", "page-key.pem", "page-jwks.json"}
    assert {path.name for path in key_set.parent.iterdir()} == {"jwks.json", *others}


def test_a_private_key_without_its_set_gets_it_back(tmp_path: Path) -> None:
    make(tmp_path)
    key_set = tmp_path / "keys" / "jwks.json"
    before = key_set.read_bytes()
    key_set.unlink()
    make(tmp_path)
    assert key_set.read_bytes() == before


def test_the_password_file_names_the_users_of_the_server(tmp_path: Path) -> None:
    make(tmp_path)
    hashed = (tmp_path / "clickhouse-passwords.xml").read_text(encoding="utf-8")
    users = xml("deploy/clickhouse/users.d/crosslook.xml").findall("users/*")
    named = re.findall(r"<(\w+)><password_sha256_hex>[0-9a-f]{64}<", hashed)
    assert named == [user.tag for user in users if not user.get("remove")]


@pytest.mark.parametrize(("_", "name"), REPLICAS)
def test_every_secret_file_that_a_service_reads_is_handed_to_it(_: str, name: str) -> None:
    given = {f"/run/secrets/{secret}" for secret in containers()[name]["secrets"]}
    assert given == {value for value in environment(name).values() if value.startswith("/run/secrets/")}
    assert set(containers()[name]["secrets"]) <= compose()["secrets"].keys()


@pytest.mark.parametrize("name", ours())
def test_every_container_of_ours_finds_the_file_of_plans(name: str) -> None:
    [plans] = containers()[name]["configs"]
    assert read_plans(ROOT / compose()["configs"][plans["source"]]["file"]).plans
    assert plans["target"] == "/etc/crosslook/plans.toml"
    how_to = (ROOT / "docs/how-to/run-in-containers.md").read_text(encoding="utf-8")
    assert f"CROSSLOOK_PLANS__FILE={plans['target']}" in how_to


def test_no_secret_stands_in_the_file() -> None:
    for name in [name for name in ALL if "environment" in containers()[name]]:
        secret = [k for k in environment(name) if re.search("PASSWORD|SECRET|TOKEN", k) and not k.endswith("_FILE")]
        assert secret == []


def test_reports_are_read_by_the_user_that_can_only_read() -> None:
    users = {"query_service": "crosslook_reader", "snapshot_service": "crosslook_writer", "schema_service": None}
    for service, name in REPLICAS:
        assert environment(name).get("CROSSLOOK_CLICKHOUSE__USERNAME") == users[service]


# Only what a service cannot wait for itself: whatever else is slow or stands still keeps no service from starting.
WAITED_FOR = {"topics": "service_completed_successfully", "kafka": "service_healthy"}


def test_the_start_order_waits_for_kafka_and_the_topics_and_has_no_circle() -> None:
    order = {name: container.get("depends_on", {}).keys() for name, container in containers().items()}
    sorted_names = list(TopologicalSorter(order).static_order())
    assert sorted_names.index("kafka") < sorted_names.index("topics")
    for _, replica in REPLICAS:
        assert containers()[replica]["depends_on"] == {"topics": {"condition": "service_completed_successfully"}}
    for container in containers().values():
        for name, how in container.get("depends_on", {}).items():
            assert how["condition"] == WAITED_FOR.get(name, "service_started"), name


def test_every_command_can_be_run() -> None:
    for service, name in REPLICAS:
        *_, flag, module = containers()[name]["command"]
        assert (flag, module) == ("-m", f"services.{service}")
        assert find_spec(f"{module}.__main__") is not None
    assert containers()["topics"]["command"][-1] == "topics"


def test_images_are_of_the_versions_we_develop_against() -> None:
    pom = (ROOT / "deploy/kafka/pom.xml").read_text(encoding="utf-8")
    kafka = re.search(r"<artifactId>kafka_[\d.]+</artifactId>\s*<version>([\d.]+)</version>", pom)
    assert kafka is not None
    assert containers()["kafka"]["image"] == f"apache/kafka:{kafka[1]}"
    line = ".".join(importlib.metadata.version("chdb-core").split(".")[:2])
    assert containers()["clickhouse"]["image"] == f"clickhouse/clickhouse-server:{line}"
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert {containers()[name]["image"] for name in ours()} == {f"crosslook:{version}"}


def test_kafka_is_kept_as_the_embedded_broker_is() -> None:
    properties = (ROOT / "deploy/kafka/server.properties").read_text(encoding="utf-8")
    embedded = dict(re.findall(r"^([a-z.]+)=(.*)$", properties, re.MULTILINE))
    given = {key.removeprefix("KAFKA_").replace("_", ".").lower(): v for key, v in environment("kafka").items()}
    # Where it listens is the container's own; the rest must not differ.
    same = embedded.keys() & given.keys() - {"listener.security.protocol.map"}
    assert {"auto.create.topics.enable", "message.max.bytes", "replica.fetch.max.bytes"} <= same
    assert {key: given[key] for key in same} == {key: embedded[key] for key in same}
