"""Flags: anomalies with a code and a sentence, for people to accept or dismiss. Pure rules; no storage."""

from collections.abc import Sequence
from dataclasses import dataclass

from headway.domain.scales import Grade, NotOnScale, Scale

__all__ = ["Flag", "a2_fall", "a3_rise", "t2_target_already_attained", "t3_target_on_scale"]


@dataclass(frozen=True, slots=True)
class Flag:
    """One anomaly: its code in RULES 7 and the sentence that says it with its numbers."""

    code: str
    sentence: str


def t2_target_already_attained(target: Grade, *, attained: Sequence[Grade]) -> Flag | None:
    """T2: a target at or below a level already attained.

    Parameters
    ----------
    target : the target's grade.
    attained : grades the pupil has been given on the same scale, in any order.

    Returns
    -------
    Flag, or None.

    Source
    ------
    RULES 7; M101: "a target set at or below a previously attained level".
    """
    best = max(attained, key=lambda grade: grade.rank, default=None)
    if best is None or target.rank > best.rank:
        return None
    relation = "the same as" if target.rank == best.rank else "below"
    return Flag("T2", f"The target {target.code} is {relation} {best.code}, which has already been attained.")


def t3_target_on_scale(text: str, *, scale: Scale) -> Grade | Flag:
    """T3: a target that is not on the scale, refused and never stored; else the target's grade.

    Source
    ------
    RULES 1, 7.
    """
    try:
        return scale.parse(text)
    except NotOnScale as error:
        return Flag("T3", f"The target {error}")


def a2_fall(current: Grade, *, last: Grade | None) -> Flag | None:
    """A2: a fall of two steps or more since the last assessment.

    Parameters
    ----------
    current : the grade given now.
    last : the grade of the pupil's last graded assessment before it, on the same scale; None where there is none.

    Source
    ------
    RULES 7.
    """
    if last is None or last.rank - current.rank < 2:
        return None
    steps = last.rank - current.rank
    return Flag("A2", f"{current.code} is {steps} steps below {last.code}, the assessment before it.")


def a3_rise(current: Grade, *, term_before: Grade | None) -> Flag | None:
    """A3: a rise of three steps or more in one term.

    Parameters
    ----------
    current : the grade given now.
    term_before : the grade given one term earlier, on the same scale; None where there is none.

    Source
    ------
    RULES 7.
    """
    if term_before is None or current.rank - term_before.rank < 3:
        return None
    steps = current.rank - term_before.rank
    return Flag("A3", f"{current.code} is {steps} steps above {term_before.code}, the assessment one term before.")
