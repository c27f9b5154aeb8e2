"""Bodies of the catalog as the OpenAPI document shows them."""

from pydantic import BaseModel, Field

from services.query_service.api.result_bodies import SnapshotBlock, WarningBody
from services.query_service.domain.cells import Cell
from services.query_service.domain.terms import Granularity


class Option(BaseModel):
    """One choice of a dimension."""

    value: str
    label: str


class DimensionBody(BaseModel):
    """A dimension; `granularities` where it is a time, `options` where it has choices. `measures` are those that its
    field allows, `measures_note` says why not others; `scale` and `currency` how its values are to be shown."""

    name: str
    label: str
    type: str
    measures: list[str]
    measures_note: str
    description: str | None = None
    options: list[Option] | None = None
    granularities: list[Granularity] | None = None
    scale: int | None = None
    currency: str | None = None


class MeasureBody(BaseModel):
    """A measure; `scale` and `currency` as on its dimension, where its values are of that kind."""

    name: str
    label: str
    type: str
    scale: int | None = None
    currency: str | None = None


class RelationshipBody(BaseModel):
    """A relationship over which contact can be joined."""

    slug: str
    label: str
    many: bool


class ExploreBody(BaseModel):
    """A base object and what can be asked of it."""

    object: str
    label: str
    joinable: list[str]
    relationships: list[RelationshipBody]
    dimensions: list[DimensionBody]
    measures: list[MeasureBody]


class PendingBody(BaseModel):
    """A change that the reports show from an instant on: `created`, `changed` (with what is `added` and `removed`) or
    `deleted`."""

    object: str
    change: str
    from_: str = Field(alias="from")
    added: list[str] | None = None
    removed: list[str] | None = None


class NotReportableBody(BaseModel):
    """An object that cannot be reported on."""

    object: str
    reason: str


class CatalogBody(BaseModel):
    """What can be asked of the current snapshot, which is null before the first refresh."""

    snapshot: SnapshotBlock | None
    explores: list[ExploreBody]
    pending: list[PendingBody]
    not_reportable: list[NotReportableBody]
    warnings: list[WarningBody]


class ValueBody(BaseModel):
    """A value of a field, and how many records have it."""

    value: Cell
    records: int


class ValuesBody(BaseModel):
    """The most frequent values of a field; `truncated` says that there are more."""

    field: str
    type: str
    values: list[ValueBody]
    truncated: bool
    snapshot: SnapshotBlock
