"""Where an INSERT's statement ends and its data begin."""

import pytest

from crosslook.local.engine_statement import InsertHead, Whole, read_head

INSERTS = [
    ("INSERT INTO t FORMAT CSV\n1,2", "INSERT INTO t ", "CSV", "1,2"),
    ("insert into t format JSONEachRow {}", "insert into t ", "JSONEachRow", "{}"),
    ("INSERT INTO t FORMAT CSV;\r\n1,2", "INSERT INTO t ", "CSV", "1,2"),
    ("INSERT INTO t FORMAT Native\n\n\x00", "INSERT INTO t ", "Native", "\n\x00"),
    ("INSERT INTO t (a, `values`, `select`) FORMAT Arrow\nx", "INSERT INTO t (a, `values`, `select`) ", "Arrow", "x"),
    ("INSERT INTO t (values, format) FORMAT CSV\n1", "INSERT INTO t (values, format) ", "CSV", "1"),
    ("INSERT INTO d.`format x` FORMAT CSV\n1", "INSERT INTO d.`format x` ", "CSV", "1"),
    ('INSERT INTO "d"."values" FORMAT CSV\n1', 'INSERT INTO "d"."values" ', "CSV", "1"),
    ("INSERT INTO values.select FORMAT CSV\n1", "INSERT INTO values.select ", "CSV", "1"),
    ("INSERT INTO TABLE t FORMAT CSV\n1", "INSERT INTO TABLE t ", "CSV", "1"),
    ("INSERT INTO FUNCTION file('a', CSV) FORMAT CSV\n1", "INSERT INTO FUNCTION file('a', CSV) ", "CSV", "1"),
    ("INSERT INTO t SETTINGS x = 'VALUES' FORMAT CSV\n1", "INSERT INTO t SETTINGS x = 'VALUES' ", "CSV", "1"),
    ("-- VALUES\n/* SELECT */ INSERT INTO t FORMAT CSV\n1", "-- VALUES\n/* SELECT */ INSERT INTO t ", "CSV", "1"),
    ("INSERT INTO t FORMAT CSV\nINSERT INTO u VALUES (1)", "INSERT INTO t ", "CSV", "INSERT INTO u VALUES (1)"),
]
WHOLES = [
    "SELECT 1 FORMAT CSV",
    "INSERT INTO t VALUES (1, 'FORMAT CSV')",
    "INSERT INTO t (a) SELECT 1 FORMAT CSV",
    "INSERT INTO t WITH 1 AS x SELECT x",
    "INSERT INTO t FROM INFILE 'x' FORMAT CSV",
    "INSERT INTO t FORMAT",
    "INSERT INTO t",
    "INSERT",
    "DROP TABLE t",
    "",
    "INSERT INTO t ('cut off",
    "/* cut off",
]


@pytest.mark.parametrize(("text", "sql", "fmt", "data"), INSERTS)
def test_an_insert_is_split_before_its_format_and_before_its_data(text: str, sql: str, fmt: str, data: str) -> None:
    found = read_head(text.encode(), is_all=True)
    assert found == InsertHead(sql.encode(), fmt, len(text.encode()) - len(data.encode()))


@pytest.mark.parametrize("text", WHOLES)
def test_everything_else_is_one_statement_as_it_came(text: str) -> None:
    assert read_head(text.encode(), is_all=True) == Whole()


@pytest.mark.parametrize("text", [text for text, _, _, _ in INSERTS] + WHOLES)
def test_a_beginning_is_never_told_otherwise_than_the_whole(text: str) -> None:
    whole = text.encode()
    final = read_head(whole, is_all=True)
    for length in range(len(whole)):
        early = read_head(whole[:length], is_all=False)
        assert early is None or early == final, f"after {whole[:length]!r}"
