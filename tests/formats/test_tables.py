"""What a file is, whatever its name says, and how a refusal is told."""

from __future__ import annotations

import io
import zipfile

import pytest

from headway.formats.grid import column_letters, normalised
from headway.formats.sheets_out import Value, write_csv, write_xlsx
from headway.formats.tables import FileRefused, Problem, read

CSV = b"upn,surname\r\nA1,Smith\r\n"
XLSX = write_xlsx(["upn", "surname"], [["A1", "Smith"]], sheet="pupils")


def refusal(content: bytes, file: str) -> str:
    with pytest.raises(FileRefused) as caught:
        read(content, file=file)
    return str(caught.value)


def test_it_names_place_fault_and_remedy_in_one_sentence() -> None:
    problem = Problem("pupils.csv", None, 5, "dob", "31/02/2015", "is not a date", "a date such as 28/02/2015")

    assert problem.sentence() == (
        "pupils.csv, row 5, column dob: '31/02/2015' is not a date. Right would be a date such as 28/02/2015."
    )


def test_it_names_the_sheet_when_there_is_one() -> None:
    problem = Problem("marks.xlsx", "Marks", 2, "C", "", "is blank", "")

    assert problem.sentence() == "marks.xlsx, sheet Marks, row 2, column C: is blank."


def test_it_tells_a_value_in_one_short_line() -> None:
    problem = Problem("a.csv", None, 1, None, "x\r\n\x1b[2J" + "y" * 500, "is wrong", "")

    assert problem.sentence() == f"a.csv, row 1: 'x [2J{'y' * 54}…' is wrong."


def test_it_gives_every_problem_a_line() -> None:
    problem = Problem("a.csv", None, 1, None, "", "is wrong", "")

    assert str(FileRefused([problem, problem])) == "a.csv, row 1: is wrong.\na.csv, row 1: is wrong."


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("upn", "upn"),
        ("  Year Group ", "year_group"),
        ("YEAR-GROUP", "year_group"),
        ("year  - group", "year_group"),
        ("Straße", "strasse"),
        ("preferred\u00a0forename", "preferred_forename"),
    ],
)
def test_it_knows_a_header_in_any_letter_case(header: str, name: str) -> None:
    assert normalised(header) == name


@pytest.mark.parametrize(
    ("position", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16383, "XFD")]
)
def test_it_letters_columns_as_a_spreadsheet_does(position: int, letters: str) -> None:
    assert column_letters(position) == letters


@pytest.mark.parametrize("file", ["pupils.csv", "PUPILS.CSV", "pupils.txt", "pupils", "upload.tmp", "a.b/pupils.csv"])
def test_it_reads_plain_text_as_csv(file: str) -> None:
    assert read(CSV, file=file).rows[0].cells == {"upn": "A1", "surname": "Smith"}


@pytest.mark.parametrize("file", ["pupils.xlsx", "PUPILS.XLSX", "pupils", "upload.tmp"])
def test_it_reads_a_workbook_as_xlsx(file: str) -> None:
    table = read(XLSX, file=file)

    assert (table.file, table.sheet) == (file, "pupils")
    assert table.rows[0].cells == {"upn": "A1", "surname": "Smith"}


@pytest.mark.parametrize("file", ["pupils.csv", "pupils.txt", "pupils.xls", "pupils.ods"])
def test_it_refuses_a_workbook_that_is_named_as_something_else(file: str) -> None:
    assert "not what its name says" in refusal(XLSX, file)
    assert "by its content XLSX" in refusal(XLSX, file)


@pytest.mark.parametrize("file", ["pupils.xlsx", "pupils.xls", "pupils.pdf"])
def test_it_refuses_text_that_is_named_as_something_else(file: str) -> None:
    assert "by its content plain text" in refusal(CSV, file)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "an old workbook (XLS)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"{\\rtf1 }", "RTF"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"<!DOCTYPE html><html><table></table></html>", "a web page"),
        (b"\xef\xbb\xbf\r\n <HTML>", "a web page"),
        ("<html>".encode("utf-16"), "a web page"),
        (b"<?xml version='1.0'?><CTfile/>", "XML"),
        (b"<svg/>", "XML"),
    ],
)
@pytest.mark.parametrize("file", ["pupils.csv", "pupils.xlsx", "pupils.xls"])
def test_it_says_what_a_file_is_when_it_is_no_table(content: bytes, what: str, file: str) -> None:
    assert what in refusal(content, file)
    assert "XLSX" in refusal(content, file)


@pytest.mark.parametrize(
    ("members", "what"),
    [
        (["mimetype", "content.xml"], "OpenDocument"),
        (["xl/workbook.bin"], "XLSB"),
        (["word/document.xml"], "not a workbook"),
        (["pupils.csv"], "not a workbook"),
        ([], "not a workbook"),
    ],
)
def test_it_says_what_a_zip_is_when_it_is_no_workbook(members: list[str], what: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for member in members:
            archive.writestr(member, "x")

    assert what in refusal(out.getvalue(), "pupils.xlsx")


@pytest.mark.parametrize("content", [b"", b" \r\n\r\n", b"\xef\xbb\xbf", b"\xff\xfe", b",,,\r\n,,,\r\n", b'""\r\n'])
@pytest.mark.parametrize("file", ["pupils.csv", "pupils"])
def test_it_refuses_an_empty_file(content: bytes, file: str) -> None:
    assert "the file is empty" in refusal(content, file)


def test_it_gives_names_beside_the_headers_as_written() -> None:
    table = read(b" Year Group ,SURNAME\r\n6,Smith\r\n", file="pupils.csv")

    assert table.headers == ("Year Group", "SURNAME")
    assert table.names == ("year_group", "surname")


def test_it_reads_back_what_both_writers_write_alike() -> None:
    headers = ["upn", "surname", "points"]
    rows: list[list[Value]] = [["A1", "=1+1", 5], ["A2", None, 6]]

    from_csv = read(write_csv(headers, rows), file="a.csv")
    from_xlsx = read(write_xlsx(headers, rows, sheet="a"), file="a.xlsx")

    assert [dict(row.cells) for row in from_csv.rows] == [
        {"upn": "A1", "surname": "=1+1", "points": "5"},
        {"upn": "A2", "surname": None, "points": "6"},
    ]
    assert [dict(row.cells) for row in from_xlsx.rows] == [
        {"upn": "A1", "surname": "=1+1", "points": 5},
        {"upn": "A2", "surname": None, "points": 6},
    ]
    assert [row.number for row in from_csv.rows] == [row.number for row in from_xlsx.rows] == [2, 3]
