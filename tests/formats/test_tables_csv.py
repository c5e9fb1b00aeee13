"""CSV files as schools make them, and as they break."""

from __future__ import annotations

import codecs

import pytest

from headway.formats import csv_tables, grid
from headway.formats.tables import FileRefused, Table, read

TEXT = "upn,surname,forename\r\nA1,O’Neill,Zoë\r\nA2,Smith,£5 café\r\n"


def table(content: bytes | str, file: str = "pupils.csv") -> Table:
    return read(content.encode() if isinstance(content, str) else content, file=file)


def refusal(content: bytes | str) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        table(content)
    return caught.value


def cells(content: bytes | str) -> list[dict[str, object]]:
    return [dict(row.cells) for row in table(content).rows]


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode("utf-8"),
        TEXT.encode("utf-8-sig"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("cp1252"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16-le", "utf-16-be", "windows-1252"],
)
def test_it_reads_every_encoding_schools_meet(content: bytes) -> None:
    assert cells(content) == [
        {"upn": "A1", "surname": "O’Neill", "forename": "Zoë"},
        {"upn": "A2", "surname": "Smith", "forename": "£5 café"},
    ]


def test_it_takes_a_capital_and_a_curly_quote_for_windows_1252() -> None:
    assert cells("upn,note\nA1,JOSÉ’S CAFÉ\n".encode("cp1252")) == [{"upn": "A1", "note": "JOSÉ’S CAFÉ"}]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_it_finds_the_delimiter_and_the_line_ends(delimiter: str, ending: str) -> None:
    text = TEXT.replace("\r\n", ending).replace(",", delimiter)

    assert [row.number for row in table(text).rows] == [2, 3]
    assert table(text).rows[0].cells["forename"] == "Zoë"


def test_it_looks_for_the_delimiter_outside_quote_marks() -> None:
    assert table('"a,b,c";upn\n1;2\n').headers == ("a,b,c", "upn")


def test_it_looks_for_the_delimiter_below_blank_lines() -> None:
    assert table("\n;;;\n\nupn;surname\nA1;a,b,c,d\n").names == ("upn", "surname")


def test_it_reads_a_single_column() -> None:
    assert cells("upn\nA1\n\nA2\n") == [{"upn": "A1"}, {"upn": "A2"}]


def test_it_gives_a_table_of_no_rows_for_a_header_alone() -> None:
    assert table("upn,surname\n").rows == ()
    assert table("upn,surname").names == ("upn", "surname")


def test_it_keeps_text_exactly_but_for_outer_white_space() -> None:
    text = "upn,grade,note\n 00123 ,\u00a04b\t,1.0E+1\n  ,,\u00a0\nA2,-,  a  b  \n"

    assert cells(text) == [
        {"upn": "00123", "grade": "4b", "note": "1.0E+1"},
        {"upn": "A2", "grade": "-", "note": "a  b"},
    ]


def test_it_numbers_rows_by_the_line_they_begin_on() -> None:
    found = table('upn,note\n\nA1,"one\ntwo\r\nthree"\n,\nA2,x\n')

    assert [(row.number, row.cells["note"]) for row in found.rows] == [(3, "one\ntwo\r\nthree"), (7, "x")]


def test_it_takes_off_the_apostrophe_that_guards_a_text() -> None:
    text = "upn,note\nA1,'=1+1\nA2,''=1+1\nA3,'tis\nA4,'-\nA5,'@x\n"

    assert [row["note"] for row in cells(text)] == ["=1+1", "'=1+1", "'tis", "-", "@x"]


def test_it_fills_short_rows_and_passes_over_extra_blank_cells() -> None:
    assert cells("upn,surname,forename\nA1\nA2,Smith,,,\nA3,Smith,Ann\n") == [
        {"upn": "A1", "surname": None, "forename": None},
        {"upn": "A2", "surname": "Smith", "forename": None},
        {"upn": "A3", "surname": "Smith", "forename": "Ann"},
    ]


def test_it_passes_over_columns_without_header_and_cells() -> None:
    assert cells(",upn,,surname,,\n,A1,,Smith,,\n") == [{"upn": "A1", "surname": "Smith"}]


def test_it_refuses_a_cell_without_a_header() -> None:
    (problem,) = refusal("upn,,surname\nA1,x,Smith\nA2,,Jones\n").problems

    assert (problem.row, problem.column, problem.value) == (2, "B", "x")


def test_it_refuses_every_row_longer_than_the_headers() -> None:
    problems = refusal("upn,surname\nA1,Smith, Ann\nA2,Jones\nA3,Brown,Bob\n").problems

    assert [(problem.row, problem.column, problem.value) for problem in problems] == [(2, "C", "Ann"), (4, "C", "Bob")]


def test_it_refuses_two_columns_of_one_name_and_names_both() -> None:
    (problem,) = refusal("Year Group,upn,year-group\n6,A1,6\n").problems

    assert "'Year Group' (column A)" in problem.wrong
    assert "'year-group' (column C)" in problem.wrong


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('upn,surname,forename\nA1,Smith,Ann\nA2,"Jones,Bob\nA3,Brown,Cal\n', 3),
        ('upn,surname,forename\nA1,Smith,Ann\nA2,Jones",Bob\nA3,Brown,Cal\n', 3),
        ('upn,surname,forename\nA1,"Smith,Ann\nA2,"Jones",Bob\n', 2),
        ('upn,surname,forename\nA1,"Smith",Ann\nA2,"Jones, Bob\n', 3),
        ('upn,surname,forename\nA1,"Smi"th",Ann\n', 2),
        ('"upn,surname,forename\nA1,Smith,Ann\n', 1),
        ('upn,surname,forename\nA1,"Smith,Ann\nA2,Jones,Bob\nA3,Brown",Cal\n', 2),
        ('upn,surname,forename\n"A1,Smith,Ann\nA2",Brown,Cal\n', 2),
        ('upn,surname,forename\nA1,Smith,"Ann\nA2,Brown,Cal"\n', 2),
        ('upn,surname,forename\nA1,Smith, "Ann, Mary"\n', 2),
        ('upn,surname,forename\nA1,Smith,"' + "Ann\n" * 50_000, 2),
    ],
    ids=[
        "never closed",
        "never opened",
        "closed by the next",
        "the last",
        "inside a cell",
        "in the header",
        "two lost, three rows swallowed",
        "two lost, first column",
        "two lost, last column",
        "after a space",
        "beyond any cell's length",
    ],
)
def test_it_refuses_a_lost_quote(text: str, row: int) -> None:
    (problem,) = refusal(text).problems

    assert problem.row == row
    assert "quote mark" in problem.wrong


def test_it_leaves_remarks_of_several_lines_alone() -> None:
    note = 'good, better, best\nsaid "well done", and more\nA1 is fine, really'
    text = f'upn,note,by\nA1,"{note.replace(chr(34), chr(34) * 2)}",JS\n'

    assert cells(text) == [{"upn": "A1", "note": note, "by": "JS"}]


def test_it_refuses_every_loss_of_one_quote_mark() -> None:
    text = 'upn,"sur, name",note\n"A1","Smith","a\nb"\nA2,"O""Neill",""\n"A3",,"x, y"\n'
    assert len(table(text).rows) == 3

    for position in [position for position, letter in enumerate(text) if letter == '"']:
        refusal(text[:position] + text[position + 1 :])


def test_it_refuses_a_file_that_stops_in_the_middle_of_a_row() -> None:
    (problem,) = refusal("upn,surname,forename\nA1,Smith,Ann\nA2,Jones,Bob\nA3,Bro").problems

    assert problem.row == 4
    assert "stops in the middle" in problem.wrong


def test_it_takes_a_last_row_without_a_line_end() -> None:
    assert len(table("upn,surname,forename\nA1,Smith,Ann\nA2,Jones,Bob").rows) == 2
    assert len(table("upn,surname,forename\nA1\nA2").rows) == 2
    assert len(table("upn,surname,forename\nA1,Smith,Ann\nA2,Jones,Bob\n\n# A note").rows) == 2


@pytest.mark.parametrize(
    ("content", "row", "word"),
    [
        (b"upn,surname\nA1,Sm\0ith\n", 2, "NUL"),
        (TEXT.encode("utf-16-le"), 1, "NUL"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), 1, "NUL"),
        ("upn,surname\nA1,Zoë\n".encode() + "A2,José\n".encode("cp1252"), 3, "some another way"),
        (codecs.BOM_UTF8 + "upn,surname\nA2,José\n".encode("cp1252"), 2, "some another way"),
        (b"upn,surname\nA1,Smith\nA2,\x81\x8d\n", 3, "neither UTF-8 nor Windows-1252"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le")[:-1], None, "cut short"),
        (codecs.BOM_UTF16_LE + "upn\nA1\n".encode("utf-16-le") + b"\x00\xdca\x00", 3, "UTF-16"),
    ],
)
def test_it_refuses_letters_it_cannot_be_sure_of(content: bytes, row: int | None, word: str) -> None:
    (problem,) = refusal(content).problems

    assert problem.row == row
    assert word in problem.wrong
    assert "UTF-8" in problem.right


def test_it_leaves_out_the_notes_after_a_blank_row_at_the_end() -> None:
    text = "upn,note\nA1,x\n\n# Made on 4 December\n\n# Two pupils are missing,\n"

    assert cells(text) == [{"upn": "A1", "note": "x"}]


@pytest.mark.parametrize(
    "text",
    [
        "upn,note\n# A1,\nA2,\n",
        "upn,note\nA2,\n# A1,\n",
        "upn,note\n\n# A1,x\n\nA2,\n",
        "upn,note\n\n# A1,\nA2,\n",
        "upn,note\nA2,\n\n#A1,\n",
    ],
)
def test_it_takes_such_a_row_anywhere_else_as_data(text: str) -> None:
    assert len(table(text).rows) == 2


def test_it_refuses_more_rows_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "MOST_ROWS", 3)
    assert len(table("upn\n1\n2\n3\n").rows) == 3

    assert "too long" in str(refusal("upn\n1\n2\n3\n4\n"))


def test_it_refuses_more_than_200_000_rows() -> None:
    assert "more than 200,000 rows" in str(refusal("upn\n" + "1\n" * 200_001))


def test_it_refuses_more_cells_than_the_limit() -> None:
    headers = ",".join(f"h{number}" for number in range(1000))

    assert "4,000,000 cells" in str(refusal(f"{headers}\n" + "1\n" * 4_001))


def test_it_refuses_more_headers_than_the_limit() -> None:
    assert "16,384 headers" in str(refusal(",".join(f"h{number}" for number in range(16_384))))


def test_it_passes_over_16_384_blank_columns() -> None:
    blanks = "," * 16_384

    assert cells(f"upn{blanks}\nA1{blanks}\n") == [{"upn": "A1"}]


@pytest.mark.parametrize(("limit", "most"), [("MOST_BYTES", 20), ("MOST_LINES", 2), ("MOST_DELIMITERS", 2)])
def test_it_refuses_a_file_beyond_its_size(limit: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_tables, limit, most)

    assert "several files" in str(refusal(TEXT))


def test_it_stops_after_a_hundred_problems() -> None:
    assert len(refusal("upn\n" + "1,2\n" * 500).problems) == 100
