"""Repairs of stored documents that cannot be read; every service offers them for the topic that it writes.

Nothing is repaired by itself. A message that another one follows under its key is set aside by that: it stays on the
topic until the broker compacts it, and the answer to the repair has its bytes.
"""

import base64
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from crosslook.contracts.documents import HOLE_PREFIX, Unreadable, UnreadableDocument
from crosslook.contracts.logs import documents_of
from crosslook.contracts.problems import Problem, Problems
from crosslook.contracts.reading import Reader, read_object
from crosslook.platform.auth import OpsCaller
from crosslook.platform.bodies import json_bytes, read_json
from crosslook.platform.errors import Conflict, Invalid, Unavailable
from crosslook.platform.kafka import KafkaUnavailable, RawMessage, fetch_message, readable_body
from crosslook.platform.log_store.messages import successor
from crosslook.platform.log_store.protocol import ExclusiveStore, LogUnavailable, LogView, Repair, WriterFenced
from crosslook.platform.logging import get_logger
from crosslook.platform.openapi import takes_body
from crosslook.platform.settings import KafkaSettings

_LOG = get_logger(__name__)
_KEY_MAX = 1000
_OFFSET_MAX = 2**53
_SKIPPED = b"{}"

OpenExclusive = Callable[[], ExclusiveStore]
"""Makes a log store of the topic; starting it takes the writer's place."""
FetchStored = Callable[[int], Awaitable[RawMessage | None]]
"""The message at an offset of the topic. Raises KafkaUnavailable."""


class RepairAction(StrEnum):
    """What the key stores afterwards: its last readable state, nothing, or a document from the request."""

    RESTORE = "restore"
    REMOVE = "remove"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class RepairRequest:
    """The repair that an operator requests. `offset`: of the unreadable message."""

    key: str
    offset: int
    action: RepairAction
    document: Any = None


class UnreadableItem(BaseModel):
    """A key whose stored value cannot be read."""

    key: str
    offset: int
    cause: str
    restorable: bool = Field(description="Whether this process knows the last readable state.")


class UnreadablePage(BaseModel):
    """All unreadable documents of the topic."""

    topic: str
    items: list[UnreadableItem]


class RepairAnswer(UnreadablePage):
    """What is left. `payload_base64`: the bytes of the replaced message, as far as they could be read."""

    payload_base64: str | None


class RepairBody(BaseModel):
    """A repair. `document`: with `replace` only."""

    key: str
    offset: int
    action: RepairAction
    document: dict[str, Any] | None = None


class Repairs:
    """Repairs of one topic. `view`: what the service itself has read of it."""

    def __init__(self, view: LogView, open_exclusive: OpenExclusive, fetch: FetchStored) -> None:
        self._view = view
        self._open_exclusive = open_exclusive
        self._fetch = fetch

    @staticmethod
    def on(view: LogView, settings: KafkaSettings, open_exclusive: OpenExclusive) -> "Repairs":
        """Of the view's topic on Kafka."""
        return Repairs(view, open_exclusive, lambda offset: fetch_message(view.topic, 0, offset, settings))

    def listed(self) -> UnreadablePage:
        """What cannot be read."""
        return UnreadablePage(topic=self._view.topic, items=[self._item(found) for found in self._unreadable()])

    async def repair(self, asked: RepairRequest) -> RepairAnswer:
        """Raises Conflict `document_readable` (also when it is repeated), `document_unknown`, Invalid, Unavailable."""
        try:
            await self._view.catch_up()
            repair = self._wanted(asked)
            message = await self._fetch(asked.offset)
            await self._write(repair)
            await self._view.catch_up()
        except (KafkaUnavailable, LogUnavailable, WriterFenced) as error:
            raise Unavailable("log_store") from error
        _LOG.warning(
            "document_repaired", topic=self._view.topic, key=asked.key, offset=asked.offset, action=asked.action
        )
        payload = readable_body(message) if message is not None else None
        told = base64.b64encode(payload).decode() if payload is not None else None
        return RepairAnswer(**self.listed().model_dump(), payload_base64=told)

    async def _write(self, repair: Repair) -> None:
        store = self._open_exclusive()
        try:
            await store.start()
            await store.repair(repair)
        finally:
            await store.stop()

    def _wanted(self, asked: RepairRequest) -> Repair:
        found = self._view.unreadable.get(asked.key)
        if found is None or found.offset != asked.offset:
            named: dict[str, str | int] = {"key": asked.key, "topic": self._view.topic, "offset": asked.offset}
            raise Conflict(Problem("document_readable", values=named))
        if asked.action is RepairAction.RESTORE:
            entry = self._view.get(asked.key)
            if entry is None:
                raise Conflict(Problem("document_unknown", values={"key": asked.key}))
            return Repair(asked.key, asked.offset, entry.value, entry.version, entry.successor_history())
        # Of a damaged batch that is still there, compaction must not forget that it is not needed.
        value, version = _SKIPPED if asked.key.startswith(HOLE_PREFIX) else None, None
        if asked.action is RepairAction.REPLACE:
            value, version = self._replacement(asked)
        past = successor(found.history, found.version, found.offset)
        return Repair(asked.key, asked.offset, value, version or found.version + 1, past)

    def _replacement(self, asked: RepairRequest) -> tuple[bytes, int | None]:
        documents, value = documents_of(self._view.topic), json_bytes(asked.document)
        try:
            if value is None or asked.key.startswith(HOLE_PREFIX):
                raise UnreadableDocument(
                    "it is not JSON" if value is None else "no document can be stored under this key"
                )
            return value, documents.version(documents.read(asked.key, value))
        except UnreadableDocument as error:
            values: dict[str, str | int] = {"key": asked.key, "cause": str(error)}
            raise Invalid([Problem("bad_value", "/document", "bad_value.document", values)]) from None

    def _unreadable(self) -> list[Unreadable]:
        return list(self._view.unreadable.values())

    def _item(self, found: Unreadable) -> UnreadableItem:
        known = self._view.get(found.key) is not None
        return UnreadableItem(key=found.key, offset=found.offset, cause=found.cause, restorable=known)


def read_repair(body: Any) -> RepairRequest:
    """The repair that a body asks for. Raises Invalid."""
    problems = Problems()
    asked, _ = read_object(body, _repair, problems)
    if asked is None:
        raise Invalid(problems)
    return asked


def _repair(root: Reader) -> RepairRequest | None:
    key = root.text("key", _KEY_MAX, required=True)
    root.value("offset", required=True)
    offset = root.integer("offset", 0, _OFFSET_MAX)
    root.value("action", required=True)
    action = root.choice("action", RepairAction)
    document = root.value("document", required=action is RepairAction.REPLACE)
    root.close(("key", "offset", "action", "document"))
    if root.problems or key is None or offset is None or action is None:
        return None
    return RepairRequest(key, offset, action, document)


def repairs_router(repairs: Repairs) -> APIRouter:
    """The routes under /v1."""
    api = APIRouter(prefix="/v1", tags=["recovery"])

    @api.get("/recovery/documents", summary="Stored documents that cannot be read")
    async def list_unreadable(caller: OpsCaller) -> UnreadablePage:
        return repairs.listed()

    @api.post(
        "/recovery/documents",
        summary="Restore, remove or replace a stored document that cannot be read",
        openapi_extra=takes_body(RepairBody),
    )
    async def repair_document(caller: OpsCaller, request: Request) -> RepairAnswer:
        """Any replica can do it; afterwards the topic elects its writer again."""
        return await repairs.repair(read_repair(await read_json(request)))

    return api
