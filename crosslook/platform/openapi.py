"""Additions to FastAPI's OpenAPI documents: tokens, and refusals as problem documents (CONTRACTS, preamble)."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from crosslook.platform.responses import ProblemDocument
from crosslook.platform.routes import route_accesses

_BEARER: dict[str, Any] = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "EdDSA or RS256, with the claims `iss`, `aud`, `exp`, `iat`, `sub`, `tenant` (`*` for operators) "
    "and `scope`. Each call names the scope that it needs.",
}
_OF_ANY_CALL = (400, 408, 414, 422, 431, 500, 503)
"""Statuses of refusals before a route is chosen, of wrong parameters, and of a service that is not there for a call."""
_OF_TOKENS = (401, 403, 404, 429)
_OF_BODIES = (413, 415)
_OF_WRITES = (409, 412, 428)
_REFUSED = 400
_PROBLEM = {"$ref": "#/components/responses/Problem"}
_ABOUT_ALL = {"description": "Concerns all tenants: the token's tenant must be `*`."}


def takes_body(model: type[BaseModel]) -> dict[str, Any]:
    """The `openapi_extra` of a route that reads its body itself, so that every problem with it is answered at once."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def document_access(app: FastAPI) -> None:
    """Document the token of each call, and that every refusal is a problem document: FastAPI documents a 422 of its own
    shape."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(title=app.title, version=app.version, routes=app.routes)
            _add_problems(document)
            _add_parts_of_bodies(document)
            _add_security(document, app)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend its document


def _add_problems(document: dict[str, Any]) -> None:
    parts = document.setdefault("components", {}).setdefault("schemas", {})
    parts.pop("HTTPValidationError", None)
    parts.pop("ValidationError", None)
    schema = ProblemDocument.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    parts.update(schema.pop("$defs"), ProblemDocument=schema)
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    document["components"]["responses"] = {"Problem": {"description": "A problem document", "content": content}}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            operation["responses"].pop("422", None)
            own = {status for status, response in operation["responses"].items() if "content" in response}
            also = {status for status in operation["responses"] if int(status) >= _REFUSED}
            for status in sorted({*map(str, _refusals(path, method)), *also} - own):
                operation["responses"][status] = _PROBLEM


def refused_with(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The `responses` of routes that refuse with more statuses than all others do."""
    return {status: {"description": "A problem document"} for status in statuses}


def _refusals(path: str, method: str) -> tuple[int, ...]:
    """The statuses of the refusals of one call. Probes need no token and take no body."""
    if not path.startswith("/v1"):
        return _OF_ANY_CALL
    return _OF_ANY_CALL + _OF_TOKENS + (() if method == "get" else _OF_BODIES + _OF_WRITES)


def _add_parts_of_bodies(document: dict[str, Any]) -> None:
    """Move the models that a body of `takes` refers to where OpenAPI looks for them."""
    parts = document["components"]["schemas"]
    for operations in document["paths"].values():
        for operation in operations.values():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                parts.update(content["schema"].pop("$defs", {}))


def _add_security(document: dict[str, Any], app: FastAPI) -> None:
    document["components"]["securitySchemes"] = {"bearer": _BEARER}
    for access in route_accesses(app):
        operation = document["paths"].get(access.path, {}).get(access.method.lower())
        if operation is None:
            continue
        scopes = access.authorization.scopes if access.authorization is not None else ()
        operation["security"] = [{"bearer": [scope]} for scope in scopes]
        if access.authorization is not None and access.authorization.operators_only:
            operation["description"] = f"{operation.get('description', '')} {_ABOUT_ALL['description']}".strip()
