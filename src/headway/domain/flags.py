"""Flags: anomalies with a code and a sentence, for people to accept or dismiss. Pure rules; no storage."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from headway.domain.scales import Grade, NotOnScale, Scale

__all__ = [
    "Flag",
    "a2_fall",
    "a3_rise",
    "a4_uneven",
    "t2_target_already_attained",
    "t3_target_on_scale",
    "t4_target_missing",
    "t7_target_lowered",
]

_UNEVEN_FROM = 4


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


def t4_target_missing(target: Grade | None, *, stage: str, k: int, n_terms: int) -> Flag | None:
    """T4: no target where one is due: a pupil taught a subject in a key stage has none for its end.

    Parameters
    ----------
    target : the target's grade; None where there is none.
    stage : the key stage in words.
    k, n_terms : the number of this term in the key stage, from 1, and how many it has.

    Returns
    -------
    Flag, or None.

    Source
    ------
    RULES 7.

    >>> t4_target_missing(None, stage="Key Stage 2", k=10, n_terms=12).sentence
    'There is no target for the end of Key Stage 2, though this is its term 10 of 12.'
    """
    if target is not None:
        return None
    return Flag("T4", f"There is no target for the end of {stage}, though this is its term {k} of {n_terms}.")


def t7_target_lowered(target: Grade, *, standing: Grade | None) -> Flag | None:
    """T7: a target lowered, which needs a reason.

    Parameters
    ----------
    target : the new target's grade.
    standing : the grade of the target that stands, on the same scale or another of its family, whose points can be
        compared; None where there is none.

    Returns
    -------
    Flag, or None. Grades are compared by points: a bare 4 after 4b is no lower.

    Source
    ------
    RULES 7; M106: targets are revised "(upwards) if appropriate".

    >>> from headway.domain.scales import WholeGrade, build_scale
    >>> grades = [("D", 34), ("C", 40), ("B", 46)]
    >>> gcse = build_scale("gcse", name="GCSE", version=1, wholes=[
    ...     WholeGrade(code, f"grade {code}", Fraction(points), Fraction(points - 3)) for code, points in grades])
    >>> t7_target_lowered(gcse.parse("D"), standing=gcse.parse("C")).sentence
    'The target D is lower than C, which stands. Lowering a target needs a reason.'
    >>> t7_target_lowered(gcse.parse("B"), standing=gcse.parse("C")) is None
    True
    """
    if standing is None or target.points >= standing.points:
        return None
    sentence = (
        f"The target {target.code} is lower than {standing.code}, which stands. Lowering a target needs a reason."
    )
    return Flag("T7", sentence)


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


def a4_uneven(subject: str, *, grades: Mapping[str, Grade]) -> Flag | None:
    """A4: a subject four steps or more below the pupil's own median across subjects on the same scale.

    Parameters
    ----------
    subject : the subject looked at, in words; one of ``grades``.
    grades : the grades given in one term, by subject in words, all on one scale and of one kind of judgement. A
        composite is left out: its parts stand for it.

    Returns
    -------
    Flag, or None. The median counts the subject itself; of an even number of subjects it lies half way between the two
    in the middle, and is compared exactly: 3½ steps below are not four.

    Source
    ------
    RULES 7; M35: "to identify uneven performance". Worked example: docs/methods/unevenness.md.
    """
    ordered = sorted(grades.values(), key=lambda grade: grade.rank)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    steps = Fraction(low.rank + high.rank, 2) - grades[subject].rank
    if steps < _UNEVEN_FROM:
        return None
    half = "½" if steps % 1 else ""
    median = low.code if low.rank == high.rank else f"half way between {low.code} and {high.code}"
    return Flag(
        "A4",
        f"{subject} at {grades[subject].code} is {steps // 1}{half} steps below the median of this pupil's "
        f"{len(ordered)} subjects, {median}.",
    )
