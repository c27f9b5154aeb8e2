"""A route answers with the model that documents it: what its annotation says is what `/openapi.json` shows."""

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.sources import Source, python

_VERBS = {"get", "post", "put", "patch", "delete"}


def untyped_answers(source: Source) -> Iterator[str]:
    """Where a route answers with a dict, or names another model for its answer than its annotation."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        calls = [call for call in node.decorator_list if isinstance(call, ast.Call)]
        verbs = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr in _VERBS]
        named = any(keyword.arg == "response_model" for call in verbs for keyword in call.keywords)
        answer = ast.unparse(node.returns) if node.returns is not None else "nothing"
        if verbs and (named or answer.startswith(("dict", "nothing", "Any"))):
            yield f"{source.path}:{node.lineno} {node.name} answers {answer}"


def test_every_route_answers_with_its_model() -> None:
    sources = python("services/", "crosslook/platform/")
    assert [found for source in sources for found in untyped_answers(source)] == []


@pytest.mark.parametrize(
    "text",
    [
        "@api.get('/a')\nasync def read() -> dict[str, Any]: ...",
        "@api.get('/a', response_model=Page)\nasync def read() -> Page: ...",
        "@api.post('/a')\ndef write(): ...",
    ],
)
def test_the_check_sees(text: str) -> None:
    assert list(untyped_answers(Source("services/a/api/b.py", text)))


def test_the_check_passes_over_models_and_responses() -> None:
    text = "@api.get('/a')\nasync def read() -> Page: ...\n@cache.get()\ndef other() -> Response: ..."
    assert list(untyped_answers(Source("services/a/api/b.py", text))) == []
