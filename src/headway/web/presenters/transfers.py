"""What came in before, in words: the history, everything one file changed, and why it may not be undone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from headway.services.transfers import (
    Change,
    PastTransfer,
    PastTransfers,
    RecordTally,
    TransferDetail,
    UndoRefusedError,
)
from headway.web.presenters.file_kinds import KIND_WORDS

__all__ = ["PastRow", "TransferPage", "past_rows", "transfer_page", "undo_refusal"]

_RECORD_WORDS: Mapping[str, tuple[str, str]] = {
    "Pupil": ("pupil", "pupils"),
    "Person": ("person", "people"),
    "Subject": ("subject", "subjects"),
    "StageSubject": ("subject in a key stage", "subjects in a key stage"),
    "Assessment": ("mark", "marks"),
    "Result": ("result", "results"),
    "Target": ("target", "targets"),
    "SchoolClass": ("class", "classes"),
    "TeachingGroup": ("class in a subject", "classes in a subject"),
    "Teaching": ("teacher of a class", "teachers of classes"),
    "ClassMember": ("place in a class", "places in classes"),
    "Group": ("group", "groups"),
    "GroupMember": ("place in a group", "places in groups"),
    "Role": ("role", "roles"),
    "Enrolment": ("time on roll", "times on roll"),
    "Placement": ("year group of a pupil", "year groups of pupils"),
    "Characteristic": ("characteristic", "characteristics"),
    "Attendance": ("attendance figure", "attendance figures"),
    "BehaviourIncident": ("incident", "incidents"),
}

_ACT_WORDS = {"undo": "The undoing of a file"}
_MOST_LATER = 20


@dataclass(frozen=True, slots=True)
class PastRow:
    """A transfer as the history lists it; ``figures`` are its counts under their headings."""

    uid: UUID
    file: str
    kind: str
    at: datetime
    by: str
    figures: Sequence[tuple[str, str]]
    undone_by: str
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one kind that a transfer wrote, in words and one by one."""

    heading: str
    changes: Sequence[Change]
    n_more: int


@dataclass(frozen=True, slots=True)
class TransferPage:
    """Everything the page of a transfer says."""

    uid: UUID
    file: str
    kind: str
    at: datetime
    by: str
    why: str
    counts: str
    records: Sequence[Records]
    lines: str
    undone_by: str
    undone_at: datetime | None


@dataclass(frozen=True, slots=True)
class Later:
    """Something that builds on a transfer; it opens where it is a transfer itself."""

    words: str
    at: datetime
    transfer: UUID | None


def past_rows(found: PastTransfers) -> Sequence[PastRow]:
    """The transfers that the history lists."""
    return [
        PastRow(
            each.uid,
            each.file,
            KIND_WORDS.get(each.kind, each.kind).capitalize(),
            each.at,
            each.by,
            [
                ("New", f"{each.n_new:,}"),
                ("Changed", f"{each.n_changed:,}"),
                ("Same", f"{each.n_same:,}"),
                ("Left out", f"{each.n_refused:,}"),
            ],
            each.undone_by,
            each.undone_at,
        )
        for each in found.rows
    ]


def transfer_page(detail: TransferDetail) -> TransferPage:
    """A transfer with everything it changed."""
    past = detail.past
    return TransferPage(
        uid=past.uid,
        file=past.file,
        kind=KIND_WORDS.get(past.kind, past.kind),
        at=past.at,
        by=past.by,
        why=past.why,
        counts=_counts(past),
        records=[
            Records(_tallied(each), each.changes, _n_written(each) - len(each.changes)) for each in detail.records
        ],
        lines=_lines(detail.n_lines),
        undone_by=past.undone_by,
        undone_at=past.undone_at,
    )


def undo_refusal(refusal: UndoRefusedError) -> Mapping[str, object]:
    """Why a transfer cannot be undone, and what builds on it."""
    later = [
        Later(f"{each.file or _ACT_WORDS.get(each.kind, each.kind.capitalize())}, {each.by}", each.at, each.transfer)
        for each in refusal.later[:_MOST_LATER]
    ]
    n_more = len(refusal.later) - len(later)
    return {"sentence": str(refusal), "later": later, "n_more": n_more}


def _counts(past: PastTransfer) -> str:
    refused = f", {past.n_refused:,} left out" if past.n_refused else ""
    return f"{past.n_new:,} new, {past.n_changed:,} changed, {past.n_same:,} same{refused}"


def _tallied(tally: RecordTally) -> str:
    one, many = _RECORD_WORDS.get(tally.kind, (tally.kind, tally.kind))
    parts = [(tally.n_new, "new"), (tally.n_changed, "changed"), (tally.n_removed, "removed")]
    said = ", ".join(f"{n:,} {word}" for n, word in parts if n)
    return f"{(one if _n_written(tally) == 1 else many).capitalize()}: {said}"


def _n_written(tally: RecordTally) -> int:
    return tally.n_new + tally.n_changed + tally.n_removed


def _lines(number: int) -> str:
    if not number:
        return ""
    return f"{number:,} {'line' if number == 1 else 'lines'} of progress targets laid or redrawn"
