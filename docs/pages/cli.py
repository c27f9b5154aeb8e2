"""docs/reference/cli.md: the `crosslook` command."""

from collections.abc import Iterator
from typing import Any

import typer

from crosslook.cli import build_command
from docs.pages.markdown import code, page, table

_INTRODUCTION = (
    "`make setup` installs the command as `.venv/bin/crosslook`. Its texts are English or French, selected by "
    "`CROSSLOOK_LANG`, else by the locale. A command that fails writes the reason and the remedy to standard "
    "error, and its exit status is not 0."
)


def commands() -> dict[str, Any]:
    """Every command by name; one of a group by both: `ingest status`."""
    return dict(_flat(typer.main.get_command(build_command("en")), ""))


def _flat(group: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _flat(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", command


def render() -> str:
    """The page."""
    parts = [part for name, command in commands().items() for part in _section(name, command)]
    return page("The command", _INTRODUCTION, *parts)


def _section(name: str, command: Any) -> Iterator[str]:
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    usage = " ".join(["crosslook", name, *(_metavar(argument) for argument in arguments), "[OPTIONS]"])
    yield f"## {name}"
    yield f"    {usage}"
    yield command.help
    rows = [(_written(param), _default(param), param.help or "") for param in command.params]
    yield table(("Option", "Default", "Meaning"), rows)


def _written(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return code(_metavar(parameter))
    takes = "" if parameter.is_flag else f" {parameter.metavar or parameter.name.upper()}"
    names = "/".join([*parameter.opts, *parameter.secondary_opts])
    return code(names + takes) + (" (required)" if parameter.required else "")


def _metavar(parameter: Any) -> str:
    return str(parameter.metavar or parameter.name.upper())


def _default(parameter: Any) -> str:
    given = parameter.default
    if parameter.param_type_name == "option" and parameter.secondary_opts:
        return code((parameter.opts if given else parameter.secondary_opts)[0])
    return "" if given in (None, False, ()) or parameter.required else code(str(given))
