"""What tenants may do and have: the file of plans, and the quotas of the deployment."""

import tomllib
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from crosslook.contracts.plans import PlanTable, parse_plans
from crosslook.contracts.problems import Problem
from crosslook.contracts.quotas import TenantQuotas
from crosslook.platform.settings_group import SettingsGroup


class QuotaSettings(SettingsGroup):
    """What one tenant may have and do; each process counts rates and what runs for itself. A plan or a tenant may have
    other values (`with_quotas`)."""

    objects: Annotated[int, Field(ge=0)] = Field(200, description="Most objects of a tenant, not counting contact.")
    saved_reports: Annotated[int, Field(ge=0)] = Field(2_000, description="Most Looks and dashboards of a tenant.")
    saved_report_bytes: Annotated[int, Field(ge=1024, le=7_000_000)] = Field(
        262_144, description="Largest Look or dashboard, in bytes."
    )
    events_per_second: Annotated[int, Field(ge=1)] = Field(
        10_000, description="Most events a second that a tenant can send over HTTP, averaged over ten seconds."
    )
    reports: Annotated[int, Field(ge=1)] = Field(8, description="Most reports of a tenant that run at the same time.")
    waiting_reports: Annotated[int, Field(ge=0)] = Field(
        200, description="Most reports of a tenant that wait to run; further ones are refused with 429."
    )
    exports: Annotated[int, Field(ge=1)] = Field(2, description="Most files sent to a tenant at the same time.")
    waiting_exports: Annotated[int, Field(ge=0)] = Field(
        8, description="Most files of a tenant that wait to be sent; further ones are refused with 429."
    )

    def with_quotas(self, *sets: TenantQuotas) -> "QuotaSettings":
        """These, with those that are set elsewhere in their place; a later set wins over an earlier one."""
        given = {name: value for quotas in sets for name, value in quotas.given.items()}
        return self.model_copy(update=given) if given else self


class PlansSettings(SettingsGroup):
    """What each plan allows."""

    file: Path | None = Field(
        None,
        description="File with the plans (TOML), read at the start; without one every plan allows everything. An "
        "example is `deploy/plans.example.toml`.",
    )

    @cached_property
    def table(self) -> PlanTable:
        """The plans of the file. Raises ValueError where the file has become unusable since the settings were read."""
        return PlanTable() if self.file is None else read_plans(self.file)

    @field_validator("file")
    @classmethod
    def _usable(cls, value: Path | None) -> Path | None:
        if value is not None:
            read_plans(value)
        return value


def read_plans(file: Path) -> PlanTable:
    """The plans in a file. Raises ValueError that says what is wrong, where, and what to write instead."""
    try:
        document = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ValueError(f"the file cannot be read ({error.strerror}); name a file of plans, or none") from None
    except UnicodeDecodeError:
        raise ValueError("the file is not UTF-8; save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"the file is not TOML: {error}; compare it with deploy/plans.example.toml") from None
    table, problems = parse_plans(document)
    if table is None:
        raise ValueError("; ".join(map(_said, problems)))
    return table


def _said(problem: Problem) -> str:
    meant = problem.suggested()
    remedy = f" Did you mean {meant}?" if meant is not None else ""
    return f"{problem.pointer or '/'}: {problem.message()}{remedy}"
