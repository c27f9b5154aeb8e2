"""A mutant: the code with one line changed for the worse. Tests that pass with it prove nothing about that line."""

from dataclasses import dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
TABLE = Path(__file__).with_name("table.yaml")


@dataclass(frozen=True, slots=True)
class Mutant:
    """`old` in `file` becomes `new`; at least one of `tests` must fail then."""

    file: str
    old: str
    new: str
    tests: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.file}: {self.old.strip()}  ->  {self.new.strip() or '(gone)'}"

    def of(self, text: str) -> str:
        """The changed text of the file. Raises ValueError where `old` does not stand there once."""
        if (found := text.count(self.old)) != 1:
            raise ValueError(f"{self.file} has {found} times: {self.old}")
        return text.replace(self.old, self.new)


def mutants() -> list[Mutant]:
    """All of the table."""
    rows = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    return [Mutant(row["file"], row["old"], row["new"], tuple(row["tests"])) for row in rows]
