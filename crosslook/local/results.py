"""A report's result on the terminal."""

from collections.abc import Mapping
from typing import Any

from crosslook.local.terminal import Terminal


def show_result(terminal: Terminal, result: dict[str, Any], title: str = "") -> None:
    """A report's result as a table, with how fresh it is and what the join kept."""
    columns = result["columns"]
    rows = list(result["rows"])
    if result.get("totals") and columns[0]["kind"] == "dimension":
        rows.append([terminal.say("total"), *result["totals"][1:]])
    right = sum(column["kind"] in ("dimension", "field") for column in columns)
    terminal.table([column["label"] for column in columns], rows, title=title, right=right)
    snapshot, join = result["snapshot"], result.get("join")
    terminal.line("fresh", as_of=snapshot["as_of"], next=snapshot["next_refresh_at"], zone=snapshot["zone"])
    if join:
        terminal.line("joined", kept=join["kept"], dropped=join["dropped"])
    if result.get("matching") is not None:
        terminal.line("matching", shown=len(rows), count=result["matching"])
    elif result.get("truncated"):
        terminal.line("truncated")
    for warning in result.get("warnings", []):
        terminal.out.print(warning["message"], markup=False)


def show_cut(terminal: Terminal, headers: Mapping[str, str]) -> None:
    """What a file does not hold, by the headers that it came with. On standard error: the file may be the answer."""
    if headers.get("Crosslook-Truncated") == "true":
        terminal.err.print(terminal.say("file_truncated"), markup=False)
    if codes := headers.get("Crosslook-Warnings"):
        terminal.err.print(terminal.say("file_warned", codes=codes.replace(",", ", ")), markup=False)


def show_dry_run(terminal: Terminal, told: dict[str, Any]) -> None:
    """What a report would run, and how much it asks for."""
    for statement in told["statements"]:
        terminal.text(f"-- {statement['part']}\n{statement['sql']};\n")
    terminal.text("".join(f"-- {name} = {value!r}\n" for name, value in told["parameters"].items()).rstrip())
    rows = told["estimated_rows"]
    terminal.line("estimated", read=rows["read"], answer=rows["answer"])
    for warning in told.get("warnings", []):
        terminal.out.print(warning["message"], markup=False)
