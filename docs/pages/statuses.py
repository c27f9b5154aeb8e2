"""With which HTTP status each problem is answered, read from the code: `NotFound(Problem("unknown_run"))` says 404."""

import ast
import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path

from crosslook.platform import errors

ROOT = Path(__file__).resolve().parents[2]


def family() -> dict[str, int]:
    """The error family: class name and status."""
    found = inspect.getmembers(errors, inspect.isclass)
    return {name: error.status for name, error in found if issubclass(error, errors.AppError)}


def statuses() -> dict[str, set[int]]:
    """The statuses of each problem code that is answered by itself; codes that stand only in `errors` are absent."""
    found: dict[str, set[int]] = {}
    for folder in ("crosslook", "services"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for code, status in statuses_in(ast.parse(path.read_text(encoding="utf-8")), family()):
                found.setdefault(code, set()).add(status)
    return found


def statuses_in(tree: ast.Module, known: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """(code, status) of every answer in one module. `known` are the statuses of the error classes."""
    own = {node.name: _own_status(node) for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            status = own[node.name] or known.get(node.name)
            for call in _calls(node, "__init__"):
                yield from _answered(call, status)
        for name in known:
            for call in _calls(node, name) if isinstance(node, ast.Call) else ():
                yield from _answered(call, known[name])


def _answered(call: ast.Call, status: int | None) -> Iterator[tuple[str, int]]:
    for keyword in call.keywords:
        if keyword.arg == "status" and isinstance(keyword.value, ast.Constant):
            status = int(str(keyword.value.value))
    made = call.args[0] if call.args else None
    if status is not None and isinstance(made, ast.Call) and made.args and isinstance(made.args[0], ast.Constant):
        yield str(made.args[0].value), status


def _calls(node: ast.AST, name: str) -> Iterator[ast.Call]:
    inside = ast.walk(node) if isinstance(node, ast.ClassDef) else (node,)
    for child in inside:
        if isinstance(child, ast.Call) and getattr(child.func, "attr", getattr(child.func, "id", "")) == name:
            yield child


def _own_status(node: ast.ClassDef) -> int | None:
    for statement in node.body:
        if (
            isinstance(statement, ast.Assign)
            and isinstance(statement.value, ast.Constant)
            and "status" in ast.dump(statement.targets[0])
        ):
            return int(str(statement.value.value))
    return None
