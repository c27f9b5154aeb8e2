"""Checks answers against an OpenAPI document: status, content type, and every member of a JSON body."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jsonschema_rs
import orjson

_METHODS = ("get", "put", "post", "delete", "head", "patch", "options")
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as it came. `body` is None where it was not read."""

    method: str
    path: str
    status: int
    content_type: str
    body: bytes | None

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {self.status} {self.content_type}"


class OpenApiDocument:
    """A service's document. Objects are closed: a member that their schema does not name is a fault."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        closed = closed_objects(json.loads(json.dumps(document)))
        self._components = closed["components"]
        self._routes = [
            (_pattern(path), path.count("{"), operations) for path, operations in sorted(closed["paths"].items())
        ]
        self._validators: dict[str, jsonschema_rs.Validator] = {}

    def describes(self, method: str, path: str) -> bool:
        """Whether the document has this operation."""
        return self._operation(method, path) is not None

    def faults(self, answer: Answer) -> list[str]:
        """In what the answer differs from the document. A path that it does not have may be refused, and no more."""
        operation = self._operation(answer.method, answer.path)
        if operation is None:
            responses = {str(answer.status): _PROBLEM} if answer.status >= _REFUSED else {}
        else:
            responses = operation["responses"]
        response = responses.get(str(answer.status))
        if response is None:
            return [f"{answer}: the status is not documented"]
        content = self._resolved(response).get("content")
        if content is None:
            return [f"{answer}: a body is not documented"] if answer.body else []
        kind = answer.content_type.partition(";")[0].strip()
        if kind not in content:
            return [f"{answer}: the content type is not documented"]
        schema = content[kind].get("schema")
        if not schema or answer.body is None or not kind.endswith("json"):
            return []
        errors = self._validator(schema).iter_errors(orjson.loads(answer.body))
        return [f"{answer}: {_place(error)} {error.message[:_SHOWN]}" for error in errors]

    def _operation(self, method: str, path: str) -> Mapping[str, Any] | None:
        found = [
            (parameters, operations[method.lower()])
            for pattern, parameters, operations in self._routes
            if method.lower() in operations and pattern.fullmatch(path)
        ]
        return min(found, key=lambda match: match[0])[1] if found else None

    def _resolved(self, response: Mapping[str, Any]) -> Mapping[str, Any]:
        if "$ref" not in response:
            return response
        found: Mapping[str, Any] = self._components["responses"][response["$ref"].rpartition("/")[2]]
        return found

    def _validator(self, schema: Mapping[str, Any]) -> jsonschema_rs.Validator:
        key = orjson.dumps(schema).decode()
        if key not in self._validators:
            whole = {**schema, "components": self._components}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        return self._validators[key]


_REFUSED = 400
_PROBLEM = {
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}},
}


def closed_objects(node: Any) -> Any:
    """The same schemas, where objects that list their properties have no others."""
    if isinstance(node, list):
        return [closed_objects(element) for element in node]
    if not isinstance(node, dict):
        return node
    closed = {name: closed_objects(value) for name, value in node.items()}
    if closed.get("type") == "object" and "properties" in closed:
        closed.setdefault("additionalProperties", False)
    return closed


@cache
def _pattern(path: str) -> re.Pattern[str]:
    return re.compile("".join(_piece(piece) for piece in re.split(r"({\w+})", path)))


def _piece(piece: str) -> str:
    return "[^/]+" if piece.startswith("{") else re.escape(piece)


def _place(error: jsonschema_rs.ValidationError) -> str:
    return "/" + "/".join(str(part) for part in _parts(error))


def _parts(error: jsonschema_rs.ValidationError) -> Iterator[str | int]:
    yield from error.instance_path
