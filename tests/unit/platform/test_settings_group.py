"""A setting that got another name is read under its old name for one release, and the start says so."""

from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import ValidationError
from structlog.testing import capture_logs

from crosslook.platform.process import warn_of_old_names
from crosslook.platform.settings import ENV_PREFIX, ServiceSettings
from crosslook.platform.settings_group import SettingsGroup, old_names
from services.query_service.settings import QueryServiceSettings
from services.schema_service.settings import SchemaSettings
from services.snapshot_service.settings import SnapshotSettings


class Cellar(SettingsGroup):
    """A group with a renamed setting."""

    renamed: ClassVar = {"look_seconds": "check_seconds"}

    check_seconds: float = 60
    name: str = ""


class Probe(ServiceSettings):
    """A service's settings."""

    cellar: Cellar = Cellar(name="deep")


@pytest.mark.parametrize("name", ["CROSSLOOK_CELLAR__LOOK_SECONDS", "crosslook_cellar__look_seconds"])
def test_the_old_name_is_read_beside_the_other_defaults(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "7")
    assert Probe().cellar == Cellar(check_seconds=7, name="deep")
    assert list(old_names(Probe, {name: "7"}, ENV_PREFIX)) == [(name, "CROSSLOOK_CELLAR__CHECK_SECONDS")]


def test_of_both_names_the_new_one_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSLOOK_CELLAR__LOOK_SECONDS", "7")
    monkeypatch.setenv("CROSSLOOK_CELLAR__CHECK_SECONDS", "8")
    assert Probe().cellar.check_seconds == 8


def test_a_name_that_never_was_one_stays_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSLOOK_CELLAR__SEE_SECONDS", "7")
    with pytest.raises(ValidationError, match="see_seconds"):
        Probe()


def test_the_start_says_which_name_to_use() -> None:
    with capture_logs() as lines:
        warn_of_old_names(Probe(), {"CROSSLOOK_CELLAR__LOOK_SECONDS": "7", "CROSSLOOK_CELLAR__NAME": "deep"})
    renamed = [line for line in lines if line["event"] == "setting_renamed"]
    assert [(line["setting"], line["use"]) for line in renamed] == [
        ("CROSSLOOK_CELLAR__LOOK_SECONDS", "CROSSLOOK_CELLAR__CHECK_SECONDS")
    ]


SERVICES: list[type[ServiceSettings]] = [SchemaSettings, SnapshotSettings, QueryServiceSettings]


def test_no_group_means_something_else_to_another_service() -> None:
    # One environment may serve all three, as that of the embedded stack does; members that are unknown end a start.
    groups: dict[str, set[object]] = {}
    for service in SERVICES:
        for name, field in service.model_fields.items():
            groups.setdefault(name, set()).add(field.annotation)
    assert [name for name, kinds in groups.items() if len(kinds) > 1] == []


@pytest.mark.parametrize("service", SERVICES)
def test_every_renamed_setting_has_its_new_name_and_is_in_the_changelog(service: type[ServiceSettings]) -> None:
    changelog = Path(__file__).parents[3].joinpath("CHANGELOG.md").read_text(encoding="utf-8")
    for field in service.model_fields.values():
        group = field.annotation
        if isinstance(group, type) and issubclass(group, SettingsGroup):
            for old, new in group.renamed.items():
                assert new in group.model_fields
                assert old not in group.model_fields
                assert old.upper() in changelog
