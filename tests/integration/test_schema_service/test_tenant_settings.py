"""`GET` and `PUT /v1/tenants/{t}/settings` of schema_service over HTTP on a real broker."""

import asyncio
from collections import Counter
from typing import Any

from tests.helpers.schema_service import Service

PARIS = {"timezone": "Europe/Paris", "week_start": "sunday", "language": "fr"}
NOTHING = {"timezone": None, "week_start": None, "language": None}


async def ask(service: Service, method: str, tenant: str, body: Any = None, match: str | None = None) -> Any:
    headers = {"If-Match": match} if match is not None else {}
    return await service.ask(method, f"/v1/tenants/{tenant}/settings", tenant, json=body, headers=headers)


async def test_settings_are_read_replaced_and_taken_back(service: Service) -> None:
    before = await ask(service, "GET", "settled")
    assert (before.status_code, before.headers["etag"], before.json()) == (200, '"0"', NOTHING)

    written = await ask(service, "PUT", "settled", PARIS, before.headers["etag"])
    assert (written.status_code, written.headers["etag"], written.json()) == (200, '"1"', PARIS)
    read = await ask(service, "GET", "settled")
    assert (read.headers["etag"], read.json()) == ('"1"', PARIS)

    partly = await ask(service, "PUT", "settled", {"language": "en"}, read.headers["etag"])
    assert (partly.headers["etag"], partly.json()) == ('"2"', {**NOTHING, "language": "en"})

    back = await ask(service, "PUT", "settled", before.json(), '"2"')
    assert (back.headers["etag"], back.json()) == ('"3"', NOTHING)


async def test_what_applies_is_shown_on_request(service: Service) -> None:
    await ask(service, "PUT", "applied", {"week_start": "saturday"}, "*")
    shown = await service.ask("GET", "/v1/tenants/applied/settings?effective=true", "applied")
    assert shown.headers["etag"] == '"1"'
    assert shown.json() == {"timezone": "America/Chicago", "week_start": "saturday", "language": "en"}


async def test_a_write_without_the_current_version_is_refused(service: Service) -> None:
    missing = await ask(service, "PUT", "stale", PARIS)
    assert (missing.status_code, missing.json()["code"]) == (428, "precondition_required")
    await ask(service, "PUT", "stale", PARIS, '"0"')
    stale = await ask(service, "PUT", "stale", {}, '"0"')
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    assert (await ask(service, "GET", "stale")).json() == PARIS


async def test_of_simultaneous_writes_one_is_applied(service: Service) -> None:
    zones = ["Europe/Paris", "Asia/Tokyo", "America/Lima", "Africa/Cairo", "Europe/Rome"]
    sent = [ask(service, "PUT", "busy", {"timezone": zone}, '"0"') for zone in zones]
    answers = await asyncio.gather(*sent)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: len(zones) - 1}
    (won,) = (answer.json() for answer in answers if answer.status_code == 200)
    assert (await ask(service, "GET", "busy")).json() == won


async def test_a_refusal_names_place_code_and_suggestion(service: Service) -> None:
    answer = await ask(service, "PUT", "wrong", {"timezone": "Europe/Pari", "week_start": "mon", "tz": "UTC"}, '"0"')
    assert answer.status_code == 422
    assert [(error["pointer"], error["code"], error.get("suggestion")) for error in answer.json()["errors"]] == [
        ("/timezone", "bad_value", "Europe/Paris"),
        ("/week_start", "bad_value", "monday"),
        ("/tz", "unknown_property", "timezone"),
    ]
    assert (await ask(service, "GET", "wrong")).headers["etag"] == '"0"'


async def test_sentences_are_in_the_tenants_language_at_once(service: Service) -> None:
    async def detail(**headers: str) -> tuple[str, str]:
        answer = await service.ask("GET", "/v1/tenants/parlant/schemas/nothing", "parlant", headers=headers)
        return answer.headers["content-language"], answer.json()["detail"]

    english = await detail()
    await ask(service, "PUT", "parlant", {"language": "fr"}, '"0"')
    french = await detail()
    assert (english[0], french[0]) == ("en", "fr")
    assert english[1] != french[1]
    assert await detail(**{"Accept-Language": "de"}) == french
    assert await detail(**{"Accept-Language": "en"}) == english


async def test_the_language_of_a_tenant_is_not_shown_to_others(service: Service) -> None:
    await ask(service, "PUT", "discreet", {"language": "fr"}, '"0"')
    path = "/v1/tenants/discreet/schemas"
    stranger = await service.ask("GET", path, "globex")
    nobody = await service.http.get(path)
    assert [answer.headers["content-language"] for answer in (stranger, nobody)] == ["en"] * 2
    itself = await service.ask("GET", path, "discreet", "ops")
    assert (itself.status_code, itself.headers["content-language"]) == (403, "fr")


async def test_a_suspended_tenant_has_no_settings(service: Service) -> None:
    await ask(service, "PUT", "halted", PARIS, '"0"')
    await service.ask("PUT", "/v1/tenants/halted", "*", "ops", json={"status": "suspended"})
    for method in ("GET", "PUT"):
        answer = await ask(service, method, "halted", {}, "*")
        assert (answer.status_code, answer.json()["code"]) == (404, "unknown_tenant")
    await service.ask("PUT", "/v1/tenants/halted", "*", "ops", json={"status": "active"})
    assert (await ask(service, "GET", "halted")).json() == PARIS
