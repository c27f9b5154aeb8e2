"""Rows of imported files: what they mean, and what is refused by line and column."""

import codecs
import csv
import io
from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosslook.contracts.problems import Problem
from crosslook.contracts.schemas import FieldType
from services.schema_service.domain.imports.cells import CELL_READERS
from services.schema_service.domain.imports.columns import ColumnsRefused, Mapped, read_mapping
from services.schema_service.domain.imports.files import CSV_TYPE, NDJSON_TYPE
from services.schema_service.domain.imports.lines import LINE_MAX
from services.schema_service.domain.imports.rows import ImportMode
from tests.unit.schema_service.imports import drafts, header_problems, read_file, refusals
from tests.unit.schema_service.samples import TICKET, ticket


def test_every_field_type_has_a_reader_of_cells() -> None:
    assert set(CELL_READERS) == set(FieldType)


def test_columns_are_found_by_slug_then_by_label_and_links_by_their_form() -> None:
    text = "_id,status,CSAT,Opened,tags,requester.email\n7,open,4.5,2026-11-20 10:00,vip; new,a@x.com\n"
    (row,) = drafts(read_file(text))
    assert row.data("acme", "ticket") == {
        "tenant": "acme",
        "object": "ticket",
        "record": "7",
        "sequence": 2,
        "fields": {"status": "open", "csat": "4.5", "opened_at": "2026-11-20T16:00:00.000Z", "tags": ["vip", "new"]},
        "relationships": {"requester": [{"email": "a@x.com"}]},
    }


def test_an_empty_cell_is_left_out_of_an_upsert_and_cleared_by_a_patch() -> None:
    text = "_id,csat,tags,requester.id,requester.email\n7,,,,\n"
    (whole,) = drafts(read_file(text))
    (patch,) = drafts(read_file(text, mode=ImportMode.PATCH))
    assert (whole.fields, whole.relationships) == ({}, {})
    assert (patch.fields, patch.relationships) == ({"csat": None, "tags": None}, {"requester": []})


def test_a_mapping_names_columns_and_leaves_others_out() -> None:
    text = "Number;Secret;csat\r\n7;x;3\r\n"
    (row,) = drafts(read_file(text, mapping={"Number": "_id", "Secret": None}))
    assert (row.record, row.fields) == ("7", {"csat": "3"})


@pytest.mark.parametrize(
    ("text", "media_type"),
    [("Number;csat\n7;3\n", CSV_TYPE), ('{"Number": "7", "csat": "3"}\n', NDJSON_TYPE)],
)
def test_a_column_may_be_the_records_id_and_fill_a_field(text: str, media_type: str) -> None:
    mapping = read_mapping({"Number": ["_id", "status", "_id"], "csat": ["csat"]})
    (row,) = drafts(read_file(text, media_type, mapping=mapping))
    assert (row.record, row.fields) == ("7", {"status": "7", "csat": "3"})
    assert row.column(Problem("unknown_option", "/data/fields/status")) == "Number"


@pytest.mark.parametrize(
    ("header", "mapping", "problems"),
    [
        ("_id,statsu", {}, [("/columns/1", "unknown_column", "status")]),
        ("_id,csat,csat", {}, [("/columns/2", "duplicate_column", None)]),
        ("_id,csat,CSAT", {}, [("/columns/2", "duplicate_column", None)]),
        ("csat", {}, [("/columns", "missing_id", None)]),
        ("_id,a", {"a": "amuont"}, [("/mapping/a", "unknown_field", "amount")]),
        ("n,csat", {"n": ("_id", "csat")}, [("/columns/1", "duplicate_column", None)]),
        ("n,a", {"n": ("_id", "amuont"), "a": None}, [("/mapping/n", "unknown_field", "amount")]),
        ("_id,csat", {"cast": "amount"}, [("/mapping/cast", "unknown_column", "csat")]),
        ("", {}, [("", "missing_header", None)]),
    ],
)
def test_columns_that_cannot_be_used_refuse_the_file(
    header: str, mapping: Mapped, problems: list[tuple[str, str, str | None]]
) -> None:
    with pytest.raises(ColumnsRefused) as refused:
        read_file(f"{header}\n", mapping=mapping)
    assert header_problems(refused.value) == problems


def test_a_slug_comes_before_a_label_and_a_label_of_two_fields_is_none() -> None:
    fields = [
        {"slug": "note", "label": "opened_at", "type": "text"},
        {"slug": "a", "label": "Place", "type": "text"},
        {"slug": "b", "label": "place", "type": "text"},
    ]
    body = ticket(fields=[*TICKET["fields"], *fields])
    (row,) = drafts(read_file("_id,opened_at\n1,2026-11-20T10:00:00Z\n", body=body))
    assert set(row.fields) == {"opened_at"}
    with pytest.raises(ColumnsRefused) as refused:
        read_file("_id,Place\n1,x\n", body=body)
    assert [code for _, code, _ in header_problems(refused.value)] == ["unknown_column"]


def test_a_column_that_occurs_twice_may_be_left_out() -> None:
    (row,) = drafts(read_file("_id,x,x\n1,2,3\n", mapping={"x": None}))
    assert row.fields == {}


@pytest.mark.parametrize("sent", [[], 7, {"a": 1}, {"a": []}, {"a": ["b", None]}, {"a": [["b"]]}])
def test_a_mapping_is_an_object_of_texts_lists_of_texts_and_nulls(sent: Any) -> None:
    with pytest.raises(ColumnsRefused):
        read_mapping(sent)


def test_a_wrong_row_is_refused_at_its_line_and_the_rest_continues() -> None:
    text = '\ufeff_id,status\n1,open\n2\n,open\n\n"5",ope"n\n6,"open"x\n"multi\nline",open\n9,open,1\n10,open\n'
    rows = read_file(text)
    assert refusals(rows) == [
        (3, None, "wrong_number_of_cells"),
        (4, "_id", "missing_id"),
        (7, None, "bad_quotes"),
        (10, None, "wrong_number_of_cells"),
    ]
    taken = [(row.line, row.record) for row in rows if not hasattr(row, "problem")]
    assert taken == [(2, "1"), (6, "5"), (8, "multi\nline"), (11, "10")]


def test_a_line_that_is_not_utf8_is_refused_by_its_place() -> None:
    rows = read_file([b"_id,status\n1,op\xe9n\n2,open\n"])
    assert refusals(rows) == [(2, None, "not_utf8")]
    assert len(rows) == 2
    with pytest.raises(ColumnsRefused) as refused:
        read_file([codecs.BOM_UTF16_LE + "_id,status\n".encode("utf-16-le")])
    assert [code for _, code, _ in header_problems(refused.value)] == ["not_utf8"]


def test_rows_without_a_value_are_skipped() -> None:
    rows = read_file("_id,status\n1,open\n,\n,,,\n2,open\n,\n")
    assert [(row.line, row.record) for row in drafts(rows)] == [(2, "1"), (5, "2")]


def test_a_quote_that_is_never_closed_refuses_one_row_and_keeps_little() -> None:
    rows = read_file([b'_id,status\n1,"open\n', *[b"2,open\n" * 1000] * 400])
    assert refusals(rows) == [(2, None, "too_large")]
    assert refusals(read_file('_id,status\n1,"open\n2,open\n')) == [(2, None, "bad_quotes")]


def test_a_line_that_is_too_long_is_refused_and_the_rest_continues() -> None:
    rows = read_file([b"_id,status\n1,", *[b"x" * 1000] * (LINE_MAX // 1000 + 1), b"\n2,open\n"])
    assert refusals(rows) == [(2, None, "too_large")]
    assert len(rows) == 2


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z"),
        ("2026-11-20T10:00:00.123456789+02:00", "2026-11-20T08:00:00.123Z"),
        ("2026-07-01 10:00", "2026-07-01T15:00:00.000Z"),
        ("2026-07-01", "2026-07-01T05:00:00.000Z"),
        ("2026-03-08 02:30:00", "2026-03-08T08:30:00.000Z"),  # skipped: 03:30
        ("2026-11-01 01:30:00", "2026-11-01T06:30:00.000Z"),  # shown twice: the earlier
        ("2026-02-30 10:00", "2026-02-30 10:00"),
        ("yesterday", "yesterday"),
    ],
)
def test_a_time_without_an_offset_is_in_the_zone(cell: str, value: str) -> None:
    (row,) = drafts(read_file(f"_id,opened_at\n1,{cell}\n"))
    (line,) = drafts(read_file(f'{{"_id": "1", "opened_at": "{cell}"}}', NDJSON_TYPE))
    assert (row.fields["opened_at"], line.fields["opened_at"]) == (value, value)


def test_booleans_are_read_in_both_languages_and_others_left_to_admission() -> None:
    flags = ticket(fields=[{"slug": "vip", "label": "VIP", "type": "boolean"}])
    words = ["TRUE", "oui", "1", "false", "Non", "0", "maybe"]
    rows = drafts(read_file("_id,vip\n" + "".join(f"{word},{word}\n" for word in words), body=flags))
    assert [row.fields["vip"] for row in rows] == [True, True, True, False, False, False, "maybe"]


def test_contacts_have_their_foreign_ids_in_a_column() -> None:
    contact = {"object": "contact", "labels": {"singular": "Contact", "plural": "Contacts"}, "fields": []}
    (row,) = drafts(read_file("_id,external_ids\nc-1,zendesk:8; x:9\n", body={**contact, "relationships": []}))
    assert row.external_ids == ["zendesk:8", "x:9"]


def test_lines_of_ndjson_have_the_names_of_columns_and_may_nest_relationships() -> None:
    lines = [
        {"_id": 7, "Status": "open", "csat": 4.5, "requester.email": "a@x.com", "requester.id": None},
        {"_id": "8", "requester": [{"id": "c-1"}, {"email": "b@x.com"}], "tags": ["a"]},
        {"_id": "9", "relationships": {"requester": {"external": "zendesk:1"}}},
    ]
    rows = drafts(read_file(b"\n".join(map(orjson.dumps, lines)).decode(), NDJSON_TYPE))
    assert [row.record for row in rows] == ["7", "8", "9"]
    assert rows[0].fields == {"status": "open", "csat": 4.5}
    assert [row.relationships["requester"] for row in rows] == [
        [{"email": "a@x.com"}],
        [{"id": "c-1"}, {"email": "b@x.com"}],
        [{"external": "zendesk:1"}],
    ]


def test_wrong_lines_of_ndjson_are_refused_by_line_and_member() -> None:
    text = '{"_id": "1", "statsu": "open"}\n{"csat": 1}\n[1]\n{"_id": \n\n{"_id": "2", "csat": 1, "CSAT": 2}\n'
    assert refusals(read_file(text, NDJSON_TYPE)) == [
        (1, "statsu", "unknown_column"),
        (2, None, "missing_id"),
        (3, None, "wrong_type"),
        (4, None, "not_json"),
        (6, "CSAT", "duplicate_column"),
    ]
    with pytest.raises(ColumnsRefused):
        read_file("", NDJSON_TYPE, mapping={"a": "nothing"})


_TEXTS = st.text(alphabet=st.sampled_from('ab;,"\n\t éλ漢'), max_size=6)
_BODY = {**TICKET, "fields": [{"slug": "a", "label": "", "type": "text"}, {"slug": "b", "label": "", "type": "text"}]}


@given(
    rows=st.lists(st.tuples(_TEXTS, _TEXTS), max_size=8),
    delimiter=st.sampled_from(",;\t"),
    terminator=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    borders=st.lists(st.integers(0, 200), max_size=12),
    mark=st.booleans(),
)
def test_what_csv_writes_is_read_alike_whatever_the_borders_of_pieces(
    rows: list[tuple[str, str]], delimiter: str, terminator: str, quoting: Any, borders: list[int], mark: bool
) -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator=terminator, quoting=quoting)
    writer.writerow(["_id", "a", "b"])
    for number, (first, second) in enumerate(rows):
        writer.writerow([f"r{number}", first, second])
    raw = (b"\xef\xbb\xbf" if mark else b"") + file.getvalue().encode()
    cuts = sorted({0, len(raw), *(border % (len(raw) + 1) for border in borders)})
    pieces = [raw[start:end] for start, end in pairwise(cuts)]
    read = drafts(read_file(pieces, body=_BODY))
    assert [(row.record, row.fields.get("a", ""), row.fields.get("b", "")) for row in read] == [
        (f"r{number}", first, second) for number, (first, second) in enumerate(rows)
    ]
