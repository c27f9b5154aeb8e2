"""The information of a file besides its rows: always in headers, and inside the file if its format allows it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from crosslook.contracts.messages.files import FILE_MESSAGES
from crosslook.contracts.problems import Language, Problem
from services.query_service.domain.result import Links

SHORTENED = "text_shortened"
"""The code of the warning that a format holds some texts only in part."""


@dataclass(slots=True)
class FileFacts:
    """Facts about one file. `as_of`: RFC 3339. `truncated`: more rows exist than the file holds. `shortened` counts
    texts that the format cannot hold whole; a writer adds to it before the file's first byte is sent. `previous`: the
    snapshot that the report is compared with, and its `as_of`."""

    object: str
    snapshot: str
    as_of: str
    zone: str
    truncated: bool
    links: Links | None
    warnings: tuple[Problem, ...]
    shortened: int = field(default=0)
    previous: tuple[str, str] | None = None

    @property
    def codes(self) -> list[str]:
        """The codes of the warnings, each once."""
        added = [SHORTENED] if self.shortened else []
        return list(dict.fromkeys([*(warning.code for warning in self.warnings), *added]))

    def headers(self) -> dict[str, str]:
        """The headers that every file answer has; `Crosslook-Join` where the answer has a join block,
        `Crosslook-Previous` where it is compared."""
        shown = {
            "Crosslook-Snapshot": self.snapshot,
            "Crosslook-Truncated": _flag(self.truncated),
            "Crosslook-Warnings": ",".join(self.codes),
        }
        if self.links is not None:
            shown["Crosslook-Join"] = f"kept={self.links.kept};dropped={self.links.dropped}"
        if self.previous is not None:
            shown["Crosslook-Previous"] = self.previous[0]
        return shown

    def metadata(self) -> dict[str, str]:
        """The same for formats whose schema holds texts under names, as Arrow's and Parquet's."""
        shown = {
            "crosslook.snapshot": self.snapshot,
            "crosslook.as_of": self.as_of,
            "crosslook.zone": self.zone,
            "crosslook.truncated": _flag(self.truncated),
            "crosslook.warnings": ",".join(self.codes),
        }
        if self.links is not None:
            shown["crosslook.join"] = f"kept={self.links.kept};dropped={self.links.dropped}"
        if self.previous is not None:
            shown["crosslook.previous"], shown["crosslook.previous_as_of"] = self.previous
        return shown

    def lines(self, language: Language, mark: str) -> Sequence[tuple[str, str]]:
        """The same for people: names and values. `mark`: how a shortened text ends."""
        said = {name: message.render(language, {}) for name, message in FILE_MESSAGES.items() if name != "shortened"}
        lines = [
            (said["object"], self.object),
            (said["snapshot"], self.snapshot),
            (said["as_of"], self.as_of),
            (said["zone"], self.zone),
            (said["truncated"], said["yes" if self.truncated else "no"]),
        ]
        if self.previous is not None:
            lines += [(said["previous"], self.previous[0]), (said["previous_as_of"], self.previous[1])]
        if self.links is not None:
            lines += [(said["kept"], str(self.links.kept)), (said["dropped"], str(self.links.dropped))]
        lines += [(said["warning"], warning.message(language)) for warning in self.warnings]
        if self.shortened:
            text = FILE_MESSAGES["shortened"].render(language, {"count": self.shortened, "mark": mark})
            lines.append((said["warning"], text))
        return lines


def _flag(value: bool) -> str:
    return "true" if value else "false"
