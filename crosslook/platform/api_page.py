"""`/docs`: the OpenAPI document as one page of plain HTML. It loads nothing and runs nothing, here or elsewhere."""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from fastapi import FastAPI, Response

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 62rem; padding: 1rem; color: #1c1c1e }
h1, h2, h3 { line-height: 1.2 } h2 { margin-top: 2.5rem; border-bottom: 1px solid #bbb }
code, .path { font-family: ui-monospace, monospace; font-size: .95em }
.method { display: inline-block; min-width: 4.5rem; font-weight: 700 }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0 }
tr + tr { border-top: 1px solid #ddd } details { margin: .5rem 0 } summary { cursor: pointer } a { color: #0a58ca }
@media (prefers-color-scheme: dark) { body { background: #1c1c1e; color: #e8e8ea } a { color: #7ab7ff } }
"""
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_METHODS = ("get", "put", "post", "delete", "patch")

Document = Mapping[str, Any]


def add_api_page(app: FastAPI) -> None:
    """Answer `/docs` with the application's own OpenAPI document."""

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        page = render_page(app.openapi())
        return Response(page, headers={"Content-Security-Policy": _POLICY}, media_type="text/html")


def render_page(document: Document) -> str:
    """The page. Everything of the document is escaped."""
    title = escape(f"{document['info']['title']} {document['info']['version']}")
    parts = [*_operations(document), *_schemas(document)]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><h1>{title}</h1>'
        '<p>The same for programs: <a href="/openapi.json">/openapi.json</a>. Calls with a scope need '
        f"<code>Authorization: Bearer &lt;JWT&gt;</code>.</p>{''.join(parts)}</body></html>"
    )


def _operations(document: Document) -> Iterator[str]:
    by_tag: dict[str, list[tuple[str, str, Document]]] = {}
    for path, methods in document["paths"].items():
        for method in _METHODS:
            if method in methods:
                tag = (methods[method].get("tags") or ["other"])[0]
                by_tag.setdefault(tag, []).append((method, path, methods[method]))
    for tag, operations in by_tag.items():
        yield f"<h2>{escape(tag.capitalize())}</h2>"
        yield from (_operation(*operation) for operation in operations)


def _operation(method: str, path: str, operation: Document) -> str:
    scopes = [scope for choice in operation.get("security", []) for names in choice.values() for scope in names]
    access = f"Scope <code>{escape(' '.join(scopes))}</code>." if scopes else "No token."
    return (
        f'<h3><span class="method">{method.upper()}</span> <span class="path">{escape(path)}</span></h3>'
        f"<p>{escape(operation.get('summary', ''))}. {access}</p>"
        f"<details><summary>Details</summary><p>{escape(operation.get('description', ''))}</p>"
        f"{_parameters(operation)}{_bodies(operation)}</details>"
    )


def _parameters(operation: Document) -> str:
    rows = [
        (
            f"<code>{escape(parameter['name'])}</code>",
            escape(parameter["in"]),
            _type(parameter["schema"]),
            escape(parameter.get("description", "")),
        )
        for parameter in operation.get("parameters", [])
    ]
    return _table(("Parameter", "In", "Type", "Meaning"), rows)


def _bodies(operation: Document) -> str:
    bodies = [("Request", operation.get("requestBody", {}))]
    bodies += [(f"Answer {status}", answer) for status, answer in operation.get("responses", {}).items()]
    rows = [
        (escape(name), f"<code>{escape(kind)}</code>", _type(content.get("schema", {})))
        for name, body in bodies
        for kind, content in body.get("content", {}).items()
    ]
    return _table(("Body", "Media type", "Content"), rows)


def _schemas(document: Document) -> Iterator[str]:
    yield "<h2>Schemas</h2>"
    for name, schema in sorted(document.get("components", {}).get("schemas", {}).items()):
        required = schema.get("required", [])
        rows = [
            (
                f"<code>{escape(member)}</code>{'' if member in required else ' (optional)'}",
                _type(of),
                escape(of.get("description", "")),
            )
            for member, of in schema.get("properties", {}).items()
        ]
        yield f'<h3 id="{escape(name)}">{escape(name)}</h3><p>{escape(schema.get("description", ""))}</p>'
        yield _table(("Member", "Type", "Meaning"), rows) if rows else f"<p>{_type(schema)}</p>"


def _type(schema: Any) -> str:
    """A JSON schema in a few words; what it refers to is a link."""
    if not isinstance(schema, Mapping):
        return "anything"
    if "$ref" in schema:
        name = escape(str(schema["$ref"]).rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    choices = schema.get("anyOf") or schema.get("oneOf")
    if choices:
        return " or ".join(_type(choice) for choice in choices)
    if "enum" in schema:
        return " | ".join(f"<code>{escape(str(value))}</code>" for value in schema["enum"])
    if "const" in schema:
        return f"<code>{escape(str(schema['const']))}</code>"
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items'))}"
    return escape(str(schema.get("format") or schema.get("type") or "anything"))


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    if not rows:
        return ""
    head = "".join(f"<th>{name}</th>" for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"
