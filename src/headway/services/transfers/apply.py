"""A plan applied as one act, all or nothing; and an applied one undone as another."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from headway.records import history
from headway.records.models import Act, Pupil, School, Transfer
from headway.records.versioned import Versioned
from headway.services import audit
from headway.services.access import Viewer, require
from headway.services.people.powers import PersonRefusedError, within_powers
from headway.services.progress_targets import lay_lines
from headway.services.schools import open_used
from headway.services.transfers.draft import Plan, action_for

__all__ = ["Applied", "LaterAct", "StalePlanError", "UndoRefusedError", "apply", "undo"]


class StalePlanError(Exception):
    """The school's records moved between plan and apply; nothing was written. Plan again."""


@dataclass(frozen=True, slots=True)
class LaterAct:
    """Something done since that builds on a transfer; with its id and file where it was a transfer itself."""

    kind: str
    by: str
    at: datetime
    transfer: UUID | None
    file: str


class UndoRefusedError(Exception):
    """A transfer cannot be undone; the message says why, ``later`` what builds on it. Nothing was written."""

    def __init__(self, message: str, *, later: Sequence[LaterAct] = ()) -> None:
        self.later = later
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Applied:
    """A transfer that was applied: its id, and how many lines it moved."""

    transfer: UUID
    n_lines: int


def apply(plan: Plan, *, by: Viewer, now: datetime, why: str = "") -> Applied:
    """Writes everything a plan would do, in one transaction, and lays the lines it moves.

    Raises StalePlanError where the records have moved; PersonRefusedError where roles go beyond the sender's powers.
    """
    school = plan.school
    require(by, action_for(plan.kind), school=school, on=now.date())
    try:
        with transaction.atomic(), _held_back(plan.kind, school=school, by=by, now=now):
            open_used(plan.opened, school=school, by=by, now=now)
            act = history.begin(school, kind="import", by=by.author(school), at=now, why=why)
            history.record(act, new=plan.new, changed=plan.changed, removed=plan.removed)
            n_lines = _lay(plan, act=act, now=now)
            transfer = Transfer.objects.create(
                school=school,
                act=act,
                kind=plan.kind,
                file=plan.file[:255],
                digest=plan.digest,
                n_new=plan.count("new"),
                n_changed=plan.count("changed"),
                n_same=plan.count("same"),
                n_refused=plan.n_refused,
            )
            detail = {"kind": plan.kind, "transfer": str(transfer.uid), "counts": plan.counts}
            audit.note(school, action="import", by=by, now=now, detail=detail)
    except (history.StaleWriteError, IntegrityError) as error:
        _forget_keys([*plan.opened, *plan.new])
        raise StalePlanError("The records changed while the file was being read. Nothing was written.") from error
    return Applied(transfer.uid, n_lines)


def undo(transfer_id: UUID, *, school: School, by: Viewer, now: datetime) -> int:
    """Puts everything a transfer changed back as it was, as one act; gives how many records went back."""
    require(by, "import", school=school, on=now.date())
    transfer = Transfer.objects.filter(school=school, uid=transfer_id).select_related("act").first()
    if transfer is None:
        raise UndoRefusedError(
            f"There is no transfer {transfer_id} here. Right would be the id that its import printed."
        )
    if transfer.undone_by_id is not None:
        raise UndoRefusedError("That transfer has been undone already.")
    require(by, action_for(transfer.kind), school=school, on=now.date())
    try:
        with transaction.atomic(), _held_back(transfer.kind, school=school, by=by, now=now):
            act = history.begin(school, kind="undo", by=by.author(school), at=now, why=f"undo of {transfer}")
            n_rows = history.undo(transfer.act, as_act=act)
            transfer.undone_by = act
            transfer.save(update_fields=["undone_by"])
            audit.note(school, action="undo import", by=by, now=now, detail={"transfer": str(transfer.uid)})
    except history.BuiltOnError as error:
        raise UndoRefusedError(str(error), later=_told(error.later)) from error
    except PersonRefusedError as refusal:
        raise UndoRefusedError(str(refusal)) from refusal
    return n_rows


def _held_back(kind: str, *, school: School, by: Viewer, now: datetime) -> AbstractContextManager[None]:
    """A file of staff gives and ends roles: it does no more than its sender may do on the page of people."""
    return within_powers(by, school=school, on=now.date()) if kind == "staff" else nullcontext()


def _lay(plan: Plan, *, act: Act, now: datetime) -> int:
    whose, n_lines = plan.lines_of, 0
    if whose.pupils and whose.subjects:
        n_lines += lay_lines(plan.school, act=act, pupils=whose.pupils, subjects=whose.subjects, today=now.date())
    if whose.whole_subjects:
        everyone = Pupil.objects.filter(school=plan.school).values_list("pk", flat=True)
        n_lines += lay_lines(plan.school, act=act, pupils=everyone, subjects=whose.whole_subjects, today=now.date())
    return n_lines


def _told(acts: Sequence[Act]) -> Sequence[LaterAct]:
    """The acts, the newest first: in the order in which they would have to be undone."""
    transfers = {each.act_id: each for each in Transfer.objects.filter(act__in=acts)}
    told = []
    for act in sorted(acts, key=lambda act: act.pk, reverse=True):
        transfer = transfers.get(act.pk)
        uid, file = (transfer.uid, transfer.file) if transfer else (None, "")
        told.append(LaterAct(act.kind, act.by, act.at, uid, file))
    return told


def _forget_keys(rows: Sequence[Versioned]) -> None:
    """A rolled-back row keeps no key, so that nothing mistakes it for a stored one."""
    for row in rows:
        row.pk = None
