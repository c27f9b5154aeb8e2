"""The shape of a catalogued sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence in both languages; `{name}` are placeholders and must be the same in both (a test compares)."""

    en: str
    fr: str

    def render(self, language: str, values: Mapping[str, str | int]) -> str:
        """The sentence with its placeholders filled. A missing value is a programming error: KeyError."""
        return (self.fr if language == "fr" else self.en).format_map(values)

    def placeholders(self) -> tuple[frozenset[str], frozenset[str]]:
        """The placeholder names of the English and of the French text."""
        return _names(self.en), _names(self.fr)


def _names(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)
