"""What is written is read back unchanged, runs nothing, and is the same every time."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from headway.formats.formula_guard import guarded, unguarded
from headway.formats.sheets_out import Value, write_csv, write_xlsx
from headway.formats.tables import Table, read

HEADERS = ["upn", "surname", "points", "agreed_on", "fsm"]
ROWS: list[list[Value]] = [
    ["A1", "O’Neill", Decimal("27.5"), date(2026, 12, 4), True],
    ["A2", "Zoë £", 27, None, False],
    ["A3", None, -0.5, date(2026, 1, 2), None],
]
RUNS = ["=1+1", "+SUM(A1)", "-1-2", "@x", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x", "-", "+ve", "--5", "-1e3"]

# Text as it is stored: no outer white space, none of the letters no file can hold.
words = st.text(
    alphabet=st.one_of(
        st.sampled_from("=+-@'\"#,;\t\r\n 09aé£＝"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffe\uffff"),
    ),
    max_size=12,
).map(str.strip)


def from_csv(headers: list[str], rows: list[list[Value]], **options: list[str]) -> Table:
    return read(write_csv(headers, rows, **options), file="a.csv")


def from_xlsx(headers: list[str], rows: list[list[Value]], **options: list[str]) -> Table:
    return read(write_xlsx(headers, rows, sheet="a", **options), file="a.xlsx")


def values(table: Table) -> list[list[object]]:
    return [list(row.cells.values()) for row in table.rows]


def part(content: bytes, name: str) -> ET.Element:
    return ET.fromstring(zipfile.ZipFile(io.BytesIO(content)).read(name))


def test_it_writes_plain_utf_8_with_accents() -> None:
    assert (
        write_csv(HEADERS, ROWS)
        == (
            "upn,surname,points,agreed_on,fsm\r\n"
            "A1,O’Neill,27.5,2026-12-04,Y\r\n"
            "A2,Zoë £,27,,N\r\n"
            "A3,,-0.5,2026-01-02,\r\n"
        ).encode()
    )


def test_it_writes_an_xlsx_with_typed_cells() -> None:
    assert values(from_xlsx(HEADERS, ROWS)) == [
        ["A1", "O’Neill", 27.5, date(2026, 12, 4), "Y"],
        ["A2", "Zoë £", 27, None, "N"],
        ["A3", None, -0.5, date(2026, 1, 2), None],
    ]


def test_it_writes_the_same_bytes_every_time() -> None:
    assert write_csv(HEADERS, iter(ROWS), notes=["x"]) == write_csv(HEADERS, ROWS, notes=["x"])
    once = write_xlsx(HEADERS, iter(ROWS), sheet="a", notes=["x"])
    assert once == write_xlsx(HEADERS, ROWS, sheet="a", notes=["x"])
    assert b"2000-01-01T00:00:00Z" in zipfile.ZipFile(io.BytesIO(once)).read("docProps/core.xml")


@pytest.mark.parametrize("text", RUNS)
def test_it_writes_text_in_a_csv_so_that_no_spreadsheet_runs_it(text: str) -> None:
    written = write_csv(["upn", "note"], [["A1", text]]).decode("utf-8")

    assert written.split("\r\n", 1)[1].removeprefix("A1,").removeprefix('"').startswith("'")
    assert values(from_csv(["upn", "note"], [["A1", text]])) == [["A1", text]]


@pytest.mark.parametrize("text", ["=1+1", "https://x.example", "0123", "-1", "{=1}", "@x", "mailto:a@b.example"])
def test_it_writes_text_in_an_xlsx_as_text(text: str) -> None:
    content = write_xlsx(["upn", "note"], [["A1", text]], sheet="a")
    names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    cells = [cell for cell in part(content, "xl/worksheets/sheet1.xml").iter() if cell.tag.endswith("}c")]

    assert [cell.get("t") for cell in cells] == ["s", "s", "s", "s"]
    assert not any(child.tag.endswith("}f") for cell in cells for child in cell)
    assert "xl/worksheets/_rels/sheet1.xml.rels" not in names
    assert values(read(content, file="a.xlsx")) == [["A1", text]]


@pytest.mark.parametrize("number", ["-5", "+1", "-0.25", "12", "+27.5"])
def test_it_leaves_a_true_number_a_number(number: str) -> None:
    assert write_csv(["points"], [[number]]).endswith(f"\r\n{number}\r\n".encode())


@pytest.mark.parametrize("text", ["-٣", "-1_000", "-1\n", "-.5", "-1e5", "-", "-nan"])
def test_it_takes_nothing_else_for_a_number(text: str) -> None:
    assert guarded(text) == f"'{text}"


@given(words)
@example("'=x")
@example("''''@")
@example("' '=x")
@settings(max_examples=500)
def test_it_takes_off_exactly_the_guard_it_put_on(text: str) -> None:
    assert unguarded(guarded(text)) == text


@given(st.lists(st.lists(words, min_size=3, max_size=3), max_size=6), st.lists(words, max_size=2))
@example([["# a", "", ""], ["", "", ""], ["# b", "", ""]], ["x"])
@settings(max_examples=300, deadline=None)
def test_it_reads_back_from_a_csv_what_it_wrote(texts: list[list[str]], notes: list[str]) -> None:
    rows: list[list[Value]] = [[f"A{number}", *each] for number, each in enumerate(texts)]

    assert values(from_csv(["upn", "a", "b", "c"], rows, notes=notes)) == [
        [cell or None for cell in row] for row in rows
    ]


@given(st.lists(st.lists(words, min_size=2, max_size=2), max_size=6))
@settings(max_examples=200, deadline=None)
def test_it_reads_back_from_a_csv_rows_without_keys(rows: list[list[Value]]) -> None:
    assert values(from_csv(["a;b", "c\td"], rows)) == [[cell or None for cell in row] for row in rows if any(row)]


@given(st.lists(st.lists(words, min_size=3, max_size=3), max_size=6), st.lists(words, max_size=2))
@settings(max_examples=60, deadline=None)
def test_it_reads_back_from_an_xlsx_what_it_wrote(texts: list[list[str]], notes: list[str]) -> None:
    rows: list[list[Value]] = [[f"A{number}", *each] for number, each in enumerate(texts)]

    assert values(from_xlsx(["upn", "a", "b", "c"], rows, notes=notes)) == [
        [cell or None for cell in row] for row in rows
    ]


@given(st.one_of(st.integers(-(10**14), 10**14), st.decimals(-(10**6), 10**6, places=4)))
@settings(max_examples=100, deadline=None)
def test_it_reads_back_numbers(number: int | Decimal) -> None:
    (((text,)),) = values(from_csv(["points"], [[number]]))
    (((cell,)),) = values(from_xlsx(["points"], [[number]]))

    assert Decimal(str(text)) == number
    assert cell == float(number)


@pytest.mark.parametrize(("number", "text"), [(1e20, b"100000000000000000000"), (1e-7, b"0.0000001"), (0.1, b"0.1")])
def test_it_writes_no_exponents(number: float, text: bytes) -> None:
    assert write_csv(["points"], [[number]]).endswith(b"\r\n" + text + b"\r\n")


def test_it_keeps_every_digit_of_a_long_whole_number() -> None:
    assert values(from_xlsx(["id"], [[2**53 + 1]])) == [["9007199254740993"]]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity")])
def test_it_refuses_to_write_what_is_no_number(number: float | Decimal) -> None:
    with pytest.raises(ValueError, match="not a number"):
        write_csv(["points"], [[number]])
    with pytest.raises(ValueError, match="not a number"):
        write_xlsx(["points"], [[number]], sheet="a")


def test_it_refuses_rows_that_do_not_fit_the_headers() -> None:
    with pytest.raises(ValueError, match="3 values under 2 headers"):
        write_csv(["a", "b"], [["1", "2", "3"]])
    with pytest.raises(ValueError, match="1 values under 2 headers"):
        write_xlsx(["a", "b"], [["1"]], sheet="a")


def test_it_refuses_text_longer_than_a_cell_holds() -> None:
    with pytest.raises(ValueError, match="32,768 letters"):
        write_xlsx(["a"], [["x" * 32_768]], sheet="a")


def test_it_puts_notes_after_a_blank_line_of_a_csv() -> None:
    written = write_csv(["upn"], [["A1"]], notes=["Made on 4 December.", "=x,\n-y"])

    assert written.decode("utf-8") == 'upn\r\nA1\r\n\r\n# Made on 4 December.\r\n"# =x,"\r\n# -y\r\n'


def test_it_puts_notes_on_a_sheet_of_their_own_in_an_xlsx() -> None:
    content = write_xlsx(["upn"], [["A1"]], sheet="pupils", notes=["=1+1"])
    workbook = part(content, "xl/workbook.xml")

    assert [sheet.get("name") for sheet in workbook.iter() if sheet.tag.endswith("}sheet")] == ["pupils", "Notes"]
    assert not any(each.tag.endswith("}f") for each in part(content, "xl/worksheets/sheet2.xml").iter())


def test_it_makes_a_sheet_one_can_work_in() -> None:
    page = part(write_xlsx(HEADERS, ROWS, sheet="pupils"), "xl/worksheets/sheet1.xml")
    found = {element.tag.rpartition("}")[2]: element for element in page.iter()}

    assert found["pane"].get("topLeftCell") == "A2"
    assert found["autoFilter"].get("ref") == "A1:E4"
    assert float(found["col"].get("width") or 0) > 8


def test_it_writes_a_header_alone() -> None:
    assert from_csv(["upn", "a"], []).rows == ()
    assert from_xlsx(["upn", "a"], []).names == ("upn", "a")
