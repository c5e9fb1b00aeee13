"""XLSX files as spreadsheets make them, and as they break."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import date, datetime, time

import pytest
import xlsxwriter

from headway.formats import xlsx_package
from headway.formats.sheets_out import write_xlsx
from headway.formats.tables import FileRefused, Table, read

PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DOCTYPE = '<!DOCTYPE x [<!ENTITY a "b">]>'


def sheet(rows: str, *, after: str = "") -> str:
    return f"<worksheet><sheetData>{rows}</sheetData>{after}</worksheet>"


def text(reference: str, value: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{value}</t></is></c>'


HEADER = f'<row r="1">{text("A1", "upn")}{text("B1", "grade")}</row>'
ROW = f'<row r="2">{text("A2", "A1")}<c r="B2"><v>4</v></c></row>'


def workbook(
    *sheets: str,
    states: Mapping[int, str] | None = None,
    parts: Mapping[str, str] | None = None,
    date1904: bool = False,
) -> bytes:
    """A workbook of sheets S1, S2 …, written by hand, so that it can be wrong in every way."""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(
        f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}" state="{(states or {}).get(n, "visible")}"/>' for n in numbers
    )
    related = "".join(
        f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    members = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns:r="{OFFICE}"><workbookPr date1904="{int(date1904)}"/>'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{related}</Relationships>',
        **{f"xl/worksheets/sheet{n}.xml": sheets[n - 1] for n in numbers},
        **(parts or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def table(content: bytes) -> Table:
    return read(content, file="marks.xlsx")


def refusal(content: bytes) -> FileRefused:
    with pytest.raises(FileRefused) as caught:
        table(content)
    return caught.value


def made(*cells: object, headers: int | None = None, number_format: str = "General") -> bytes:
    """A workbook made by a real writer: headers A, B, … and one row of cells."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "nan_inf_to_errors": False}) as book:
        page = book.add_worksheet("Marks")
        look = book.add_format({"num_format": number_format})
        for column in range(headers or len(cells)):
            page.write_string(0, column, chr(ord("A") + column))
        for column, cell in enumerate(cells):
            page.write(1, column, cell, look)
    return out.getvalue()


def test_it_gives_cells_as_the_sheet_held_them() -> None:
    found = table(made("4b", 4, 4.0, 2.5, -1, True, 1e20))

    assert found.sheet == "Marks"
    assert found.rows[0].number == 2
    assert list(found.rows[0].cells.values()) == ["4b", 4, 4, 2.5, -1, True, 1e20]
    assert [type(cell) for cell in found.rows[0].cells.values()] == [str, int, int, float, int, bool, float]


@pytest.mark.parametrize(
    ("number_format", "value", "cell"),
    [
        ("yyyy-mm-dd", date(2026, 12, 4), date(2026, 12, 4)),
        ("d-mmm", 46117, date(2026, 4, 5)),
        ("yyyy-mm-dd hh:mm", datetime(2026, 12, 4, 9, 30), datetime(2026, 12, 4, 9, 30)),
        ("hh:mm", time(9, 30), time(9, 30)),
        ("[h]:mm:ss", 1.5, "36:00:00"),
        ("0.0E+00", 10, 10),
        ("0%", 0.5, 0.5),
    ],
)
def test_it_gives_dates_as_dates_and_numbers_as_numbers(number_format: str, value: object, cell: object) -> None:
    assert table(made(value, number_format=number_format)).rows[0].cells["a"] == cell


def test_it_counts_dates_from_1904_where_the_workbook_does() -> None:
    styles = '<styleSheet><cellXfs count="1"><xf numFmtId="14"/></cellXfs></styleSheet>'
    related = (
        f'<Relationships><Relationship Id="r1" Type="{OFFICE}/worksheet" Target="/xl/worksheets/sheet1.xml"/>'
        f'<Relationship Id="r2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
    )
    parts = {"xl/styles.xml": styles, "xl/_rels/workbook.xml.rels": related}
    page = sheet(HEADER + '<row r="2"><c r="A2" s="0"><v>1</v></c></row>')

    assert table(workbook(page, parts=parts)).rows[0].cells["upn"] == date(1900, 1, 1)
    assert table(workbook(page, parts=parts, date1904=True)).rows[0].cells["upn"] == date(1904, 1, 2)


def test_it_takes_outer_white_space_off_text() -> None:
    assert table(made(" \u00a04b\u00a0\t", "\u00a0 ", "x")).rows[0].cells == {"a": "4b", "b": None, "c": "x"}


def test_it_gives_text_with_any_letters() -> None:
    words = "Zoë £5 ‘x’ 李 _x0041_ \x07 a\r\nb\rc"

    assert table(made(words)).rows[0].cells["a"] == words


@pytest.mark.parametrize("number", ["nan", "inf", "1e999"])
def test_it_gives_no_number_as_text(number: str) -> None:
    cell = table(workbook(sheet(HEADER + f'<row r="2"><c r="A2"><v>{number}</v></c></row>'))).rows[0].cells["upn"]

    assert cell in {"nan", "inf"}


def test_it_numbers_rows_and_columns_as_the_sheet_does() -> None:
    page = sheet(
        f'<row r="3">{text("C3", "upn")}{text("D3", "grade")}</row>'
        f'<row r="5"><c r="D5"><v>4</v></c></row><row r="9">{text("C9", "A1")}{text("E9", "x")}</row>'
    )
    (problem,) = refusal(workbook(page)).problems
    assert (problem.sheet, problem.row, problem.column) == ("S1", 9, "E")

    found = table(workbook(page.replace(text("E9", "x"), "")))
    assert [(row.number, dict(row.cells)) for row in found.rows] == [
        (5, {"upn": None, "grade": 4}),
        (9, {"upn": "A1", "grade": None}),
    ]


def test_it_reads_cells_that_do_not_say_where_they_stand() -> None:
    page = sheet("<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c><c><v>4</v></c></row>")

    assert table(workbook(page)).rows[0].cells == {"1": 3, "2": 4}


def test_it_reads_elements_with_a_namespace_prefix() -> None:
    page = "<x:worksheet><x:sheetData><x:row r='1'><x:c r='A1' t='str'><x:v>upn</x:v></x:c></x:row>"
    page += "<x:row r='2'><x:c r='A2' t='e'><x:v>#N/A</x:v></x:c></x:row></x:sheetData></x:worksheet>"

    assert refusal(workbook(page)).problems[0].value == "#N/A"


def test_it_passes_over_blank_rows_and_formatted_blank_cells() -> None:
    blanks = "".join(f'<row r="{n}"><c r="A{n}" s="0"/><c r="XFD{n}" s="0"/></row>' for n in range(3, 3000))

    assert len(table(workbook(sheet(HEADER + ROW + blanks))).rows) == 1


def test_it_gives_a_table_of_no_rows_for_a_header_alone() -> None:
    assert table(workbook(sheet(HEADER))).rows == ()


@pytest.mark.parametrize("pages", [[sheet("")], [sheet('<row r="1"><c r="A1" s="0"/></row>'), sheet("")]])
def test_it_refuses_an_empty_workbook(pages: list[str]) -> None:
    assert "the file is empty" in str(refusal(workbook(*pages)))


def test_it_refuses_two_columns_of_one_name() -> None:
    page = sheet(f'<row r="1">{text("B1", "UPN")}{text("C1", "grade")}{text("D1", "upn")}</row>')

    assert "'UPN' (column B) and 'upn' (column D)" in str(refusal(workbook(page)))


def test_it_gives_the_saved_value_of_a_formula() -> None:
    page = sheet(
        HEADER + '<row r="2"><c r="A2" t="str"><f>"A"&amp;"1"</f><v>A1</v></c><c r="B2"><f>2+2</f><v>4</v></c></row>'
        '<row r="3"><c r="A3" t="str"><f>"A2"</f><v>A2</v></c><c r="B3" t="str"><f>""</f><v></v></c></row>'
    )

    assert [dict(row.cells) for row in table(workbook(page)).rows] == [
        {"upn": "A1", "grade": 4},
        {"upn": "A2", "grade": None},
    ]


@pytest.mark.parametrize("value", ["", "<v></v>", "<v/>", "<v> </v>"])
def test_it_refuses_a_formula_without_a_saved_value_and_names_the_cell(value: str) -> None:
    page = sheet(HEADER + f'<row r="2">{text("A2", "A1")}<c r="B2"><f>2+2</f>{value}</c></row>')
    (problem,) = refusal(workbook(page)).problems

    assert (problem.sheet, problem.row, problem.column) == ("S1", 2, "B")
    assert "cell B2" in problem.wrong


def test_it_refuses_every_error_value_and_names_the_cells() -> None:
    page = sheet(
        HEADER + f'<row r="2">{text("A2", "A1")}<c r="B2" t="e"><v>#N/A</v></c></row>'
        f'<row r="3">{text("A3", "A2")}<c r="B3" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    problems = refusal(workbook(page)).problems

    assert [(problem.row, problem.column, problem.value) for problem in problems] == [
        (2, "B", "#N/A"),
        (3, "B", "#DIV/0!"),
    ]


def test_it_stops_after_a_hundred_problems() -> None:
    errors = "".join(f'<row r="{n}"><c r="B{n}" t="e"><v>#REF!</v></c></row>' for n in range(2, 2000))

    assert len(refusal(workbook(sheet(HEADER + errors))).problems) == 100


def test_it_refuses_merged_cells_below_the_header_and_names_the_range() -> None:
    merged = '<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="A2:A3"/></mergeCells>'
    problems = refusal(workbook(sheet(HEADER + ROW, after=merged))).problems

    assert [problem.value for problem in problems] == ["A2:A3"]
    assert "merged" in problems[0].wrong


def test_it_takes_merged_cells_in_the_header_row() -> None:
    page = sheet(HEADER + ROW, after='<mergeCells><mergeCell ref="B1:C1"/></mergeCells>')

    assert len(table(workbook(page)).rows) == 1


def test_it_refuses_several_sheets_with_cells_and_names_them() -> None:
    problem = refusal(workbook(sheet(HEADER), sheet(""), sheet(HEADER))).problems[0]

    assert "'S1', 'S3'" in problem.wrong


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_it_ignores_hidden_sheets(state: str) -> None:
    content = workbook(sheet(HEADER), sheet(HEADER + ROW), states={1: state})

    assert table(content).sheet == "S2"


def test_it_ignores_the_notes_our_own_exports_write() -> None:
    content = write_xlsx(["upn"], [["A1"]], sheet="pupils", notes=["One pupil is missing."])

    assert [row.cells for row in table(content).rows] == [{"upn": "A1"}]


def test_it_leaves_out_notes_that_came_from_a_csv() -> None:
    page = sheet(HEADER + ROW + f'<row r="4">{text("A4", "# Made on 4 December")}</row>')

    assert len(table(workbook(page)).rows) == 1


# What a stranger may send


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "docProps/core.xml"])
@pytest.mark.parametrize("padding", ["", f"<!--{'x' * 3000}-->"])
def test_it_refuses_a_document_type_in_any_part(part: str, padding: str) -> None:
    assert "DOCTYPE" in str(refusal(workbook(sheet(HEADER), parts={part: padding + DOCTYPE + "<x/>"})))


def test_it_refuses_a_document_type_behind_long_padding() -> None:
    page = f"<!--{'x' * 500_000}-->{DOCTYPE}{sheet(HEADER)}"

    assert "DOCTYPE" in str(refusal(workbook(page)))


@pytest.mark.parametrize(
    "name", ["../evil.xml", "xl/../../evil.xml", "/etc/evil.xml", "xl\\..\\evil.xml", "C:/evil.xml"]
)
def test_it_refuses_a_part_that_points_outside(name: str) -> None:
    assert "points outside" in str(refusal(workbook(sheet(HEADER), parts={name: "<x/>"})))


def test_it_refuses_two_parts_of_one_name() -> None:
    assert "more than once" in str(refusal(workbook(sheet(HEADER), parts={"XL/Workbook.xml": "<x/>"})))


def test_it_refuses_macros() -> None:
    assert "macros" in str(refusal(workbook(sheet(HEADER), parts={"xl/vbaProject.bin": "x"})))


def test_it_refuses_too_many_parts() -> None:
    parts = {f"xl/media/{number}.xml": "<x/>" for number in range(196)}

    assert "201 parts" in str(refusal(workbook(sheet(HEADER), parts=parts)))


def test_it_refuses_a_part_that_unpacks_to_a_hundred_times_its_size() -> None:
    assert "100 times" in str(refusal(workbook(sheet(HEADER), parts={"xl/media/a.xml": " " * 1_100_000})))


@pytest.mark.parametrize(("limit", "most"), [("MOST_BYTES", 500), ("MOST_UNPACKED", 500)])
def test_it_refuses_a_workbook_beyond_its_size(limit: str, most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_package, limit, most)

    assert "several files" in str(refusal(workbook(sheet(HEADER))))


def test_it_refuses_a_part_longer_than_the_directory_says() -> None:
    content = bytearray(workbook(sheet(HEADER + ROW)))
    entry = content.rfind(b"PK\x01\x02", 0, content.rfind(b"xl/worksheets/sheet1.xml"))
    content[entry + 24 : entry + 28] = (40).to_bytes(4, "little")

    assert "damaged" in str(refusal(bytes(content)))


def test_it_refuses_a_locked_part() -> None:
    content = bytearray(workbook(sheet(HEADER)))
    entry = content.rfind(b"PK\x01\x02")
    content[entry + 8] |= 1

    assert "password" in str(refusal(bytes(content)))


def test_it_refuses_a_cell_far_outside_the_table() -> None:
    page = sheet(HEADER + ROW + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')

    assert "up to row 1,048,576 and column XFD" in str(refusal(workbook(page)))


@pytest.mark.parametrize("reference", ["", "B", "2", "AAAA2", "XFE2", "A0", "A1048577", "b2", "B2:C3"])
def test_it_refuses_a_cell_that_stands_nowhere(reference: str) -> None:
    page = sheet(HEADER + f'<row r="2"><c r="{reference}"><v>1</v></c></row>')

    assert "damaged" in str(refusal(workbook(page)))


def test_it_refuses_xml_nested_beyond_reason() -> None:
    assert "damaged" in str(refusal(workbook(sheet(HEADER, after="<a>" * 2000 + "</a>" * 2000))))


def test_it_refuses_more_than_200_000_rows() -> None:
    rows = "".join(f"<row><c><v>{number * 7919}</v></c></row>" for number in range(200_002))

    assert "more than 200,000 rows" in str(refusal(workbook(sheet(rows))))


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/workbook.xml": "<workbook><sheets>"},
        {"xl/workbook.xml": ""},
        {"_rels/.rels": "<Relationships/>"},
        {"xl/_rels/workbook.xml.rels": "<Relationships/>"},
        {"xl/worksheets/sheet1.xml": sheet('<row r="1"><c r="A1" t="s"><v>9</v></c></row>')},
        {"xl/worksheets/sheet1.xml": sheet('<row r="1"><c r="A1" t="zz"><v>9</v></c></row>')},
    ],
)
def test_it_refuses_a_workbook_whose_parts_do_not_fit(parts: dict[str, str]) -> None:
    assert "damaged" in str(refusal(workbook(sheet(HEADER), parts=parts)))


def test_it_refuses_a_workbook_cut_short_anywhere() -> None:
    content = workbook(sheet(HEADER + ROW))

    for length in range(4, len(content), 97):
        refusal(content[:length])
