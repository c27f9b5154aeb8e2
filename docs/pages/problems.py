"""docs/reference/problems.md: every problem code; the headings are what the `type` of a problem document names."""

from collections.abc import Mapping
from http import HTTPStatus

from crosslook.contracts.messages import MESSAGES
from crosslook.contracts.messages.base import LocalizedMessage
from crosslook.contracts.problems import SHOWN_MAX
from crosslook.contracts.suggestions import SUGGESTIONS_MAX
from crosslook.platform.responses import PROBLEM_TYPE
from docs.pages.markdown import code, page, table
from docs.pages.statuses import statuses

_INTRODUCTION = f"""Refusals are RFC 9457 problem documents (`application/problem+json`). Their `type` is
`{PROBLEM_TYPE}<code>`; `code` is one of the codes below. For a refused body, `errors` lists the first {SHOWN_MAX}
problems found, each with a JSON pointer. `errors_omitted` shows how many more are known; it is null when reading
stopped at a limit and the number is unknown. A list that is longer than its limit is not read at all. The first
{SUGGESTIONS_MAX} wrong names get a `suggestion` if a known name is similar. Sentences are in the language of
`Accept-Language`, English or French; where it accepts neither, in that of the tenant's settings, or else in English.
Names in braces are placeholders."""

_ELSEWHERE = (
    "Never the code of a response itself: it occurs in `errors`, in `refused`, in quarantine, in a warning, or as a "
    "reason."
)


OTHERS = ("event", "field", "granularity", "in_reports", "link", "link_form", "measure", "pivot", "variant")
"""Sentences and labels of answers. They are in the catalogue because people read them, but they refuse nothing."""


def codes() -> dict[str, dict[str, LocalizedMessage]]:
    """The texts of each code: those of `wrong_type.date` belong to `wrong_type`."""
    found: dict[str, dict[str, LocalizedMessage]] = {}
    for key, message in sorted(MESSAGES.items()):
        found.setdefault(key.partition(".")[0], {})[key] = message
    return found


def render() -> str:
    """The page."""
    answered = statuses()
    refusals = {problem: texts for problem, texts in codes().items() if problem not in OTHERS}
    parts = [
        part for problem, texts in refusals.items() for part in _section(problem, texts, answered.get(problem, set()))
    ]
    others = {key: text for other in OTHERS for key, text in codes()[other].items()}
    return page("Problems", _INTRODUCTION, *parts, "## Other sentences", "Parts of answers.", _texts(others))


def _section(item: str, texts: Mapping[str, LocalizedMessage], answered: set[int]) -> tuple[str, str, str]:
    phrases = [f"{status} {HTTPStatus(status).phrase}" for status in sorted(answered)]
    said = f"Answered with {' or '.join(phrases)}." if phrases else _ELSEWHERE
    return f"## {item}", said, _texts(texts)


def _texts(texts: Mapping[str, LocalizedMessage]) -> str:
    rows = [(key.partition(".")[2] and code(key), text.en, text.fr) for key, text in texts.items()]
    return table(("Text", "English", "Français"), rows)
