"""Composite subjects: a figure that is the mean of its parts' points, all of them needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from headway.domain.scales import Grade, Scale

__all__ = ["CompositeFigure", "composite"]


@dataclass(frozen=True, slots=True)
class CompositeFigure:
    """A composite's points and grade, or the parts that are missing."""

    points: Fraction | None
    grade: Grade | None
    missing: tuple[str, ...] = ()


def composite(parts: Mapping[str, Fraction | None], *, scale: Scale) -> CompositeFigure:
    """The figure of a composite subject.

    Parameters
    ----------
    parts : exact points by part subject; None where the part has no graded figure.
    scale : the scale all parts are on.

    Returns
    -------
    CompositeFigure. ``points`` the mean of the parts, ``grade`` the one whose band holds it; or only ``missing``.

    Source
    ------
    RULES 3. Worked example: docs/methods/scales.md.
    """
    missing = tuple(subject for subject, points in parts.items() if points is None)
    if missing or not parts:
        return CompositeFigure(None, None, missing)
    points = sum((points for points in parts.values() if points is not None), Fraction(0)) / len(parts)
    return CompositeFigure(points, scale.grade_for(points, rule="band"))
