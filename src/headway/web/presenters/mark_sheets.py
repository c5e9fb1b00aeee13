"""A mark sheet as people meet it: its headings, its rows, what each cell says, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from headway.domain.cuts import listed
from headway.domain.questions import term_words
from headway.domain.scales import Scale
from headway.domain.status import Status
from headway.services.assessments import Clash, Outcome, Refused
from headway.services.mark_sheets import Sheet, SheetCell, SheetPupil, SheetSubject
from headway.web.presenters.figures import gap_words, points_words
from headway.web.presenters.news import when_words
from headway.web.presenters.status import STATUS_WORDS

__all__ = ["CellName", "SheetPage", "Trouble", "saved_words", "sheet_page", "troubles_of"]

_NONE = "–"

CellName = tuple[UUID, str]
"""A cell of a sheet: a pupil, and the code of a subject."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a cell was not saved, in a sentence; ``version`` is the one that stands, so that sending again overwrites."""

    sentence: str
    typed: str
    note: str | None
    version: str


@dataclass(frozen=True, slots=True)
class CellRow:
    """One cell and what stands beside it; a dash where nothing does. ``name`` is what the form calls it."""

    name: str
    subject: str
    mark: str
    version: str
    note: str
    near: str
    prior: str
    target: str
    expected: str
    points: str
    last: str
    last_status: Status
    last_word: str
    status: Status
    word: str
    gap: str
    may_mark: bool
    wrong: str


@dataclass(frozen=True, slots=True)
class PupilLine:
    """One row of the sheet: a cell for each subject, none where the pupil is not taught it."""

    number: int
    uid: UUID
    address: str
    name: str
    cells: Sequence[CellRow | None]


@dataclass(frozen=True, slots=True)
class SubjectHead:
    """One subject over its columns."""

    code: str
    name: str
    scale: str
    teachers: str
    may_mark: bool
    n_missing: int
    n_pupils: int


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that was not saved, as the summary over the sheet says it."""

    name: str
    who: str
    sentence: str


@dataclass(frozen=True, slots=True)
class SheetPage:
    """Everything the page says."""

    code: str
    term: str
    term_words: str
    terms: Sequence[tuple[str, str]]
    tabs: Sequence[tuple[str, str]]
    chosen: str
    subjects: Sequence[SubjectHead]
    rows: Sequence[PupilLine]
    collection: str
    closed: bool
    may_mark: bool
    read_only: str
    digest: str
    problems: Sequence[Problem]
    scales: Mapping[str, object]


def sheet_page(sheet: Sheet, *, troubles: Mapping[CellName, Trouble]) -> SheetPage:
    """The page of a sheet; with what is wrong where something sent could not be saved, as it was typed."""
    middles = {subject.code: subject.scale.grades[len(subject.scale.grades) // 2].code for subject in sheet.subjects}
    rows = [
        PupilLine(
            number,
            pupil.uid,
            reverse("pupil", args=[pupil.uid]),
            pupil.name,
            [_cell(pupil, subject.code, middles[subject.code], troubles) for subject in sheet.subjects],
        )
        for number, pupil in enumerate(sheet.pupils, start=1)
    ]
    several = len(sheet.offered) > 1
    return SheetPage(
        code=sheet.code,
        term=sheet.term.code,
        term_words=_term(sheet.term.code),
        terms=[(term.code, term.name.capitalize()) for term in sheet.terms],
        tabs=[("", "All"), *sheet.offered] if several else sheet.offered,
        chosen=sheet.chosen,
        subjects=[_head(subject) for subject in sheet.subjects],
        rows=rows,
        collection=_collection(sheet.ends, sheet.closed_at),
        closed=sheet.closed_at is not None,
        may_mark=sheet.may_mark,
        read_only=_read_only(sheet),
        digest=sheet.digest,
        problems=_problems(sheet, troubles),
        scales={subject.code: _scale(subject.scale) for subject in sheet.subjects},
    )


def troubles_of(outcomes: Sequence[Outcome], *, now: datetime) -> Mapping[CellName, Trouble]:
    """What is wrong with each cell that was not saved, and what was typed into it."""
    found = {}
    for each in outcomes:
        name = each.cell.pupil, each.cell.subject
        if isinstance(each, Refused):
            found[name] = Trouble(each.sentence, each.cell.mark, each.cell.note, each.cell.version)
        elif isinstance(each, Clash):
            found[name] = Trouble(_clash(each, now=now), each.cell.mark, each.cell.note, each.version)
    return found


def saved_words(n_saved: int) -> str:
    """How many marks a form saved."""
    if not n_saved:
        return "Nothing had changed, so nothing was saved."
    return "1 mark saved." if n_saved == 1 else f"{n_saved} marks saved."


def _clash(clash: Clash, *, now: datetime) -> str:
    """Both values, whose the one is that stands, and how to put the other over it."""
    who, at = clash.by or "Somebody else", f" {when_words(clash.at, now=now)}" if clash.at else ""
    theirs = f"put {_quoted(clash)} here" if clash.mark else "emptied this"
    mine = f"you typed “{clash.cell.mark}”" if clash.cell.mark.strip() else "you emptied it"
    return f"{who} {theirs}{at}; {mine}. Save again to keep yours, or type theirs."


def _quoted(clash: Clash) -> str:
    return f"“{clash.mark}” with the note “{clash.note}”" if clash.note else f"“{clash.mark}”"


def _scale(scale: Scale) -> Mapping[str, object]:
    return {
        "name": scale.name,
        "grades": [grade.code for grade in scale.grades],
        "wholes": list(scale.wholes),
        "codes": [[code.code, code.words] for code in scale.mark_codes],
    }


def _cell(pupil: SheetPupil, subject: str, middle: str, troubles: Mapping[CellName, Trouble]) -> CellRow | None:
    cell = pupil.cells.get(subject)
    if cell is None:
        return None
    trouble = troubles.get((pupil.uid, subject))
    return CellRow(
        name=f"{pupil.uid}.{subject}",
        subject=subject,
        mark=trouble.typed if trouble else cell.mark,
        version=trouble.version if trouble else cell.version,
        note=cell.note if trouble is None or trouble.note is None else trouble.note,
        near=_near(cell, middle),
        prior=cell.prior or _NONE,
        target=cell.target or _NONE,
        expected=cell.expected.grade if cell.expected else _NONE,
        points=f"{points_words(cell.expected.points)} points" if cell.expected else "",
        last=cell.last or _NONE,
        last_status=cell.last_term.status,
        last_word=STATUS_WORDS[cell.last_term.status] if cell.last else "",
        status=cell.now.status,
        word=STATUS_WORDS[cell.now.status],
        gap=gap_words(cell.now.gap),
        may_mark=cell.may_mark,
        wrong=trouble.sentence if trouble else "",
    )


def _near(cell: SheetCell, middle: str) -> str:
    """The grade a tap pad opens around."""
    return cell.expected.grade if cell.expected else cell.last or middle


def _head(subject: SheetSubject) -> SubjectHead:
    return SubjectHead(
        code=subject.code,
        name=subject.name,
        scale=subject.scale.name,
        teachers=listed(subject.teachers),
        may_mark=subject.may_mark,
        n_missing=subject.n_missing,
        n_pupils=subject.n_pupils,
    )


def _collection(ends: date, closed_at: datetime | None) -> str:
    if closed_at is not None:
        return f"Closed since {_day(timezone.localtime(closed_at).date())}: marks can be read, not changed."
    return f"Open: the term ends on {_day(ends)}."


def _read_only(sheet: Sheet) -> str:
    """Why nothing on the sheet can be typed into; empty where something can, or where it is closed."""
    if sheet.closed_at is not None or sheet.may_mark:
        return ""
    teachers = dict.fromkeys(name for subject in sheet.subjects for name in subject.teachers)
    whose = listed(list(teachers)) or "the head or assessment manager"
    return f"You can read this sheet. Its marks are entered by {whose}."


def _problems(sheet: Sheet, troubles: Mapping[CellName, Trouble]) -> Sequence[Problem]:
    names = {subject.code: subject.name for subject in sheet.subjects}
    return [
        Problem(f"{pupil.uid}.{subject}", f"{pupil.name}, {names[subject]}", troubles[pupil.uid, subject].sentence)
        for pupil in sheet.pupils
        for subject in pupil.cells
        if (pupil.uid, subject) in troubles
    ]


def _term(code: str) -> str:
    words = term_words(code)
    return words[:1].upper() + words[1:]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
