"""What a sheet says of itself before its values are read: its extent, errors, formulas, merged cells.

Knows nothing of files and tables. The reader of values lays a sheet out as a full rectangle and gives an error
as a blank, so both must be known first.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeVar

from headway.formats.xlsx_xml import Damaged, Walk, local_name

__all__ = ["CellAddress", "SheetScan", "StringsScan", "WorkbookScan"]

MOST_STRINGS = 4_000_000
MOST_LISTED = 1_000

CellAddress = tuple[int, int]  # row and column, both counted from 1

_Found = TypeVar("_Found")

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384


def _address(text: str) -> CellAddress:
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise Damaged
    row = int(match[2])
    column = _column(match[1])
    if row > _LAST_ROW or column > _LAST_COLUMN:
        raise Damaged
    return row, column


@lru_cache(maxsize=1024)
def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _list(listed: list[_Found], found: _Found) -> None:
    if len(listed) < MOST_LISTED:
        listed.append(found)


class SheetScan(Walk):
    """One worksheet: ``n_cells`` that hold something, where they stand, and what cannot be taken as it is."""

    def __init__(self) -> None:
        super().__init__()
        self.n_cells = 0
        self.n_rows = 0
        self.first_row = _LAST_ROW + 1
        self.last_row = 0
        self.first_column = _LAST_COLUMN + 1
        self.last_column = 0
        self.errors: list[tuple[CellAddress, str]] = []
        self.formulas_without_value: list[CellAddress] = []
        self._merged: list[tuple[int, str]] = []
        self._at: CellAddress = (0, 0)
        self._counted_row = 0
        self._kind: str | None = None
        self._in_cell = False
        self._has_formula = False
        self._value: list[str] | None = None

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        if ":" in name:
            name = local_name(name)
        if name == "c":
            reference = attributes.get("r")
            self._at = (self._at[0], self._at[1] + 1) if reference is None else _address(reference)
            self._kind = attributes.get("t")
            self._in_cell = True
            self._has_formula = False
            self._value = None
        elif name in {"v", "is"}:
            if self._in_cell:
                self._count()
                if self._has_formula or self._kind == "e":
                    self._value = []
                    self.parser.CharacterDataHandler = self._value.append
        elif name == "f":
            self._has_formula = self._in_cell
        elif name == "row":
            reference = attributes.get("r")
            self._at = (self._at[0] + 1 if reference is None else _address(f"A{reference}")[0], 0)
        elif name == "mergeCell":
            merged = attributes.get("ref", "").replace("$", "")
            _list(self._merged, (_address(merged.rpartition(":")[2])[0], merged))

    def closed(self, name: str) -> None:
        if ":" in name:
            name = local_name(name)
        if name == "c":
            self._in_cell = False
            if self._has_formula or self._kind == "e":
                self._judge()
        elif name in {"v", "is"}:
            self.parser.CharacterDataHandler = None

    def _count(self) -> None:
        row, column = self._at
        self.n_cells += 1
        if row != self._counted_row:
            self._counted_row = row
            self.n_rows += 1
            self.first_row = min(self.first_row, row)
            self.last_row = max(self.last_row, row)
        if column > self.last_column or column < self.first_column:
            self.first_column = min(self.first_column, column)
            self.last_column = max(self.last_column, column)

    def _judge(self) -> None:
        value = None if self._value is None else "".join(self._value).strip()
        if self._kind == "e":
            _list(self.errors, (self._at, value or "an error"))
        elif value is None or (value == "" and self._kind != "str"):
            _list(self.formulas_without_value, self._at)

    @property
    def n_laid_out(self) -> int:
        """How many cells the rectangle from the first line to the last cell has."""
        return self.last_row * max(0, self.last_column - self.first_column + 1)

    def merged_below(self, row: int) -> list[str]:
        """The merged ranges that reach below a row."""
        return [merged for last_row, merged in self._merged if last_row > row]


class StringsScan(Walk):
    """The shared strings, counted only."""

    def __init__(self) -> None:
        super().__init__()
        self.n_strings = 0

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        if local_name(name) == "si":
            self.n_strings += 1
            if self.n_strings > MOST_STRINGS:
                raise Damaged


class WorkbookScan(Walk):
    """The workbook's list of sheets: name, whether it is hidden, and the identifier of its part."""

    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, bool, str]] = []
        self.counts_from_1904 = False

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        name = local_name(name)
        if name == "workbookPr":
            self.counts_from_1904 = attributes.get("date1904") in {"1", "true"}
        elif name == "sheet":
            part = next((value for key, value in attributes.items() if local_name(key) == "id"), "")
            hidden = attributes.get("state", "visible") != "visible"
            self.sheets.append((attributes.get("name", ""), hidden, part))
