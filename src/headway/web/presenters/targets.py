"""The target sheet in words: its totals, its rows, what stands in each cell and what is said of it. Judges nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from headway.domain.cuts import listed
from headway.domain.flags import Flag
from headway.domain.questions import term_words
from headway.domain.status import Status
from headway.services.targets import Outcome, SheetPoint, SheetRow, SheetTarget, TargetCell, TargetSheet
from headway.web.presenters.figures import points_words
from headway.web.presenters.status import STATUS_WORDS
from headway.web.presenters.target_words import Said, changed_words, history_words, said_of_outcome

__all__ = ["Chosen", "TargetsPage", "is_shown", "targets_page"]

_WIDEST = 100
_Key = tuple[UUID, str]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody chose to see of a sheet: a named point besides, some of the pupils; and where they came from."""

    also: str = ""
    show: str = ""
    came_from: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A pupil's target for a point: what stands, what is typed, and what is said of it.

    ``read`` says what stood when the page was made, version and grade; ``seen`` is the typed grade whose warnings have
    been seen.
    """

    key: str
    name: str
    heading: str
    when: str
    standing: str
    value: str
    read: str
    may_set: bool
    reason: str
    asks_reason: bool
    seen: str
    said: Said | None
    flags: Sequence[Flag]
    history: str
    changed: str


@dataclass(frozen=True, slots=True)
class Row:
    """A pupil of the sheet."""

    uid: UUID
    name: str
    prior: str
    now: str
    now_hint: str
    expected: str
    expected_points: str
    status: Status
    status_word: str
    status_why: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many targets there are of a whole grade, as a bar; its address shows whose they are."""

    grade: str
    n: int
    width: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Trouble:
    """A target that is not saved, as the summary over the sheet says it."""

    anchor: str
    who: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TargetsPage:
    """Everything the page says."""

    title: str
    code: str
    subject: str
    term: str
    tabs: Sequence[tuple[str, str, bool]]
    marks: str
    progress: str
    headings: Sequence[str]
    several: bool
    n_pupils: int
    n_with_target: int
    without: tuple[int, str]
    flagged: tuple[int, str]
    spread: Sequence[Tally]
    filters: Sequence[tuple[str, str]]
    others: Sequence[tuple[str, str]]
    rows: Sequence[Row]
    may_set: bool
    read_only: str
    troubles: Sequence[Trouble]
    troubles_heading: str
    asks: bool


def targets_page(
    sheet: TargetSheet, chosen: Chosen, *, outcomes: Sequence[Outcome] = (), typed: Sequence[TargetCell] = ()
) -> TargetsPage:
    """The page of a sheet; after targets were sent, with those that were not saved as ``typed``, and why."""
    unsaved = {(each.cell.pupil, each.cell.point): each for each in outcomes if each.kind not in ("saved", "same")}
    kept = {(cell.pupil, cell.point): cell for cell in (*typed, *(each.cell for each in unsaved.values()))}
    sent = {pupil for pupil, _ in kept}
    shown = [row for row in sheet.rows if row.uid in sent or is_shown(row, chosen.show)]
    rows = [_row(row, sheet, kept, unsaved) for row in shown]
    most = max((n for _, n in sheet.distribution), default=0)
    n_without = len(sheet.rows) - sheet.n_with_target
    return TargetsPage(
        title=f"{sheet.code} {sheet.subject_name}: targets",
        code=sheet.code,
        subject=sheet.subject,
        term=sheet.term,
        tabs=[
            (name, _address(sheet.code, code, Chosen(came_from=chosen.came_from)), code == sheet.subject)
            for code, name in sheet.subjects
        ],
        marks=_marks_address(sheet),
        progress=f"{reverse('progress')}?{urlencode({'who': f'class:{sheet.code}', 'subject': sheet.subject})}",
        headings=[_heading(point) for point in sheet.points],
        several=len(sheet.points) > 1,
        n_pupils=len(sheet.rows),
        n_with_target=sheet.n_with_target,
        without=(n_without, _changed(sheet, chosen, show="without")),
        flagged=(sheet.n_flagged, _changed(sheet, chosen, show="flagged")),
        spread=[
            Tally(
                grade,
                n,
                round(_WIDEST * n / most),
                _changed(sheet, chosen, show=f"at:{grade}"),
                chosen.show == f"at:{grade}",
            )
            for grade, n in sheet.distribution
        ],
        filters=[(words, _changed(sheet, chosen, show="")) for words in _filter_words(chosen.show)],
        others=[(f"the {point.words}", _changed(sheet, chosen, also=point.code)) for point in sheet.others],
        rows=rows,
        may_set=any(cell.may_set for row in rows for cell in row.cells),
        read_only=_read_only(sheet),
        troubles=_troubles(rows),
        troubles_heading=_troubles_heading(unsaved),
        asks=any(each.kind == "asked" for each in unsaved.values()),
    )


def _row(row: SheetRow, sheet: TargetSheet, kept: Mapping[_Key, TargetCell], unsaved: Mapping[_Key, Outcome]) -> Row:
    latest, before = row.latest, bool(row.latest and row.latest.term != sheet.term)
    hints = [f"in {term_words(latest.term)}"] if latest and before else []
    hints += [f"{row.mark_words} this term" if before else row.mark_words] if row.mark_words else []
    return Row(
        uid=row.uid,
        name=row.name,
        prior=row.prior,
        now=latest.grade if latest else "",
        now_hint=", ".join(hints) or ("" if latest else "no mark yet"),
        expected=row.expected.grade if row.expected else "",
        expected_points=points_words(row.expected.points) if row.expected else "",
        status=row.compared.status,
        status_word=STATUS_WORDS[row.compared.status],
        status_why="the line starts here" if row.starts_here else "",
        cells=[
            _cell(row, target, point, kept.get((row.uid, target.point)), unsaved.get((row.uid, target.point)))
            for target, point in zip(row.targets, sheet.points, strict=True)
        ],
    )


def _cell(
    row: SheetRow, target: SheetTarget, point: SheetPoint, typed: TargetCell | None, outcome: Outcome | None
) -> Cell:
    said = said_of_outcome(outcome) if outcome else None
    return Cell(
        key=f"{row.uid}:{target.point}",
        name=f"{row.name}: target for the {point.words}",
        heading=_heading(point),
        when=point.words.removeprefix("end of "),
        standing=target.grade,
        value=typed.grade if typed else target.grade,
        read=f"{target.version} {target.grade}",
        may_set=row.may_set and not target.parts,
        reason=typed.reason if typed else "",
        asks_reason=bool((typed and typed.reason) or (said and said.needs_reason)),
        seen=outcome.cell.grade if outcome and outcome.kind == "asked" else "",
        said=said,
        flags=() if typed else target.flags,
        history=history_words(target),
        changed=changed_words(target.n_changes),
    )


def _heading(point: SheetPoint) -> str:
    return f"Target, {point.words}"


def is_shown(row: SheetRow, show: str) -> bool:
    """Whether a row is among those somebody asked to see."""
    if show == "flagged":
        return bool(row.flags)
    if show == "without":
        return not row.targets[0].grade
    if show.startswith("at:"):
        return row.whole == show.removeprefix("at:")
    return True


def _filter_words(show: str) -> Sequence[str]:
    words = {"flagged": "flagged", "without": "without a target"}
    if show.startswith("at:"):
        return [f"target {show.removeprefix('at:')}"]
    return [words[show]] if show in words else []


def _changed(sheet: TargetSheet, chosen: Chosen, *, also: str | None = None, show: str | None = None) -> str:
    also = chosen.also if also is None else also
    return _address(sheet.code, sheet.subject, Chosen(also, chosen.show if show is None else show, chosen.came_from))


def _address(code: str, subject: str, chosen: Chosen) -> str:
    said = {
        name: value
        for name, value in (("also", chosen.also), ("show", chosen.show), ("from", chosen.came_from))
        if value
    }
    return reverse("targets", args=[code, subject]) + (f"?{urlencode(said)}" if said else "")


def _marks_address(sheet: TargetSheet) -> str:
    """The class's mark sheet; a composite has none of its own, so all of its subjects."""
    narrowed = "" if sheet.parts else f"?{urlencode({'subject': sheet.subject})}"
    return reverse("marks", args=[sheet.code, sheet.term]) + narrowed


def _read_only(sheet: TargetSheet) -> str:
    if sheet.parts:
        follows = f"{sheet.subject_name} follows from the targets in {listed(sheet.parts)}"
        return f"{follows}: change it there. Only where a part has no target can {sheet.subject_name} have its own."
    if sheet.may_set:
        return ""
    return (
        "You can read these targets. Whoever teaches the class this subject, a senior leader and the assessment "
        "manager set them."
    )


def _troubles(rows: Sequence[Row]) -> Sequence[Trouble]:
    found = []
    for row in rows:
        for cell in row.cells:
            if cell.said is not None:
                anchor = f"reason:{cell.key}" if cell.said.needs_reason else cell.key
                sentence = cell.said.wrong or " ".join(flag.sentence for flag in cell.said.flags)
                found.append(Trouble(anchor, row.name, sentence))
    return found


def _troubles_heading(unsaved: Mapping[_Key, Outcome]) -> str:
    n = len(unsaved)
    if all(each.kind == "asked" for each in unsaved.values()):
        return f"Look again at {'this target' if n == 1 else f'these {n} targets'}, or save anyway"
    return f"{n} target{' is' if n == 1 else 's are'} not saved yet"
