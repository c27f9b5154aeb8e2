"""The JSON Schema of an object's events and the AsyncAPI document, as programs read them."""

from typing import Any

import jsonschema_rs
import pytest

from crosslook.contracts.asyncapi import asyncapi_document
from crosslook.contracts.record_schemas import JSON_SCHEMA_DIALECT
from crosslook.platform.settings import KafkaSettings
from tests.helpers.builders import event
from tests.helpers.schema_service import Service
from tests.integration.test_schema_service.conftest import NOW
from tests.unit.schema_service.samples import TICKET, ticket

ADDRESS = "/v1/tenants/acme/schemas/ticket/json-schema"


async def schema_of(service: Service, tenant: str = "acme", name: str = "ticket", query: str = "") -> Any:
    return await service.ask("GET", f"/v1/tenants/{tenant}/schemas/{name}/json-schema{query}", tenant)


async def test_an_event_that_its_objects_schema_takes_is_accepted_and_another_is_not(service: Service) -> None:
    schema = (await schema_of(service)).json()
    validator = jsonschema_rs.Draft202012Validator(schema)
    good = event("acme", "ticket", "1", {"csat": 4.5, "amount": "12.50"}, event_id="machine-1", time=NOW)
    bad = event("acme", "ticket", "1", {"csat": "a lot", "colour": "red"}, event_id="machine-2", time=NOW)
    good["dataschema"] = ADDRESS
    assert [validator.is_valid(sent["data"]) for sent in (good, bad)] == [True, False]
    answer = await service.ask("POST", "/v1/tenants/acme/events", json=[good, bad])
    assert (answer.json()["accepted"], [refused["index"] for refused in answer.json()["refused"]]) == (1, [1])


async def test_a_schema_names_itself_and_its_version(service: Service) -> None:
    for query in ("", "?type=upserted", "?type=patched", "?type=deleted"):
        answer = await schema_of(service, query=query)
        assert answer.headers["content-type"] == "application/schema+json"
        assert answer.headers["etag"] == '"1"'
        schema = answer.json()
        assert (schema["$schema"], schema["title"]) == (JSON_SCHEMA_DIALECT, TICKET["labels"]["singular"])
        assert schema["$id"] == ADDRESS + query.replace("?type=upserted", "")
        jsonschema_rs.meta.validate(schema)


async def test_a_schema_follows_its_object_at_once(service: Service) -> None:
    path = "/v1/tenants/evolving/schemas"
    await service.ask("POST", path, "evolving", json=TICKET)
    more = ticket(fields=[*TICKET["fields"], {"slug": "colour", "label": "Colour", "type": "text", "required": True}])
    await service.ask("PUT", f"{path}/ticket", "evolving", json=more, headers={"If-Match": '"1"'})
    answer = await schema_of(service, "evolving")
    assert answer.headers["etag"] == '"2"'
    fields = answer.json()["properties"]["fields"]
    assert fields["required"] == ["colour"]
    assert fields["properties"]["colour"] == {"title": "Colour", "$ref": "#/$defs/text"}


async def test_the_built_in_contact_has_a_schema(service: Service) -> None:
    answer = await schema_of(service, "evolving2", "contact")
    assert answer.headers["etag"] == '"1"'
    assert answer.json()["properties"]["external_ids"]["maxItems"] == 1000


async def test_a_deleted_or_unknown_object_has_none(service: Service) -> None:
    await service.ask("POST", "/v1/tenants/leaving/schemas", "leaving", json=TICKET)
    await service.ask("DELETE", "/v1/tenants/leaving/schemas/ticket", "leaving")
    for name in ("ticket", "nothing"):
        answer = await schema_of(service, "leaving", name)
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_object")


@pytest.mark.parametrize("query", ["?type=created", "?type=", "?version=1"])
async def test_wrong_parameters_are_refused(service: Service, query: str) -> None:
    assert (await schema_of(service, query=query)).status_code == 422


async def test_the_topics_of_an_installation_are_described_to_everyone(service: Service, broker: KafkaSettings) -> None:
    answer = await service.http.get("/v1/asyncapi")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/vnd.aai.asyncapi+json")
    assert answer.json() == asyncapi_document(broker.name_of, broker.partitions_of)
    assert answer.json()["channels"]["crosslook-records"]["address"] == broker.name_of("crosslook-records")
