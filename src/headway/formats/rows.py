"""A table read as rows of one kind: every cell a value, every refusal with its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from headway.formats.cells import MisreadError, Value
from headway.formats.kinds import Kind
from headway.formats.tables import Cell, FileRefused, Problem, Row, Table

__all__ = ["ParsedRow", "ParsedRows", "read_rows"]


@dataclass(frozen=True, slots=True)
class ParsedRow:
    """One row's values by column; None where the cell is blank or the column absent.

    ``said`` keeps each cell as it was written, for refusals; ``places`` renames a column where the sheet was wide.
    """

    number: int
    values: Mapping[str, Any]
    said: Mapping[str, str]
    places: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ParsedRows:
    """A table's rows that could be read, the refusals of those that could not, and what was left aside."""

    kind: Kind
    file: str
    sheet: str | None
    rows: Sequence[ParsedRow]
    problems: Sequence[Problem]
    ignored: Sequence[str]
    n_blank: int
    wide: bool


def read_rows(table: Table, *, kind: Kind, term: str | None, subjects: Mapping[str, str], wide: bool) -> ParsedRows:
    """Reads a table as rows of a kind; every problem at once.

    ``term`` stands in for a missing or blank term column. A wide mark sheet is turned into its long form first.
    Raises FileRefused where a needed column is missing altogether.
    """
    present = frozenset(table.names)
    source: Sequence[tuple[Row, Mapping[str, str]]]
    if wide:
        source, used = _long_form(table, subjects=subjects)
        if term is None and "term" not in present:
            raise FileRefused((_missing(table, "term", "a wide mark sheet", "--term, such as --term 2026-27-autumn"),))
    else:
        source, used = [(row, {}) for row in table.rows], present & frozenset(kind.headers)
        lacking = sorted(kind.needed - present - ({"term"} if term else set()))
        if lacking:
            raise FileRefused(tuple(_missing(table, name, kind.name, f"a column headed {name}") for name in lacking))
    reader = _Reader(kind, table, term)
    for row, places in source:
        reader.read(row, places)
    ignored = [header for header, name in zip(table.headers, table.names, strict=True) if name not in used]
    return ParsedRows(kind, table.file, table.sheet, reader.rows, reader.problems, ignored, reader.n_blank, wide)


class _Reader:
    """Reads one row after another, keeping the good ones and the problems of the rest."""

    def __init__(self, kind: Kind, table: Table, term: str | None) -> None:
        self.kind, self.table, self.term = kind, table, term
        self.rows: list[ParsedRow] = []
        self.problems: list[Problem] = []
        self.n_blank = 0
        self.graded = "grade" in kind.headers

    def read(self, row: Row, places: Mapping[str, str]) -> None:
        values: dict[str, Value] = {}
        said: dict[str, str] = {}
        refused = False
        for column in self.kind.columns:
            cell = row.cells.get(column.name)
            if cell is None and column.name == "term" and self.term is not None:
                cell = self.term
            said[column.name] = "" if cell is None else str(cell)
            if cell is None:
                values[column.name] = None
                continue
            try:
                values[column.name] = column.read(cell)
            except MisreadError as error:
                refused = True
                self._refuse(row, places.get(column.name, column.name), cell, error.wrong, error.right)
        if self.graded and row.cells.get("grade") is None and not refused:
            self.n_blank += 1
            return
        for column in self.kind.columns:
            if column.needed and values.get(column.name, "") is None:
                refused = True
                self._refuse(row, column.name, None, "it is blank", f"a value: every row needs {column.name}")
        if not refused:
            self.rows.append(ParsedRow(row.number, values, said, places))

    def _refuse(self, row: Row, column: str, cell: Cell, wrong: str, right: str) -> None:
        value = "" if cell is None else str(cell)
        self.problems.append(Problem(self.table.file, self.table.sheet, row.number, column, value, wrong, right))


def _long_form(
    table: Table, *, subjects: Mapping[str, str]
) -> tuple[list[tuple[Row, Mapping[str, str]]], frozenset[str]]:
    """A wide mark sheet's rows as a row a pupil and subject; a refusal still names the sheet's own column."""
    columns = [(header, name) for header, name in zip(table.headers, table.names, strict=True) if name in subjects]
    kept = frozenset(name for _, name in columns) | (frozenset(table.names) & {"upn", "term", "date", "by", "kind"})
    shared = kept - subjects.keys()
    long: list[tuple[Row, Mapping[str, str]]] = [
        (
            Row(
                row.number,
                {**{name: row.cells.get(name) for name in shared}, "subject": subjects[name], "grade": row.cells[name]},
            ),
            {"grade": header, "subject": header},
        )
        for row in table.rows
        for header, name in columns
    ]
    return long, kept


def _missing(table: Table, name: str, what: str, right: str) -> Problem:
    return Problem(table.file, table.sheet, None, name, "", f"{what} needs it and it is not there", right)
