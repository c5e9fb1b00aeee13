"""A pupil's subjects side by side: how far each is from its progress target, and how far from the others."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from headway.charts.sparks import spark_line
from headway.charts.svg import Drawing
from headway.domain.questions import term_words
from headway.domain.scales import Scale
from headway.domain.status import Status
from headway.services.pupil_pages import PupilPage
from headway.services.pupil_progress import StageProgress, SubjectProgress, TermProgress
from headway.web.presenters.figures import gap_words, points_words
from headway.web.presenters.pupil_subjects import hint_of, why_not_known
from headway.web.presenters.status import STATUS_WORDS

__all__ = ["ComparedRow", "Comparing", "Place", "compared"]

_MOST_TICKS = 7


@dataclass(frozen=True, slots=True)
class Place:
    """A grade on the axis the rows share, in percent of its width."""

    label: str
    x: str


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One subject: its figures, and where its grade, progress target and target stand among the grades."""

    name: str
    hint: str
    address: str
    grade: str
    expected: str
    expected_points: str
    target: str
    prior: str
    gap: str
    steps: str
    status: Status
    word: str
    why: str
    at: str
    expected_at: str
    target_at: str
    spark: Drawing | None


@dataclass(frozen=True, slots=True)
class Comparing:
    """All of them, the furthest behind first, and the axis: its grades and the pupil's own median."""

    rows: Sequence[ComparedRow]
    ticks: Sequence[Place]
    median: Place | None


@dataclass(frozen=True, slots=True)
class _Axis:
    """Grades of the scale most subjects are on, from the lowest there is to the highest."""

    scale: Scale
    low: int
    high: int

    def x(self, rank: Fraction | int) -> str:
        """Where a rank stands."""
        share = Fraction(rank - self.low, max(self.high - self.low, 1))
        return f"{float(5 + 90 * share):.2f}%"

    def of(self, stage: StageProgress, grade: str) -> str:
        """Where a grade stands; nowhere where it is on another scale."""
        rank = _rank(stage, grade)
        return self.x(rank) if rank is not None and stage.scale.code == self.scale.code else ""


_Said = tuple[SubjectProgress, StageProgress, TermProgress]


def compared(subjects: Sequence[SubjectProgress], page: PupilPage, *, addresses: Sequence[str]) -> Comparing:
    """Subjects in the term statuses are said of; ``addresses`` open them, in the same order."""
    said = [
        (subject, stage, found, address)
        for subject, address in zip(subjects, addresses, strict=True)
        if (stage := subject.stage_at(page.term)) and (found := subject.at(page.term))
    ]
    axis = _axis([(subject, stage, found) for subject, stage, found, _ in said])
    gaps = [abs(each.gap) for _, stage, _, _ in said for each in stage.terms if each.gap is not None]
    reach = float(max(gaps, default=Fraction(0)))
    said.sort(key=lambda each: _furthest_behind(each[2]))
    rows = [_row(*each, page=page, axis=axis, reach=reach) for each in said]
    ranks = sorted(
        rank
        for _, stage, found, _ in said
        if axis and not stage.parts and stage.scale.code == axis.scale.code
        if (rank := _rank(stage, found.grade)) is not None
    )
    return Comparing(rows, _ticks(axis) if axis else [], _median(ranks, axis) if axis and len(ranks) > 1 else None)


def _furthest_behind(found: TermProgress) -> tuple[bool, int, Fraction]:
    return found.steps is None, found.steps or 0, found.gap or Fraction(0)


def _axis(said: Sequence[_Said]) -> _Axis | None:
    """The axis of the scale most of the subjects are on."""
    counted = Counter(stage.scale.code for _, stage, _ in said)
    if not counted:
        return None
    code = counted.most_common(1)[0][0]
    mine = [(stage, found) for _, stage, found in said if stage.scale.code == code]
    ranks = [
        rank
        for stage, found in mine
        for grade in (found.grade, found.expected, stage.target.grade if stage.target else "")
        if (rank := _rank(stage, grade)) is not None
    ]
    return _Axis(mine[0][0].scale, min(ranks), max(ranks)) if ranks else None


def _rank(stage: StageProgress, grade: str) -> int | None:
    found = stage.scale.spellings.get(grade.casefold()) if grade else None
    return found.rank if found else None


def _ticks(axis: _Axis) -> list[Place]:
    """Some grades of the axis: every one, or every second or third."""
    every = -(-(axis.high - axis.low + 1) // _MOST_TICKS)
    return [Place(axis.scale.grades[rank].code, axis.x(rank)) for rank in range(axis.low, axis.high + 1, every)]


def _median(ranks: Sequence[int], axis: _Axis) -> Place:
    low, high = ranks[(len(ranks) - 1) // 2], ranks[len(ranks) // 2]
    grades = [axis.scale.grades[rank].code for rank in sorted({low, high})]
    words = grades[0] if len(grades) == 1 else f"half way between {grades[0]} and {grades[1]}"
    return Place(words, axis.x(Fraction(low + high, 2)))


def _row(
    subject: SubjectProgress,
    stage: StageProgress,
    found: TermProgress,
    address: str,
    *,
    page: PupilPage,
    axis: _Axis | None,
    reach: float,
) -> ComparedRow:
    target = stage.target.grade if stage.target else ""
    return ComparedRow(
        name=subject.name,
        hint=hint_of(stage),
        address=address,
        grade=found.grade or found.marked,
        expected=found.expected,
        expected_points="" if found.expected_points is None else f"{points_words(found.expected_points)} points",
        target=target,
        prior=stage.prior.grade if stage.prior else "",
        gap=gap_words(found.gap),
        steps=_steps(found.steps),
        status=found.status,
        word=STATUS_WORDS[found.status],
        why=why_not_known(found, term=page.this_term),
        at=axis.of(stage, found.grade) if axis else "",
        expected_at=axis.of(stage, found.expected) if axis else "",
        target_at=axis.of(stage, target) if axis else "",
        spark=_spark(stage, page, reach),
    )


def _steps(steps: int | None) -> str:
    if steps is None:
        return ""
    return f"+{steps}" if steps > 0 else f"−{abs(steps)}" if steps else "0"


def _spark(stage: StageProgress, page: PupilPage, reach: float) -> Drawing | None:
    """The gap term by term; nothing where fewer than two are known."""
    terms = [each for each in stage.terms if each.term <= page.term]
    known = [each for each in terms if each.gap is not None]
    if len(known) < 2:
        return None
    first, last = known[0], known[-1]
    words = (
        f"Gap in points: {gap_words(first.gap)} in {term_words(first.term.code)}, "
        f"{gap_words(last.gap)} in {term_words(last.term.code)}"
    )
    terms = terms[terms.index(first) :]
    values = [None if each.gap is None else float(each.gap) for each in terms]
    return spark_line(values, words=words, reach=reach)
