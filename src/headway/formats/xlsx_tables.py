"""An XLSX file as records of cells with their lines; knows nothing of what the columns mean.

The values are read by calamine from a workbook made here anew out of the parts that were checked: the one sheet,
its strings and its styles. It never sees the file as it came.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from python_calamine import CalamineWorkbook

from headway.formats.grid import (
    MOST_CELLS,
    MOST_PROBLEMS,
    MOST_ROWS,
    Cell,
    CellsSeen,
    Table,
    column_letters,
    tabulate,
    without_notes,
)
from headway.formats.refusals import FileRefused, Problem, refused
from headway.formats.xlsx_package import Package
from headway.formats.xlsx_scan import CellAddress, SheetScan, StringsScan, WorkbookScan
from headway.formats.xlsx_xml import Walk

__all__ = ["NOTES_SHEET", "read_xlsx"]

NOTES_SHEET = "Notes"
# The rectangle a sheet is laid out as may hold blanks beside the cells a table may have.
MOST_LAID_OUT = MOST_CELLS + MOST_CELLS // 2
LONG = 16_000_000

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def read_xlsx(content: bytes, *, file: str) -> Table:
    """Read the one visible sheet that has cells, as the cells stand; blank cells are None."""
    package = Package(content, file=file)
    workbook = _Workbook(package, file=file)
    sheet, path, scan = workbook.the_sheet()
    _refuse_what_cannot_be_taken(scan, file=file, sheet=sheet)
    records = _records(workbook.made_anew(path), scan, package=package)
    return tabulate(without_notes(records), file=file, sheet=sheet, first_column=scan.first_column - 1)


class _Workbook:
    """The sheets of a package, and where its strings and styles are."""

    def __init__(self, package: Package, *, file: str) -> None:
        self._package = package
        self._file = file
        roots = [path for kind, path in package.related("").values() if kind == "officeDocument"]
        if len(roots) != 1:
            raise package.damaged()
        self._scan = WorkbookScan()
        package.read(roots[0], self._scan)
        self._parts = package.related(roots[0])

    def the_sheet(self) -> tuple[str, str, SheetScan]:
        """The name, path and scan of the sheet to read; refuses a workbook with none or several."""
        filled = []
        for name, hidden, part in self._scan.sheets:
            kind, path = self._parts.get(part, ("", ""))
            if hidden or name.casefold() == NOTES_SHEET.casefold() or kind not in {"worksheet", ""}:
                continue
            scan = SheetScan()
            self._package.read(path, scan)
            if scan.n_cells:
                filled.append((name, path, scan))
        if not filled:
            right = "a visible sheet with a row of headers and rows below it"
            raise refused(self._file, wrong="the file is empty: no visible sheet has a cell", right=right)
        if len(filled) > 1:
            names = ", ".join(f"'{name}'" for name, _, _ in filled)
            raise refused(
                self._file,
                wrong=f"several sheets hold cells: {names}",
                right=f"one sheet; keep the one to read (a sheet named {NOTES_SHEET} may stay)",
            )
        return filled[0]

    def made_anew(self, path: str) -> io.BytesIO:
        """A workbook of one sheet, with its strings and styles, and nothing else of the file."""
        copies = {"worksheet": path}
        for kind, walk in (("sharedStrings", StringsScan()), ("styles", Walk())):
            part = next((path for its_kind, path in self._parts.values() if its_kind == kind), None)
            if part is not None and part in self._package:
                self._package.read(part, walk)
                copies[kind] = part
        relations = "".join(
            f'<Relationship Id="{kind}" Type="{_OFFICE}/{kind}" Target="{kind}.xml"/>' for kind in copies
        )
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", compresslevel=1) as target:
            target.writestr("[Content_Types].xml", _TYPES)
            target.writestr(
                "_rels/.rels",
                f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="workbook" '
                f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            )
            target.writestr(
                "xl/workbook.xml",
                f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
                f'<workbookPr date1904="{int(self._scan.counts_from_1904)}"/>'
                '<sheets><sheet name="sheet" sheetId="1" r:id="worksheet"/></sheets></workbook>',
            )
            target.writestr(
                "xl/_rels/workbook.xml.rels",
                f'<Relationships xmlns="{_PACKAGE}">{relations}</Relationships>',
            )
            for kind, part in copies.items():
                # Long parts are packed again: the reader of values holds several copies of what it is given.
                target.compression = zipfile.ZIP_DEFLATED if self._package.size(part) > LONG else zipfile.ZIP_STORED
                with target.open(f"xl/{kind}.xml", "w") as copied:
                    for piece in self._package.pieces(part):
                        copied.write(piece)
        made.seek(0)
        return made


def _refuse_what_cannot_be_taken(scan: SheetScan, *, file: str, sheet: str) -> None:
    if scan.n_rows > MOST_ROWS + 1:
        raise refused(
            file,
            sheet=sheet,
            wrong=f"the sheet is too long: more than {MOST_ROWS:,} rows",
            right="the rows shared out over several files",
        )
    if scan.n_laid_out > MOST_LAID_OUT:
        raise refused(
            file,
            sheet=sheet,
            wrong=f"the cells are spread too far, up to row {scan.last_row:,} and "
            f"column {column_letters(scan.last_column - 1)}",
            right="the table alone, with nothing far below it or to its right",
        )
    problems = [
        _at(address, file=file, sheet=sheet, value=error, wrong="is an error", right="a value")
        for address, error in scan.errors
    ]
    problems += [
        _at(
            address,
            file=file,
            sheet=sheet,
            value="",
            wrong="the formula has no value saved with it",
            right="the workbook opened in a spreadsheet and saved again, or the value typed in",
        )
        for address in scan.formulas_without_value
    ]
    problems += [
        Problem(file, sheet, None, None, merged, "are merged cells", "a value in each cell (unmerge them)")
        for merged in scan.merged_below(scan.first_row)
    ]
    if problems:
        raise FileRefused(problems[:MOST_PROBLEMS])


def _at(address: CellAddress, *, file: str, sheet: str, value: str, wrong: str, right: str) -> Problem:
    row, column = address
    letters = column_letters(column - 1)
    return Problem(file, sheet, row, letters, value, f"{wrong} (cell {letters}{row})", right)


def _records(made: io.BytesIO, scan: SheetScan, *, package: Package) -> Iterator[tuple[int, list[Cell]]]:
    try:
        with CalamineWorkbook.from_filelike(made) as workbook:
            sheet = workbook.get_sheet_by_index(0)
            begins = sheet.start or (0, 0)
            pad: list[Cell] = [None] * (begins[1] + 1 - scan.first_column)
            seen = CellsSeen(lambda text: text.strip() or None)
            for number, row in enumerate(sheet.iter_rows(), start=1):
                yield number, pad + [seen[value] if isinstance(value, str) else _cell(value) for value in row]
    except FileRefused:
        raise
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise package.damaged() from error
        raise


def _cell(value: Any) -> Cell:
    """A cell that is not text, as the table gives it: whole numbers as whole numbers."""
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return int(value)
        return value if abs(value) < float("inf") else str(value)
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    cell: Cell = value
    return cell
