"""Rows of values as the bytes of a CSV or XLSX file; knows nothing of what the columns mean.

The same rows give the same bytes. What is written here is read back unchanged by ``headway.formats.tables``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from headway.formats.csv_tables import DELIMITERS
from headway.formats.formula_guard import guarded
from headway.formats.grid import NOTE_SIGN
from headway.formats.xlsx_tables import NOTES_SHEET

__all__ = ["Value", "write_csv", "write_xlsx"]

Value = str | int | Decimal | float | bool | date | None

LONGEST_XLSX_TEXT = 32_767
MOST_XLSX_ROWS = 1_048_576
# Above this a spreadsheet's numbers are no longer exact, so a whole number is written as text.
_LARGEST_EXACT = 2**53
_NARROWEST, _WIDEST = 8, 60
_SAVED_ON = datetime(2000, 1, 1, tzinfo=UTC)


def write_csv(headers: Sequence[str], rows: Iterable[Sequence[Value]], *, notes: Sequence[str] = ()) -> bytes:
    """A CSV file: UTF-8 without a mark (scripts trip over one; spreadsheets have XLSX), commas, CRLF lines.

    Text that a spreadsheet would run is guarded (``formula_guard``); yes/no is Y/N; rows wholly blank are left
    out. Notes follow a blank line at the end, each line of them beginning with ``# ``.
    """
    out = io.StringIO(newline="")
    # A header that holds another delimiter is quoted, so that no reader takes that one for the file's own.
    needs_quotes = any(delimiter in header for header in headers for delimiter in DELIMITERS)
    csv.writer(out, quoting=csv.QUOTE_ALL if needs_quotes else csv.QUOTE_MINIMAL).writerow(
        [guarded(header) for header in headers]
    )
    writer = csv.writer(out)
    for row in rows:
        cells = [_as_text(value) for value in _checked(row, headers)]
        if any(cells):
            writer.writerow(cells)
    lines = _note_lines(notes)
    if lines:
        out.write("\r\n")
        writer.writerows([f"{NOTE_SIGN}{line}"] for line in lines)
    return out.getvalue().encode("utf-8")


def write_xlsx(
    headers: Sequence[str], rows: Iterable[Sequence[Value]], *, sheet: str, notes: Sequence[str] = ()
) -> bytes:
    """An XLSX file of one sheet, and a sheet of notes where there are any.

    Text is always text, never a formula, a link or a number; numbers are numbers; dates are dates; yes/no is Y/N.
    The header row is bold, stays in sight and filters. Raises ``ValueError`` where a sheet cannot hold the rows.
    """
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as workbook:
        workbook.set_properties({"created": _SAVED_ON})
        page = _Page(workbook, sheet, headers)
        for row in rows:
            page.add(_checked(row, headers))
        page.finish()
        lines = _note_lines(notes)
        if lines:
            notes_page = workbook.add_worksheet(NOTES_SHEET)
            notes_page.set_column(0, 0, 100)
            for number, line in enumerate(lines):
                notes_page.write_string(number, 0, line)
    return out.getvalue()


def _checked(row: Sequence[Value], headers: Sequence[str]) -> Sequence[Value]:
    if len(row) != len(headers):
        raise ValueError(f"a row has {len(row)} values under {len(headers)} headers")
    return row


def _note_lines(notes: Sequence[str]) -> list[str]:
    return [line.strip() for note in notes for line in note.splitlines() if line.strip()]


def _as_text(value: Value) -> str:
    """A value as a CSV holds it: a number without an exponent, a date as yyyy-mm-dd."""
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    exact = Decimal(repr(value)) if isinstance(value, float) else value
    if not exact.is_finite():
        raise ValueError(f"{value} is not a number that a file can hold")
    return format(exact, "f")


class _Page:
    """The sheet with the table on it, filled row by row."""

    def __init__(self, workbook: Any, name: str, headers: Sequence[str]) -> None:
        self._sheet = workbook.add_worksheet(name)
        self._date = workbook.add_format({"num_format": "yyyy-mm-dd"})
        bold = workbook.add_format({"bold": True, "bottom": 1})
        for column, header in enumerate(headers):
            self._sheet.write_string(0, column, header, bold)
        self._widths = [len(header) + 3 for header in headers]  # room for the filter's arrow
        self._n_rows = 1

    def add(self, row: Sequence[Value]) -> None:
        if all(value is None or value == "" for value in row):
            return
        if self._n_rows == MOST_XLSX_ROWS:
            raise ValueError(f"a sheet holds at most {MOST_XLSX_ROWS:,} rows")
        for column, value in enumerate(row):
            if value is None or value == "":
                continue
            width = self._write(self._n_rows, column, value)
            self._widths[column] = max(self._widths[column], width)
        self._n_rows += 1

    def _write(self, row: int, column: int, value: Value) -> int:
        if isinstance(value, bool):
            value = "Y" if value else "N"
        elif isinstance(value, int) and abs(value) > _LARGEST_EXACT:
            value = str(value)
        if isinstance(value, str):
            if len(value) > LONGEST_XLSX_TEXT:
                raise ValueError(f"a text of {len(value):,} letters is longer than a cell holds")
            self._sheet.write_string(row, column, value)
            return len(value) + 1
        if isinstance(value, date):
            self._sheet.write_datetime(row, column, value, self._date)
            return 11
        text = _as_text(value)  # refuses what is no number
        self._sheet.write_number(row, column, float(text))
        return len(text) + 1

    def finish(self) -> None:
        for column, width in enumerate(self._widths):
            self._sheet.set_column(column, column, max(_NARROWEST, min(width, _WIDEST)))
        self._sheet.freeze_panes(1, 0)
        if self._widths:
            self._sheet.autofilter(0, 0, self._n_rows - 1, len(self._widths) - 1)
