"""The bytes of a CSV or XLSX file as a table of cells with their places.

Knows nothing of what the columns mean, and stores nothing. What a file is, is decided by its content first; a file
that is not what its name says is refused.
"""

from __future__ import annotations

from pathlib import PurePath

from headway.formats.csv_tables import read_csv
from headway.formats.grid import Cell, Row, Table, normalised
from headway.formats.refusals import FileRefused, Problem, refused
from headway.formats.xlsx_tables import read_xlsx

__all__ = ["Cell", "FileRefused", "Problem", "Row", "Table", "normalised", "read"]

_AS_CSV_OR_XLSX = "the table saved as CSV or XLSX from a spreadsheet"

# How the kinds of file that people send by mistake begin.
_NOT_TABLES = {
    b"%PDF": "a PDF",
    b"{\\rtf": "a word processor's document (RTF)",
    b"\x1f\x8b": "a compressed archive (gzip)",
    b"7z\xbc\xaf": "a compressed archive (7z)",
    b"Rar!": "a compressed archive (RAR)",
    b"\x89PNG": "a picture (PNG)",
    b"\xff\xd8\xff": "a picture (JPEG)",
    b"GIF8": "a picture (GIF)",
    b"SQLite format 3\x00": "a database",
    b"PAR1": "a Parquet file",
}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_PAGE = (b"<!doctype html", b"<html", b"<table", b"<head", b"<body", b"<meta", b"<style", b"<div")
_LOCKED = "EncryptedPackage".encode("utf-16-le")

_SAID_BY_NAME = {
    ".csv": "CSV",
    ".tsv": "CSV",
    ".txt": "CSV",
    ".xlsx": "XLSX",
    ".xlsm": "a workbook with macros (XLSM)",
    ".xlsb": "a binary workbook (XLSB)",
    ".xls": "an old workbook (XLS)",
    ".ods": "an OpenDocument file (ODS)",
    ".pdf": "a PDF",
    ".html": "a web page",
    ".htm": "a web page",
    ".xml": "XML",
    ".json": "JSON",
    ".zip": "a zip archive",
    ".docx": "a word processor's document",
}


def read(content: bytes, *, file: str) -> Table:
    """The table a file holds.

    Cells of a CSV are text or None; cells of an XLSX are what the sheet held. Raises ``FileRefused`` with every
    reason that can be found, and nothing else, whatever the bytes are.
    """
    if not content.strip(b"\xef\xbb\xff\xfe\x00 \t\r\n\xbf"):
        raise refused(file, wrong="the file is empty", right="a row of headers with rows below it")
    _refuse_what_is_no_table(content, file=file)
    said = _SAID_BY_NAME.get(PurePath(file).suffix.casefold())
    if not content.startswith(_ZIP):
        _refuse_a_false_name(file, said=said, kind="CSV")
        return read_csv(content, file=file)
    if said == "CSV" and b"xl/workbook" in content:
        _refuse_a_false_name(file, said=said, kind="XLSX")
    table = read_xlsx(content, file=file)
    _refuse_a_false_name(file, said=said, kind="XLSX")
    return table


def _refuse_what_is_no_table(content: bytes, *, file: str) -> None:
    if content.startswith(_OLE):
        locked = _LOCKED in content
        what = "a workbook locked with a password" if locked else "an old workbook (XLS) or another old document"
        raise _not_a_table(file, what)
    for beginning, what in _NOT_TABLES.items():
        if content.startswith(beginning):
            raise _not_a_table(file, what)
    text = content[:2000].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").replace(b"\0", b"").lower()
    if text.startswith(b"<"):
        raise _not_a_table(file, "a web page (HTML)" if text.startswith(_PAGE) else "XML")


def _not_a_table(file: str, what: str) -> FileRefused:
    right = f"{_AS_CSV_OR_XLSX} (Save as, Excel Workbook, XLSX, without a password)"
    return refused(file, wrong=f"the file is {what}", right=right)


def _refuse_a_false_name(file: str, *, said: str | None, kind: str) -> None:
    if said is not None and said != kind:
        content = "XLSX" if kind == "XLSX" else "plain text, such as CSV"
        raise refused(
            file,
            wrong=f"the file is not what its name says: by its name it is {said}, by its content {content}",
            right=f"a file whose name ends in .{kind.lower()}, if {kind} is what was meant",
        )
