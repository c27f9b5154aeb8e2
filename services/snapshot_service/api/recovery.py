"""The routes of a recovery (CONTRACTS 4): compare stored state, show the plan, follow it."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from crosslook.contracts.schemas import Definition, definition_json
from crosslook.platform.auth import OpsCaller
from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.errors import Unavailable
from crosslook.platform.http import PageSize, PageToken, decode_page_token, encode_page_token, page
from crosslook.platform.kafka import KafkaUnavailable
from crosslook.platform.log_store.protocol import LogUnavailable
from services.snapshot_service.domain.recovery import RecoveryStep
from services.snapshot_service.recovery.recovery import Recovery, RecoveryReport


class MismatchAnswer(BaseModel):
    """Why ingest and refreshes have stopped."""

    reason: str
    detail: str


class LostAnswer(BaseModel):
    """Events of a partition that Kafka deleted before they were staged: offsets from `first` to before `beginning`."""

    partition: int
    first: int
    beginning: int
    offsets: int


class SetAsideAnswer(BaseModel):
    """A staging table of a previous Kafka that a recovery has set aside."""

    table: str
    rows: int


class RecoveryAnswer(BaseModel):
    """What there is and what is to be done. `plan` names `steps` with all that they need: null where nothing is to be
    done. `done`: what this call did."""

    mismatch: MismatchAnswer | None
    plan: str | None
    steps: list[RecoveryStep]
    done: list[RecoveryStep]
    snapshot: str | None = Field(
        description="The snapshot to continue from. Null: everything starts from the staged events."
    )
    as_of: datetime | None = Field(description="The instant up to which it covers events.")
    rows: int = Field(description="Its rows.")
    forget: list[str] = Field(description="Snapshots that lack entries or rows, and will be removed.")
    lost: list[LostAnswer]
    lost_offsets: int = Field(description="The sum of `lost`, including transaction markers.")
    damaged_objects: int = Field(description="Objects of the snapshot with missing rows.")
    missing_rows: int = Field(description="The number of their missing records.")
    missing_schemas: int = Field(description="Objects of the snapshot that are not on the schemas topic.")
    set_aside: list[SetAsideAnswer]

    @classmethod
    def of(cls, report: RecoveryReport) -> Self:
        """The answer."""
        plan, mismatch = report.plan, report.mismatch
        base = plan.base
        return cls(
            mismatch=MismatchAnswer(reason=mismatch.reason, detail=mismatch.detail) if mismatch is not None else None,
            plan=plan.id if plan.steps else None,
            steps=list(plan.steps),
            done=list(report.done),
            snapshot=base.snapshot if base is not None else None,
            as_of=base.as_of if base is not None else None,
            rows=base.rows if base is not None else 0,
            forget=list(plan.forget),
            lost=[LostAnswer(partition=p, first=first, beginning=to, offsets=to - first) for p, first, to in plan.lost],
            lost_offsets=plan.lost_offsets,
            damaged_objects=len(plan.damaged),
            missing_rows=sum(damage.missing for damage in plan.damaged),
            missing_schemas=plan.missing_schemas,
            set_aside=[SetAsideAnswer(table=name, rows=rows) for name, rows in report.set_aside.items()],
        )


class LackingSchema(BaseModel):
    """An object as the snapshot records it."""

    tenant: str
    definition: Definition


class LackingPage(BaseModel):
    """A page of objects, by tenant and name: a body for `POST /v1/recovery/schemas` of schema_service."""

    items: list[LackingSchema]
    next_page_token: str | None


PlanName = Annotated[
    str, Query(min_length=1, max_length=64, description="`plan` of `GET /v1/recovery`: only this plan is followed.")
]


def recovery_router(recovery: Recovery) -> APIRouter:
    """All routes of it, under /v1."""
    api = APIRouter(prefix="/v1", tags=["recovery"])

    @api.get("/recovery", summary="Compare stored state and show the recovery plan")
    async def get_recovery(caller: OpsCaller) -> RecoveryAnswer:
        try:
            return RecoveryAnswer.of(await recovery.look())
        except (ClickHouseError, KafkaUnavailable, LogUnavailable) as error:
            raise _unavailable(error) from error

    @api.post("/recovery", summary="Follow the recovery plan; after a crash, its remaining steps")
    async def post_recovery(caller: OpsCaller, plan: PlanName) -> RecoveryAnswer:
        return RecoveryAnswer.of(await recovery.follow(plan))

    @api.get(
        "/recovery/schemas",
        summary="List objects of the snapshot that are not on the schemas topic, as schema_service accepts them",
        response_model_exclude_unset=True,
    )
    async def get_lacking(caller: OpsCaller, page_size: PageSize = 50, page_token: PageToken = None) -> LackingPage:
        after = decode_page_token(page_token, str, str)
        try:
            lacking = await recovery.lacking()
        except (ClickHouseError, KafkaUnavailable, LogUnavailable) as error:
            raise _unavailable(error) from error
        left = [entry for entry in lacking if after is None or (entry.tenant, entry.object) > after]
        items = [
            {"tenant": entry.tenant, "definition": definition_json(entry.definition)} for entry in left[: page_size + 1]
        ]
        found = page(items, page_size, lambda item: encode_page_token(item["tenant"], item["definition"]["object"]))
        return LackingPage.model_validate(found, extra="forbid")

    return api


def _unavailable(error: Exception) -> Unavailable:
    if isinstance(error, ClickHouseError):
        return Unavailable("clickhouse")
    return Unavailable("kafka" if isinstance(error, KafkaUnavailable) else "snapshots_log")
