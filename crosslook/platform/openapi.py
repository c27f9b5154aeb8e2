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
    for operations in document["paths"].values():
        for operation in operations.values():
            operation["responses"].pop("422", None)
            for refused in ("4XX", "5XX"):
                operation["responses"][refused] = {"description": "A problem document", "content": content}


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
        operation["security"] = [{"bearer": [access.authorization.scope]}] if access.authorization is not None else []
        if access.authorization is not None and access.authorization.operators_only:
            operation["description"] = f"{operation.get('description', '')} {_ABOUT_ALL['description']}".strip()
