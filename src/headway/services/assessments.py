"""Marks typed in: a batch of cells, each saved, refused or found changed. Those that can be saved are, as one act.

A cell carries the version it was read at. What somebody else has changed since is never written over unseen: the
answer says what stands, whose it is and since when. A request sent again is answered as the first was.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from headway.records import history
from headway.records.models import Act, Assessment, Revision, School, Target
from headway.records.models import Term as TermRow
from headway.services.access import Viewer, pupils_within_reach
from headway.services.attainment import Line
from headway.services.mark_batches import Batch, Decided, Good, Held, row_of
from headway.services.mark_cells import (
    Cell,
    Clash,
    CollectionClosedError,
    Fine,
    Outcome,
    Refused,
    RepeatedCellError,
    Saved,
)
from headway.services.progress_targets import lay_lines
from headway.services.schools import open_term, settings_of
from headway.services.transfers.marks import mark_values

__all__ = [
    "Cell",
    "Clash",
    "CollectionClosedError",
    "Fine",
    "Outcome",
    "Refused",
    "RepeatedCellError",
    "Saved",
    "check",
    "record",
    "touched",
]

_TRIES = 5


def record(
    cells: Sequence[Cell], *, term: str, school: School, by: Viewer, now: datetime, request_id: UUID, why: str = ""
) -> Sequence[Outcome]:
    """Saves marks of a term; gives what became of each cell, in their order.

    Raises NotFoundError for a pupil, subject or term out of reach, CollectionClosedError and RepeatedCellError: then
    nothing at all is saved.
    """
    batch = Batch.of(cells, term=term, school=school, by=by, now=now)
    for tries_left in reversed(range(_TRIES)):
        done = Act.objects.filter(school=school, request_id=request_id).first()
        if done is not None:
            return batch.told(_answered(batch, done), batch.lines())
        try:
            with transaction.atomic():
                decided, lines = _save(batch, request_id=request_id, why=why)
            return batch.told(decided, lines)
        except (IntegrityError, history.StaleWriteError):  # somebody was quicker: look again at what stands
            if not tries_left:
                raise
    raise AssertionError("the last try returns or raises")


def check(
    cells: Sequence[Cell], *, term: str, school: School, by: Viewer, now: datetime
) -> Sequence[Fine | Refused | Clash]:
    """What would become of each cell, were they saved now. Saves nothing; raises what `record` does."""
    batch = Batch.of(cells, term=term, school=school, by=by, now=now)
    told = batch.told(batch.decided(batch.open_term()), batch.lines())
    return [
        Fine(each.cell, each.mark, each.version, each.note, each.compared) if isinstance(each, Saved) else each
        for each in told
    ]


def touched(cells: Sequence[Cell], *, school: School, by: Viewer, now: datetime) -> Sequence[Cell]:
    """Of all the cells of a form sent whole, those whose mark or note is not what it was when they were read.

    What a colleague has changed meanwhile stays theirs, unless it was typed into here too. A cell out of reach counts
    as typed over, whatever it holds: whether a guess of it was right is nobody's to learn.
    """
    rows = {row_of(cell.version) for cell in cells} - {0}
    revisions = Revision.objects.filter(school=school, kind="Assessment", row__in=rows, state__isnull=False)
    reach = pupils_within_reach(by, school=school, on=now.date()).filter(uid__in={cell.pupil for cell in cells})
    pupils = dict(reach.values_list("pk", "uid"))
    read_at: dict[tuple[UUID | None, str], Held] = {}
    for each in revisions:
        if each.state is not None:
            held = Held.then(each)
            read_at[pupils.get(each.state["pupil_id"]), held.version] = held
    found = []
    for cell in cells:
        before = read_at.get((cell.pupil, cell.version), Held())
        if cell.mark.strip() != before.mark or (cell.note is not None and cell.note.strip() != before.note):
            found.append(cell)
    return found


def _save(batch: Batch, *, request_id: UUID, why: str) -> tuple[Sequence[Decided], Sequence[Line]]:
    """Writes what can be saved, as one act with its lines; a batch in which nothing changes is no act."""
    used = batch.open_term()
    decided, lines = batch.decided(used, lock=True), batch.lines()
    changes = [each for each in decided if isinstance(each, Good) and each.changes]
    if not changes:
        return decided, lines
    school, by, now = batch.school, batch.by, batch.now
    term = used or open_term(school, batch.term, by=by, now=now)
    act = history.begin(school, kind="marks", by=by.author(school), at=now, why=why, request_id=request_id)
    rows = _write(act, changes, batch, term)
    if _lay(act, changes, batch, lines):
        lines = batch.lines()
    written = [
        replace(each, holds=Held.of(rows.get(each.asked.key))) if isinstance(each, Good) and each.changes else each
        for each in decided
    ]
    return written, lines


def _write(act: Act, changes: Sequence[Good], batch: Batch, term: TermRow) -> dict[tuple[int, int], Assessment]:
    """Writes the rows of some cells; gives those that stand then."""
    by_version = sorted(batch.scales.items(), key=lambda each: each[1].version)
    scale_rows = {scale.code: pk for pk, scale in by_version}
    rows: dict[tuple[int, int], Assessment] = {}
    for each in changes:
        asked = each.asked
        if asked.mark is None:
            continue
        pupil, subject = asked.key
        row = each.row or Assessment(
            school=batch.school, pupil_id=pupil, subject_id=subject, term=term, kind=asked.kind
        )
        if asked.code != Held.of(each.row).mark:
            for name, value in mark_values(asked.mark, scale_row=scale_rows[asked.scale.code]).items():
                setattr(row, name, value)
            row.date, row.by = batch.now.date(), act.by[:100]
        row.comment = each.holds.note
        rows[asked.key] = row
    history.record(
        act,
        new=[rows[each.asked.key] for each in changes if each.row is None],
        changed=[each.row for each in changes if each.row is not None and each.asked.mark],
        removed=[each.row for each in changes if each.row is not None and not each.asked.mark],
    )
    return rows


def _lay(act: Act, changes: Sequence[Good], batch: Batch, lines: Sequence[Line]) -> int:
    """Redraws the lines these marks can move: those to a target that do not start before this term."""
    keys = {each.asked.key for each in changes}
    if settings_of(batch.school).redraw != "from_latest":
        stages = batch.places.stage_terms
        keys -= {
            (pupil, subject)
            for pupil, subject, key_stage, _, _, k0, _ in lines
            if (stage := stages[pupil]) is not None and stage.key_stage == key_stage and k0 < stage.k
        }
    if keys:
        aimed = Target.objects.filter(pupil_id__in={pupil for pupil, _ in keys}, subject_id__in=batch.subjects)
        keys &= set(aimed.values_list("pupil_id", "subject_id"))
    if not keys:
        return 0
    pupils, subjects = {pupil for pupil, _ in keys}, {subject for _, subject in keys}
    return lay_lines(batch.school, act=act, pupils=pupils, subjects=subjects, today=batch.now.date())


def _answered(batch: Batch, done: Act) -> Sequence[Decided]:
    """What a request was answered when it first came: what it saved, from the history; for the rest, what stands."""
    revisions = list(done.revisions.filter(kind="Assessment"))
    made = {
        (each.state["pupil_id"], each.state["subject_id"]): Held.then(each)
        for each in revisions
        if each.state is not None
    }
    removed = {each.row for each in revisions if each.state is None}
    answered: list[Decided] = []
    for asked, each in zip(batch.cells, batch.decided(batch.used_term()), strict=True):
        if isinstance(asked, Refused):
            answered.append(asked)
        elif asked.key in made:
            answered.append(Good(asked, made[asked.key]))
        elif row_of(asked.cell.version) in removed:
            answered.append(Good(asked, Held()))
        elif isinstance(each, Good) and each.changes:  # it was no more to be saved then than now
            stands = Held.of(each.row)
            answered.append(Clash(asked.cell, stands.mark, stands.version, stands.note))
        else:
            answered.append(each)
    return answered
