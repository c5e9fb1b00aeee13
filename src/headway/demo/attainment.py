"""How well each made-up pupil does in each subject, term by term.

The model. A pupil's standing in a subject is a number of standard deviations from the middle of the year group:

    standing = 0.88 × ability + 0.25 × gift for the family of subjects + 0.28 × gift for the subject
             + sex and first language, in subjects of language + growth of the pupil, the subject and the class
             + a random walk of 0.07 a term

so that two subjects correlate by about 0.75 and two terms running, as judged, by about 0.94. What a teacher says adds
a judgement's error of 0.25, of which 0.4 outlasts the term. Points follow from a curve of middles and spreads: level
2b in the middle at the end of Key Stage 1, 4b at the end of Key Stage 2, 5a at the end of Key Stage 3, C at the end of
Key Stage 4. Knows nothing of grades.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import sqrt

from headway.demo.classes import Timetable
from headway.demo.dice import dice
from headway.demo.pupils import DemoPupil
from headway.demo.shapes import STAGE_ENDS
from headway.demo.timeline import Timeline

__all__ = ["Attainment", "Standing", "gcse_points", "level_points"]

TERMS_A_YEAR = 3

_FAMILIES = {
    **dict.fromkeys(("reading", "writing", "english", "english_literature"), "language"),
    **dict.fromkeys(("history", "geography", "french", "religious_education"), "language"),
    **dict.fromkeys(("mathematics", "science", "ict"), "number"),
    **dict.fromkeys(("art", "design_technology", "physical_education", "music"), "making"),
}
_ABILITY, _FAMILY, _SUBJECT = 0.88, 0.25, 0.28
_WALK, _JUDGEMENT, _OUTLASTS, _CLASS_IN_A_YEAR = 0.07, 0.25, 0.4, 0.15
_GIRLS = {"language": 0.12, "number": -0.03, "making": 0.06}
_FIRST_LANGUAGE = {"language": (-0.34, 0.021), "number": (-0.12, 0.010), "making": (-0.05, 0.004)}
_CAUGHT_UP_AFTER = 18

# What the school is good at and what it is working on: standard deviations a term.
_SUBJECT_GROWTH = {"reading": 0.010, "writing": -0.012, "mathematics": 0.006, "french": -0.008, "english": 0.004}

# Terms since the start of Year 1, the middle of the year group in points, and its spread.
_CURVE = ((0, 4.2, 1.9), (6, 15.4, 3.6), (18, 27.2, 4.5), (27, 34.6, 5.7), (33, 38.0, 6.3))
_MIDDLE_OF_SUBJECT = {"reading": 0.5, "writing": -0.9, "mathematics": 0.3, "french": -2.5, "ict": -0.5}
_AUTUMN_DIP = 0.25
_GCSE_MIDDLE, _GCSE_SPREAD = 41.5, 8.0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a pupil stands in a subject at a term: truly, and by their teacher."""

    true: float
    judged: float


@dataclass(slots=True)
class Attainment:
    """Every pupil's standing in every subject; worked out once for each. ``first_term`` is where the school begins."""

    seed: int
    time: Timeline
    timetables: Mapping[int, Timetable]
    first_term: int
    _paths: dict[tuple[str, str], Mapping[int, Standing]] = field(default_factory=dict)
    _classes: dict[tuple[int, str, str], float] = field(default_factory=dict)

    def standing(self, pupil: DemoPupil, subject: str, t: int) -> Standing:
        """A pupil's standing after term t, counted from the start of Year 1: a stage's end or a term taught."""
        key = pupil.upn, subject
        if key not in self._paths:
            self._paths[key] = self._path(pupil, subject)
        return self._paths[key][t]

    def _path(self, pupil: DemoPupil, subject: str) -> Mapping[int, Standing]:
        throw, family = dice(self.seed, pupil.upn, subject), _FAMILIES[subject]
        of_family = dice(self.seed, pupil.upn, family).gauss(0, _FAMILY)
        base = _ABILITY * pupil.traits.ability + of_family + throw.gauss(0, _SUBJECT)
        base += _GIRLS[family] * (1 if pupil.sex == "F" else -1)
        taught = self._terms_taught(pupil)
        walk, error, last, path = 0.0, throw.gauss(0, _JUDGEMENT), 0, {}
        growth = pupil.traits.growth / TERMS_A_YEAR + _SUBJECT_GROWTH.get(subject, 0.0)
        for t in sorted({*taught, *(end * TERMS_A_YEAR for end in STAGE_ENDS.values())}):
            walk += throw.gauss(0, _WALK * sqrt(t - last))
            walk += self._class(taught[t], pupil.upn, subject) / TERMS_A_YEAR if t in taught else 0.0
            error = _OUTLASTS * error + throw.gauss(0, _JUDGEMENT * sqrt(1 - _OUTLASTS**2))
            true = base + walk + growth * max(0, t - self.first_term) + _language(pupil, family, t)
            path[t] = Standing(true, true + error)
            last = t
        return path

    def _terms_taught(self, pupil: DemoPupil) -> dict[int, int]:
        """The terms the pupil is taught here in the school's history, with the year each is in."""
        terms = {
            (pupil.year_group(each.year) - 1) * TERMS_A_YEAR + each.term.number: each.year.starts_in
            for each in self.time.terms
        }
        return {t: year for t, year in terms.items() if t > 0}

    def _class(self, year: int, upn: str, subject: str) -> float:
        """What a class adds in a year to everybody's standing in it: some years go better than others."""
        lesson = self.timetables[year].get(upn, {}).get(subject)
        if lesson is None:
            return 0.0
        key = year, lesson.code, subject
        if key not in self._classes:
            self._classes[key] = dice(self.seed, "class", *key).gauss(0, _CLASS_IN_A_YEAR)
        return self._classes[key]


def level_points(standing: float, *, subject: str, t: int) -> float:
    """The points on the level scale of a standing after term t; a little less in autumn, after the summer."""
    place = min(max(bisect_right(_CURVE, (t, 99.0, 99.0)) - 1, 0), len(_CURVE) - 2)
    (before, low, narrow), (after, high, wide) = _CURVE[place], _CURVE[place + 1]
    along = (t - before) / (after - before)
    middle, spread = low + (high - low) * along, narrow + (wide - narrow) * along
    dip = _AUTUMN_DIP if t % TERMS_A_YEAR == 1 else 0.0
    return middle + _MIDDLE_OF_SUBJECT.get(subject, 0.0) * min(1.0, t / 6) - dip + spread * standing


def gcse_points(standing: float) -> float:
    """The GCSE points of a standing at the end of Key Stage 4."""
    return _GCSE_MIDDLE + _GCSE_SPREAD * standing


def _language(pupil: DemoPupil, family: str, t: int) -> float:
    """A pupil whose first language is not English starts behind and catches up."""
    if not pupil.traits.learns_english:
        return 0.0
    behind, a_term = _FIRST_LANGUAGE[family]
    return behind + a_term * min(t, _CAUGHT_UP_AFTER)
