"""Reads the sheets of an Excel file as Excel would: numbers by the format of their cell."""

import io
import zipfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  # Excel's times have no zone
_LEAP = 60
"""Excel's 29 February 1900, which never was: days before it are counted from one day later."""
_DAY, _INSTANT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Its name, how many rows stay when one scrolls, its rows up to the last filled cell of each."""

    name: str
    frozen_rows: int
    rows: list[list[Any]]


def read_sheet(data: bytes, number: int = 1) -> Sheet:
    """A sheet of a file, by its number from 1."""
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        book, sheet, styles = (
            ElementTree.fromstring(file.read(f"xl/{name}.xml"))  # noqa: S314  # written by ourselves
            for name in ("workbook", f"worksheets/sheet{number}", "styles")
        )
    named = {element.get("numFmtId"): element.get("formatCode") for element in styles.iter(f"{_MAIN}numFmt")}
    formats = [named.get(text.get("numFmtId")) for text in styles.findall(f"{_MAIN}cellXfs/{_MAIN}xf")]
    pane = sheet.find(f".//{_MAIN}pane")
    frozen = int(pane.get("ySplit", "0")) if pane is not None and pane.get("state") == "frozen" else 0
    rows = [_row(element, formats) for element in sheet.iter(f"{_MAIN}row")]
    return Sheet(str(list(book.iter(f"{_MAIN}sheet"))[number - 1].get("name")), frozen, rows)


def _row(row: ElementTree.Element, formats: list[str | None]) -> list[Any]:
    cells: list[Any] = []
    for cell in row:
        column = ord(cell.get("r", "A")[0]) - ord("A")
        cells += [None] * (column - len(cells)) + [_value(cell, formats)]
    return cells


def _value(cell: ElementTree.Element, formats: list[str | None]) -> Any:
    kind, text = cell.get("t"), "".join(cell.itertext())
    if kind == "inlineStr":
        return text
    if kind == "b":
        return text == "1"
    shown = formats[int(cell.get("s", "0"))]
    if shown not in (_DAY, _INSTANT):
        return float(text)
    days = float(text) + (float(text) < _LEAP)
    moment = _EPOCH + timedelta(milliseconds=round(days * 86_400_000))
    return moment.date() if shown == _DAY else moment
