"""Scales and grades: what a grade is worth, how it is spelled, and which grade a value has reached.

Knows nothing of particular scales: those are data, in framework files.
"""

import difflib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Literal

__all__ = [
    "Grade",
    "MarkCode",
    "NotOnScale",
    "Part",
    "PointsRule",
    "Scale",
    "Threshold",
    "WholeGrade",
    "build_scale",
]

PointsRule = Literal["reached", "band"]
Display = Literal["letters", "words"]


class NotOnScale(ValueError):
    """A text that is no grade of the scale; the message says what would be right."""

    def __init__(self, text: str, right: str) -> None:
        self.text, self.right = text, right
        super().__init__(f"'{text}' is not on the scale. Right would be {right}.")


@dataclass(frozen=True, slots=True)
class MarkCode:
    """A mark that is not a grade (absent, disapplied …): it counts as entered and carries no points."""

    code: str
    words: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole grade (``c``, ``low``): its points and where its band opens, from the middle's points."""

    code: str
    words: str
    points: Fraction
    low: Fraction


@dataclass(frozen=True, slots=True)
class WholeGrade:
    """A whole grade as a framework file gives it: divided into the scale's parts, or not.

    ``level`` is the number that levels of progress count with (W is 0, 4 is 4), where the scale has such a number.
    """

    code: str
    words: str
    points: Fraction
    low: Fraction
    divided: bool = False
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade of one scale.

    ``points`` are exact; ``units`` are the same as a whole number of the scale's own unit. ``rank`` is the place among
    the scale's finest grades, ``whole_rank`` among its whole grades; ``level`` is the whole level's number, if it has
    one. ``bare`` marks an undivided whole grade: it has the rank and points of its middle part, shown as it was given.
    """

    code: str
    words: str
    points: Fraction
    units: int
    low: Fraction
    whole: str
    part: str | None
    rank: int
    whole_rank: int
    level: int | None = None
    bare: bool = False

    def shown(self, display: Display) -> str:
        """The grade as a school shows it: ``4b``, or ``4 secure``."""
        if display == "words" and self.part and not self.bare:
            return f"{self.whole} {self.part}"
        return self.code


@dataclass(frozen=True, slots=True)
class Threshold:
    """A grade to be met: a whole grade is met by any of its parts, a part by its rank."""

    code: str
    rank: int | None
    whole_rank: int | None

    def met_by(self, grade: Grade) -> bool:
        """Whether a grade of the same scale meets the threshold."""
        if self.whole_rank is not None:
            return grade.whole_rank >= self.whole_rank
        return self.rank is not None and grade.rank >= self.rank


@dataclass(frozen=True, eq=False)
class Scale:
    """An ordered list of grades, lowest first, and every spelling each is known by.

    ``family`` names the scale whose points these are: points of one family can be compared.

    ``per_point`` is how many of the scale's own units make one point (1, or 3 where parts are thirds), so that
    ``units`` are whole numbers. Build one with `build_scale`.
    """

    code: str
    name: str
    version: int
    per_point: int
    grades: tuple[Grade, ...]
    bare_grades: tuple[Grade, ...]
    wholes: tuple[str, ...]
    mark_codes: tuple[MarkCode, ...]
    spellings: Mapping[str, Grade] = field(repr=False)
    mark_spellings: Mapping[str, MarkCode] = field(repr=False)
    prefixes: tuple[str, ...] = ()
    family: str = ""

    def parse(self, text: str) -> Grade:
        """The grade a text means.

        Parameters
        ----------
        text : as typed; letter case, outer spaces and the spelling of the part do not matter.

        Returns
        -------
        Grade. A bare whole grade comes back as ``bare``.

        Raises
        ------
        NotOnScale : the text is no grade of this scale; nothing is coerced.

        Source
        ------
        RULES 1. Worked examples: docs/methods/scales.md.
        """
        grade = self.spellings.get(_spelling(text))
        if grade is None:
            raise NotOnScale(text, self.right_for(text))
        return grade

    def parse_mark(self, text: str) -> Grade | MarkCode:
        """The grade or, failing that, the mark code a text means; raises NotOnScale (RULES 1)."""
        spelling = _spelling(text)
        mark = self.spellings.get(spelling) or self.mark_spellings.get(spelling)
        if mark is None:
            raise NotOnScale(text, self.right_for(text, marks=True))
        return mark

    def threshold(self, text: str) -> Threshold:
        """The threshold a text means: a whole grade (``C``, ``4``) by whole grades, a part (``4b``) by rank."""
        grade = self.parse(text)
        if _spelling(text) in _with_prefixes(grade.whole, self.prefixes):
            return Threshold(grade.whole, None, grade.whole_rank)
        return Threshold(grade.code, grade.rank, None)

    def grade_for(self, points: Fraction, *, rule: PointsRule = "reached") -> Grade:
        """The grade for a value on a line.

        Parameters
        ----------
        points : exact points of this scale.
        rule : ``reached`` the highest grade whose points the value has reached; ``band`` the grade whose band holds it.

        Returns
        -------
        Grade, the lowest one where the value is below every grade.

        Source
        ------
        RULES 2.
        """
        floors = [grade.points if rule == "reached" else grade.low for grade in self.grades]
        return self.grades[max(bisect_right(floors, points) - 1, 0)]

    def right_for(self, text: str, *, marks: bool = False) -> str:
        """What would have been right, in words: the grades, any that is near, and the mark codes."""
        known = {_spelling(grade.code): grade.code for grade in self.grades}
        near = difflib.get_close_matches(_spelling(text), known, n=2, cutoff=0.5)
        listed = self.grades if len(self.grades) <= 8 else ()
        span = (
            ", ".join(grade.code for grade in listed)
            if listed
            else f"a grade from {self.grades[0].code} to {self.grades[-1].code}"
        )
        right = f"{span} on {self.name}"
        if near:
            right += f" (perhaps {' or '.join(known[spelling] for spelling in near)})"
        if marks:
            right += ", or " + ", ".join(f"{mark.code} ({mark.words})" for mark in self.mark_codes)
        return right


def build_scale(
    code: str,
    *,
    name: str,
    version: int,
    wholes: Sequence[WholeGrade],
    parts: Sequence[Part] = (),
    words: str = "{whole} {part}",
    prefixes: Sequence[str] = (),
    undivided: Mapping[str, tuple[str, str]] | None = None,
    mark_codes: Sequence[MarkCode] = (),
    family: str | None = None,
) -> Scale:
    """A scale from its whole grades and their parts.

    Parameters
    ----------
    code, name, version : how files, people and histories call the scale.
    wholes : whole grades, lowest first; ``divided`` ones are made of the parts.
    parts : parts of a divided grade, lowest first; the one at 0 points is the middle part.
    words : how a part is said, with ``{whole}`` and ``{part}``.
    prefixes : words that may stand before a grade (``L``, ``level``).
    undivided : further bare grades by code: their words, and the grade whose rank and points they have
        (``W`` on a scale with P scales counts as P8).
    mark_codes : marks that are not grades.
    family : the scale whose points these are, where it is another one (levels with P scales: the levels).

    Returns
    -------
    Scale.

    Raises
    ------
    ValueError : points or bands do not rise, or two grades share a spelling.

    Source
    ------
    RULES 1; the 2008 guidance, "Periodic assessment".

    >>> parts = [Part("c", "low", Fraction(-2), Fraction(-3)), Part("b", "secure", Fraction(0), Fraction(-1)),
    ...          Part("a", "high", Fraction(2), Fraction(1))]
    >>> levels = build_scale("levels", name="levels", version=1, parts=parts, prefixes=["L", "level"], wholes=[
    ...     WholeGrade("3", "level 3", Fraction(21), Fraction(18), True, 3),
    ...     WholeGrade("4", "level 4", Fraction(27), Fraction(24), True, 4)])
    >>> [levels.parse(text).code for text in ("4b", "4 secure", "secure 4", "4s", "L4B", "level 4")]
    ['4b', '4b', '4b', '4b', '4b', '4']
    >>> levels.grade_for(Fraction(22)).code, levels.grade_for(Fraction(22), rule="band").code
    ('3b', '3a')
    """
    middle = next((part for part in parts if part.points == 0), None)
    divides = any(whole.divided for whole in wholes)
    per_point = lcm(
        *(whole.points.denominator for whole in wholes),
        *(part.points.denominator for part in parts if divides),
    )
    finest: list[Grade] = []
    bare: list[Grade] = []
    for whole_rank, whole in enumerate(wholes):
        for part in parts if whole.divided else (None,):
            grade = _grade(whole, part, words=words, rank=len(finest), whole_rank=whole_rank, per_point=per_point)
            finest.append(grade)
            if part is not None and part is middle and part.code:
                bare.append(replace(grade, code=whole.code, words=whole.words, low=whole.low, part=None, bare=True))
    by_code = {grade.code: grade for grade in finest}
    for bare_code, (bare_words, counts_as) in (undivided or {}).items():
        bare.append(replace(by_code[counts_as], code=bare_code, words=bare_words, part=None, bare=True))
    _check_rising(code, finest)
    spellings = _spell(code, finest, bare, parts, prefixes)
    return Scale(
        code=code,
        name=name,
        version=version,
        per_point=per_point,
        grades=tuple(finest),
        bare_grades=tuple(bare),
        wholes=tuple(whole.code for whole in wholes),
        mark_codes=tuple(mark_codes),
        spellings=spellings,
        mark_spellings=_spell_marks(mark_codes, spellings),
        prefixes=tuple(prefixes),
        family=family or code,
    )


def _grade(whole: WholeGrade, part: Part | None, *, words: str, rank: int, whole_rank: int, per_point: int) -> Grade:
    points = whole.points + (part.points if part else 0)
    return Grade(
        code=whole.code + (part.code if part else ""),
        words=words.format(whole=whole.words, part=part.words) if part else whole.words,
        points=points,
        units=int(points * per_point),
        low=whole.points + part.low if part else whole.low,
        whole=whole.code,
        part=part.words if part else None,
        rank=rank,
        whole_rank=whole_rank,
        level=whole.level,
    )


def _spelling(text: str) -> str:
    """A text as it is looked up: spaces and letter case evened out. Other scripts' letters and digits match nothing."""
    text = text.strip()
    if not text.isascii():
        return "\N{REPLACEMENT CHARACTER}" + text
    return " ".join(text.casefold().split())


def _with_prefixes(text: str, prefixes: Sequence[str]) -> list[str]:
    """A text as it is looked up, alone and after each prefix, with and without a space."""
    return [_spelling(prefix + text) for prefix in ("", *(prefix + gap for prefix in prefixes for gap in ("", " ")))]


def _check_rising(code: str, grades: Sequence[Grade]) -> None:
    for lower, higher in pairwise(grades):
        if lower.points >= higher.points or lower.low >= higher.low:
            raise ValueError(f"scale {code}: {higher.code} must have more points and a higher band than {lower.code}")


def _spell(
    code: str, finest: Sequence[Grade], bare: Sequence[Grade], parts: Sequence[Part], prefixes: Sequence[str]
) -> dict[str, Grade]:
    part_codes = {part.words: part.code for part in parts}
    spellings: dict[str, Grade] = {}

    def learn(grade: Grade, *texts: str) -> None:
        for text in texts:
            for spelling in _with_prefixes(text, prefixes):
                if spellings.setdefault(spelling, grade) != grade:
                    both = f"{spellings[spelling].code} and {grade.code}"
                    raise ValueError(f"scale {code}: '{text}' would mean both {both}")

    for grade in (*finest, *bare):
        learn(grade, grade.code)
    for grade in finest:
        if grade.part is None:
            continue
        said = [grade.part, grade.part[0], part_codes[grade.part]]
        texts = [f"{grade.whole}{gap}{word}" for word in said for gap in ("", " ") if word]
        texts += [f"{grade.part}{gap}{grade.whole}" for gap in ("", " ")]
        learn(grade, *texts)
    return spellings


def _spell_marks(mark_codes: Sequence[MarkCode], grades: Mapping[str, Grade]) -> dict[str, MarkCode]:
    """Spellings of the mark codes; a short one gives way where the scale has a grade so spelled."""
    return {
        _spelling(text): mark
        for mark in mark_codes
        for text in (mark.code, *mark.also)
        if _spelling(text) not in grades
    }
