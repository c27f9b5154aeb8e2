"""Refused events beyond a tenant's limit, which are on Kafka only: their counts, and each by its offset."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path

from crosslook.contracts.problems import Problem
from crosslook.contracts.topics import RECORDS
from crosslook.platform.auth import OpsCaller
from crosslook.platform.clickhouse import ClickHouse, ClickHouseError
from crosslook.platform.errors import NotFound, Unavailable
from crosslook.platform.http import PageSize, PageToken, decode_page_token, encode_page_token, page
from crosslook.platform.kafka import KafkaUnavailable, OffsetReader, RawMessage, readable_body
from services.snapshot_service.api.quarantine import quarantine_filter
from services.snapshot_service.api.quarantine_bodies import LeftPage, MessageAnswer
from services.snapshot_service.domain.selection import QuarantineFilter
from services.snapshot_service.quarantine.reading import rfc3339_from_ms, shown
from services.snapshot_service.quarantine.statements import LEFT
from services.snapshot_service.quarantine.store import parameters_of

Fetch = Callable[[int, int], Awaitable[RawMessage | None]]
"""Answers the message at a partition and an offset of the records topic. Raises KafkaUnavailable."""
_NAMES = ("tenant", "source", "code", "topic", "partition", "events")


def left_router(clickhouse: ClickHouse, offsets: OffsetReader, fetch: Fetch) -> APIRouter:
    """The routes under /v1."""
    api = APIRouter(prefix="/v1", tags=["quarantine"])

    @api.get(
        "/quarantine/left",
        summary="List refused events beyond their tenant's limit, which are on Kafka only",
    )
    async def list_left(
        wanted: Annotated[QuarantineFilter, Depends(quarantine_filter)],
        page_size: PageSize = 50,
        page_token: PageToken = None,
    ) -> LeftPage:
        after = decode_page_token(page_token, str, str, str, int) or ("", "", "", -1)
        place = dict(zip(("after_tenant", "after_source", "after_code", "after_partition"), after, strict=True))
        parameters = {**parameters_of(wanted), **place, "limit": page_size + 1}
        try:
            rows = (await clickhouse.query(LEFT, parameters)).rows
        except ClickHouseError as error:
            raise Unavailable("clickhouse") from error
        return LeftPage.model_validate(page([_left(row) for row in rows], page_size, _place), extra="forbid")

    @api.get(
        "/ingest/messages/{partition}/{offset}",
        summary="Read a message of the records topic from Kafka",
    )
    async def get_message(
        caller: OpsCaller, partition: Annotated[int, Path(ge=0)], offset: Annotated[int, Path(ge=0)]
    ) -> MessageAnswer:
        try:
            first, end = await offsets.beginning_offsets(), await offsets.end_offsets()
            kept = partition in end and first[partition] <= offset < end[partition]
            message = await fetch(partition, offset) if kept else None
        except KafkaUnavailable as error:
            raise Unavailable("kafka") from error
        if message is None:
            values: dict[str, str | int] = {"topic": RECORDS.name, "partition": partition, "offset": offset}
            raise NotFound(Problem("unknown_message", values=values))
        return MessageAnswer.model_validate(_message(message), extra="forbid")

    return api


def _left(row: Any) -> dict[str, Any]:
    *named, first, last, oldest, newest = row
    return {
        **dict(zip(_NAMES, named, strict=True)),
        "offsets": list(first),
        "last_offset": last,
        "oldest": rfc3339_from_ms(oldest),
        "newest": rfc3339_from_ms(newest),
    }


def _place(item: dict[str, Any]) -> str:
    return encode_page_token(item["tenant"], item["source"], item["code"], item["partition"])


def _message(message: RawMessage) -> dict[str, Any]:
    payload, payload_base64 = shown(readable_body(message) or b"")
    return {
        "topic": RECORDS.name,
        "partition": message.partition,
        "offset": message.offset,
        "received_at": rfc3339_from_ms(message.timestamp),
        "key": None if message.key is None else shown(message.key)[0],
        "payload": payload,
        "payload_base64": payload_base64,
        "headers": [_header(name, value) for name, value in message.headers],
    }


def _header(name: str, value: bytes | None) -> dict[str, Any]:
    text, encoded = shown(value or b"")
    return {"name": name, "value": text, "value_base64": encoded}
