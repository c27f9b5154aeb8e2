"""House rules that no linter knows: sizes, suppressions with reasons, no sleeping or skipped tests, nothing local."""

import ast
import io
import re
import tarfile
import tokenize
from collections.abc import Iterator

import pytest

from tests.architecture.sources import EVERYTHING, ROOT, Source, calls, python, repository_files

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
_SUPPRESSION = re.compile(r"#\s*(type:\s*ignore|noqa|pragma:|ruff:)")
_WITH_REASON = re.compile(r"#\s*(type:\s*ignore\[[\w, -]+\]|noqa:\s*[A-Z0-9, ]+?)\s+# \S.{7,}")
_PLACEHOLDERS = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
_NOT_RUN = {"skip", "skipif", "xfail", "importorskip"}


def comments(source: Source) -> Iterator[tuple[int, str]]:
    """Every comment with its line."""
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def suppressions_without_reason(source: Source) -> Iterator[str]:
    """Where a checker is told to look away without saying why."""
    for line, comment in comments(source):
        if _SUPPRESSION.match(comment) and not _WITH_REASON.match(comment):
            yield f"{source.path}:{line} {comment}"


def placeholders(source: Source) -> Iterator[str]:
    """Where work was left for later."""
    for line, comment in comments(source):
        if _PLACEHOLDERS.search(comment):
            yield f"{source.path}:{line} {comment}"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Raise) and node.exc is not None and "NotImplementedError" in ast.dump(node.exc):
            yield f"{source.path}:{node.lineno} NotImplementedError"


def left_out_tests(source: Source) -> Iterator[str]:
    """Where a test is left out."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in _NOT_RUN and "pytest" in ast.dump(node):
            yield f"{source.path}:{node.lineno} {node.attr}"


def sleeps(source: Source) -> Iterator[str]:
    """Where a test waits for time. A pause in a loop that looks for a condition is fine, and so is letting others run
    (`sleep(0)`)."""
    tree = source.tree
    polling = {
        id(call)
        for loop in ast.walk(tree)
        if isinstance(loop, ast.While) and (not isinstance(loop.test, ast.Constant) or _may_end(loop))
        for _, call in calls(loop)
    }
    for name, call in calls(tree):
        if name == "sleep" and id(call) not in polling and ast.unparse(call.args[0]) != "0":
            yield f"{source.path}:{call.lineno}"


def _may_end(loop: ast.While) -> bool:
    return any(isinstance(node, ast.Return | ast.Break) for node in ast.walk(loop))


def own_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without those of functions inside it: wiring and routes hold many small ones."""
    lines = set(range(function.lineno, (function.end_lineno or 0) + 1))
    for node in ast.walk(function):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node is not function:
            lines -= set(range(node.lineno, (node.end_lineno or 0) + 1))
    return len(lines)


def test_no_function_is_longer_than_forty_lines() -> None:
    long = {
        f"{source.path}:{node.name}": own_lines(node)
        for source in python(*EVERYTHING)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and own_lines(node) > LONGEST_FUNCTION
    }
    assert long == {}


def test_no_file_is_longer_than_three_hundred_lines() -> None:
    lengths = {source.path: source.text.count("\n") for source in python(*EVERYTHING)}
    assert {path: length for path, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_checker_is_silenced_without_a_reason() -> None:
    assert [found for source in python(*EVERYTHING) for found in suppressions_without_reason(source)] == []


def test_nothing_is_left_for_later() -> None:
    assert [found for source in python(*EVERYTHING) for found in placeholders(source)] == []


def test_every_test_runs() -> None:
    assert [found for source in python("tests/") for found in left_out_tests(source)] == []


def test_tests_wait_for_conditions_and_never_for_time() -> None:
    assert [found for source in python("tests/") for found in sleeps(source)] == []


_LOCAL = {
    "a path of one machine": re.compile(r"(?<![\w.-])/(work|root|home/\w+)/"),
    "where packages come from": re.compile(
        r"((index-url|find-links|registry)\W+\w+://|pypi\.(org|python)|pythonhosted\.|registry\.(npmjs|yarnpkg)|maven\.org/)"
    ),
}


@pytest.mark.parametrize("what", _LOCAL)
def test_no_file_names(what: str) -> None:
    found = []
    for path in repository_files():
        if path.endswith((".png", ".woff2", ".ico")):
            continue
        for name, text in _texts(path):
            for number, line in enumerate(text.splitlines(), 1):
                if _LOCAL[what].search(line):
                    found.append(f"{name}:{number} {line.strip()[:100]}")
    assert found == []


def _texts(path: str) -> Iterator[tuple[str, str]]:
    """A file's name and text; of an archive those of each file in it."""
    if not path.endswith(".tar.xz"):
        yield path, (ROOT / path).read_text(encoding="utf-8")
        return
    with tarfile.open(ROOT / path) as archive:
        for member in archive:
            if member.isfile() and (file := archive.extractfile(member)) is not None:
                yield f"{path}/{member.name}", file.read().decode("latin-1")


@pytest.mark.parametrize("path", ["requirements.txt", "requirements-local.txt", "requirements-dev.txt"])
def test_locks_hold_hashes_and_no_addresses(path: str) -> None:
    lock = (ROOT / path).read_text(encoding="utf-8")
    assert "://" not in lock
    pinned = re.findall(r"^[\w.\[\],-]+==", lock, re.MULTILINE)
    assert len(pinned) == len(re.findall(r"^[\w.\[\],-]+==\S+( ;.*)? \\\n\s+--hash=sha256:", lock, re.MULTILINE))


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (suppressions_without_reason, "x = 1  # type: ignore[assignment]"),
        (suppressions_without_reason, "x = 1  # noqa"),
        (suppressions_without_reason, "x = 1  # noqa: S101"),
        (placeholders, "x = 1  # TO" + "DO later"),
        (placeholders, "def f():\n    raise NotImplementedError"),
        (left_out_tests, "@pytest.mark.skip\ndef test_a(): ..."),
        (sleeps, "time.sleep(1)"),
        (sleeps, "while True:\n    time.sleep(1)"),
    ],
)
def test_the_checks_see(check: object, text: str) -> None:
    assert callable(check)
    assert list(check(Source("tests/test_x.py", text)))


def test_a_suppression_with_its_reason_passes() -> None:
    text = "x = 1  # type: ignore[misc]  # the library ships no types"
    assert list(suppressions_without_reason(Source("a.py", text))) == []
