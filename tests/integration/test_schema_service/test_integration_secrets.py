"""Signing secrets of integrations over HTTP on a real broker: they are stored sealed and never shown."""

from typing import Any

import orjson

from crosslook.contracts.integrations import IntegrationEvent, integration_key
from crosslook.contracts.topics import SCHEMAS
from crosslook.platform.log_store.kafka import KafkaLogView
from crosslook.platform.settings import KafkaSettings
from tests.helpers.schema_service import Service

PATH = "/v1/tenants/hidden/integrations"
NEVER = "never to be seen"


async def put(service: Service, **body: Any) -> Any:
    return await service.ask("PUT", f"{PATH}/courier", "hidden", json={"signing_secret": NEVER, **body})


async def test_no_answer_and_no_document_shows_a_secret(service: Service, broker: KafkaSettings) -> None:
    answers = [
        await put(service),
        await put(service, options={"region": "nord"}),
        await service.ask("GET", f"{PATH}/courier", "hidden"),
        await service.ask("GET", PATH, "hidden"),
    ]
    assert [answer.status_code for answer in answers] == [200, 422, 200, 200]
    assert not any(NEVER in answer.text for answer in answers)
    view = KafkaLogView(SCHEMAS.name, broker)
    await view.start()
    entry = view.get(integration_key("hidden", "courier"))
    await view.stop()
    assert entry is not None
    assert NEVER.encode() not in entry.value
    assert len(IntegrationEvent.decode(entry.value).data.secrets) == 1
    assert orjson.loads(entry.value)["source"] == "/schema_service"
