"""What our OpenAPI documents say beyond FastAPI's: every refusal is a problem document (CONTRACTS, preamble)."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from crosslook.contracts.problems import SHOWN_MAX

_PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "request_id"],
    "properties": {
        **{name: {"type": "string"} for name in ("type", "title", "detail", "code", "request_id", "suggestion")},
        "status": {"type": "integer"},
        "errors": {
            "type": "array",
            "maxItems": SHOWN_MAX,
            "description": "The first problems found, each with its place in the body or the name of the parameter.",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {n: {"type": "string"} for n in ("pointer", "code", "message", "suggestion")},
            },
        },
        "errors_omitted": {
            "type": ["integer", "null"],
            "description": "How many more problems are known; null when reading stopped at a limit.",
        },
    },
}


def describe_problems(app: FastAPI) -> None:
    """FastAPI documents its own 422 shape; ours is a problem document on every call."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(title=app.title, version=app.version, routes=app.routes)
            parts = document.setdefault("components", {}).setdefault("schemas", {})
            parts.pop("HTTPValidationError", None)
            parts.pop("ValidationError", None)
            parts["Problem"] = _PROBLEM
            content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
            for operations in document["paths"].values():
                for operation in operations.values():
                    operation["responses"].pop("422", None)
                    operation["responses"]["default"] = {"description": "A problem document", "content": content}
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's documented way to extend its document
