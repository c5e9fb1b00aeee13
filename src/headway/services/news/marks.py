"""News of marks: what each person typed into each sheet, every cell counted once however often it was typed."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.records.models import Assessment, Revision, Subject, Term
from headway.services.news.acts import Listener, Written
from headway.services.news.items import MarksNews

__all__ = ["marks_news"]

Cell = tuple[int, int, int]
"""A pupil in a subject in a term, by their records' keys."""


@dataclass(slots=True)
class _Typed:
    """What one person did to one cell: the first and the last thing, newest read first."""

    at: datetime
    removed: bool
    first_version: int


def marks_news(written: Sequence[Written], listener: Listener) -> list[MarksNews]:
    """A line for each person and sheet, with how many cells were entered, changed and emptied."""
    typed: dict[tuple[str, int], _Typed] = {}
    for each in written:
        cell = typed.setdefault((each.act.by, each.row), _Typed(each.act.at, each.removed, each.version))
        cell.first_version = each.version
    return _told(typed, _cells({row for _, row in typed}), listener) if typed else []


def _cells(rows: Collection[int]) -> dict[int, Cell]:
    """Where marks stand, and where those stood that were taken away: as their last state has it."""
    here = ("pupil_id", "subject_id", "term_id")
    found: dict[int, Cell] = {
        row: (pupil, subject, term)
        for row, pupil, subject, term in Assessment.objects.filter(pk__in=rows).values_list("pk", *here)
    }
    before = Revision.objects.filter(kind="Assessment", row__in=set(rows) - found.keys(), state__isnull=False)
    told = before.order_by("version").values_list("row", *(f"state__{name}" for name in here))
    return found | {row: (pupil, subject, term) for row, pupil, subject, term in told}


def _told(typed: Mapping[tuple[str, int], _Typed], cells: Mapping[int, Cell], listener: Listener) -> list[MarksNews]:
    terms = {
        pk: (code, starts_in)
        for pk, code, starts_in in Term.objects.filter(school=listener.school).values_list(
            "pk", "code", "year__starts_in"
        )
    }
    pupils, subjects_typed, terms_typed = (set(each) for each in zip(*cells.values(), strict=True))
    classes = listener.classes(pupils, subjects_typed, {terms[term][1] for term in terms_typed})
    sheets: defaultdict[tuple[str, str, int, int], list[_Typed]] = defaultdict(list)
    for (by, row), cell in typed.items():
        pupil, subject, term = cells[row]
        code = classes.get((pupil, subject, terms[term][1]))
        if code is not None or listener.whole:
            sheets[by, code or "", subject, term].append(cell)
    subjects = {
        pk: (code, name)
        for pk, code, name in Subject.objects.filter(school=listener.school).values_list("pk", "code", "name")
    }
    items = [
        _item(by, code, subjects[subject], terms[term][0], done) for (by, code, subject, term), done in sheets.items()
    ]
    return [item for item in items if item.n_entered or item.n_changed or item.n_removed]


def _item(by: str, code: str, subject: tuple[str, str], term: str, done: Sequence[_Typed]) -> MarksNews:
    kept = [cell for cell in done if not cell.removed]
    n_entered = sum(cell.first_version == 1 for cell in kept)
    return MarksNews(
        by=by,
        at=max(cell.at for cell in done),
        code=code,
        subject=subject[0],
        subject_name=subject[1],
        term=term,
        n_entered=n_entered,
        n_changed=len(kept) - n_entered,
        n_removed=sum(cell.removed and cell.first_version > 1 for cell in done),
    )
