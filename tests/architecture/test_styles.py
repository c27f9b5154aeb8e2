"""The page's stylesheets share one space of class names: a view loaded later must not restyle one loaded before."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import ROOT

WEB = ROOT / "web" / "src"
SHARED = {"components.css", "overlays.css", "shell.css", "tokens.css"}
"""Loaded with the page; every other stylesheet comes with a view or a part of one."""
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
RULE = re.compile(r"([^{};]+)\{")
ALONE = re.compile(r"(?:[a-z]+)?\.([a-z][\w-]*)(?::[\w-]+(?:\([^)]*\))?)*")


def classes_alone(sheet: Path) -> Iterator[str]:
    """The classes that a stylesheet styles by their name alone, wherever they are in the page."""
    for rule in RULE.finditer(COMMENT.sub("", sheet.read_text())):
        for selector in rule[1].split(","):
            if found := ALONE.fullmatch(selector.strip()):
                yield found[1]


def test_two_views_never_style_a_class_by_its_name_alone() -> None:
    where = defaultdict(set)
    for sheet in WEB.rglob("*.css"):
        if sheet.name not in SHARED:
            for name in classes_alone(sheet):
                where[name].add(sheet.name)
    assert len(where) > 200
    assert {name: sorted(sheets) for name, sheets in where.items() if len(sheets) > 1} == {}
