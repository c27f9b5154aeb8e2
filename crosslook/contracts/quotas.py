"""The quotas of a tenant: their names and bounds, and how they are read from a request or a file.

The deployment's are `QuotaSettings`; a plan and a tenant may name other values for the same ones.
"""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from crosslook.contracts.reading import Reader

_MOST = 1_000_000_000


class TenantQuotas(BaseModel):
    """Quotas that a plan or a tenant sets. What is null or missing is not set: then the plan's applies to a tenant, and
    the deployment's to a plan. Each means what the setting `CROSSLOOK_QUOTAS__…` of its name does."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    objects: int | None = None
    saved_reports: int | None = None
    saved_report_bytes: int | None = None
    events_per_second: int | None = None
    reports: int | None = None
    waiting_reports: int | None = None
    exports: int | None = None
    waiting_exports: int | None = None

    @property
    def given(self) -> dict[str, int]:
        """Those that are set, by name."""
        return {name: value for name in QUOTA_BOUNDS if (value := getattr(self, name)) is not None}


QUOTA_BOUNDS: Mapping[str, tuple[int, int]] = {
    "objects": (0, _MOST),
    "saved_reports": (0, _MOST),
    "saved_report_bytes": (1024, 7_000_000),
    "events_per_second": (1, _MOST),
    "reports": (1, _MOST),
    "waiting_reports": (0, _MOST),
    "exports": (1, _MOST),
    "waiting_exports": (0, _MOST),
}
"""The least and the greatest value of each quota."""


def read_quotas(reader: Reader, name: str = "quotas") -> TenantQuotas:
    """The quotas in a member of an object; problems are noted there. May raise ReadingStopped."""
    quotas = reader.child(name)
    if quotas is None:
        return TenantQuotas()
    for quota, (least, most) in QUOTA_BOUNDS.items():
        quotas.integer(quota, least, most)
    quotas.close(tuple(QUOTA_BOUNDS))
    return TenantQuotas(**quotas.kept)
