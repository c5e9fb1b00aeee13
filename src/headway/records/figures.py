"""Grades as records hold them, on the scale their subject is on now. What they mean is the domain's to say."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from headway.domain.composites import composite
from headway.domain.rounding import thousandths
from headway.domain.scales import NotOnScale, Scale
from headway.domain.status import compare

__all__ = ["Figure", "figure_of", "figure_on_line", "gap_between", "mean_figure"]


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """A grade somebody has on a basis: its rank, whole grade, exact points, their thousandths and its code.

    Few differ in a school, so each is made once and compared with each other once.
    """

    rank: int
    whole: int
    points: Fraction
    milli: int
    grade: str


@lru_cache(maxsize=4096)
def figure_of(scale: Scale, made_on: Scale, code: str) -> Figure | None:
    """A grade on the scale its subject is on now; None where it was made on another that has no such grade."""
    try:
        grade = scale.parse(code)
    except NotOnScale:
        return None
    if scale.family != made_on.family:
        return None
    return Figure(grade.rank, grade.whole_rank, grade.points, thousandths(grade.points), grade.code)


@lru_cache(maxsize=65_536)
def figure_on_line(scale: Scale, laid_on: Scale, rank: int, over: int, under: int) -> Figure | None:
    """A progress target on the scale its subject is on now; None where its points are another family's."""
    if scale.family != laid_on.family:
        return None
    grade = laid_on.grades[rank].code
    same = scale.spellings.get(grade.casefold())
    return _at(scale, same.rank, over, under) if same else None


def mean_figure(parts: Mapping[str, Figure | None], scale: Scale) -> Figure | None:
    """A composite's figure: the mean of its parts'; None where one is missing."""
    found = composite({part: each.points if each else None for part, each in parts.items()}, scale=scale)
    if found.points is None or found.grade is None:
        return None
    return _at(scale, found.grade.rank, found.points.numerator, found.points.denominator)


@lru_cache(maxsize=65_536)
def gap_between(assessed: Figure | None, expected: Figure | None) -> int | None:
    """Assessed less expected in thousandths of a point, where there is something to compare."""
    if assessed is None or expected is None:
        return None
    gap = compare((assessed.rank, assessed.points), (expected.rank, expected.points)).gap
    return None if gap is None else thousandths(gap)


@lru_cache(maxsize=65_536)
def _at(scale: Scale, rank: int, over: int, under: int) -> Figure:
    grade, points = scale.grades[rank], Fraction(over, under)
    return Figure(rank, grade.whole_rank, points, thousandths(points), grade.code)
