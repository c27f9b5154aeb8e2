"""Settings: wrong ones are errors that teach, secrets stay secret, the open door stays at home."""

import os
import socket
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from crosslook.platform.auth import verifier
from crosslook.platform.errors import StopService
from crosslook.platform.http_settings import HttpSettings
from crosslook.platform.settings import (
    AuthSettings,
    ClickHouseSettings,
    KafkaSettings,
    RefreshSettings,
    ServiceSettings,
)
from crosslook.platform.settings_group import SettingsGroup


class Probe(ServiceSettings):
    """A service's settings."""

    http: HttpSettings = HttpSettings(port=8009)
    clickhouse: ClickHouseSettings = ClickHouseSettings()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.upper().startswith("CROSSLOOK_")]:
        monkeypatch.delenv(name)


def test_the_defaults_are_the_rule_r1() -> None:
    refresh = Probe().refresh
    assert (refresh.cron, refresh.timezone) == ("30 5 * * *", "America/Chicago")


def test_variables_reach_nested_settings_and_leave_their_neighbours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSLOOK_HTTP__HOST", "0.0.0.0")  # noqa: S104  # only read, nobody listens
    monkeypatch.setenv("CROSSLOOK_REFRESH__CRON", "0 4 * * *")
    monkeypatch.setenv("CROSSLOOK_TENANTS__OPEN", "true")
    settings = Probe()
    assert (settings.http.host, settings.http.port) == ("0.0.0.0", 8009)  # noqa: S104  # see above
    assert (settings.refresh.cron, settings.refresh.timezone) == ("0 4 * * *", "America/Chicago")
    assert settings.tenants.open


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("CROSSLOOK_REFRESH__CRON", "5:30", "five fields are expected: 30 5 * * *"),
        ("CROSSLOOK_REFRESH__CRON", "", "five fields are expected"),
        ("CROSSLOOK_REFRESH__CRON", "30 5 * * * *", "five fields are expected"),
        ("CROSSLOOK_REFRESH__CRON", "30 25 * * *", "five fields are expected"),
        ("CROSSLOOK_REFRESH__CRON", "0 0 30 2 *", "ever fires"),
        ("CROSSLOOK_REFRESH__CRON", "0 0 L/x * *", "five fields are expected"),
        ("CROSSLOOK_REFRESH__TIMEZONE", "CST6", "not an IANA time zone, such as America/Chicago"),
        ("CROSSLOOK_REFRESH__TIMEZONE", "America", "not an IANA time zone"),
        ("CROSSLOOK_REFRESH__TIMEZONE", "../etc/passwd", "not an IANA time zone"),
        ("CROSSLOOK_REFRESH__WAIT_SECONDS", "0", "greater than 0"),
        ("CROSSLOOK_HTTP__PORT", "70000", "65535"),
        ("CROSSLOOK_HTTP__PORT", "http", "valid integer"),
        ("CROSSLOOK_HTTP__PROT", "8001", "prot"),
        ("CROSSLOOK_KAFKA__RECORDS_PARTITIONS", "0", "greater than or equal to 1"),
        ("CROSSLOOK_KAFKA__SECURITY_PROTOCOL", "TLS", "SASL_SSL"),
        ("CROSSLOOK_AUTH__ALGORITHMS", '["HS256"]', "EdDSA"),
        ("CROSSLOOK_AUTH__MODE", "none", "off"),
        ("CROSSLOOK_LOG__LEVEL", "LOUD", "WARNING"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_expected(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as caught:
        Probe()
    path = name.removeprefix("CROSSLOOK_").lower().replace("__", ".")
    assert path in str(caught.value)
    assert told in str(caught.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "crosslook.example", "::"])  # noqa: S104  # must be refused
def test_authentication_is_never_off_where_others_can_call(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("CROSSLOOK_AUTH__MODE", "off")
    monkeypatch.setenv("CROSSLOOK_HTTP__HOST", host)
    with pytest.raises(ValidationError, match="loopback"):
        Probe()


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_authentication_may_be_off_on_loopback(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("CROSSLOOK_AUTH__MODE", "off")
    monkeypatch.setenv("CROSSLOOK_HTTP__HOST", host)
    assert Probe().auth.mode == "off"


def test_tokens_cannot_be_checked_without_keys() -> None:
    with pytest.raises(StopService, match="CROSSLOOK_AUTH__JWKS_FILE or CROSSLOOK_AUTH__JWKS_URL"):
        verifier(AuthSettings())


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSLOOK_KAFKA__SASL_PASSWORD", "hunter2-kafka")
    monkeypatch.setenv("CROSSLOOK_CLICKHOUSE__PASSWORD", "hunter2-clickhouse")
    settings = Probe()
    assert settings.kafka.sasl_password.get_secret_value() == "hunter2-kafka"
    for shown in (str(settings), repr(settings), str(settings.without_secrets())):
        assert "hunter2" not in shown
    assert settings.without_secrets()["kafka"]["sasl_password"] == "**********"


def test_a_password_in_a_file_wins_and_loses_its_line_end(tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("from-file\n")
    assert ClickHouseSettings(password="given", password_file=file).read_password() == "from-file"
    assert ClickHouseSettings(password="given").read_password() == "given"


def test_settings_do_not_change_after_the_start() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Probe().http.port = 1  # type: ignore[misc]  # the very thing that must fail
    with pytest.raises(ValidationError, match="frozen"):
        Probe().http = HttpSettings()  # type: ignore[misc]  # the very thing that must fail


def _parts(model: type[BaseModel]) -> list[type[BaseModel]]:
    inner = [field.annotation for field in model.model_fields.values()]
    return [item for item in inner if isinstance(item, type) and issubclass(item, SettingsGroup)]


@pytest.mark.parametrize("part", _parts(Probe), ids=lambda part: part.__name__)
def test_every_setting_says_what_it_is(part: type[BaseModel]) -> None:
    assert all(field.description for field in part.model_fields.values())


def test_parts_of_settings_can_be_made_in_code() -> None:
    assert RefreshSettings(cron="0 0 * * SUN", timezone="Europe/Paris").stale_seconds == 1800
    assert KafkaSettings(bootstrap_servers="a:1,b:2").records_partitions == 12


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        (HttpSettings(port=8001), "http://127.0.0.1:8001"),
        (HttpSettings(host="::1", port=8001), "http://[::1]:8001"),
        (HttpSettings(host="0.0.0.0", port=8001), f"http://{socket.gethostname()}:8001"),  # noqa: S104  # only read
        (HttpSettings(advertised_url="https://schema-1.internal:443/"), "https://schema-1.internal:443"),
    ],
)
def test_other_replicas_reach_a_service_where_it_listens_or_where_it_says(settings: HttpSettings, address: str) -> None:
    assert settings.address == address


@pytest.mark.parametrize(
    "url", ["schema-1:8001", "ftp://schema-1", "http://", "http://user:pw@a", "http://a/v1", "http://a?b"]
)
def test_an_advertised_url_is_scheme_host_and_port(url: str) -> None:
    with pytest.raises(ValidationError, match="scheme, host and port"):
        HttpSettings(advertised_url=url)
