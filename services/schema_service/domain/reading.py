"""Takes a JSON object apart strictly: every problem is noted with its pointer, none hides another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from crosslook.contracts.problems import Problem, did_you_mean, pointer

SUGGESTED_MOST = 50
"""Beyond so many unknown members in one object nobody meant any of them: suggestions would only cost time."""

Place = tuple[str | int, ...]


@dataclass(slots=True)
class Reader:
    """Reads the members of one object into `kept`: those that were sent and are good. `null` counts as not sent."""

    sent: dict[str, Any]
    at: Place
    problems: list[Problem]
    kept: dict[str, Any] = field(default_factory=dict)

    def text(self, name: str, limit: int, *, required: bool = False) -> str | None:
        """A text of at most `limit` characters; a required one has something visible in it."""
        value = self._present(name, required)
        if value is None:
            return None
        if type(value) is not str:
            self.refuse("wrong_type", name, text="wrong_type.text")
        elif required and not value.strip():
            self.refuse("required_missing", name, values={"name": name})
        elif len(value) > limit:
            self.refuse("too_long", name, values={"limit": limit})
        else:
            self.kept[name] = value
            return value
        return None

    def boolean(self, name: str) -> None:
        """true or false."""
        value = self._present(name)
        if value is None:
            return
        if type(value) is bool:
            self.kept[name] = value
        else:
            self.refuse("wrong_type", name, text="wrong_type.boolean")

    def integer(self, name: str, least: int, most: int) -> None:
        """A whole number from `least` to `most`."""
        value = self._present(name)
        if value is None:
            return
        if type(value) is not int:
            self.refuse("wrong_type", name, text="wrong_type.integer")
        elif not least <= value <= most:
            self.refuse("out_of_range", name, values={"limit": f"{least} … {most}"})
        else:
            self.kept[name] = value

    def child(self, name: str, *, required: bool = False) -> "Reader | None":
        """A reader of the object that the member holds; None when it holds none."""
        value = self._present(name, required)
        return None if value is None else reader(value, (*self.at, name), self.problems)

    def items(self, name: str, limit: int, code: str) -> Sequence[tuple[int, "Reader"]] | None:
        """A reader for each object of the array that the member holds; None when it holds none.

        An array longer than `limit` is refused with `code` and not looked into. The caller keeps what it makes of it.
        """
        value = self._present(name)
        if value is None:
            return None
        if type(value) is not list:
            self.refuse("wrong_type", name, text="wrong_type.array")
        elif len(value) > limit:
            self.refuse(code, name, values={"limit": limit, "count": len(value)})
        else:
            readers = [(n, reader(one, (*self.at, name, n), self.problems)) for n, one in enumerate(value)]
            return [(n, one) for n, one in readers if one is not None]
        return []

    def close(self, known: Iterable[str], read_only: Iterable[str] = ()) -> None:
        """Refuse every member that is not known."""
        names = frozenset(known)
        unknown = [name for name in self.sent if name not in names]
        for name in unknown:
            text = "unknown_property.read_only" if name in read_only else ""
            suggestion = did_you_mean(name, names) if len(unknown) <= SUGGESTED_MOST and not text else None
            self.refuse("unknown_property", name, text=text, values={"name": name[:100]}, suggestion=suggestion)

    def refuse(
        self,
        code: str,
        *names: str | int,
        text: str = "",
        values: dict[str, str | int] | None = None,
        suggestion: str | None = None,
    ) -> None:
        """Note a problem at a place below this object."""
        self.problems.append(Problem(code, pointer(*self.at, *names), text, values or {}, suggestion))

    def _present(self, name: str, required: bool = False) -> Any:
        value = self.sent.get(name)
        if value is None and required:
            self.refuse("required_missing", name, values={"name": name})
        return value


def reader(value: Any, at: Place, problems: list[Problem]) -> Reader | None:
    """A reader of `value`; None, with the problem noted, when it is no object."""
    if type(value) is dict:
        return Reader(value, at, problems)
    problems.append(Problem("not_an_object", pointer(*at)))
    return None
