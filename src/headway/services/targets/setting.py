"""Targets set, each against the version it was read at: as one act, with its lines and the audit (M99, M100, M106)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db import IntegrityError, transaction

from headway.domain.flags import Flag
from headway.records import history
from headway.records.models import Act, Revision, School, Target
from headway.services import audit
from headway.services.access import Viewer
from headway.services.progress_targets import lay_lines
from headway.services.targets.ground import Ground, TargetCell, token_of
from headway.services.transfers.draft import RefusedRowError
from headway.services.transfers.target_rules import Judged, target_values

__all__ = ["Outcome", "OutcomeKind", "Standing", "set_targets"]

OutcomeKind = Literal["saved", "same", "asked", "refused", "clash"]


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands where somebody else has changed a target: whose it is and since when."""

    grade: str
    version: str
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a cell.

    ``saved``; ``same``: it stood already; ``asked``: it has a warning (``flags``) that nobody has seen; ``refused``:
    with ``field`` (``grade`` or ``reason``), ``wrong`` and ``right``; ``clash``: with what is ``standing``.
    """

    cell: TargetCell
    kind: OutcomeKind
    grade: str
    version: str
    before: str = ""
    flags: Sequence[Flag] = ()
    field: str = ""
    wrong: str = ""
    right: str = ""
    standing: Standing | None = None


def set_targets(
    cells: Sequence[TargetCell], *, subject: str, by: Viewer, school: School, now: datetime, request_id: UUID
) -> Sequence[Outcome]:
    """Sets targets and redraws their lines at once. The good ones are saved; the outcomes say what became of the rest.

    The same request sent again is answered as the first was.
    """
    for final in (False, False, True):
        done = Act.objects.filter(school=school, request_id=request_id).first()
        try:
            with transaction.atomic():
                ground = Ground.of(cells, subject=subject, by=by, school=school, now=now)
                if done is not None:
                    return _answered(done, cells, ground)
                return _set(cells, ground, request_id=request_id)
        except (history.StaleWriteError, IntegrityError):  # somebody else was a moment quicker: see what stands now
            if final:
                raise
    raise AssertionError


def _set(cells: Sequence[TargetCell], ground: Ground, *, request_id: UUID) -> list[Outcome]:
    """Writes the good cells as one act; says of each cell what became of it."""
    rows: dict[int, tuple[Target, str]] = {}
    outcomes: dict[int, Outcome] = {}
    places: set[tuple[UUID, str]] = set()
    for number, cell in enumerate(cells):
        judged = ground.try_judging(cell)
        unsaved = _unsaved(cell, judged, ground)
        if (cell.pupil, cell.point) in places:
            unsaved = _refused(cell, RefusedRowError("grade", "it is there twice", "once"), ground)
        places.add((cell.pupil, cell.point))
        if unsaved is not None or isinstance(judged, RefusedRowError):
            outcomes[number] = unsaved or _kept(cell, ground, "same")
        else:
            found = ground.found(cell)
            before = found.grade if found else ""
            rows[number] = (_amended(cell, judged, ground), before)
    if rows:
        _write([row for row, _ in rows.values()], ground, request_id=request_id)
    for number, (row, before) in rows.items():
        outcomes[number] = Outcome(cells[number], "saved", row.grade, token_of(row), before)
    return [outcomes[number] for number in range(len(cells))]


def _unsaved(cell: TargetCell, judged: Judged | RefusedRowError, ground: Ground) -> Outcome | None:
    """Why a cell is not saved; None where it is good."""
    found = ground.found(cell)
    typed = judged.grade.code if isinstance(judged, Judged) else cell.grade.strip()
    if typed == (found.grade if found else ""):
        return _kept(cell, ground, "same")
    if isinstance(judged, RefusedRowError):
        return _refused(cell, judged, ground)
    if cell.version != token_of(found):
        return _clash(cell, ground)
    try:
        judged.require_reason(cell.reason, standing=found)
    except RefusedRowError as error:
        return _refused(cell, error, ground, flags=judged.flags)
    if not cell.anyway and any(flag.code == "T2" for flag in judged.flags):
        return _kept(cell, ground, "asked", flags=judged.flags)
    return None


def _kept(cell: TargetCell, ground: Ground, kind: OutcomeKind, *, flags: Sequence[Flag] = ()) -> Outcome:
    found = ground.found(cell)
    return Outcome(cell, kind, found.grade if found else "", token_of(found), flags=flags)


def _refused(cell: TargetCell, error: RefusedRowError, ground: Ground, *, flags: Sequence[Flag] = ()) -> Outcome:
    found = ground.found(cell)
    return Outcome(
        cell,
        "refused",
        found.grade if found else "",
        token_of(found),
        flags=flags,
        field=error.column,
        wrong=error.wrong,
        right=error.right,
    )


def _clash(cell: TargetCell, ground: Ground) -> Outcome:
    """What stands in a cell somebody else has changed, whose it is and since when."""
    found = ground.found(cell)
    if found is None:
        return Outcome(cell, "clash", "", "", standing=Standing("", "", "", None))
    made = Revision.objects.filter(kind="Target", row=found.pk, version=found.version).select_related("act").first()
    by, at = (made.act.by, made.act.at) if made else ("", None)
    return Outcome(cell, "clash", found.grade, token_of(found), standing=Standing(found.grade, token_of(found), by, at))


def _amended(cell: TargetCell, judged: Judged, ground: Ground) -> Target:
    """The record with what the cell says: a new grade comes with its own reason, or with none."""
    stage = ground.stage(cell)
    row = ground.found(cell) or ground.proposed(cell, judged.grade, stage)
    for name, value in target_values(judged.grade, stage=stage, registry=ground.registry).items():
        setattr(row, name, value)
    row.reason = cell.reason.strip()
    row.agreed_by = cell.agreed_by.strip() or ground.by.author(ground.school).name
    row.agreed_on = cell.agreed_on or ground.now.date()
    return row


def _write(rows: Sequence[Target], ground: Ground, *, request_id: UUID) -> None:
    school, by, now = ground.school, ground.by, ground.now
    act = history.begin(school, kind="targets", by=by.author(school), at=now, request_id=request_id)
    history.record(
        act, new=[row for row in rows if row.pk is None], changed=[row for row in rows if row.pk is not None]
    )
    pupils = {row.pupil_id for row in rows}
    n_lines = lay_lines(school, act=act, pupils=pupils, subjects={ground.subject.pk}, today=now.date())
    detail = {"targets": len(rows), "subject": ground.subject.code, "lines": n_lines}
    audit.note(school, action="targets", by=by, now=now, detail=detail)


def _answered(done: Act, cells: Sequence[TargetCell], ground: Ground) -> list[Outcome]:
    """What a request was answered when it first came, read from the history it made."""
    made: dict[tuple[int, str], Revision] = {}
    for revision in done.revisions.filter(kind="Target"):
        if revision.state is not None:
            made[revision.state["pupil_id"], revision.state["point"]] = revision
    outcomes = []
    for cell in cells:
        was = made.get((ground.pupils[cell.pupil].pk, cell.point))
        if was is None or was.state is None:
            outcomes.append(_unsaved(cell, ground.try_judging(cell), ground) or _kept(cell, ground, "same"))
        else:
            outcomes.append(Outcome(cell, "saved", was.state["grade"], f"{was.row}.{was.version}", _before(was)))
    return outcomes


def _before(revision: Revision) -> str:
    earlier = Revision.objects.filter(kind="Target", row=revision.row, version=revision.version - 1).first()
    return earlier.state["grade"] if earlier and earlier.state else ""
