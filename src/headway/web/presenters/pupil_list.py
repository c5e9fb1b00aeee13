"""The list of pupils behind a number, the apparently off track first. Decides nobody's status."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from headway.domain.status import OFF_TRACK, Status
from headway.services.pupil_records import PupilRecord
from headway.web.presenters.figures import gap_words, points_words
from headway.web.presenters.status import STATUS_WORDS

__all__ = ["PupilRow", "Section", "pupil_rows", "sections", "why_not_known"]

_NOT_ENTERED = "not entered"


@dataclass(frozen=True, slots=True)
class PupilRow:
    """One pupil of the list."""

    name: str
    reg_group: str
    prior: str
    target: str
    expected: str
    expected_points: str
    now: str
    gap: str
    status: Status
    word: str
    why: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the list under its own heading."""

    heading: str
    rows: Sequence[PupilRow]


def pupil_rows(pupils: Sequence[PupilRecord], *, mark_words: Mapping[str, str]) -> Sequence[PupilRow]:
    """Every pupil, the furthest behind first."""
    return [_pupil(record, mark_words=mark_words) for record in sorted(pupils, key=_furthest_behind)]


def sections(rows: Sequence[PupilRow]) -> Sequence[Section]:
    """The apparently off track first; those of whom nothing is known last."""
    off_track = [row for row in rows if row.status in OFF_TRACK]
    on_track = [row for row in rows if row.status in ("on", "above")]
    not_known = sorted((row for row in rows if row.status == "not_known"), key=lambda row: row.name.casefold())
    parts = (("Apparently off track", off_track), ("On or above", on_track), ("Not known", not_known))
    return [Section(heading, part) for heading, part in parts if part]


def why_not_known(rows: Sequence[PupilRow]) -> str:
    """Why some are not known, counted."""
    reasons = Counter(row.why for row in rows if row.status == "not_known")
    return "; ".join(f"{why}: {n}" for why, n in reasons.most_common())


def _furthest_behind(record: PupilRecord) -> tuple[Fraction, str]:
    return record.gap or Fraction(0), record.name.casefold()


def _pupil(record: PupilRecord, *, mark_words: Mapping[str, str]) -> PupilRow:
    marked = mark_words.get(record.mark_code, record.mark_code)
    return PupilRow(
        name=record.name,
        reg_group=record.reg_group,
        prior=record.prior,
        target=record.target,
        expected=record.expected,
        expected_points="" if record.expected_points is None else f"{points_words(record.expected_points)} points",
        now=record.grade or marked or _NOT_ENTERED,
        gap=gap_words(record.gap),
        status=record.status,
        word=STATUS_WORDS[record.status],
        why=_why_not_known(record, marked) if record.status == "not_known" else "",
    )


def _why_not_known(record: PupilRecord, marked: str) -> str:
    if marked:
        return marked
    if not record.grade:
        return _NOT_ENTERED
    return "the line starts here" if record.starts_here else "no progress target"
