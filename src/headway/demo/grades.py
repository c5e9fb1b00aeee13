"""Points as the grades a made-up school writes down."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from headway.domain.frameworks import Framework
from headway.domain.scales import Scale

__all__ = ["Grades", "grades_of"]


@dataclass(frozen=True, slots=True)
class _Bands:
    """Grades by the points where the band of each opens."""

    opens: Sequence[float]
    codes: Sequence[str]

    def at(self, points: float) -> str:
        return self.codes[max(bisect_right(self.opens, points) - 1, 0)]


@dataclass(frozen=True, slots=True)
class Grades:
    """The grades of one scale by points: the finest, and the whole ones; and the points of each."""

    fine: _Bands
    whole: _Bands
    points: Mapping[str, float]


def grades_of(framework: Framework, scale: str) -> Grades:
    """The grades of a framework's scale."""
    found = framework.scales[scale]
    fine = _Bands([float(grade.low) for grade in found.grades], [grade.code for grade in found.grades])
    points = {grade.code: float(grade.points) for grade in (*found.bare_grades, *found.grades)}
    return Grades(fine, _whole(found), points)


def _whole(scale: Scale) -> _Bands:
    lowest = {grade.whole: grade for grade in reversed(scale.grades)}
    return _Bands([float(lowest[whole].low) for whole in scale.wholes], list(scale.wholes))
