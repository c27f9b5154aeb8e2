"""Repairs of stored documents that cannot be read, on a log in memory."""

from typing import Any

import orjson
import pytest

from crosslook.contracts.schemas import BUILT_IN_CONTACT
from crosslook.contracts.topics import SCHEMAS
from crosslook.platform.errors import Conflict, Invalid
from crosslook.platform.log_store.memory import MemoryLog
from crosslook.platform.repairs import RepairAction, RepairRequest, Repairs, read_repair
from tests.helpers.builders import schema_event, state

KEY = "acme/contact"


def schema(version: int) -> bytes:
    return schema_event(state(BUILT_IN_CONTACT, version=version)).encode()


class Damaged:
    """A log whose key was written twice and then damaged; its repairs, and the log's writer."""

    def __init__(self, log: MemoryLog, view: MemoryLog) -> None:
        self.log = log
        self.view = view
        self.repairs = Repairs(view, lambda: MemoryLog(log.shared), self._nothing)

    async def _nothing(self, offset: int) -> None:
        return None

    @property
    def offset(self) -> int:
        return self.view.unreadable[KEY].offset

    async def repair(self, action: RepairAction, document: Any = None, key: str = KEY) -> None:
        await self.repairs.repair(RepairRequest(key, self.offset, action, document))


@pytest.fixture
async def damaged() -> Damaged:
    log = MemoryLog(SCHEMAS.name)
    view = MemoryLog(log.shared, writer=False)
    await log.start()
    await view.start()
    await log.put(KEY, schema(1))
    await log.put(KEY, schema(2))
    log.shared.append(KEY, b"{damaged")
    return Damaged(log, view)


async def test_the_last_readable_state_comes_back_with_its_version(damaged: Damaged) -> None:
    assert [(item.key, item.restorable) for item in damaged.repairs.listed().items] == [(KEY, True)]
    await damaged.repair(RepairAction.RESTORE)
    entry = damaged.view.get(KEY)
    assert entry is not None
    assert (entry.value, entry.version) == (schema(2), 2)
    assert damaged.repairs.listed().items == []
    with pytest.raises(Conflict, match="document_readable"):
        await damaged.repairs.repair(RepairRequest(KEY, 6, RepairAction.RESTORE))


async def test_a_key_is_removed_though_another_one_cannot_be_read_either(damaged: Damaged) -> None:
    damaged.log.shared.append("acme/ticket", b"{damaged")
    await damaged.repair(RepairAction.REMOVE)
    assert damaged.view.get(KEY) is None
    assert list(damaged.view.unreadable) == ["acme/ticket"]
    offset = damaged.view.unreadable["acme/ticket"].offset
    with pytest.raises(Conflict, match="document_unknown"):
        await damaged.repairs.repair(RepairRequest("acme/ticket", offset, RepairAction.RESTORE))


async def test_a_damaged_batch_that_is_not_needed_is_remembered_as_such(damaged: Damaged) -> None:
    await damaged.repair(RepairAction.RESTORE)
    damaged.view._fold.damaged(8, 9)
    (hole,) = damaged.repairs.listed().items
    wanted = damaged.repairs._wanted(RepairRequest(hole.key, hole.offset, RepairAction.REMOVE))
    assert (hole.key, hole.restorable, wanted.value) == ("~skip/8-9", False, b"{}")
    with pytest.raises(Invalid):
        damaged.repairs._wanted(RepairRequest(hole.key, hole.offset, RepairAction.REPLACE, {}))


async def test_a_document_from_a_copy_stands_at_the_version_that_it_gives(damaged: Damaged) -> None:
    await damaged.repair(RepairAction.REPLACE, orjson.loads(schema(3)))
    entry = damaged.view.get(KEY)
    assert entry is not None
    assert entry.version == 3


async def test_what_could_not_be_read_is_not_stored(damaged: Damaged) -> None:
    with pytest.raises(Invalid) as refused:
        await damaged.repair(RepairAction.REPLACE, {"type": "crosslook.schema.created.v9"})
    assert [problem.pointer for problem in refused.value.errors] == ["/document"]


async def test_another_message_than_the_one_that_was_looked_at_is_left_alone(damaged: Damaged) -> None:
    looked_at = damaged.offset
    damaged.log.shared.append(KEY, b"{damaged again")
    with pytest.raises(Conflict, match="document_readable"):
        await damaged.repairs.repair(RepairRequest(KEY, looked_at, RepairAction.REMOVE))


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"offset": 1, "action": "remove"}, "/key"),
        ({"key": KEY, "action": "remove"}, "/offset"),
        ({"key": KEY, "offset": "1", "action": "remove"}, "/offset"),
        ({"key": KEY, "offset": 1}, "/action"),
        ({"key": KEY, "offset": 1, "action": "delete"}, "/action"),
        ({"key": KEY, "offset": 1, "action": "replace"}, "/document"),
        ({"key": KEY, "offset": 1, "action": "remove", "force": True}, "/force"),
    ],
)
def test_a_body_that_is_wrong_is_refused_at_its_place(body: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_repair(body)
    assert [problem.pointer for problem in refused.value.errors] == [pointer]
