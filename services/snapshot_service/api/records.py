""" "Where is my record?" (CONTRACTS 4): one record in the current snapshot, and what became of its events."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from starlette.convertors import Convertor, register_url_convertor

from crosslook.contracts.ids import RECORD_ID_MAX, TENANT_MAX, ObjectKey, ObjectSlug, TenantId
from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import SchemaState
from crosslook.platform.auth import authorize
from crosslook.platform.clickhouse import ClickHouseError
from crosslook.platform.concurrency import ConcurrencyLimiter, TenantShare, too_busy
from crosslook.platform.errors import NotFound, StateUnreadable
from crosslook.platform.feeds import SchemaFeed
from crosslook.platform.openapi import refused_with
from crosslook.platform.responses import language_of
from services.snapshot_service.api.record_bodies import RecordAnswer
from services.snapshot_service.records.reader import RecordReader

_OBJECT_MAX = 200
_AT_ONCE, _WAITING = 8, 64
_OF_TENANT = TenantShare(4, 32, "rate_limited.records")
_TOO_SLOW = {159, 160, 241}
"""The engine's TIMEOUT_EXCEEDED, TOO_SLOW, MEMORY_LIMIT_EXCEEDED."""


class RecordIdConvertor(Convertor[str]):
    """The rest of a path: ids of records may contain slashes and line breaks."""

    regex = r"[\s\S]+"

    def convert(self, value: str) -> str:
        """The id as it is."""
        return value

    def to_string(self, value: str) -> str:
        """The id as it is."""
        return value


register_url_convertor("record_id", RecordIdConvertor())

WhichRecord = Annotated[
    str, Path(max_length=RECORD_ID_MAX, description="The id of the record, percent-encoded; it may contain `/`.")
]


def records_router(reader: RecordReader, schemas: SchemaFeed) -> APIRouter:
    """The route under /v1."""
    api = APIRouter(prefix="/v1", tags=["records"], responses=refused_with(429))
    limiter = ConcurrencyLimiter(_AT_ONCE, _WAITING, lambda _: _OF_TENANT)

    @api.get(
        "/tenants/{tenant}/objects/{object}/records/{record:record_id}",
        summary="Where is my record? Its state, its fields and links in the reports, and the outcome of each event",
        dependencies=[Depends(authorize("records:read", "ops"))],
    )
    async def get_record(
        tenant: str,
        object: Annotated[str, Path(max_length=_OBJECT_MAX)],
        record: WhichRecord,
        request: Request,
    ) -> RecordAnswer:
        """A record of which nothing is known is answered with the state `unknown`; so is one of an object that does not
        exist, because its events may be in quarantine for that reason."""
        key = ObjectKey(TenantId(tenant), ObjectSlug(object))
        state = known_state(schemas, key)
        async with limiter.slot(tenant):
            try:
                found = await reader.find(key, record, state)
            except ClickHouseError as error:
                if error.code in _TOO_SLOW:
                    raise too_busy() from error
                raise
        return RecordAnswer.of(found, language_of(request))

    return api


def known_state(schemas: SchemaFeed, key: ObjectKey) -> SchemaState | None:
    """The object's schema, deleted or not; None where it never existed. Raises NotFound `unknown_tenant`, and
    StateUnreadable where nobody knows."""
    if not schemas.tenant_known(key.tenant):
        if schemas.tenant_lost(key.tenant):
            raise StateUnreadable
        raise NotFound(Problem("unknown_tenant", values={"tenant": key.tenant[:TENANT_MAX]}))
    found = schemas.record(key.tenant, key.object)
    if found is None and schemas.unreadable(key.tenant, key.object) is not None:
        raise StateUnreadable
    return found.state if found is not None else None
