"""A CSV file as records of cells with their lines; knows nothing of what the columns mean."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from headway.formats.csv_text import decode, line_number
from headway.formats.formula_guard import unguarded
from headway.formats.grid import Cell, CellsSeen, Table, tabulate, without_notes
from headway.formats.refusals import FileRefused, refused

__all__ = ["DELIMITERS", "read_csv"]

DELIMITERS = (",", ";", "\t")
MOST_BYTES = 30_000_000
MOST_LINES = 1_000_000
MOST_DELIMITERS = 8_000_000

_DIGITS = re.compile(r"[0-9]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_LINE_END = re.compile(r"\r\n|\r|\n")
_QUOTES_RIGHT = "quote marks in pairs round a whole cell, and a quote mark inside a cell written twice"


def read_csv(content: bytes, *, file: str) -> Table:
    """Read a CSV: every cell is text with the outer white space off, or None where nothing stands."""
    if len(content) > MOST_BYTES:
        raise _too_large(file, wrong=f"the file is larger than {MOST_BYTES // 1_000_000} MB")
    text = decode(content, file=file)
    delimiter = _delimiter(text)
    if line_number(text, len(text)) > MOST_LINES or text.count(delimiter) > MOST_DELIMITERS:
        raise _too_large(file, wrong=f"the file has more than {MOST_LINES:,} lines or {MOST_DELIMITERS:,} cells")
    records = _Records(list(io.StringIO(text, newline="")), file=file, delimiter=delimiter)
    table = tabulate(without_notes(records), file=file)
    records.refuse_if_cut_short(table)
    return table


def _too_large(file: str, *, wrong: str) -> FileRefused:
    return refused(file, wrong=wrong, right="the rows shared out over several files")


def _delimiter(text: str) -> str:
    """The delimiter that stands most often in the header line outside quote marks; a comma if none does."""
    header = text[:100_000].lstrip("\ufeff \r\n\t,;")
    outside: list[str] = []
    for number, piece in enumerate(header.split('"')):
        if number % 2:
            continue
        end = _LINE_END.search(piece)
        outside.append(piece if end is None else piece[: end.start()])
        if end is not None:
            break
    line = "".join(outside)
    return max(DELIMITERS, key=line.count)


class _Records:
    """The records of a CSV, each with the line it begins on; refuses quote marks that do not pair up."""

    def __init__(self, lines: list[str], *, file: str, delimiter: str) -> None:
        self._lines = lines
        self._file = file
        self._delimiter = delimiter
        plain = f'[^"{delimiter}\r\n]*'
        cell = f'(?:"[^"]*(?:""[^"]*)*"|{plain})'
        self._well_quoted = re.compile(f"{cell}(?:{delimiter}{cell})*(?:\r\n|\r|\n)?")
        self._lengths: list[int] = []
        self._last_line = 0

    def __iter__(self) -> Iterator[tuple[int, list[Cell]]]:
        reader = csv.reader(self._lines, delimiter=self._delimiter, strict=True)
        lengths = self._lengths
        seen = CellsSeen(_cell)
        while True:
            number = reader.line_num + 1
            try:
                record = next(reader, None)
            except csv.Error as error:
                raise self._lost_quote(number) from error
            if record is None:
                return
            joined = self._delimiter.join(record)
            if '"' in joined or "\n" in joined or "\r" in joined:
                self._check_quotes(number, reader.line_num, record)
            cells = [seen[text] for text in record]
            if cells.count(None) < len(cells):
                lengths.append(len(cells))
                self._last_line = number
            yield number, cells

    def _check_quotes(self, number: int, last: int, record: list[str]) -> None:
        raw = "".join(self._lines[number - 1 : last])
        if not self._well_quoted.fullmatch(raw) or self._swallows_rows(record):
            raise self._lost_quote(number)

    def _lost_quote(self, number: int) -> FileRefused:
        wrong = 'a quote mark (") is lost: one that opens in this row is not closed, or stands alone in a cell'
        return refused(self._file, row=number, wrong=wrong, right=_QUOTES_RIGHT)

    def _swallows_rows(self, record: list[str]) -> bool:
        """Whether a cell of several lines is really several rows between two stray quote marks.

        It is when, without the quote marks, every line would have exactly as many cells as this record, and the
        last would begin as this record begins (a pupil number, say). No remark happens to look like that.
        """
        width = len(record)
        if width < 3:
            return False
        for position, text in enumerate(record):
            head, *middle = _LINE_END.split(text)
            if not middle:
                continue
            tail = middle.pop()
            full = width - 1
            if (
                head.count(self._delimiter) == full - position
                and tail.count(self._delimiter) == position
                and all(line.count(self._delimiter) == full for line in middle)
            ):
                first = record[0] if position else head.partition(self._delimiter)[0]
                if first and _shape(first) == _shape(tail.partition(self._delimiter)[0]):
                    return True
        return False

    def refuse_if_cut_short(self, table: Table) -> None:
        """Refuse a file that stops in the middle of a row: no line end, and only its last row is short."""
        *others, last = self._lengths
        is_data = bool(table.rows) and table.rows[-1].number == self._last_line  # and not a note
        if not is_data or len(others) < 2 or last >= min(others) or self._lines[-1].endswith(("\r", "\n")):
            return
        raise refused(
            self._file,
            row=self._last_line,
            wrong=f"the file stops in the middle of this row, after {last} of {others[0]} cells",
            right="the whole file, saved or downloaded again",
        )


def _shape(text: str) -> str:
    return _LETTERS.sub("A", _DIGITS.sub("9", text.strip()))


def _cell(text: str) -> Cell:
    text = text.strip()
    return unguarded(text) if text else None
