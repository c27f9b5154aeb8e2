"""A release that fills more than the one before: the objects of connected integrations have it soon after the start."""

from dataclasses import replace
from typing import Any

import pytest

from crosslook.contracts.schemas import Definition, FieldDef
from crosslook.integrations.interface import Integration, JsonObject
from crosslook.platform.clock import FixedClock
from crosslook.platform.kafka import ensure_topics
from crosslook.platform.settings import KafkaSettings
from tests.helpers.processes import own_topics
from tests.helpers.schema_service import Service, Tokens, running_service
from tests.helpers.three_services import until
from tests.helpers.tiny_vendors import COURIER, TINY_VENDORS
from tests.integration.test_schema_service.conftest import NOW
from tests.integration.test_schema_service.test_integrations import connect, get

WEIGHT = {"slug": "weight", "label": "Weight", "type": "number"}
KIND = {"slug": "kind", "label": "Kind", "type": "dropdown"}
OPTIONS = [{"value": "letter", "label": "Letter"}, {"value": "box", "label": "Box"}]


def release(*fields: dict[str, Any]) -> dict[str, Integration]:
    """The courier of a release that fills these fields, too."""

    def define(slug: str, options: JsonObject) -> Definition:
        made = COURIER.define(slug, options)
        assert made is not None
        more = [FieldDef.model_validate(field) for field in fields]
        return Definition.model_validate({**dict(made), "fields": [*made.fields, *more]})

    return {**TINY_VENDORS, "courier": replace(COURIER, define=define)}


FIRST = release({**KIND, "options": OPTIONS[:1]})
NEXT = release({**KIND, "options": OPTIONS}, WEIGHT)


@pytest.fixture
async def own(kafka: KafkaSettings) -> KafkaSettings:
    """Topics that no other service uses."""
    settings = own_topics(kafka)
    await ensure_topics(settings)
    return settings


async def parcel_schema(service: Service, tenant: str) -> dict[str, Any]:
    found: dict[str, Any] = (await get(service, tenant, "schemas/courier_parcel")).json()
    return found


def slugs(schema: dict[str, Any]) -> list[str]:
    return [field["slug"] for field in schema["fields"]]


async def test_what_a_newer_release_fills_is_added_and_what_a_tenant_changed_stays(
    own: KafkaSettings, tokens: Tokens
) -> None:
    async with running_service(own, tokens, FixedClock(NOW), catalog=FIRST) as service:
        for tenant in ("one", "two"):
            await connect(service, tenant)
        before = await parcel_schema(service, "one")
        labelled = {name: before[name] for name in ("object", "labels", "fields", "relationships")}
        labelled["fields"][0]["label"] = "State of the parcel"
        labelled["fields"].append({"slug": "mine", "label": "Mine", "type": "text"})
        match = {"If-Match": f'"{before["version"]}"'}
        path = "/v1/tenants/one/schemas/courier_parcel"
        assert (await service.ask("PUT", path, "one", json=labelled, headers=match)).status_code == 200
    async with running_service(own, tokens, FixedClock(NOW), catalog=NEXT) as service:

        async def upgraded() -> bool:
            return all(["weight" in slugs(await parcel_schema(service, tenant)) for tenant in ("one", "two")])

        await until(upgraded)
        found = await parcel_schema(service, "one")
        assert slugs(found) == ["status", "kind", "mine", "weight"]
        assert found["fields"][0]["label"] == "State of the parcel"
        assert [option["value"] for option in found["fields"][1]["options"]] == ["letter", "box"]
        version = found["version"]
    async with running_service(own, tokens, FixedClock(NOW), catalog=FIRST) as service:
        assert (await parcel_schema(service, "one"))["version"] == version  # an older release takes nothing away


async def test_an_object_that_cannot_become_the_new_one_stays_and_the_others_go_on(
    own: KafkaSettings, tokens: Tokens
) -> None:
    async with running_service(own, tokens, FixedClock(NOW), catalog=FIRST) as service:
        for tenant in ("clash", "clear"):
            await connect(service, tenant)
        before = await parcel_schema(service, "clash")
        taken = {name: before[name] for name in ("object", "labels", "fields", "relationships")}
        taken["fields"].append({**WEIGHT, "type": "text"})
        match = {"If-Match": f'"{before["version"]}"'}
        path = "/v1/tenants/clash/schemas/courier_parcel"
        assert (await service.ask("PUT", path, "clash", json=taken, headers=match)).status_code == 200
    async with running_service(own, tokens, FixedClock(NOW), catalog=NEXT) as service:

        async def upgraded() -> bool:
            return "weight" in slugs(await parcel_schema(service, "clear"))

        await until(upgraded)
        kept = await parcel_schema(service, "clash")
        assert [field["type"] for field in kept["fields"]] == ["text", "dropdown", "text"]
