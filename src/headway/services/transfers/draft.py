"""A plan in the making: what each row of a file would do, and every refusal with its place. Writes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from headway.formats.rows import ParsedRow, ParsedRows
from headway.formats.tables import Problem
from headway.records.models import School
from headway.records.versioned import Versioned
from headway.services.access import Action

__all__ = ["Draft", "LinesOf", "Outcome", "Plan", "PlannedRow", "RefusedRowError", "action_for"]

Row = TypeVar("Row", bound=Versioned)
Outcome = Literal["new", "changed", "same"]


def action_for(kind: str) -> Action:
    """What it takes to bring a kind of file in, or to undo it. Roles and families are a matter of managing people."""
    return "manage_people" if kind in ("staff", "contacts") else "import"


class RefusedRowError(Exception):
    """A row that cannot be taken: the column at fault, what is wrong and what would be right."""

    def __init__(self, column: str, wrong: str, right: str) -> None:
        self.column, self.wrong, self.right = column, wrong, right
        super().__init__(f"{column}: {wrong}. Right would be {right}.")


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """What one row of a file would do: ``what`` it is about, and each field's value before and after."""

    number: int
    outcome: Outcome
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class LinesOf:
    """Whose lines a transfer moves: some pupils in some subjects, and everybody in others."""

    pupils: frozenset[int]
    subjects: frozenset[int]
    whole_subjects: frozenset[int]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a file would do, shown before anything is done. The rows to write are inside and not yet written."""

    school: School
    kind: str
    file: str
    digest: str
    rows: Sequence[PlannedRow]
    problems: Sequence[Problem]
    ignored: Sequence[str]
    n_blank: int
    wide: bool
    warnings: Sequence[str]
    opened: Sequence[Versioned]
    new: Sequence[Versioned]
    changed: Sequence[Versioned]
    removed: Sequence[Versioned]
    lines_of: LinesOf
    refused_rows: frozenset[int]

    def count(self, outcome: Outcome) -> int:
        return sum(row.outcome == outcome for row in self.rows)

    @property
    def n_refused(self) -> int:
        return len(self.refused_rows)

    @property
    def counts(self) -> str:
        """The last line of every import."""
        said = [f"{self.count(outcome)} {outcome}" for outcome in ("new", "changed", "same")]
        return ", ".join([*said, f"{self.n_refused} refused"])


@dataclass(slots=True)
class Draft:
    """Rows to write and what to say of them, gathered row by row."""

    parsed: ParsedRows
    new: list[Versioned] = field(default_factory=list)
    changed: dict[int, Versioned] = field(default_factory=dict)
    removed: list[Versioned] = field(default_factory=list)
    rows: list[PlannedRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    pupils: set[int] = field(default_factory=set)
    subjects: set[int] = field(default_factory=set)
    whole_subjects: set[int] = field(default_factory=set)
    refused_rows: set[int] = field(default_factory=set)

    def refuse(self, row: ParsedRow, error: RefusedRowError) -> None:
        """Notes a refusal at its row and column."""
        column = row.places.get(error.column, error.column)
        value = row.said.get(error.column, "")
        self.refused_rows.add(row.number)
        self.problems.append(
            Problem(self.parsed.file, self.parsed.sheet, row.number, column, value, error.wrong, error.right)
        )

    def add(self, row: Row) -> Row:
        """A row to be made."""
        self.new.append(row)
        return row

    def differs(self, row: Versioned, **values: Any) -> bool:
        """Whether any of these fields is not what the row has."""
        return any(getattr(row, name) != value for name, value in values.items())

    def amend(self, row: Versioned, **values: Any) -> dict[str, tuple[Any, Any]]:
        """Sets fields of a row; gives those that differ, before and after. A standing row is then to be changed."""
        differing = {name: (getattr(row, name), value) for name, value in values.items() if getattr(row, name) != value}
        for name, (_, value) in differing.items():
            setattr(row, name, value)
        if differing and row.pk is not None:
            self.changed[id(row)] = row
        return differing

    def say(self, row: ParsedRow, outcome: Outcome, what: str, *, before: str = "", after: str = "") -> None:
        """Notes what a row would do."""
        self.rows.append(PlannedRow(row.number, outcome, what, before, after))


def spelled(differing: dict[str, tuple[Any, Any]]) -> tuple[str, str]:
    """The fields that differ, as people read them: before and after."""
    before = ", ".join(f"{name} {_said(old)}" for name, (old, _) in differing.items())
    return before, ", ".join(f"{name} {_said(new)}" for name, (_, new) in differing.items())


def _said(value: object) -> str:
    return "nothing" if value in (None, "") else str(value)
