"""Documents do not lie about where things are: links, functions, doors, commands, decisions, generated pages."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

import pytest

from docs.generate import stale
from docs.pages import cli, settings
from tests.architecture.sources import ROOT, repository_files

PAGES = [path for path in repository_files() if path.endswith(".md")]
WRITTEN = [path for path in PAGES if not path.startswith("docs/reference/")]
DECISIONS = sorted(path for path in PAGES if re.match(r"docs/decisions/\d{4}-", path))
ONE_SCREEN = 40
_LINK = re.compile(r"\]\((?!https?://|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")


def links(page: str) -> Iterator[tuple[str, str]]:
    """(path relative to the repository, fragment) of every link to something of ours."""
    for target, fragment in _LINK.findall(read(page)):
        whole = PurePosixPath(page).parent / target if target else PurePosixPath(page)
        yield Path((ROOT / whole).resolve()).relative_to(ROOT).as_posix(), fragment


@cache
def read(path: str) -> str:
    """A file's text."""
    return (ROOT / path).read_text(encoding="utf-8")


def names_in(text: str) -> set[str]:
    """Every function, class, method and module-level name of a Python file: `function`, `Class.method`, `NAME`."""
    found: set[str] = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            functions = [item for item in node.body if isinstance(item, ast.FunctionDef | ast.AsyncFunctionDef)]
            found |= {f"{node.name}.{function.name}" for function in functions}
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        found |= {target.id for target in targets if isinstance(target, ast.Name)}
    return found


def anchors_in(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def leads_somewhere(path: str, fragment: str) -> bool:
    """Whether the file exists and has the function, class or heading that the link names."""
    if not (ROOT / path).exists():
        return False
    if not fragment:
        return True
    return fragment in (names_in(read(path)) if path.endswith(".py") else anchors_in(read(path)))


@pytest.mark.parametrize("page", WRITTEN)
def test_every_link_leads_somewhere(page: str) -> None:
    assert [f"{path}#{fragment}" for path, fragment in links(page) if not leads_somewhere(path, fragment)] == []


def test_each_arrow_of_the_architecture_links_to_its_function() -> None:
    rows = [line.split(" | ") for line in read("docs/architecture.md").splitlines() if re.match(r"\| \d+ \| ", line)]
    assert [row[0] for row in rows] == [f"| {number}" for number in range(len(rows))]
    assert len(rows) >= 17
    assert [row[1] for row in rows if not re.search(r"\.py#\w", row[2])] == []


def test_each_number_in_the_drawing_is_an_arrow() -> None:
    (drawing,) = re.findall(r"```mermaid\n(.*?)```", read("docs/architecture.md"), re.DOTALL)
    arrows = set(re.findall(r"^\| (\d+ \| [a-z, ]+) \| ", read("docs/architecture.md"), re.MULTILINE))
    names = {number: name for number, _, name in (arrow.partition(" | ") for arrow in arrows)}
    drawn = re.findall(r"(\d+) ([a-z]+)", drawing)
    assert len(drawn) >= 9
    assert [(number, verb) for number, verb in drawn if verb not in names[number]] == []


@pytest.mark.parametrize("page", WRITTEN)
def test_every_door_that_a_page_names_is_in_the_makefile(page: str) -> None:
    doors = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"`?\bmake ([a-z-]+)(?=[`\s.,;)])", _code(read(page)))) <= doors


@pytest.mark.parametrize("page", WRITTEN)
def test_every_command_that_a_page_names_exists(page: str) -> None:
    named = set(re.findall(r"(?:\.venv/bin/|`)crosslook ([a-z]+)", read(page)))
    assert named <= {name.partition(" ")[0] for name in cli.commands()}


@pytest.mark.parametrize("page", WRITTEN)
def test_every_variable_that_a_page_names_is_a_setting(page: str) -> None:
    known = _settings_and_commands()
    assert [name for name in re.findall(r"CROSSLOOK_[A-Z_]+[A-Z]", read(page)) if name not in known] == []


def test_every_decision_fits_one_screen_and_is_listed_in_order() -> None:
    assert DECISIONS
    index = read("docs/decisions/README.md")
    listed = re.findall(r"^(\d+)\. \[(.+)\]\((.+)\)$", index, re.MULTILINE)
    assert [f"docs/decisions/{name}" for *_, name in listed] == DECISIONS
    for number, title, name in listed:
        text = read(f"docs/decisions/{name}")
        assert text.startswith(f"# {number}. {title}\n")
        assert text.count("\n") <= ONE_SCREEN
        for part in ("**What.**", "**Why.**", "**Instead of.**", "**It costs.**"):
            assert part in text


def test_a_stale_a_missing_and_a_left_over_page_are_named_with_what_mends_them(tmp_path: Path) -> None:
    (tmp_path / "old.md").write_text("old")
    (tmp_path / "changed.md").write_text("before")
    assert stale(tmp_path, {"changed.md": "after", "new.md": "new"}) == [
        "old.md is generated by nothing; remove it",
        "changed.md is not what the code says; write it anew: make docs",
        "new.md is missing; write it: make docs",
    ]


@cache
def _settings_and_commands() -> str:
    helpers = [path for path in repository_files() if path.startswith("tests/helpers/") and path.endswith(".py")]
    return settings.render() + cli.render() + "".join(map(read, helpers))


def _code(text: str) -> str:
    """What a page shows as code: in back ticks, or in blocks."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return "\n".join([*blocks, *re.findall(r"`[^`\n]+`", text)])
