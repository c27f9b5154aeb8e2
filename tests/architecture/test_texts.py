"""Every problem that can be said has its sentence in both languages, and no sentence is left over."""

import ast
import re
from collections.abc import Iterator, Mapping

import pytest

from crosslook.contracts.messages import MESSAGES
from crosslook.contracts.messages.base import LocalizedMessage
from crosslook.local.messages import TERMINAL
from tests.architecture.sources import PRODUCT, Source, calls, last_name, python, texts

CATALOGUES: Mapping[str, Mapping[str, LocalizedMessage]] = {"problems": MESSAGES, "terminal": TERMINAL}
SENTENCE = re.compile(r"[A-Z][a-z].* .* .*[.!?]$")
MAKERS: Mapping[str, tuple[int, int]] = {"Problem": (0, 2)}
"""Where a call names its code and the variant of its text: positions of arguments. Functions that hand their own
`code` parameter on to one of these are found by `makers_in`."""


def makers_in(source: Source, known: Mapping[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """Functions of the source that make a problem from a parameter of theirs: where the code and the text stand."""
    found = {}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = [arg.arg for arg in node.args.args if arg.arg not in ("self", "cls")]
            for name, call in calls(node):
                code = _argument(call, known[name][0], "code") if name in known else None
                if isinstance(code, ast.Name) and code.id in names:
                    where = names.index("text") if "text" in names else -1
                    found["" if node.name == "__init__" else node.name] = (names.index(code.id), where)
    found.pop("", None)
    return found


def named_texts(source: Source, makers: Mapping[str, tuple[int, int]]) -> Iterator[tuple[str, str]]:
    """(place, key of the text) of each problem whose code is written out."""
    for name, call in calls(source.tree):
        if name in makers:
            code, text = (_argument(call, at, k) for at, k in zip(makers[name], ("code", "text"), strict=True))
            chosen = code if text is None or (isinstance(text, ast.Constant) and not text.value) else text
            if isinstance(chosen, ast.Constant) and isinstance(chosen.value, str):
                yield f"{source.path}:{call.lineno}", chosen.value


def inline_sentences(source: Source) -> Iterator[str]:
    """Whole sentences in the code of a service that are no description of its interface."""
    described: set[int] = set()
    tree = source.tree
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in ("description", "summary", "help", "title"):
            described |= {id(item) for item in ast.walk(node)}
        elif isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            described |= {
                id(value) for key, value in pairs if isinstance(key, ast.Constant) and key.value == "description"
            }
        elif isinstance(node, ast.Call) and last_name(node.func) == "Metric":
            described |= {id(item) for item in ast.walk(node)}
    for text in texts(tree):
        if id(text) not in described and SENTENCE.match(str(text.value)):
            yield f"{source.path}:{text.lineno}"


def begun_texts(source: Source) -> Iterator[str]:
    """What stands before the first `{` of keys that are put together: `f"measure.{name}"` says all of them."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            start = str(node.values[0].value)
            if start.endswith(".") and start.removesuffix(".").replace("_", "").isalpha():
                yield start


def _argument(call: ast.Call, position: int, keyword: str) -> ast.expr | None:
    if 0 <= position < len(call.args):
        return call.args[position]
    return next((item.value for item in call.keywords if item.arg == keyword), None)


def test_no_sentence_for_people_stands_inline() -> None:
    assert [found for source in python("services/", "crosslook/platform/") for found in inline_sentences(source)] == []


def test_every_problem_that_code_names_has_its_sentence() -> None:
    missing = []
    for source in python(*PRODUCT):
        makers = {**MAKERS, **makers_in(source, MAKERS)}
        missing += [f"{place} {key}" for place, key in named_texts(source, makers) if key not in MESSAGES]
    assert missing == []


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_no_sentence_is_left_over(catalogue: str) -> None:
    catalogues = ("crosslook/contracts/messages/", "crosslook/local/messages/")
    sources = [source for source in python(*PRODUCT) if not source.path.startswith(catalogues)]
    said = {str(text.value) for source in sources for text in texts(source.tree)}
    begun = tuple(start for source in sources for start in begun_texts(source))
    assert [key for key in CATALOGUES[catalogue] if key not in said and not key.startswith(begun)] == []


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_both_languages_say_the_same_things(catalogue: str) -> None:
    different = [key for key, text in CATALOGUES[catalogue].items() if len(set(text.placeholders())) != 1]
    assert different == []


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_every_sentence_can_be_said_in_both_languages(catalogue: str) -> None:
    for key, text in CATALOGUES[catalogue].items():
        values = dict.fromkeys(text.placeholders()[0], "7")
        english, french = text.render("en", values), text.render("fr", values)
        assert english, key
        assert french, key


def test_the_check_sees_an_inline_sentence() -> None:
    assert list(inline_sentences(Source("services/a/api.py", "answer = 'There is no such thing here.'")))


def test_the_check_sees_a_problem_without_a_sentence() -> None:
    source = Source("a.py", "def no(code, where):\n    return Problem(code, where)\nno('nonsense', '/a')\n")
    assert list(named_texts(source, {**MAKERS, **makers_in(source, MAKERS)})) == [("a.py:3", "nonsense")]
