"""What each call of schema_service says to bad input: the exact problem body."""

from typing import Any

import httpx
import orjson
import pytest

from tests.helpers.schema_service import Service
from tests.unit.schema_service.samples import TICKET, ticket, with_field

ALL_SCOPES = "schemas:read schemas:write records:write reports:read reports:write ops"


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def problem(code: str, status: int, detail: str, **more: Any) -> dict[str, Any]:
    """A problem document without its request id."""
    return {
        "type": f"https://crosslook.dev/problems/{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "detail": detail,
        "code": code,
        **more,
        **({"errors_omitted": 0} if "errors" in more else {}),
    }


def invalid(*errors: dict[str, Any]) -> dict[str, Any]:
    detail = "The request is not valid; errors lists the problems found."
    codes = {item["code"] for item in errors}
    return problem(codes.pop() if len(codes) == 1 else "invalid_body", 422, detail, errors=list(errors))


def error(pointer: str, code: str, message: str, suggestion: str | None = None) -> dict[str, Any]:
    found = {"pointer": pointer, "code": code, "message": message}
    return found if suggestion is None else {**found, "suggestion": suggestion}


SCHEMAS, EVENTS = "/v1/tenants/acme/schemas", "/v1/tenants/acme/events"
CURRENT = {"If-Match": '"1"'}


def not_json(column: int) -> dict[str, Any]:
    place = f"The body is not JSON: line 1, column {column} cannot be read."
    return problem("not_json", 400, f"{place} Send UTF-8 JSON without NaN or Infinity.")


EMPTY = problem("not_json", 400, "The body is empty; send JSON.")
NOT_UTF8 = problem("not_json", 400, "The body is not UTF-8: line 1, byte 1 cannot be read.")
NO_OBJECT = error("", "wrong_type", "A JSON object is expected here.")
TAGGED_JSON = {"Content-Type": "application/json"}
BAD_PAGE = "The page token is not valid; request the first page without page_token."
TYPES = "text, textarea, number, currency, date, datetime, dropdown, multiselect, boolean"
TWO_PROBLEMS = with_field(slug="Opened At", type="datetim")

CASES: list[tuple[str, str, dict[str, Any], dict[str, Any]]] = [
    (
        "GET",
        f"{SCHEMAS}?page_token=rubbish",
        {},
        problem("bad_page_token", 422, BAD_PAGE, errors=[error("/page_token", "bad_page_token", BAD_PAGE)]),
    ),
    (
        "GET",
        f"{SCHEMAS}/tiket",
        {},
        problem(
            "unknown_object", 404, "The object tiket does not exist; create its schema first.", suggestion="ticket"
        ),
    ),
    ("POST", SCHEMAS, {"content": b"{"}, not_json(2)),
    ("POST", SCHEMAS, {"content": b""}, EMPTY),
    ("POST", SCHEMAS, {"content": b'{"a": NaN}'}, not_json(7)),
    ("POST", SCHEMAS, {"content": b"\xff\xfe"}, NOT_UTF8),
    ("POST", SCHEMAS, {"json": [TICKET]}, invalid(NO_OBJECT)),
    (
        "POST",
        SCHEMAS,
        {"json": TWO_PROBLEMS},
        invalid(
            error(
                "/fields/5/slug",
                "bad_slug",
                "A slug has 1 to 63 characters: a lower-case letter, then lower-case letters, digits or underscores.",
                "opened_at",
            ),
            error(
                "/fields/5/type",
                "unknown_type",
                f"There is no field type datetim; the types are {TYPES}.",
                "datetime",
            ),
        ),
    ),
    (
        "POST",
        SCHEMAS,
        {"json": TICKET},
        problem(
            "slug_taken",
            409,
            "The object ticket already exists; change it with PUT, or choose another slug.",
        ),
    ),
    (
        "POST",
        SCHEMAS,
        {"json": ticket(object="contact")},
        problem("slug_taken", 409, "The object contact is built in; add your own fields with PUT."),
    ),
    (
        "PUT",
        f"{SCHEMAS}/ticket",
        {"json": TICKET},
        problem(
            "precondition_required",
            428,
            "Send If-Match with the version that you read, so that nobody's change is lost.",
        ),
    ),
    (
        "PUT",
        f"{SCHEMAS}/ticket",
        {"json": TICKET, "headers": {"If-Match": '"7"'}},
        problem(
            "precondition_failed",
            412,
            'The current version is 1, not "7"; read it again and repeat your change.',
        ),
    ),
    ("PUT", f"{SCHEMAS}/ticket", {"content": b"nonsense", "headers": CURRENT}, not_json(1)),
    ("PUT", f"{SCHEMAS}/ticket", {"json": None, "headers": CURRENT}, EMPTY),
    (
        "PUT",
        f"{SCHEMAS}/ticket",
        {"json": ticket(fields=[{"slug": "csat", "type": "text"}]), "headers": CURRENT},
        invalid(
            error(
                "/fields/0/type",
                "type_changed",
                "The field csat has the type number, which cannot change; add a field with another slug instead.",
                "number",
            )
        ),
    ),
    (
        "PUT",
        f"{SCHEMAS}/case",
        {"json": ticket(object="case"), "headers": CURRENT},
        problem("unknown_object", 404, "The object case does not exist; create its schema first."),
    ),
    (
        "DELETE",
        f"{SCHEMAS}/contact",
        {},
        problem("built_in", 409, "The object contact is built in and cannot be deleted."),
    ),
    (
        "DELETE",
        f"{SCHEMAS}/ticket",
        {"headers": {"If-Match": '"4"'}},
        problem(
            "precondition_failed",
            412,
            'The current version is 1, not "4"; read it again and repeat your change.',
        ),
    ),
    (
        "DELETE",
        f"{SCHEMAS}/case",
        {},
        problem("unknown_object", 404, "The object case does not exist; create its schema first."),
    ),
    (
        "PUT",
        "/v1/tenants/acme",
        {"json": {"plan": 1, "status": "of", "plam": 2}},
        invalid(
            error("/plan", "wrong_type", "Text is expected here."),
            error("/status", "unknown_status", "There is no status of; the statuses are active and suspended."),
            error(
                "/plam", "unknown_property", "There is no property plam here; remove it or correct its name.", "plan"
            ),
        ),
    ),
    (
        "PUT",
        "/v1/tenants/a%20b",
        {"json": {}},
        invalid(
            error(
                "/tenant",
                "bad_tenant",
                "A tenant's name has 1 to 63 letters, digits, hyphens or underscores and starts with a letter or "
                "digit.",
            )
        ),
    ),
    (
        "POST",
        EVENTS,
        {"content": b"[]", "headers": {"Content-Type": "text/csv"}},
        problem(
            "unsupported_media_type",
            415,
            "This address takes application/json, application/cloudevents-batch+json.",
        ),
    ),
    ("POST", EVENTS, {"content": b"[", "headers": TAGGED_JSON}, not_json(2)),
    (
        "POST",
        EVENTS,
        {"json": {}},
        invalid(error("", "wrong_type", "A JSON array is expected here.")),
    ),
    (
        "POST",
        EVENTS,
        {"json": [1] * 1001},
        problem("too_large", 413, "A batch contains at most 1000 events; split it."),
    ),
    (
        "POST",
        EVENTS,
        {"content": b"[" + b" " * 10_000 + b"]", "headers": TAGGED_JSON},
        problem("body_too_large", 413, "The body is larger than 10000 bytes; send less at a time."),
    ),
]


@pytest.mark.parametrize(
    ("method", "path", "request_", "expected"), CASES, ids=[f"{c[0]} {c[3]['code']} {n}" for n, c in enumerate(CASES)]
)
async def test_bad_input_is_answered_with_a_problem_that_teaches(
    service: Service, method: str, path: str, request_: dict[str, Any], expected: dict[str, Any]
) -> None:
    tenant = "*" if path.startswith("/v1/tenants/a") and "/schemas" not in path and "/events" not in path else "acme"
    answer = await service.ask(method, path, tenant, ALL_SCOPES, **request_)
    body = answer.json()
    assert body.pop("request_id") == answer.headers["x-request-id"]
    assert body == expected
    assert answer.status_code == expected["status"]
    assert answer.headers["content-type"] == "application/problem+json"


async def test_problems_are_told_in_french_to_who_asks_so(service: Service) -> None:
    headers = {"Accept-Language": "fr-CA, en;q=0.5"}
    answer = await service.ask("DELETE", f"{SCHEMAS}/contact", headers=headers)
    assert answer.json()["detail"] == "L'objet contact est intégré et ne peut pas être supprimé."
    refused = await service.ask("POST", EVENTS, json=[{}], headers=headers)
    assert refused.json()["refused"][0]["message"] == (
        "Ce n'est pas un CloudEvent 1.0 accepté par Crosslook ; specversion manque ou est incorrect."
    )
    read = await service.ask("POST", "/v1/tenants/paris/schemas", "paris", json=TICKET, headers=headers)
    assert read.json()["in_reports"]["reason"] == "Il sera dans les rapports après le prochain rafraîchissement."


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", f"{SCHEMAS}?page_size=0", {}),
        ("GET", f"{SCHEMAS}?page_size=501", {}),
        ("GET", f"{SCHEMAS}?page_size=many", {}),
        ("GET", "/v1/tenants?page_size=0", {}),
        ("PUT", f"{SCHEMAS}/ticket?validate_only=perhaps", {}),
        ("POST", SCHEMAS, {"Idempotency-Key": ""}),
        ("POST", SCHEMAS, {"Idempotency-Key": "k" * 257}),
    ],
)
async def test_a_parameter_that_cannot_be_read_is_named(
    service: Service, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = await service.ask(method, path, "*", ALL_SCOPES, headers=headers, json=TICKET)
    assert code(answer) == (422, "bad_parameter")
    (found,) = answer.json()["errors"]
    name = "Idempotency-Key" if headers else path.partition("?")[2].partition("=")[0]
    assert found["code"] == "bad_parameter"
    assert name.lower() in found["message"].lower()


async def test_a_key_that_was_used_for_another_body_is_refused(service: Service) -> None:
    headers = {"Idempotency-Key": "k-1"}
    made = await service.ask("POST", "/v1/tenants/keys/schemas", "keys", json=TICKET, headers=headers)
    assert made.status_code == 201
    answer = await service.ask("POST", "/v1/tenants/keys/schemas", "keys", json=ticket(object="case"), headers=headers)
    assert code(answer) == (422, "idempotency_conflict")


async def test_a_body_beyond_every_limit_is_refused_while_it_is_read(service: Service) -> None:
    answer = await service.ask("POST", SCHEMAS, content=orjson.dumps({"x": "y" * 7_000_000}))
    assert code(answer) == (413, "body_too_large")


async def test_addresses_that_are_not_there_are_problems_too(service: Service) -> None:
    assert code(await service.ask("GET", "/v1/nothing")) == (404, "not_found")
    assert code(await service.ask("PATCH", f"{SCHEMAS}/ticket")) == (405, "method_not_allowed")
