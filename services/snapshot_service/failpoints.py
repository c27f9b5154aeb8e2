"""Failpoints for fault tests: a process kills or freezes itself at a named step, so that what survives can be
looked at."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from typing import Annotated

from pydantic import Field

from crosslook.platform.settings_group import SettingsGroup

Failpoint = Callable[[str], None]
"""Called with a step's name once the step is done."""


class FaultSettings(SettingsGroup):
    """Settings of fault tests only."""

    failpoint: Annotated[str, Field(pattern=r"^$|^[a-z]+:[1-9][0-9]*(:stop)?$")] = Field(
        "",
        description="For tests only, step:n: the process kills itself (SIGKILL) when the step (of ingest: admitted, "
        "staged, quarantined, committed; of vendors' messages: mapped, facts, published, aliased, refused, noted, "
        "refolded, acknowledged; of a refresh: claim, webhooks, freeze, wait, cut, decide, contacts, build, verify, "
        "publish, switch, end, rows, tidy; of a recovery: recovered, after each step) is done for the nth time; "
        "with :stop it freezes itself (SIGSTOP).",
    )


def failpoint(setting: str) -> Failpoint:
    """The failpoint that `FaultSettings.failpoint` names; none where it is empty."""
    if not setting:
        return lambda _: None
    step, times, *stop = setting.split(":")
    end = signal.SIGSTOP if stop else signal.SIGKILL
    passed: Counter[str] = Counter()

    def die_in_time(name: str) -> None:
        passed[name] += 1
        if name == step and passed[name] == int(times):
            os.kill(os.getpid(), end)

    return die_in_time
