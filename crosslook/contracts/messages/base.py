"""A sentence of the catalogue, in which words agree with numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any


@dataclass(frozen=True, slots=True)
class LocalizedMessage:
    """One sentence in both languages; `{name}` are placeholders and must be the same in both (a test compares).

    `{count:file/files}` is the word that fits the number: in French nought is singular, too."""

    en: str
    fr: str

    def render(self, language: str, values: Mapping[str, str | int]) -> str:
        """The sentence with its placeholders filled. A missing value is a programming error: KeyError."""
        return _FRENCH.vformat(self.fr, (), values) if language == "fr" else _ENGLISH.vformat(self.en, (), values)

    def placeholders(self) -> tuple[frozenset[str], frozenset[str]]:
        """The placeholder names of the English and of the French text."""
        return _names(self.en), _names(self.fr)


class _Agreeing(Formatter):
    def __init__(self, *singular: int) -> None:
        self._singular = singular

    def format_field(self, value: Any, format_spec: str) -> str:
        """The value, or the singular or plural word for it."""
        one, both, many = format_spec.partition("/")
        if not both:
            return format(value, format_spec)
        return one if value in self._singular else many


_ENGLISH, _FRENCH = _Agreeing(1), _Agreeing(0, 1)


def _names(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)
