"""Status: actual against progress target, as a word. A prompt for people, never a decision (M51)."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

__all__ = ["OFF_TRACK", "STATUSES", "Comparison", "Status", "compare", "status_of"]

Status = Literal["above", "on", "below", "well_below", "not_known"]
STATUSES: tuple[Status, ...] = ("above", "on", "below", "well_below", "not_known")
OFF_TRACK: frozenset[Status] = frozenset({"below", "well_below"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """One assessment beside its progress target: the word, the steps between the grades, the exact gap in points."""

    status: Status
    steps: int | None
    gap: Fraction | None


def status_of(steps: int | None, *, tolerance: int = 0) -> Status:
    """The status for a number of steps between two grades.

    Parameters
    ----------
    steps : rank of the assessed grade less rank of the progress-target grade; None where either is missing.
    tolerance : steps either way that still count as on track; 0 unless the school has set it.

    Returns
    -------
    ``above`` from +1, ``on`` at 0, ``below`` at -1, ``well_below`` from -2 (each moved out by the tolerance);
    ``not_known`` where there is nothing to compare.

    Source
    ------
    RULES 5. Worked example: docs/methods/status.md.

    >>> [status_of(steps) for steps in (2, 1, 0, -1, -2, None)]
    ['above', 'above', 'on', 'below', 'well_below', 'not_known']
    >>> [status_of(steps, tolerance=1) for steps in (2, 1, -1, -2, -3)]
    ['above', 'on', 'on', 'below', 'well_below']
    """
    if steps is None:
        return "not_known"
    if steps > tolerance:
        return "above"
    if steps >= -tolerance:
        return "on"
    return "below" if steps == -tolerance - 1 else "well_below"


def compare(
    assessed: tuple[int, Fraction] | None, expected: tuple[int, Fraction] | None, *, tolerance: int = 0
) -> Comparison:
    """An assessment compared with a progress target.

    Parameters
    ----------
    assessed : rank and exact points of the assessed grade; None where there is no graded assessment.
    expected : rank and exact value of the progress target; None where there is none, or the line starts in this term.
    tolerance : as in `status_of`.

    Returns
    -------
    Comparison. ``gap`` in points, assessed less expected.

    Source
    ------
    RULES 5.

    >>> compare((9, Fraction(21)), (10, Fraction(67, 3)))
    Comparison(status='below', steps=-1, gap=Fraction(-4, 3))
    """
    if assessed is None or expected is None:
        return Comparison("not_known", None, None)
    steps = assessed[0] - expected[0]
    return Comparison(status_of(steps, tolerance=tolerance), steps, assessed[1] - expected[1])
