"""The list of pupils behind a number, the apparently off track first. Decides nobody's status."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from headway.domain.rounding import half_up
from headway.domain.status import OFF_TRACK, Status
from headway.services.pupil_records import PupilRecord
from headway.web.presenters.figures import gap_words, points_words
from headway.web.presenters.status import STATUS_WORDS
from headway.web.selections import NAMES, Selection

__all__ = ["SORT_WORDS", "Heading", "PupilRow", "Section", "headings", "pupil_rows", "sections", "why_not_known"]

SORT_WORDS: Mapping[str, str] = {
    "": "Off track first",
    "name": "Name from A to Z",
    "-name": "Name from Z to A",
    "status": "Status, well below first",
    "-status": "Status, above first",
    "gap": "Gap, furthest behind first",
    "-gap": "Gap, furthest ahead first",
    "now": "Grade now, lowest first",
    "-now": "Grade now, highest first",
    "expected": "Progress target, lowest first",
    "-expected": "Progress target, highest first",
    "target": "Target, lowest first",
    "-target": "Target, highest first",
    "prior": "Prior attainment, lowest first",
    "-prior": "Prior attainment, highest first",
    "attendance": "Attendance, lowest first",
    "-attendance": "Attendance, highest first",
}
"""Every order of the list by its code in an address."""

_COLUMNS: Sequence[tuple[str, str, str]] = (
    ("name", "Pupil", ""),
    ("status", "Status", ""),
    ("gap", "Gap", "number"),
    ("now", "Grade now", ""),
    ("expected", "Progress target", ""),
    ("target", "Target", ""),
    ("prior", "Prior attainment", ""),
    ("attendance", "Attendance", "number"),
)
"""The columns of the list: what each sorts by, its heading, and whether its figures stand to the right."""

_NOT_ENTERED = "not entered"
_WORST_FIRST: Mapping[Status, int] = {"well_below": 0, "below": 1, "on": 2, "above": 3}
_SORTED_BY: Mapping[str, Callable[[PupilRecord], float | Fraction | None]] = {
    "status": lambda record: _WORST_FIRST.get(record.status),
    "gap": lambda record: record.gap,
    "now": lambda record: record.rank,
    "expected": lambda record: record.expected_points,
    "target": lambda record: record.target_rank,
    "prior": lambda record: record.prior_rank,
    "attendance": lambda record: record.attendance,
}


class PupilRow(NamedTuple):
    """One pupil of the list; a tuple because hundreds are made for a page."""

    uid: str
    name: str
    reg_group: str
    prior: str
    target: str
    expected: str
    expected_points: str
    now: str
    note: str
    gap: str
    status: Status
    word: str
    why: str
    attendance: str


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the list; without a heading, all of it."""

    heading: str
    rows: Sequence[PupilRow]


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column: where it leads to sort by it, and how it is sorted now (``aria-sort``)."""

    words: str
    address: str
    sorted: str
    css: str


def pupil_rows(pupils: Sequence[PupilRecord], *, sort: str, mark_words: Mapping[str, str]) -> Sequence[PupilRow]:
    """Every pupil in an order of `SORT_WORDS`; who has nothing to sort by stands last in any."""
    return [_pupil(record, mark_words=mark_words) for record in _in_order(pupils, sort or "gap")]


def sections(rows: Sequence[PupilRow], *, sort: str) -> Sequence[Section]:
    """The apparently off track first, those of whom nothing is known last; in an order somebody chose, one list."""
    if sort:
        return [Section("", rows)] if rows else []
    off_track = [row for row in rows if row.status in OFF_TRACK]
    on_track = [row for row in rows if row.status in ("on", "above")]
    not_known = sorted((row for row in rows if row.status == "not_known"), key=lambda row: row.name.casefold())
    parts = (("Apparently off track", off_track), ("On or above", on_track), ("Not known", not_known))
    return [Section(heading, part) for heading, part in parts if part]


def headings(selection: Selection) -> Sequence[Heading]:
    """The heads of the columns, each leading to the list sorted by it, and by it the other way round."""
    by, falling = selection.sort.removeprefix("-"), selection.sort.startswith("-")
    return [
        Heading(
            words=words,
            address=selection.address(sort=f"-{column}" if column == by and not falling else column) + NAMES,
            sorted=("descending" if falling else "ascending") if column == by else "",
            css=css,
        )
        for column, words, css in _COLUMNS
    ]


def why_not_known(rows: Sequence[PupilRow]) -> str:
    """Why some are not known, counted."""
    reasons = Counter(row.why for row in rows if row.status == "not_known")
    return ", ".join(f"{why} ({n})" for why, n in reasons.most_common())


def _in_order(pupils: Sequence[PupilRecord], sort: str) -> Sequence[PupilRecord]:
    """Those with a value by it, then by name; the others by name."""
    column, falling = sort.removeprefix("-"), sort.startswith("-")
    by_name = sorted(pupils, key=lambda record: record.name.casefold(), reverse=column == "name" and falling)
    if column == "name":
        return by_name
    value = _SORTED_BY[column]
    known = [(float(found), record) for record in by_name if (found := value(record)) is not None]
    known.sort(key=lambda pair: pair[0], reverse=falling)
    return [record for _, record in known] + [record for record in by_name if value(record) is None]


def _pupil(record: PupilRecord, *, mark_words: Mapping[str, str]) -> PupilRow:
    marked = mark_words.get(record.mark_code, record.mark_code)
    return PupilRow(
        uid=str(record.uid),
        name=record.name,
        reg_group=record.reg_group,
        prior=record.prior,
        target=record.target,
        expected=record.expected,
        expected_points=_words_of(_points, record.expected_points),
        now=record.grade or marked or _NOT_ENTERED,
        note=record.note,
        gap=_words_of(gap_words, record.gap),
        status=record.status,
        word=STATUS_WORDS[record.status],
        why=_why_not_known(record, marked) if record.status == "not_known" else "",
        attendance=_words_of(_percent, record.attendance),
    )


def _why_not_known(record: PupilRecord, marked: str) -> str:
    if marked:
        return marked
    if not record.grade:
        return _NOT_ENTERED
    return "the line starts here" if record.starts_here else "no progress target"


def _words_of(words: Callable[[Fraction], str], figure: Fraction | None) -> str:
    """A figure in words; nothing where there is none."""
    return "" if figure is None else _remembered(words, figure.numerator, figure.denominator)


@lru_cache(maxsize=16_384)
def _remembered(words: Callable[[Fraction], str], over: int, under: int) -> str:
    """The same few figures come again and again. Remembered by their parts: a fraction is slow to look up."""
    return words(Fraction(over, under))


def _points(points: Fraction) -> str:
    return f"{points_words(points)} points"


def _percent(share: Fraction) -> str:
    return f"{half_up(100 * share, places=1)} %"
