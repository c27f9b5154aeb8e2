"""Every sentence that the terminal can show, in English and French, keyed by a code."""

from collections.abc import Mapping

from crosslook.contracts.messages.base import LocalizedMessage
from crosslook.contracts.problems import Language
from crosslook.local.messages.backfill import BACKFILL
from crosslook.local.messages.demo import DEMO
from crosslook.local.messages.files import FILE_TEXTS
from crosslook.local.messages.help import HELP
from crosslook.local.messages.labels import LABELS
from crosslook.local.messages.progress import PROGRESS
from crosslook.local.messages.record import RECORD_LABELS
from crosslook.local.messages.refusals import REFUSALS

TERMINAL: dict[str, LocalizedMessage] = {
    **REFUSALS,
    **PROGRESS,
    **LABELS,
    **RECORD_LABELS,
    **DEMO,
    **BACKFILL,
    **FILE_TEXTS,
    **HELP,
}


class CommandRefused(Exception):
    """Why a command cannot do what it was asked, as a catalogued sentence."""

    def __init__(self, key: str, **values: str | int) -> None:
        self.key = key
        self.values = values
        super().__init__(self.text("en"))

    def text(self, language: Language) -> str:
        """The sentence for the person at the terminal."""
        return TERMINAL[self.key].render(language, self.values)


class Speaker:
    """Renders the terminal's sentences in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, key: str, **values: str | int) -> str:
        return TERMINAL[key].render(self.language, values)


def terminal_language(environment: Mapping[str, str]) -> Language:
    """`CROSSLOOK_LANG`, else the locale's language; English if neither is supported."""
    for name in ("CROSSLOOK_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environment.get(name, ""):
            return "fr" if value.lower().startswith("fr") else "en"
    return "en"
