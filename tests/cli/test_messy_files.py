"""The mess of real files, from the command line to the records: taken whole, or refused whole with its place."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from tests.cli.conftest import BEN, CAT, MARKS, TERM, Done, Headway, Write
from tests.school import csv, make_upn

DEE, EVE = make_upn(3), make_upn(4)
PUPILS = "upn,surname,forename,sex,dob,year_group"
COUNTS = re.compile(r"(\d+) new, (\d+) changed, (\d+) same, (\d+) refused")


def workbook(
    rows: Sequence[Sequence[object]],
    *,
    merged: str = "",
    formulas: Sequence[tuple[str, str, object]] = (),
    second: Sequence[Sequence[object]] = (),
) -> bytes:
    """A workbook as a spreadsheet saves it: dates are date cells, blank rows are blank."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for content in (rows, second) if second else (rows,):
            sheet = book.add_worksheet()
            for number, row in enumerate(content):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(number, column, cell, day)
                    elif cell is not None:
                        sheet.write(number, column, cell)
            if merged:
                sheet.merge_range(merged, "merged")
            for cell_name, formula, saved in formulas:
                sheet.write_formula(cell_name, formula, None, saved)
    return out.getvalue()


def bomb() -> bytes:
    """A workbook that unpacks to three hundred times its size."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", " " * 30_000_000)
    return out.getvalue()


MARKS_ROWS = [["UPN", "Subject", "Term", "Grade"], [BEN, "reading", TERM, "3a"], [CAT, "reading", TERM, "4c"]]
PUPIL_ROWS = [PUPILS.upper().split(","), [DEE, "Ali", "Dee", "F", date(2016, 3, 1), 5]]

TAKEN = {
    "UTF-8 with a mark, semicolons, another order, other letter cases": (
        "pupils.csv",
        f"Year Group;FORENAME;Surname;DOB;Sex;UPN\r\n5;Zoë;O’Neill;01/03/2016;f;{DEE.lower()}\r\n".encode("utf-8-sig"),
        1,
    ),
    "UTF-16 with tabs": (
        "pupils.csv",
        f"{PUPILS.replace(',', chr(9))}\r\n{DEE}\tO’Neill\tZoë\tF\t2016-03-01\t5\r\n".encode("utf-16"),
        1,
    ),
    "Windows-1252": ("pupils.csv", f"{PUPILS}\r\n{DEE},O’Neill,Zoë,F,2016-03-01,5\r\n".encode("cp1252"), 1),
    "date cells, and numbers that are whole": ("pupils.xlsx", workbook(PUPIL_ROWS), 1),
    "blank rows and blank columns": (
        "assessments.xlsx",
        workbook([[*row[:1], None, *row[1:]] for row in [MARKS_ROWS[0], [], MARKS_ROWS[1], [], [], MARKS_ROWS[2]]]),
        2,
    ),
    "formulas with their saved values": (
        "assessments.xlsx",
        workbook(MARKS_ROWS, formulas=[("D2", '=CONCATENATE("3","a")', "3a")]),
        2,
    ),
    "headers and nothing else": ("pupils.csv", PUPILS.encode(), 0),
    "a capital ending": ("PUPILS.CSV", csv(PUPILS, f"{DEE},Ali,Dee,F,2016-03-01,5"), 1),
}

REFUSED = {
    "a lost quote": (
        "pupils.csv",
        csv(PUPILS, f'{DEE},"Ali,Dee,F,2016-03-01,5', f"{EVE},Bell,Eve,F,2016-03-02,5"),
        "pupils.csv, row 2",
    ),
    "a grade that Excel made a date": (
        "assessments.xlsx",
        workbook([MARKS_ROWS[0], [BEN, "reading", TERM, date(2026, 5, 4)]]),
        "sheet Sheet1, row 2, column grade: '2026-05-04",
    ),
    "a grade that was saved as a date": (
        "assessments.csv",
        csv(MARKS, f"{BEN},reading,{TERM},04-May"),
        "row 2, column grade: '04-May' a spreadsheet seems to have turned a grade into a date",
    ),
    "a grade that was saved with an exponent": (
        "assessments.csv",
        csv(MARKS, f"{BEN},reading,{TERM},1.0E+1"),
        "row 2, column grade: '1.0E+1' a spreadsheet seems to have turned it into a number with an exponent",
    ),
    "a digit that is not ASCII": (
        "assessments.csv",
        csv(MARKS, f"{BEN},reading,{TERM},٣a"),
        "row 2, column grade: '٣a'",
    ),
    "merged cells": ("assessments.xlsx", workbook(MARKS_ROWS, merged="A2:A3"), "merged"),
    "a formula that was never worked out": (
        "assessments.xlsx",
        workbook(MARKS_ROWS, formulas=[("D2", "=A1", "")]),
        "row 2",
    ),
    "two sheets": ("assessments.xlsx", workbook(MARKS_ROWS, second=MARKS_ROWS), "Sheet2"),
    "a workbook that is called CSV": ("pupils.csv", workbook(PUPIL_ROWS), "not what its name says"),
    "text that is called a workbook": ("pupils.xlsx", csv(PUPILS), "not what its name says"),
    "an old workbook": ("pupils.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old workbook (XLS)"),
    "a web page": ("pupils.csv", b"<!DOCTYPE html><table><tr><td>upn</td></tr></table>", "a web page"),
    "a truncated workbook": ("pupils.xlsx", workbook(PUPIL_ROWS)[:-200], "pupils.xlsx"),
    "a zip bomb": ("pupils.xlsx", bomb(), "unpack"),
    "an empty file": ("pupils.csv", b"", "the file is empty"),
    "bytes of nothing": ("pupils.csv", bytes(5000), "pupils.csv"),
    "a line of totals": (
        "pupils.csv",
        csv(PUPILS, f"{DEE},Ali,Dee,F,2016-03-01,5", "Total,1,,,,"),
        "row 3, column upn: 'Total'",
    ),
    "a wrong check letter": (
        "pupils.csv",
        csv(PUPILS, f"A{DEE[1:]},Ali,Dee,F,2016-03-01,5"),
        f"Right would be {DEE}",
    ),
    "a pupil twice": (
        "pupils.csv",
        csv(PUPILS, *[f"{DEE},Ali,Dee,F,2016-03-01,5"] * 2),
        "row 2 and row 3 are about the same pupil",
    ),
    "a day that never was": ("pupils.csv", csv(PUPILS, f"{DEE},Ali,Dee,F,31/02/2016,5"), "row 2, column dob"),
    "a cell too many": ("pupils.csv", csv(PUPILS, f"{DEE},Ali,Dee,F,2016-03-01,5,extra"), "row 2"),
    "two columns of one name": ("pupils.csv", csv(PUPILS + ",Year Group"), "year"),
}


def counts(done: Done) -> tuple[int, ...]:
    found = COUNTS.fullmatch(done.last)
    assert found, done.out
    return tuple(int(each) for each in found.groups())


def rows_of(headway: Headway, folder: Path, kind: str) -> list[str]:
    out = folder / f"{kind}-now.csv"
    headway("export", kind, "--out", out)
    return out.read_text("utf-8").splitlines()[1:]


@pytest.mark.parametrize(("name", "content", "n_new"), TAKEN.values(), ids=TAKEN)
def test_it_takes_what_can_be_understood(
    headway: Headway, file: Write, tmp_path: Path, name: str, content: bytes, n_new: int
) -> None:
    kind = name.partition(".")[0].lower()
    before = len(rows_of(headway, tmp_path, kind))

    done = headway("import", file(name, content))

    assert (done.code, done.err) == (0, "")
    assert counts(done) == (n_new, 0, 0, 0)
    assert len(rows_of(headway, tmp_path, kind)) == before + n_new


@pytest.mark.parametrize("case", [*TAKEN][:3])
def test_letters_come_through_every_encoding(headway: Headway, file: Write, tmp_path: Path, case: str) -> None:
    name, content, _ = TAKEN[case]

    headway("import", file(name, content))

    assert any(row.startswith(f"{DEE},O’Neill,Zoë,F,2016-03-01,5,") for row in rows_of(headway, tmp_path, "pupils"))


@pytest.mark.parametrize(("name", "content", "said"), REFUSED.values(), ids=REFUSED)
def test_it_refuses_the_rest_whole_with_its_place(
    headway: Headway, file: Write, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    kinds = ("pupils", "assessments")
    before = [rows_of(headway, tmp_path, kind) for kind in kinds]

    done = headway("import", file(name, content))

    assert done.code == 1
    assert said in done.err
    assert name in done.err
    assert counts(done)[3] >= 1
    assert [rows_of(headway, tmp_path, kind) for kind in kinds] == before


def test_every_refusal_is_given_at_once(headway: Headway, file: Write) -> None:
    rows = [f"{upn},Ali,Dee,{sex},{dob},5" for upn, sex, dob in ((DEE, "X", "2016-03-01"), (EVE, "F", "1.3.16"))]

    done = headway("import", file("pupils.csv", csv(PUPILS, *rows)))

    assert counts(done) == (0, 0, 0, 2)
    assert [line.partition(": ")[0] for line in done.err.splitlines()[:2]] == [
        "pupils.csv, row 2, column sex",
        "pupils.csv, row 3, column dob",
    ]
    assert all("Right would be" in line for line in done.err.splitlines()[:2])


def test_a_hundred_thousand_rows_are_read_and_each_is_answered_for(headway: Headway, file: Write) -> None:
    rows = [f"{BEN},reading,{TERM},9z,{number}" for number in range(100_000)]

    done = headway("import", file("behaviour.csv", csv("upn,date,type,points,note", *rows)))

    assert done.code == 1
    assert counts(done) == (0, 0, 0, 100_000)


def test_a_cell_named_by_a_thousand_rows_is_refused_in_short_sentences(headway: Headway, file: Write) -> None:
    done = headway("import", file("assessments.csv", csv(MARKS, *[f"{BEN},reading,{TERM},3a"] * 1_000)))

    assert counts(done) == (0, 0, 0, 1_000)
    assert max(map(len, done.err.splitlines())) < 1_000
