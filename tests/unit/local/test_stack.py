"""What the embedded stack consists of, where it listens, when it is started again."""

import itertools
from dataclasses import fields
from pathlib import Path

import pytest

from crosslook.local.broker import Broker, _property
from crosslook.local.folder import DataFolder
from crosslook.local.messages import CommandRefused
from crosslook.local.ports import Ports, free_port, outgoing_ports
from crosslook.local.restarts import MOST_SECONDS, STABLE_SECONDS, Restarts
from crosslook.local.stack import PORT_BASE, SERVICES, service_environment, service_urls, stack_of

FOLDER = DataFolder(Path("/data"))
PORTS = Ports.from_base(9000)


def test_all_ports_follow_from_the_base_as_the_contract_says() -> None:
    assert Ports(9001, 9002, 9003, 9092, 9093, 9123) == PORTS


def test_two_stacks_two_hundred_apart_share_no_port() -> None:
    one, other = ({getattr(p, f.name) for f in fields(p)} for p in (PORTS, Ports.from_base(9200)))
    assert not one & other


@pytest.mark.parametrize(
    ("outgoing", "found"),
    [((32_768, 60_999), None), ((9003, 60_999), 9003), ((9093, 9093), 9093), ((9094, 9122), None), ((1, 0), None)],
)
def test_the_first_port_that_outgoing_connections_may_take_is_named(outgoing: tuple[int, int], found: int) -> None:
    assert PORTS.among_outgoing(outgoing) == found


def test_the_default_ports_are_not_given_to_outgoing_connections() -> None:
    first, last = outgoing_ports()
    assert first < last, "this machine does not say"
    assert Ports.from_base(PORT_BASE).among_outgoing((first, last)) is None


def test_a_free_port_is_not_one_that_outgoing_connections_take() -> None:
    first, _ = outgoing_ports()
    assert all(free_port() < first for _ in range(50))


@pytest.mark.parametrize("base", [-1, 0, 1023, 65_413, 70_000])
def test_a_base_without_room_for_the_ports_is_refused(base: int) -> None:
    with pytest.raises(CommandRefused) as refusal:
        Ports.from_base(base)
    assert refusal.value.key == "bad_port_base"


def test_the_services_listen_on_the_first_three_ports_in_order() -> None:
    assert list(service_urls(PORTS).items()) == [
        ("schema_service", "http://127.0.0.1:9001"),
        ("snapshot_service", "http://127.0.0.1:9002"),
        ("query_service", "http://127.0.0.1:9003"),
    ]


def test_a_service_is_told_its_port_and_the_callers_settings() -> None:
    stack = stack_of(FOLDER, PORTS, {"CROSSLOOK_REFRESH__CRON": "0 4 * * *", "PATH": "/bin"})
    assert [child.name for child in stack.services] == list(SERVICES)
    for child, port in zip(stack.services, ("9001", "9002", "9003"), strict=True):
        assert child.environment["CROSSLOOK_HTTP__PORT"] == port
        assert child.environment["CROSSLOOK_REFRESH__CRON"] == "0 4 * * *"
        assert child.environment["PATH"] == "/bin"
        assert child.command[-1] == f"services.{child.name}"


def test_tenants_are_open_unless_the_caller_says_otherwise() -> None:
    assert service_environment(FOLDER, PORTS, {})["CROSSLOOK_TENANTS__OPEN"] == "true"
    closed = service_environment(FOLDER, PORTS, {"CROSSLOOK_TENANTS__OPEN": "false"})
    assert closed["CROSSLOOK_TENANTS__OPEN"] == "false"


def test_where_the_parts_are_and_which_keys_count_is_not_the_callers_to_say() -> None:
    told = service_environment(
        FOLDER,
        PORTS,
        {
            "CROSSLOOK_KAFKA__BOOTSTRAP_SERVERS": "elsewhere:9",
            "CROSSLOOK_CLICKHOUSE__PORT": "9",
            "CROSSLOOK_AUTH__JWKS_URL": "http://elsewhere",
        },
    )
    assert told["CROSSLOOK_KAFKA__BOOTSTRAP_SERVERS"] == "127.0.0.1:9092"
    assert told["CROSSLOOK_CLICKHOUSE__PORT"] == "9123"
    assert told["CROSSLOOK_AUTH__JWKS_FILE"] == str(FOLDER.key_set)
    assert told["CROSSLOOK_SECRETS__KEYS_FILE"] == str(FOLDER.secrets_keys)
    assert "CROSSLOOK_AUTH__JWKS_URL" not in told


def test_issuer_and_audience_are_the_callers_as_they_are_for_its_tokens() -> None:
    caller = {"CROSSLOOK_AUTH__ISSUER": "https://id.example", "CROSSLOOK_AUTH__AUDIENCE": "reports"}
    assert caller.items() <= service_environment(FOLDER, PORTS, caller).items()


def test_no_secret_stands_in_a_command_line() -> None:
    stack = stack_of(FOLDER, PORTS, {})
    assert str(FOLDER.password_file) in stack.engine.command
    assert not any("password=" in word for word in stack.engine.command)


def test_restarts_come_later_and_later_up_to_a_limit() -> None:
    restarts, delays = Restarts(), []
    for _ in range(12):
        restarts = restarts.died(1)
        delays.append(restarts.delay_seconds)
    assert delays[:4] == [0.25, 0.5, 1, 2]
    assert all(later >= earlier for earlier, later in itertools.pairwise(delays))
    assert delays[-1] == MOST_SECONDS
    assert restarts.total == 12


def test_a_stable_life_forgives_the_deaths_before_it_but_does_not_uncount_them() -> None:
    restarts = Restarts()
    for _ in range(6):
        restarts = restarts.died(1)
    restarts = restarts.died(STABLE_SECONDS)
    assert restarts.delay_seconds == 0.25
    assert restarts.total == 7


@pytest.mark.parametrize(
    ("text", "written"),
    [("/plain", "/plain"), ("/a b", "/a b"), ("C:\\x", "C:\\\\x"), ("/é🎈", "/\\u00e9\\ud83c\\udf88")],
)
def test_a_path_is_written_as_java_reads_it(text: str, written: str) -> None:
    assert _property(text) == written


def test_a_folder_that_kafka_would_read_as_two_is_refused() -> None:
    with pytest.raises(CommandRefused, match="comma"):
        Broker(Path("/a,b"), 1, 2).check()
