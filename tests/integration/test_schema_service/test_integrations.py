"""`…/integrations` of schema_service over HTTP on a real broker."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from tests.helpers.schema_service import Service
from tests.helpers.tiny_vendors import OPTIONS, SECRET
from tests.unit.schema_service.samples import TICKET

PATH = "/v1/tenants/{tenant}/integrations/{name}"


async def put(service: Service, tenant: str, name: str = "courier", match: str | None = None, **body: Any) -> Any:
    headers = {"If-Match": match} if match is not None else {}
    return await service.ask("PUT", PATH.format(tenant=tenant, name=name), tenant, json=body, headers=headers)


async def connect(service: Service, tenant: str, name: str = "courier", **body: Any) -> Any:
    answer = await put(service, tenant, name, **{"signing_secret": SECRET, **body})
    assert answer.status_code == 200, answer.text
    return answer


async def get(service: Service, tenant: str, path: str) -> Any:
    return await service.ask("GET", f"/v1/tenants/{tenant}/{path}", tenant)


async def delete(service: Service, tenant: str, name: str = "courier", what: str = "") -> Any:
    return await service.ask("DELETE", PATH.format(tenant=tenant, name=name) + what, tenant)


def problems(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


async def fields(service: Service, tenant: str, slug: str = "courier_parcel") -> list[str]:
    return [field["slug"] for field in (await get(service, tenant, f"schemas/{slug}")).json()["fields"]]


async def test_what_can_be_connected_is_described(service: Service) -> None:
    answer = await service.ask("GET", "/v1/integrations", "acme", headers={"Accept-Language": "fr"})
    first, second = answer.json()["items"]
    assert first == {
        "integration": "courier",
        "label": "Coursier",
        "object": "courier_parcel",
        "options": OPTIONS,
        "webhook": {"signed_by": "HMAC-SHA256 du corps", "answers": "Il réessaie après 503."},
    }
    assert (second["integration"], second["object"]) == ("herald", None)


async def test_the_lists_come_in_pages(service: Service) -> None:
    await connect(service, "leaves")
    await connect(service, "leaves", "second", kind="courier")
    for path, member in (("/v1/integrations", "integration"), ("/v1/tenants/leaves/integrations", "name")):
        first = (await service.ask("GET", f"{path}?page_size=1", "leaves")).json()
        token = first["next_page_token"]
        rest = (await service.ask("GET", f"{path}?page_token={token}", "leaves")).json()
        assert first["items"][0][member] == "courier"
        assert (len(first["items"]), len(rest["items"]), rest["next_page_token"]) == (1, 1, None)


async def test_connecting_creates_the_object(service: Service) -> None:
    answer = await connect(service, "first", options={"region": "north"})
    assert answer.headers["etag"] == '"1"'
    shown = answer.json()
    assert shown == {
        "name": "courier",
        "kind": "courier",
        "label": "Courier",
        "state": "connected",
        "object": "courier_parcel",
        "webhook_path": "/v1/webhooks/first/courier",
        "options": {"region": "north"},
        "connected_at": "2026-11-24T22:00:00Z",
        "replaced_until": None,
        "health": {
            "last_event_at": None,
            "last_refused_at": None,
            "events_24h": 0,
            "refused_24h": 0,
            "bad_signatures_24h": 0,
            "stale_signatures_24h": 0,
            "warning": None,
        },
    }
    assert (await get(service, "first", "integrations/courier")).json() == shown
    made = (await get(service, "first", "schemas/courier_parcel")).json()
    assert (made["integration"], made["version"], made["status"]) == ("courier", 1, "active")


async def test_the_same_again_writes_nothing(service: Service) -> None:
    await connect(service, "again", options={"region": "north"})
    again = await connect(service, "again", options={"region": "north"})
    assert again.headers["etag"] == '"1"'
    assert (await get(service, "again", "schemas/courier_parcel")).json()["version"] == 1


async def test_two_accounts_of_one_vendor_have_an_object_each(service: Service) -> None:
    await connect(service, "twice")
    second = await connect(service, "twice", "berlin", kind="courier")
    assert (second.json()["kind"], second.json()["object"]) == ("courier", "berlin_parcel")
    assert (await get(service, "twice", "schemas/berlin_parcel")).json()["integration"] == "berlin"


async def test_options_add_fields_and_take_them_away(service: Service) -> None:
    await connect(service, "options", options={"extra": [{"slug": "weight", "type": "number"}]})
    assert await fields(service, "options") == ["status", "weight"]
    changed = await put(service, "options", options={"extra": [{"slug": "size"}]})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"2"')
    assert await fields(service, "options") == ["status", "size"]
    kept = await put(service, "options", signing_secret="another")
    assert kept.json()["options"] == {"extra": [{"slug": "size"}]}


async def test_a_field_cannot_come_back_with_another_type_before_the_refresh(service: Service) -> None:
    await connect(service, "retyped", options={"extra": [{"slug": "weight", "type": "number"}]})
    answer = await put(service, "retyped", options={"extra": [{"slug": "weight", "type": "text"}]})
    assert problems(answer) == [("/options", "type_changed")]
    assert (await get(service, "retyped", "integrations/courier")).headers["etag"] == '"1"'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [("/signing_secret", "required_missing")]),
        ({"signing_secret": "  "}, [("/signing_secret", "required_missing")]),
        ({"signing_secret": "x\n"}, [("/signing_secret", "bad_value")]),
        ({"signing_secret": "x" * 1001}, [("/signing_secret", "too_long")]),
        ({"signing_secret": 5}, [("/signing_secret", "wrong_type")]),
        ({"signing_secret": "x", "kind": "courrier"}, [("/kind", "bad_value")]),
        ({"signing_secret": "x", "grace_hours": 169}, [("/grace_hours", "out_of_range")]),
        ({"signing_secret": "x", "secret": "y"}, [("/secret", "unknown_property")]),
        ({"signing_secret": "x", "options": []}, [("/options", "wrong_type")]),
        ({"signing_secret": "x", "options": {"region": "nord"}}, [("/options/region", "bad_value")]),
        ({"signing_secret": "x", "options": {"regio": "north"}}, [("/options/regio", "unknown_property")]),
        ({"signing_secret": "x", "options": {"extra": [{}]}}, [("/options/extra/0/slug", "required_missing")]),
        ({"signing_secret": "x", "options": {"extra": [{"slug": "A"}]}}, [("/options/extra/0/slug", "bad_value")]),
        ({"signing_secret": "x", "options": {"extra": [{"slug": "a"}] * 4}}, [("/options/extra", "too_long")]),
        ({"signing_secret": "x", "options": {"extra": 3.5}}, [("/options/extra", "wrong_type")]),
        (
            {"signing_secret": "x", "options": {"extra": [{"slug": "status"}]}},
            [("/options/extra/0/slug", "duplicate_slug")],
        ),
        (
            {"signing_secret": "x", "options": {"extra": [{"slug": "tenant"}]}},
            [("/options", "reserved_word")],
        ),
    ],
)
async def test_a_refusal_names_place_and_code(
    service: Service, body: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert problems(await put(service, "wrong", **body)) == expected
    assert (await get(service, "wrong", "integrations")).json()["items"] == []


async def test_a_name_must_be_a_slug_and_leave_room_for_the_object(service: Service) -> None:
    whole = {"signing_secret": "x", "kind": "courier"}
    assert problems(await put(service, "names", "Courier", **whole)) == [("/name", "bad_slug")]
    assert problems(await put(service, "names", "c" * 60, **whole)) == [("/name", "too_long")]
    assert problems(await put(service, "names", "paris", signing_secret="x")) == [("/kind", "required_missing")]


async def test_a_suggestion_helps(service: Service) -> None:
    answer = await put(service, "helped", signing_secret="x", options={"regio": "north"})
    assert answer.json()["errors"][0]["suggestion"] == "region"
    missing = await get(service, "helped", "integrations/courir")
    assert (missing.status_code, missing.json()["code"]) == (404, "unknown_integration")


async def test_an_object_of_somebody_else_is_not_taken(service: Service) -> None:
    await service.ask("POST", "/v1/tenants/taken/schemas", "taken", json={**TICKET, "object": "courier_parcel"})
    answer = await put(service, "taken", signing_secret="x")
    assert (answer.status_code, answer.json()["code"]) == (409, "slug_taken")
    assert (await get(service, "taken", "integrations")).json()["items"] == []


async def test_a_connection_keeps_its_kind(service: Service) -> None:
    await connect(service, "kept", "parcels", kind="courier")
    answer = await put(service, "kept", "parcels", kind="herald")
    assert problems(answer) == [("/kind", "kind_changed")]
    assert (await put(service, "kept", "parcels", options={})).status_code == 200


async def test_an_integration_without_an_object_fills_one_of_the_tenant(service: Service) -> None:
    unknown = await put(service, "herald", "herald", signing_secret="x", options={"object": "tickt"})
    assert problems(unknown) == [("/options/object", "unknown_object")]
    await service.ask("POST", "/v1/tenants/herald/schemas", "herald", json=TICKET)
    made = await put(service, "herald", "herald", signing_secret="x", options={"object": "ticket"})
    assert made.json()["object"] == "ticket"
    refused = await service.ask("DELETE", "/v1/tenants/herald/schemas/ticket", "herald")
    assert (refused.status_code, refused.json()["code"]) == (409, "managed_by_integration")
    gone = {**TICKET, "fields": []}
    path, match = "/v1/tenants/herald/schemas/ticket", {"If-Match": '"1"'}
    assert (await service.ask("PUT", path, "herald", json=gone, headers=match)).status_code == 200


async def test_a_managed_object_keeps_what_the_integration_fills(service: Service) -> None:
    await connect(service, "managed")
    path = "/v1/tenants/managed/schemas/courier_parcel"
    refused = await service.ask("DELETE", path, "managed")
    assert (refused.status_code, refused.json()["code"]) == (409, "managed_by_integration")
    sent = {
        "object": "courier_parcel",
        "labels": {"singular": "Paket", "plural": "Pakete"},
        "fields": [{"slug": "mine", "type": "text"}],
    }
    answer = await service.ask("PUT", path, "managed", json=sent, headers={"If-Match": '"1"'})
    assert problems(answer) == [("/fields", "managed_by_integration"), ("/relationships", "managed_by_integration")]
    whole = {
        **sent,
        "fields": [{"slug": "mine", "type": "text"}, {"slug": "status", "label": "Stand", "type": "text"}],
        "relationships": [{"slug": "recipient", "label": "Recipient", "target": "contact"}],
    }
    changed = await service.ask("PUT", path, "managed", json=whole, headers={"If-Match": '"1"'})
    assert (changed.status_code, changed.json()["integration"]) == (200, "courier")

    await put(service, "managed", options={"extra": [{"slug": "size"}]})
    assert await fields(service, "managed") == ["mine", "status", "size"]
    after = (await get(service, "managed", "schemas/courier_parcel")).json()
    assert (after["labels"]["plural"], after["fields"][1]["label"]) == ("Pakete", "Stand")


async def test_disconnected_the_object_stays_and_is_taken_up_again(service: Service) -> None:
    await connect(service, "back")
    gone = await delete(service, "back")
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await get(service, "back", "integrations/courier")).status_code == 404
    assert (await delete(service, "back")).status_code == 404
    assert (await get(service, "back", "schemas/courier_parcel")).json()["status"] == "active"
    again = await connect(service, "back", options={"extra": [{"slug": "size"}]})
    assert again.headers["etag"] == '"1"'
    assert await fields(service, "back") == ["status", "size"]


async def test_disconnected_the_object_can_be_deleted(service: Service) -> None:
    await connect(service, "gone")
    assert (await delete(service, "gone", what="?object=delete")).status_code == 204
    assert (await get(service, "gone", "schemas/courier_parcel")).json()["status"] == "deleted"
    again = await put(service, "gone", signing_secret="x")
    assert (again.status_code, again.json()["code"]) == (409, "slug_taken")
    assert "next refresh" in again.json()["detail"]


async def test_an_object_that_another_connection_fills_is_not_deleted(service: Service) -> None:
    await service.ask("POST", "/v1/tenants/shared/schemas", "shared", json=TICKET)
    for name in ("one", "two"):
        options = {"object": "ticket"}
        assert (
            await put(service, "shared", name, kind="herald", signing_secret="x", options=options)
        ).status_code == 200
    refused = await delete(service, "shared", "one", "?object=delete")
    assert (refused.status_code, refused.json()["code"]) == (409, "managed_by_integration")
    assert (await delete(service, "shared", "one")).status_code == 204
    assert (await delete(service, "shared", "two", "?object=delete")).status_code == 204


async def test_a_connection_whose_object_was_left_half_made_is_completed(service: Service) -> None:
    """As after a crash between the two writes: the object is there, the connection is not."""
    await connect(service, "crashed")
    await delete(service, "crashed")
    assert (await connect(service, "crashed")).json()["state"] == "connected"


async def test_a_write_with_another_version_is_refused(service: Service) -> None:
    await connect(service, "versions", match='"0"')
    stale = await put(service, "versions", match='"0"', options={"region": "north"})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    assert (await put(service, "versions", match='"1"', options={"region": "north"})).status_code == 200


async def test_simultaneous_connections_make_one_object(service: Service) -> None:
    sent = [put(service, "busy", signing_secret=f"secret {number}") for number in range(5)]
    assert Counter(answer.status_code for answer in await asyncio.gather(*sent)) == {200: 5}
    assert (await get(service, "busy", "schemas/courier_parcel")).json()["version"] == 1
