"""A kept file's plan in words: what each row would do, and every refusal. Opens no file, changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.formats.refusals import Problem
from headway.services.transfers import Plan, PlannedRow
from headway.services.uploads import Shown
from headway.web.presenters.file_kinds import KIND_WORDS

__all__ = ["PlanPage", "plan_page", "refusal_rows"]

_MOST_REFUSALS, _MOST_ROWS, _MOST_WARNINGS = 1_000, 200, 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """One cell, row or file that cannot be taken."""

    row: str
    column: str
    value: str
    wrong: str
    right: str


@dataclass(frozen=True, slots=True)
class RowChange:
    """What one row would do, and about whom where it is about a pupil."""

    number: int
    who: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """All rows of one outcome: the first of them, and how many more there are."""

    name: str
    word: str
    n: int
    rows: Sequence[RowChange]
    n_more: int
    has_values: bool


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Everything the page of a kept file says."""

    file: str
    kind: str
    seen: str
    n_rows: int
    n_refused: int
    moves: bool
    outcomes: Sequence[Outcome]
    refusals: Sequence[Refusal]
    n_refusals: int
    facts: Sequence[str]
    warnings: Sequence[str]
    n_warnings: int
    wide: bool
    apply_words: str
    leave_out_words: str


def plan_page(shown: Shown) -> PlanPage:
    """What a kept file would do, or why it cannot be read at all."""
    plan = shown.plan
    n_rows, n_refused = (len(plan.rows), plan.n_refused) if plan else (0, 0)
    return PlanPage(
        file=shown.file,
        kind=KIND_WORDS[plan.kind] if plan else "",
        seen=shown.seen,
        n_rows=n_rows,
        n_refused=n_refused,
        moves=bool(plan and (plan.new or plan.changed or plan.removed)),
        outcomes=_outcomes(plan, shown.names) if plan else (),
        refusals=[_refusal(each) for each in shown.problems[:_MOST_REFUSALS]],
        n_refusals=len(shown.problems),
        facts=_facts(plan) if plan else (),
        warnings=[each[:1].upper() + each[1:] for each in plan.warnings[:_MOST_WARNINGS]] if plan else (),
        n_warnings=len(plan.warnings) if plan else 0,
        wide=bool(plan and plan.wide),
        apply_words=f"Apply {_counted(n_rows, 'row')}" if n_rows > 1 else "Apply this row",
        leave_out_words=f"Apply the {_counted(n_rows, 'good row')}, leave out {n_refused}",
    )


def refusal_rows(problems: Sequence[Problem]) -> tuple[Sequence[str], Sequence[Sequence[str | int | None]]]:
    """The refusals as a file: its headers and rows."""
    headers = ("file", "sheet", "row", "column", "value", "wrong", "right")
    return headers, [
        (each.file, each.sheet, each.row, each.column, each.value, each.wrong, _here(each.right)) for each in problems
    ]


def _outcomes(plan: Plan, names: Mapping[str, str]) -> Sequence[Outcome]:
    found = []
    for name, word in (("new", "new"), ("changed", "changed"), ("same", "as they stand already")):
        rows = [row for row in plan.rows if row.outcome == name]
        shown = [_row(row, names) for row in rows[:_MOST_ROWS]]
        found.append(Outcome(name, word, len(rows), shown, len(rows) - len(shown), any(row.after for row in shown)))
    return found


def _row(row: PlannedRow, names: Mapping[str, str]) -> RowChange:
    first, _, rest = row.what.partition(" ")
    who = names.get(first, "")
    return RowChange(row.number, who, row.what if not who else rest or first, row.before, row.after)


def _facts(plan: Plan) -> Sequence[str]:
    facts = []
    if plan.wide:
        facts.append("A wide sheet, read as a row for each pupil and subject.")
    if plan.n_blank:
        facts.append(f"{_counted(plan.n_blank, 'blank grade')} left aside: nothing that stands is taken away.")
    if plan.ignored:
        facts.append(f"Columns left aside: {', '.join(plan.ignored)}.")
    return facts


def _refusal(problem: Problem) -> Refusal:
    return Refusal(
        "" if problem.row is None else str(problem.row),
        problem.column or "",
        _short(problem.value),
        problem.wrong,
        _here(problem.right),
    )


def _here(right: str) -> str:
    """What would be right, where the command line's options are choices on this page."""
    if right.startswith("--term"):
        return "its term, chosen below under “Read it differently”"
    before, option, _ = right.partition(", or --as ")
    return f"{before}, or its kind chosen below under “Read it differently”" if option else right


def _short(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= 80 else f"{line[:79]}…"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"
