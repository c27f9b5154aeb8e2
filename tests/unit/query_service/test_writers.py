"""Files that are written here: what stands in them, and what a spreadsheet makes of it."""

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from pyarrow import parquet

from crosslook.contracts.problems import Problem
from services.query_service.answering.file_facts import FileFacts
from services.query_service.domain.result import ColumnHead, Links
from services.query_service.domain.terms import ColumnType
from services.query_service.domain.values import Cell
from services.query_service.exports.download import disposition
from services.query_service.exports.excel import MARK, About, ExcelWriter
from services.query_service.exports.writers import ArrowWriter, CsvWriter, FileWriter
from tests.helpers.excel import read_sheet

HEADS = (
    ColumnHead("ticket.subject", "dimension", ColumnType.TEXT, "Subject"),
    ColumnHead("ticket.amount.sum", "measure", ColumnType.CURRENCY, "Amount"),
    ColumnHead("ticket.urgent", "dimension", ColumnType.BOOLEAN, "Urgent"),
    ColumnHead("ticket.due_on", "dimension", ColumnType.DATE, "Due"),
    ColumnHead("ticket.opened_at", "dimension", ColumnType.DATETIME, "Opened"),
    ColumnHead("ticket.count", "measure", ColumnType.INTEGER, "Tickets"),
    ColumnHead("ticket.csat.avg", "measure", ColumnType.NUMBER, "CSAT"),
)
ROWS: Sequence[Sequence[Cell]] = (
    ("=1+1", "12.50", True, "2026-02-03", "2026-11-01T01:30:00-05:00", 3, 4.25),
    (None, None, None, None, None, None, None),
)


def written(writer: FileWriter, rows: Sequence[Sequence[Cell]], step: int = 1) -> bytes:
    """The whole file, its rows given a few at a time."""
    pieces = [writer.rows(rows[start : start + step]) for start in range(0, len(rows), step)]
    pieces += writer.end()
    writer.close()
    return b"".join(pieces)


def test_csv_quotes_what_a_spreadsheet_would_run() -> None:
    texts = ("=1+1", "+1", "-1", "@x", "\tx", "\rx", 'a "b", c\nd', "é", None)
    rows = [(text, "-1.00", flag) for text, flag in zip(texts, [True, False] + [None] * 7, strict=True)]
    assert written(CsvWriter(HEADS[:3]), rows, 2).decode() == (
        "ticket.subject,ticket.amount.sum,ticket.urgent\r\n'=1+1,-1.00,true\r\n'+1,-1.00,false\r\n'-1,-1.00,\r\n"
        '\'@x,-1.00,\r\n\'\tx,-1.00,\r\n"\'\rx",-1.00,\r\n"a ""b"", c\nd",-1.00,\r\né,-1.00,\r\n,-1.00,\r\n'
    )


@pytest.mark.parametrize("text", ["\n=1", " =1+1", "\u00a0@x", "＝1+1", "＋1", "－1", "＠x", " ＝1"])  # noqa: RUF001  # full-width signs are meant
def test_csv_quotes_signs_behind_white_space_and_full_width_ones(text: str) -> None:
    read = list(csv.reader(io.StringIO(written(CsvWriter(HEADS[:1]), [(text,)]).decode(), newline="")))
    assert read[1] == [f"'{text}"]


@pytest.mark.parametrize(
    ("text", "units"), [("x" * 32_768, 32_767), ("\U0001f600" * 16_384, 32_767), ("\U0001f600" * 16_383 + "xy", 32_767)]
)
def test_a_text_that_a_cell_cannot_hold_ends_in_a_mark_and_is_counted(text: str, units: int) -> None:
    facts = facts_of()
    writer = ExcelWriter(HEADS[:1], ["Subject"], "ticket", None, About(facts, "en"))
    data = written(writer, [(text,), ("x" * 32_767,), (None,)])
    shortened, whole = (row[0] for row in read_sheet(data).rows[1:3])
    assert shortened.endswith(MARK)
    assert text.startswith(shortened.removesuffix(MARK))
    assert units - 1 <= len(shortened.encode("utf-16-le")) // 2 <= units
    assert whole == "x" * 32_767
    assert (facts.shortened, facts.codes) == (1, ["filter_not_applied", "text_shortened"])
    assert any(f"end in {MARK}: 1." in row[1] for row in read_sheet(data, 2).rows)


def test_the_second_sheet_says_what_the_rows_cannot() -> None:
    writer = ExcelWriter(HEADS[:1], ["Subject"], "history", None, About(facts_of(), "fr"))
    data = written(writer, [])
    assert read_sheet(data).name == "history_", "Excel keeps that name for itself"
    about = read_sheet(data, 2)
    assert about.name == "À propos de ce rapport"
    assert about.rows[:5] == [
        ["Objet", "ticket"],
        ["Instantané", "s1"],
        ["Données au", "2026-11-23T11:30:00Z"],
        ["Fuseau horaire", "America/Chicago"],
        ["Il existe plus de lignes que n'en contient ce fichier", "Oui"],
    ]
    assert about.rows[5:7] == [["Enregistrements avec un contact", "40"], ["Enregistrements sans contact, exclus", "2"]]


def test_a_warning_that_a_cell_cannot_hold_is_shortened_too() -> None:
    long = Problem("refresh_failed", values={"object": "ticket", "reason": "x" * 40_000})
    facts = FileFacts("ticket", "s1", "2026-11-23T11:30:00Z", "America/Chicago", False, None, (long,))
    data = written(ExcelWriter(HEADS[:1], ["Subject"], "ticket", None, About(facts, "en")), [])
    warning = read_sheet(data, 2).rows[-1][1]
    assert (len(warning), warning.endswith(MARK)) == (32_767, True)


def test_a_label_that_a_cell_cannot_hold_is_shortened_and_counted() -> None:
    facts = facts_of()
    writer = ExcelWriter(HEADS[:1], ["Tickets: " + "x" * 40_000], "ticket", None, About(facts, "en"))
    label = read_sheet(written(writer, [])).rows[0][0]
    assert (len(label), label.endswith(MARK), facts.shortened) == (32_767, True, 1)


def test_headers_that_a_cell_cannot_hold_are_marked_counted_and_told_apart() -> None:
    start = "Tickets: " + "x" * 40_000
    labels = [f"{start}1", f"{start}2", f"{start}3", "Tickets: y"]
    heads = [ColumnHead(f"ticket.count|{label}", "measure", ColumnType.INTEGER, "Tickets") for label in labels]
    facts = facts_of()
    data = written(ExcelWriter(heads, labels, "ticket", None, About(facts, "en")), [(1, 2, 3, 4)])
    *cut, whole = read_sheet(data).rows[0]
    assert [label.removesuffix(MARK)[-3:] for label in cut] == ["xxx", " #2", " #3"]
    assert [len(label) for label in cut] == [32_767] * 3
    assert all(label.endswith(MARK) for label in cut)
    assert (whole, facts.shortened) == ("Tickets: y", 3)
    assert "text_shortened" in facts.codes


def test_no_two_headers_are_the_same() -> None:
    names = ("ticket.status", "contact.status", "Status (ticket.status)")
    heads = [ColumnHead(name, "dimension", ColumnType.TEXT, "Status") for name in names]
    labels = ["Status", "Status", "Status (ticket.status)"]
    sheet = read_sheet(written(ExcelWriter(heads, labels, "ticket"), []))
    assert sheet.rows == [["Status (ticket.status)", "Status (contact.status)", "Status (ticket.status) #2"]]


@pytest.mark.parametrize(
    ("value", "kind", "raw"),
    [
        (0.30000000000000004, ColumnType.NUMBER, "0.30000000000000004"),
        (1.7976931348623157e308, ColumnType.NUMBER, "1.7976931348623157e+308"),
        (5e-324, ColumnType.NUMBER, "5e-324"),
        (4.25, ColumnType.NUMBER, "4.25"),
        (3, ColumnType.INTEGER, "3"),
        (9007199254740993 - 2, ColumnType.INTEGER, "9007199254740991"),
        ("99999999999.9999", ColumnType.CURRENCY, "99999999999.9999"),
        ("-12345678901.2345", ColumnType.CURRENCY, "-12345678901.2345"),
        ("12.50", ColumnType.CURRENCY, "12.5"),
    ],
)
def test_an_excel_cell_has_every_digit_of_its_number(value: Cell, kind: ColumnType, raw: str) -> None:
    data = written(ExcelWriter([ColumnHead("ticket.x", "measure", kind, "X")], ["X"], "ticket"), [(value,)])
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        sheet = file.read("xl/worksheets/sheet1.xml").decode()
    assert re.findall("<v>(.*?)</v>", sheet) == [raw]


def test_facts_are_headers_and_metadata() -> None:
    facts = facts_of()
    assert facts.headers() == {
        "Crosslook-Snapshot": "s1",
        "Crosslook-Truncated": "true",
        "Crosslook-Warnings": "filter_not_applied",
        "Crosslook-Join": "kept=40;dropped=2",
    }
    for as_parquet in (True, False):
        writer = ArrowWriter(HEADS, "UTC", as_parquet=as_parquet, metadata=facts.metadata())
        data = written(writer, ROWS)
        table = parquet.read_table(io.BytesIO(data)) if as_parquet else pa.ipc.open_stream(data).read_all()
        assert table.schema.metadata[b"crosslook.join"] == b"kept=40;dropped=2"
        assert table.schema.metadata[b"crosslook.truncated"] == b"true"


def facts_of() -> FileFacts:
    warning = Problem("filter_not_applied", "/filters", values={"name": "ticket.x"})
    links = Links("requester", 40, 2)
    return FileFacts("ticket", "s1", "2026-11-23T11:30:00Z", "America/Chicago", True, links, (warning,))


def test_an_instant_on_the_first_day_of_excel_is_a_text() -> None:
    rows = [("x", None, None, "1900-01-01", "1900-01-01T06:00:00+00:00", None, None)]
    sheet = read_sheet(written(ExcelWriter(HEADS, [head.label for head in HEADS], "ticket"), rows))
    assert sheet.rows[1] == ["x", None, None, date(1900, 1, 1), "1900-01-01T06:00:00+00:00"]


def test_csv_has_its_header_without_a_row_and_no_header_that_runs() -> None:
    head = ColumnHead("=cmd|' /C calc'!A0", "measure", ColumnType.INTEGER, "")
    assert written(CsvWriter([head]), []) == b"'=cmd|' /C calc'!A0\r\n"


def test_an_excel_file_has_typed_cells_under_a_frozen_header() -> None:
    data = written(ExcelWriter(HEADS, [head.label for head in HEADS], "ticket"), ROWS)
    sheet = read_sheet(data)
    assert (sheet.name, sheet.frozen_rows) == ("ticket", 1)
    assert sheet.rows[0] == [head.label for head in HEADS]
    opened = datetime(2026, 11, 1, 1, 30)  # noqa: DTZ001  # Excel's times have no zone
    assert sheet.rows[1] == ["=1+1", 12.5, True, date(2026, 2, 3), opened, 3.0, 4.25]
    assert sheet.rows[2:] == []


def test_excel_is_given_as_text_what_it_cannot_hold_as_it_is() -> None:
    rows = [("x", "123456789012345.6789", None, "1899-12-25", "1899-12-31T18:00:00-06:00", None, None)]
    sheet = read_sheet(written(ExcelWriter(HEADS, [head.label for head in HEADS], "ticket"), rows))
    assert sheet.rows[1] == ["x", "123456789012345.6789", None, "1899-12-25", "1899-12-31T18:00:00-06:00"]


def test_columns_of_one_label_are_told_apart() -> None:
    heads = [ColumnHead(name, "dimension", ColumnType.TEXT, "Status") for name in ("ticket.status", "contact.status")]
    sheet = read_sheet(written(ExcelWriter(heads, ["Status", "Status"], "ticket"), []))
    assert sheet.rows == [["Status (ticket.status)", "Status (contact.status)"]]


def test_a_file_that_is_never_ended_leaves_nothing_behind() -> None:
    writer = ExcelWriter(HEADS, [head.label for head in HEADS], "ticket")
    folder = writer.folder
    assert folder.exists()
    writer.rows(ROWS)
    writer.close()
    assert not folder.exists()


@pytest.mark.parametrize("as_parquet", [True, False])
def test_what_pyarrow_writes_has_the_types_of_the_engines_files(as_parquet: bool) -> None:
    data = written(ArrowWriter(HEADS, "America/Chicago", as_parquet=as_parquet), ROWS)
    table = parquet.read_table(io.BytesIO(data)) if as_parquet else pa.ipc.open_stream(data).read_all()
    assert [field.type for field in table.schema] == [
        pa.string(),
        pa.decimal128(38, 4),
        pa.bool_(),
        pa.date32(),
        pa.timestamp("ms", tz="America/Chicago"),
        pa.int64(),
        pa.float64(),
    ]
    first, second = table.to_pylist()
    assert first.pop("ticket.opened_at").astimezone(UTC) == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert list(first.values()) == ["=1+1", Decimal("12.5000"), True, date(2026, 2, 3), 3, 4.25]
    assert set(second.values()) == {None}


def test_a_file_of_no_rows_is_one() -> None:
    data = written(ArrowWriter(HEADS, "UTC", as_parquet=False), [])
    assert pa.ipc.open_stream(data).read_all().num_rows == 0


def test_a_file_has_a_name_for_every_client() -> None:
    assert disposition("ticket-s1-America/Chicago.csv", 'Réglées "A/B"\n-s1.csv') == (
        "attachment; filename=\"ticket-s1-America-Chicago.csv\"; filename*=UTF-8''R%C3%A9gl%C3%A9es%20-A-B---s1.csv"
    )
