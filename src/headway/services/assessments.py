"""Marks typed in: a batch of cells saved as one act, each against the version it was read at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from headway.records import history
from headway.records.models import Act, Assessment, Pupil, Revision, School, Subject, Term
from headway.services import audit
from headway.services.access import NotFoundError, Viewer, pupils_within_reach, require
from headway.services.progress_targets import lay_lines
from headway.services.schools import open_used
from headway.services.transfers.draft import RefusedRowError
from headway.services.transfers.marks import mark_values, read_grade
from headway.services.transfers.registry import Registry

__all__ = ["Cell", "CellRefusedError", "ClashError", "Saved", "Standing", "record"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A mark as typed; blank takes it away. ``version`` is the one the cell was read at, 0 where it was empty."""

    pupil: UUID
    subject: str
    term: str
    mark: str
    version: int
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """A cell as it now stands."""

    pupil: UUID
    subject: str
    term: str
    mark: str
    version: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands in a cell somebody else has changed: the mark, its version, whose it is and since when."""

    cell: Cell
    mark: str
    version: int
    by: str
    at: datetime | None


class CellRefusedError(ValueError):
    """A mark that cannot be; names the cell, what is wrong and what would be right. Nothing was saved."""

    def __init__(self, cell: Cell, error: RefusedRowError) -> None:
        self.cell, self.wrong, self.right = cell, error.wrong, error.right
        super().__init__(f"{cell.subject} {cell.term}: '{cell.mark}': {error.wrong}. Right would be {error.right}.")


class ClashError(Exception):
    """Cells were changed by somebody else since they were read. Nothing was saved."""

    def __init__(self, standing: Sequence[Standing]) -> None:
        self.standing = standing
        super().__init__(f"{len(standing)} cells were changed by somebody else.")


def record(
    cells: Sequence[Cell], *, school: School, by: Viewer, now: datetime, request_id: UUID, why: str = ""
) -> Sequence[Saved]:
    """Saves a batch of marks, all or none. The same request sent again is answered as the first was.

    Raises NotFoundError for a pupil out of reach, CellRefusedError, or ClashError with what stands.
    """
    require(by, "record_marks", school=school, on=now.date())
    done = Act.objects.filter(school=school, request_id=request_id).first()
    if done is not None:
        return _answered(done, cells)
    pupils = _within_reach(cells, school=school, by=by, now=now)
    try:
        with transaction.atomic():
            return _save(cells, pupils, school=school, by=by, now=now, request_id=request_id, why=why)
    except history.StaleWriteError as error:
        raise ClashError(_standing_of(cells, school)) from error
    except IntegrityError:
        done = Act.objects.filter(school=school, request_id=request_id).first()
        if done is not None:  # the same request, answered a moment ago
            return _answered(done, cells)
        raise ClashError(_standing_of(cells, school)) from None


def _save(
    cells: Sequence[Cell],
    pupils: dict[UUID, Pupil],
    *,
    school: School,
    by: Viewer,
    now: datetime,
    request_id: UUID,
    why: str,
) -> list[Saved]:
    clashes = [each for each in _standing_of(cells, school) if each.version != each.cell.version]
    if clashes:
        raise ClashError(clashes)
    registry = Registry.at(school, by=by, now=now)
    for cell in cells:
        _term(cell, registry)
    open_used(registry.opened, school=school, by=by, now=now)
    act = history.begin(school, kind="marks", by=by.author(school), at=now, why=why, request_id=request_id)
    new: list[Assessment] = []
    changed: list[Assessment] = []
    removed: list[Assessment] = []
    rows = [_row(cell, pupils[cell.pupil], registry, new, changed, removed) for cell in cells]
    history.record(act, new=new, changed=changed, removed=removed)
    touched = [*new, *changed, *removed]
    lay_lines(
        school,
        act=act,
        pupils={row.pupil_id for row in touched},
        subjects={row.subject_id for row in touched},
        today=now.date(),
    )
    audit.note(school, action="marks", by=by, now=now, detail={"cells": len(cells)})
    return [_saved(cell, row) for cell, row in zip(cells, rows, strict=True)]


def _row(
    cell: Cell,
    pupil: Pupil,
    registry: Registry,
    new: list[Assessment],
    changed: list[Assessment],
    removed: list[Assessment],
) -> Assessment | None:
    try:
        subject, term = registry.subject(cell.subject), _term(cell, registry)
        stage = registry.stage_subject(pupil, subject, term)
        found = Assessment.objects.filter(pupil=pupil, subject=subject, term=term, kind=stage.judgement).first()
        if not cell.mark.strip():
            removed.extend([found] if found else [])
            return None
        scale = registry.framework.scales[stage.scale]
        mark = read_grade(cell.mark, scale=scale, bare=registry.settings.undivided)
    except RefusedRowError as error:
        raise CellRefusedError(cell, error) from None
    row = found or Assessment(
        school=registry.school, pupil=pupil, subject=subject, term=term, kind=stage.judgement, version=1
    )
    for name, value in mark_values(mark, scale_row=registry.scale_rows[stage.scale]).items():
        setattr(row, name, value)
    row.date, row.by = registry.today, registry.by.author(registry.school).name
    row.comment = row.comment if cell.comment is None else cell.comment
    (changed if found else new).append(row)
    return row


def _term(cell: Cell, registry: Registry) -> Term:
    try:
        term = registry.term(cell.term)
        registry.require_open(term)
        return term
    except RefusedRowError as error:
        raise CellRefusedError(cell, error) from None


def _saved(cell: Cell, row: Assessment | None) -> Saved:
    mark = (row.grade or row.mark_code) if row else ""
    return Saved(cell.pupil, cell.subject, cell.term, mark, row.version if row else 0)


def _answered(act: Act, cells: Sequence[Cell]) -> list[Saved]:
    """What a request was answered when it first came, read from the history it made."""
    made: dict[tuple[int, int, int], Revision] = {}
    for revision in act.revisions.filter(kind="Assessment"):
        if revision.state is not None:
            made[revision.state["pupil_id"], revision.state["subject_id"], revision.state["term_id"]] = revision
    pupils = dict(Pupil.objects.filter(uid__in={cell.pupil for cell in cells}).values_list("uid", "pk"))
    terms = dict(Term.objects.filter(school=act.school).values_list("code", "pk"))
    subjects = dict(Subject.objects.filter(school=act.school).values_list("code", "pk"))
    answered = []
    for cell in cells:
        key = (pupils.get(cell.pupil, 0), subjects.get(cell.subject, 0), terms.get(cell.term, 0))
        state = made[key].state if key in made else None
        mark = (state["grade"] or state["mark_code"]) if state else ""
        answered.append(Saved(cell.pupil, cell.subject, cell.term, mark, made[key].version if state else 0))
    return answered


def _within_reach(cells: Sequence[Cell], *, school: School, by: Viewer, now: datetime) -> dict[UUID, Pupil]:
    wanted = {cell.pupil for cell in cells}
    reached = pupils_within_reach(by, school=school, on=now.date()).filter(uid__in=wanted)
    pupils = {pupil.uid: pupil for pupil in reached}
    if wanted - pupils.keys():
        raise NotFoundError("There is no such pupil here.")
    return pupils


def _standing_of(cells: Sequence[Cell], school: School) -> list[Standing]:
    """What stands in each cell now, whose it is and since when."""
    rows = Assessment.objects.filter(
        school=school,
        pupil__uid__in={cell.pupil for cell in cells},
        subject__code__in={cell.subject for cell in cells},
        term__code__in={cell.term for cell in cells},
    ).select_related("pupil", "subject", "term")
    found = {(row.pupil.uid, row.subject.code, row.term.code): row for row in rows}
    standing = []
    for cell in cells:
        row = found.get((cell.pupil, cell.subject, cell.term))
        version = row.version if row else 0
        act = _last_act(row) if row and version != cell.version else None
        mark = (row.grade or row.mark_code) if row else ""
        standing.append(Standing(cell, mark, version, act.by if act else "", act.at if act else None))
    return standing


def _last_act(row: Assessment) -> Act | None:
    revision = Revision.objects.filter(kind="Assessment", row=row.pk, version=row.version).select_related("act").first()
    return revision.act if revision else None
