"""Rows of cells under headers, each row with its place; knows nothing of CSV, XLSX or what the columns mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain, pairwise

from headway.formats.refusals import FileRefused, Problem, refused

__all__ = ["Cell", "CellsSeen", "Row", "Table", "column_letters", "normalised", "tabulate", "without_notes"]

Cell = str | int | float | bool | date | datetime | time | None

MOST_ROWS = 200_000
MOST_COLUMNS = 1_000
MOST_CELLS = 4_000_000
MOST_PROBLEMS = 100
NOTE_SIGN = "# "

_RUN_OF_GAPS = re.compile(r"[\s\-]+")


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the line it begins on, as a person sees it, and its cells by normalised header."""

    number: int
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: headers as written, in order, and the rows that are not wholly blank."""

    file: str
    sheet: str | None
    headers: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The normalised headers, in order: the keys of every row's cells."""
        return tuple(normalised(header) for header in self.headers)


class CellsSeen(dict[str, Cell]):
    """Texts already met and the cells they are, so that a value that comes again is worked out and kept once."""

    MOST = 50_000

    def __init__(self, cell_of: Callable[[str], Cell]) -> None:
        super().__init__()
        self._cell_of = cell_of

    def __missing__(self, text: str) -> Cell:
        cell = self._cell_of(text)
        if len(self) < self.MOST:
            self[text] = cell
        return cell


def normalised(header: str) -> str:
    """The name a header goes by: ``" Year Group"`` and ``year-group`` are both ``year_group``."""
    return _RUN_OF_GAPS.sub("_", header.strip().casefold())


def column_letters(position: int) -> str:
    """The letters a spreadsheet gives the column at a position counted from 0: ``A``, ``Z``, ``AA``."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def without_notes(records: Iterable[tuple[int, list[Cell]]]) -> Iterator[tuple[int, list[Cell]]]:
    """Leave out wholly blank rows, and the notes our own exports put after a blank row at the very end.

    A note is a row whose only cell begins with ``# ``. Such a row anywhere else is data.
    """
    after_blank = False
    held: list[tuple[int, list[Cell]]] = []
    for record in records:
        cells = record[1]
        if cells.count(None) == len(cells):
            after_blank = True
        elif after_blank and _is_note(cells):
            held.append(record)
        else:
            yield from held
            yield record
            held, after_blank = [], False


def _is_note(cells: Sequence[Cell]) -> bool:
    first = cells[0]
    return isinstance(first, str) and first.startswith(NOTE_SIGN) and cells.count(None) == len(cells) - 1


def tabulate(
    records: Iterable[tuple[int, list[Cell]]], *, file: str, sheet: str | None = None, first_column: int = 0
) -> Table:
    """Put records (line number, cleaned cells; none wholly blank) under the first of them as the headers."""
    records = iter(records)
    header = next(records, None)
    if header is None:
        raise refused(file, sheet=sheet, wrong="the file is empty", right="a row of headers with rows below it")
    columns = _Columns.under(header, file=file, sheet=sheet, first_column=first_column)
    rows: list[Row] = []
    problems: list[Problem] = []
    for number, cells in records:
        stray = columns.first_stray(cells)
        if stray is not None:
            problems.append(columns.stray_problem(number, cells, stray))
            if len(problems) == MOST_PROBLEMS:
                raise FileRefused(problems)
            continue
        rows.append(Row(number, dict(zip(columns.names, columns.pick(cells), strict=True))))
        if len(rows) > MOST_ROWS or len(rows) * len(columns.names) > MOST_CELLS:
            raise refused(
                file,
                sheet=sheet,
                wrong=f"the file is too long: more than {MOST_ROWS:,} rows, or {MOST_CELLS:,} cells",
                right="the rows shared out over several files",
            )
    if problems:
        raise FileRefused(problems)
    return Table(file, sheet, columns.headers, tuple(rows))


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which positions of a record stand under which header."""

    file: str
    sheet: str | None
    first_column: int
    headers: tuple[str, ...]
    names: tuple[str, ...]
    positions: tuple[int, ...]
    width: int

    @classmethod
    def under(cls, header: tuple[int, list[Cell]], *, file: str, sheet: str | None, first_column: int) -> _Columns:
        number, cells = header
        positions = tuple(position for position, cell in enumerate(cells) if cell is not None)
        headers = tuple(str(cells[position]).strip() for position in positions)
        names = tuple(normalised(each) for each in headers)
        columns = cls(file, sheet, first_column, headers, names, positions, positions[-1] + 1)
        if len(positions) > MOST_COLUMNS:
            raise columns.refused(
                number,
                wrong=f"there are {len(positions):,} headers",
                right=f"at most {MOST_COLUMNS:,}",
            )
        problems = columns._same_twice(number)
        if problems:
            raise FileRefused(problems)
        return columns

    def refused(self, number: int, *, wrong: str, right: str) -> FileRefused:
        return refused(self.file, sheet=self.sheet, row=number, wrong=wrong, right=right)

    def _same_twice(self, number: int) -> list[Problem]:
        by_name = sorted(zip(self.names, self.positions, self.headers, strict=True))
        return [
            Problem(
                self.file,
                self.sheet,
                number,
                again,
                "",
                f"the headers '{first}' (column {self._letters(one)}) and '{again}' "
                f"(column {self._letters(two)}) are the same",
                "one column for each header",
            )
            for (name, one, first), (next_name, two, again) in pairwise(by_name)
            if name == next_name
        ]

    def _letters(self, position: int) -> str:
        return column_letters(self.first_column + position)

    def first_stray(self, cells: list[Cell]) -> int | None:
        """The position of the first cell that holds something but has no header above it."""
        without_gaps = len(self.positions) == self.width
        if without_gaps and len(cells) <= self.width:
            return None
        gaps = () if without_gaps else sorted(set(range(min(self.width, len(cells)))) - set(self.positions))
        under_none = chain(gaps, range(self.width, len(cells)))
        return next((position for position in under_none if cells[position] is not None), None)

    def stray_problem(self, number: int, cells: list[Cell], stray: int) -> Problem:
        if stray < self.width:
            right = "a header above every column that is used"
        else:
            right = (
                f"no more cells than the header row has ({self.width}): put quote marks round a text that has the "
                "delimiter in it, and leave out any row above the headers"
            )
        wrong = f"stands in column {self._letters(stray)}, which has no header"
        return Problem(self.file, self.sheet, number, self._letters(stray), str(cells[stray]), wrong, right)

    def pick(self, cells: list[Cell]) -> Sequence[Cell]:
        short = self.width - len(cells)
        if short > 0:
            cells = cells + [None] * short
        if len(self.positions) < self.width:
            return [cells[position] for position in self.positions]
        return cells if short >= 0 else cells[: self.width]
