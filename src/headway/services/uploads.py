"""Files sent in by the browser: kept for whoever sent them, planned anew at every look, applied as they were shown.

Nothing of a kept file is ever handed out again; it is opened only by our own readers, and gone after a day.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from headway.formats.refusals import FileRefused, Problem
from headway.records.models import Pupil, School, Upload
from headway.services import audit
from headway.services.access import NotAllowedError, NotFoundError, Viewer, require
from headway.services.people.powers import PersonRefusedError
from headway.services.transfers import Plan, StalePlanError, apply, plan

__all__ = [
    "MOST_BYTES",
    "Reading",
    "Shown",
    "UploadRefusedError",
    "apply_upload",
    "discard",
    "keep",
    "plan_of",
    "read_again",
]

MOST_BYTES = 20_000_000
_KEPT_FOR = timedelta(days=1)
_MOVED = (
    "The school's records have changed since this plan was shown, and the file would now do something else. "
    "Nothing was applied. This is the plan as it is now: look at it again."
)


class UploadRefusedError(ValueError):
    """A file cannot be kept or applied as asked; the message says why. Nothing was changed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file is read where it does not say so itself, and the page its sender set out from."""

    kind: str | None = None
    academic_year: str | None = None
    term: str | None = None
    back: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A kept file and what it would do: a plan, or why it cannot be read at all.

    ``seen`` stands for all of the plan that is shown: applying asks for it, and refuses where it is another by then.
    ``names`` are the pupils' by their numbers. ``transfer`` is set once it has been applied.
    """

    uid: UUID
    file: str
    reading: Reading
    plan: Plan | None
    problems: Sequence[Problem]
    seen: str
    names: Mapping[str, str]
    transfer: UUID | None = None


def keep(content: bytes, *, file: str, reading: Reading = Reading(), school: School, by: Viewer, now: datetime) -> UUID:
    """Keeps a file for its sender alone, and discards everybody's that are older than a day."""
    require(by, "import", school=school, on=now.date())
    if by.user is None:
        raise NotAllowedError("A file is kept for somebody who has signed in. Right would be headway import.")
    if len(content) > MOST_BYTES:
        raise UploadRefusedError(
            f"The file is larger than {MOST_BYTES // 1_000_000} MB. Right would be its rows shared out over several."
        )
    said = asdict(reading)
    with transaction.atomic():
        Upload.objects.filter(at__lt=now - _KEPT_FOR).delete()
        upload = Upload.objects.create(
            school=school, user=by.user, at=now, file=_plain(file), content=content, options=said
        )
        audit.note(
            school, action="upload file", by=by, now=now, detail={"upload": str(upload.uid), "bytes": len(content)}
        )
    return upload.uid


def plan_of(upload_id: UUID, *, viewer: Viewer, school: School, now: datetime) -> Shown:
    """What a kept file would do to the school as it is now."""
    upload = _mine(upload_id, school=school, by=viewer, now=now)
    reading = _reading(upload)
    bare = Shown(upload.uid, upload.file, reading, None, (), "", {}, _applied(upload))
    if bare.transfer is not None:
        return bare
    try:
        planned = plan(
            bytes(upload.content),
            file=upload.file,
            school=school,
            by=viewer,
            now=now,
            as_kind=reading.kind,
            academic_year=reading.academic_year,
            term=reading.term,
        )
    except FileRefused as refusal:
        return replace(bare, problems=refusal.problems)
    viewer.saw(_of_pupils(planned, school=school))
    return replace(
        bare, plan=planned, problems=planned.problems, seen=_digest(planned), names=_names(planned, school=school)
    )


def read_again(upload_id: UUID, reading: Reading, *, school: School, by: Viewer, now: datetime) -> None:
    """Has a kept file read as something else, or for another year or term."""
    upload = _mine(upload_id, school=school, by=by, now=now)
    if _applied(upload) is None:
        upload.options = asdict(replace(reading, back=_reading(upload).back))
        upload.save(update_fields=["options"])


def apply_upload(
    upload_id: UUID, *, seen: str, leave_out_refused: bool, school: School, by: Viewer, now: datetime
) -> UUID:
    """Applies a kept file exactly as it was shown and forgets its content; gives the transfer.

    Asked for twice, it applies once and gives the same transfer. Raises UploadRefusedError, with nothing applied, where
    the plan is no longer the one that was seen, where rows are refused and nobody said to leave them out, or where
    there is nothing to apply.
    """
    shown = plan_of(upload_id, viewer=by, school=school, now=now)
    if shown.transfer is not None:
        return shown.transfer
    planned = shown.plan
    if planned is None or shown.seen != seen:
        raise UploadRefusedError(_MOVED)
    if planned.problems and not leave_out_refused:
        raise UploadRefusedError("Some rows are refused. Right would be to leave them out, or to correct the file.")
    if not (planned.new or planned.changed or planned.removed):
        raise UploadRefusedError("There is nothing to apply: everything in the file stands in the records already.")
    try:
        with transaction.atomic():
            kept = Upload.objects.filter(uid=upload_id).exclude(content=b"")
            if not kept.update(content=b""):
                return _transfer_of_another_click(upload_id, school=school, by=by, now=now)
            applied = apply(planned, by=by, now=now, why=_why(planned.n_refused))
            options = asdict(shown.reading) | {"transfer": str(applied.transfer)}
            Upload.objects.filter(uid=upload_id).update(options=options)
    except StalePlanError as error:
        raise UploadRefusedError(_MOVED) from error
    except PersonRefusedError as refusal:
        raise UploadRefusedError(str(refusal)) from refusal
    return applied.transfer


def discard(upload_id: UUID, *, school: School, by: Viewer, now: datetime) -> None:
    """Throws a kept file away; what has been applied of it stays applied."""
    upload = _mine(upload_id, school=school, by=by, now=now)
    with transaction.atomic():
        upload.delete()
        audit.note(school, action="discard upload", by=by, now=now, detail={"upload": str(upload_id)})


def _mine(upload_id: UUID, *, school: School, by: Viewer, now: datetime) -> Upload:
    """A kept file of this very person; to everybody else it is not there."""
    require(by, "import", school=school, on=now.date())
    if by.user is None:
        raise NotFoundError(str(upload_id))
    upload = Upload.objects.filter(uid=upload_id, school=school, user=by.user, at__gte=now - _KEPT_FOR).first()
    if upload is None:
        raise NotFoundError(str(upload_id))
    return upload


def _transfer_of_another_click(upload_id: UUID, *, school: School, by: Viewer, now: datetime) -> UUID:
    transfer = _applied(_mine(upload_id, school=school, by=by, now=now))
    if transfer is None:
        raise NotFoundError(str(upload_id))
    return transfer


def _applied(upload: Upload) -> UUID | None:
    transfer = upload.options.get("transfer")
    return UUID(transfer) if transfer else None


def _reading(upload: Upload) -> Reading:
    return Reading(**{name: upload.options.get(name) for name in Reading.__dataclass_fields__})


def _why(n_refused: int) -> str:
    if not n_refused:
        return ""
    return "1 refused row left out" if n_refused == 1 else f"{n_refused} refused rows left out"


def _digest(planned: Plan) -> str:
    """Stands for everything a plan shows: how it was read, every row's outcome and every refusal."""
    said = hashlib.sha256(f"{planned.kind} {planned.digest} {planned.counts}".encode())
    for row in planned.rows:
        said.update(repr((row.number, row.outcome, row.what, row.before, row.after)).encode())
    for each in (*planned.problems, *planned.warnings):
        said.update(repr(each).encode())
    return said.hexdigest()


def _of_pupils(planned: Plan, *, school: School) -> Iterable[int]:
    """The keys of the pupils a plan's rows are about, as far as the school has them."""
    said = {row.what.partition(" ")[0] for row in planned.rows} | {each.value for each in planned.problems}
    known = Pupil.objects.filter(school=school).values_list("upn", "pk")
    return [key for upn, key in known if upn in said]


def _names(planned: Plan, *, school: School) -> Mapping[str, str]:
    known = Pupil.objects.filter(school=school).values_list("upn", "surname", "forename")
    names = {upn: f"{surname}, {forename}" for upn, surname, forename in known}
    return names | {each.upn: f"{each.surname}, {each.forename}" for each in planned.new if isinstance(each, Pupil)}


def _plain(name: str) -> str:
    """A stranger's file name as it can be shown: its last part, one line of letters that can be printed."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable()).strip()[-255:] or "file"
