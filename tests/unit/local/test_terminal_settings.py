"""What the command says of the environment that it shares with the services."""

from pathlib import Path

import pytest

from crosslook.local.messages import CommandRefused
from crosslook.local.terminal_settings import auth_settings, check_environment


def test_a_stack_is_not_started_on_a_wrong_file_of_plans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "plans.toml"
    file.write_text("default = 'starter'", encoding="utf-8")
    monkeypatch.setenv("CROSSLOOK_PLANS__FILE", str(file))
    with pytest.raises(CommandRefused) as refused:
        check_environment()
    assert str(refused.value.values["lines"]) == "  CROSSLOOK_PLANS__FILE: /plan: plan is required."


def test_other_commands_do_not_need_the_file_which_may_be_in_containers_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROSSLOOK_PLANS__FILE", "/etc/crosslook/none.toml")
    monkeypatch.setenv("CROSSLOOK_AUTH__ISSUER", "theirs")
    assert auth_settings().issuer == "theirs"
