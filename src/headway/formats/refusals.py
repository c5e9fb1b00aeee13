"""What a file is refused for, in words a teacher understands; knows nothing of how any file is read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["FileRefused", "Problem", "refused"]

LONGEST_VALUE_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason to refuse: the place, what stands there, what is wrong with it, and what would be right."""

    file: str
    sheet: str | None
    row: int | None
    column: str | None
    value: str
    wrong: str
    right: str

    def sentence(self) -> str:
        """Say it in one line: ``pupils.csv, row 5, column dob: '31/02/2015' is not a date. Right would be …``."""
        said = f"'{_in_one_line(self.value)}' {self.wrong}" if self.value else self.wrong
        line = f"{self._place()}: {said.rstrip('.')}."
        return f"{line} Right would be {self.right.rstrip('.')}." if self.right else line

    def _place(self) -> str:
        parts = (
            _in_one_line(self.file),
            None if self.sheet is None else f"sheet {_in_one_line(self.sheet)}",
            None if self.row is None else f"row {self.row}",
            None if self.column is None else f"column {_in_one_line(self.column)}",
        )
        return ", ".join(part for part in parts if part)


class FileRefused(Exception):
    """The file as a whole cannot be read; ``problems`` holds every reason that could be found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(problem.sentence() for problem in self.problems))


def refused(
    file: str,
    *,
    wrong: str,
    right: str,
    sheet: str | None = None,
    row: int | None = None,
    column: str | None = None,
    value: str = "",
) -> FileRefused:
    """The refusal of a file for a single reason."""
    return FileRefused([Problem(file, sheet, row, column, value, wrong, right)])


def _in_one_line(text: str) -> str:
    """Text from a stranger's file, safe to show: one line, nothing unprintable, not too long."""
    line = "".join(letter if letter.isprintable() else " " for letter in text[: LONGEST_VALUE_SHOWN * 4])
    line = " ".join(line.split())
    return line if len(line) <= LONGEST_VALUE_SHOWN else line[: LONGEST_VALUE_SHOWN - 1] + "…"
