"""Any vendor's webhook by options, over HTTP on a real broker: the page's examples, signed as their vendors do."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from crosslook.contracts.topics import WEBHOOKS
from crosslook.platform.clock import FixedClock
from crosslook.platform.kafka import ensure_topics
from crosslook.platform.settings import KafkaSettings
from tests.helpers.processes import own_topics
from tests.helpers.schema_service import Service, Tokens, running_service
from tests.helpers.topic_reading import read_messages
from tests.helpers.webhook_pages import GENERIC, examples, signed_headers
from tests.integration.test_schema_service.conftest import NOW
from tests.integration.test_schema_service.test_integrations import problems, put


@pytest.fixture(scope="module")
async def own(kafka: KafkaSettings) -> KafkaSettings:
    """The broker with other topics: for a service with the integration of the product."""
    topics = own_topics(kafka)
    await ensure_topics(topics)
    return topics


@pytest.fixture(scope="module")
async def generic(own: KafkaSettings, tokens: Tokens) -> AsyncIterator[Service]:
    """The service, with the integration without code."""
    async with running_service(own, tokens, FixedClock(NOW), catalog={"generic": GENERIC}) as service:
        yield service


async def define(service: Service, tenant: str, name: str) -> None:
    """The object of an example, made over HTTP."""
    body = examples()[name].definition.model_dump(mode="json", exclude_unset=True)
    answer = await service.ask("POST", f"/v1/tenants/{tenant}/schemas", tenant, json=body)
    assert answer.status_code == 201, answer.text


async def test_the_examples_of_the_page_connect_and_take_signed_messages(generic: Service, own: KafkaSettings) -> None:
    for name, example in examples().items():
        await define(generic, "any", name)
        answer = await put(generic, "any", name, **example.connected)
        assert (answer.status_code, answer.json()["object"]) == (200, example.options["object"]), answer.text
        headers = signed_headers(example, example.body, example.secret, NOW)
        posted = await generic.http.post(answer.json()["webhook_path"], content=example.body, headers=headers)
        assert posted.status_code == 202, posted.text
        refused = await generic.http.post(answer.json()["webhook_path"], content=example.body + b" ", headers=headers)
        assert refused.status_code == 401
    found = {message.key: message for message in await read_messages(own, WEBHOOKS.name, "any/", 3)}
    for name, example in examples().items():
        message = found[f"any/{name}/{example.record}".encode()]
        kept = {header: value.encode() for header, value in example.headers.items()}
        assert message.value == example.body
        assert {header: value for header, value in message.headers.items() if header in kept} == kept
        assert not {"x-shopify-hmac-sha256", "stripe-signature", "x-hub-signature-256"} & set(message.headers)


@pytest.mark.parametrize(("sent", "text"), [(b"caf\xe9", "café"), ("café".encode(), "café"), (b"\xff\xfe", "ÿþ")])
async def test_a_header_of_any_bytes_reaches_the_worker(
    generic: Service, own: KafkaSettings, sent: bytes, text: str
) -> None:
    example, tenant = examples()["github"], f"bytes-{sent.hex()}"
    await define(generic, tenant, "github")
    fields = {**example.options["fields"], "source": {"header": "X-Note"}}
    connected = {**example.connected, "options": {**example.options, "fields": fields}}
    path = (await put(generic, tenant, "github", **connected)).json()["webhook_path"]
    headers: dict[str, Any] = signed_headers(example, example.body, example.secret, NOW)
    answer = await generic.http.post(path, content=example.body, headers={**headers, "x-note": sent})
    assert answer.status_code == 202, answer.text
    (found,) = await read_messages(own, WEBHOOKS.name, f"{tenant}/", 1)
    assert found.headers["x-note"] == text.encode()


async def test_options_that_do_not_suit_the_object_are_refused(generic: Service) -> None:
    await define(generic, "wrong", "github")
    example = examples()["github"]

    async def refused(**options: Any) -> list[tuple[str, str]]:
        return problems(await put(generic, "wrong", "github", **{**example.connected, "options": options}))

    fields = {**example.options["fields"], "titel": "/issue/title"}
    assert await refused(**{**example.options, "fields": fields}) == [("/options/fields/titel", "unknown_field")]
    assert await refused(**{**example.options, "object": "isue"}) == [("/options/object", "unknown_object")]
    assert await refused(**{**example.options, "record": "issue/id"}) == [("/options/record", "not_a_pointer")]


async def test_the_options_are_described_in_the_language_of_the_caller(generic: Service) -> None:
    for language, title in (("en", "Record id"), ("fr", "Identifiant de la fiche")):
        answer = await generic.ask("GET", "/v1/integrations", "acme", headers={"Accept-Language": language})
        (item,) = answer.json()["items"]
        assert item["options"]["properties"]["record"]["title"] == title
        assert "x-fr" not in answer.text
