"""What the made-up school's teachers write down: each term's judgements, and the results at the end of a key stage."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from headway.demo.attainment import TERMS_A_YEAR, Attainment, gcse_points, level_points
from headway.demo.classes import Lesson, Timetable
from headway.demo.dice import dice
from headway.demo.grades import Grades
from headway.demo.pupils import DemoPupil
from headway.demo.shapes import STAGE_ENDS, Shape, stage_code
from headway.demo.timeline import DemoTerm, school_days
from headway.formats.sheets_out import Value

__all__ = ["ASSESSMENT_HEADERS", "RESULT_HEADERS", "Markbook"]

ASSESSMENT_HEADERS = ("upn", "subject", "term", "grade", "date", "kind", "by", "comment")
RESULT_HEADERS = ("upn", "key_stage", "subject", "grade", "year", "kind")

_MISSING, _ABSENT, _NOT_ENOUGH, _DISAPPLIED, _SURPRISE, _COMMENTED = 0.022, 0.004, 0.003, 0.06, 0.004, 0.012
_LIKELY_ERROR, _LIKELY_HOPE = 3.0, 1.0
# The most that a key stage's judgements and results reach: points by its last term.
_HIGHEST_JUDGED = {6: 23.0, 18: 39.0, 27: 53.0}
_HIGHEST_RESULT = {6: 21.0, 18: 35.0, 27: 53.0}
Place = tuple[str, str]
"""A class and a subject."""

_COMMENTS = (
    "Much more confident this term.",
    "Reads at home every day now; it shows.",
    "Needs to check work before handing it in.",
    "Missed the unit test; judged from classwork.",
    "Moderated with the parallel class.",
    "Secure with support, not yet alone.",
    "Very strong discussion; less on paper.",
    "Agreed with the subject leader.",
)

# What each key stage ends with: subject, and the kinds of result there are. The names of the whole levels alone are
# given by teachers; tests give parts.
_ENDINGS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "KS1": dict.fromkeys(("reading", "writing", "mathematics", "science"), ("teacher",)),
    "KS2": {
        "reading": ("test", "teacher"),
        "writing": ("teacher",),
        "english": ("test", "teacher"),
        "mathematics": ("test", "teacher"),
        "science": ("teacher",),
    },
    "KS3": dict.fromkeys(("english", "mathematics", "science"), ("teacher",)),
}


@dataclass(frozen=True, slots=True)
class Markbook:
    """Every mark there is to write, from how well pupils do. ``levels`` and ``gcses`` are the grades of the scales."""

    shape: Shape
    seed: int
    attainment: Attainment
    levels: Grades
    gcses: Grades
    _results: dict[tuple[str, str], Mapping[str, Mapping[str, str]]] = field(default_factory=dict)

    def termly(
        self, term: DemoTerm, pupils: Iterable[DemoPupil], *, timetable: Timetable, waiting: Place, alike: Place
    ) -> list[Sequence[Value]]:
        """A term's judgements: in today's term nothing yet for one class in a subject, one grade for all of another."""
        throw = dice(self.seed, "marks", term.code)
        rows: list[Sequence[Value]] = []
        for pupil in pupils:
            stage = stage_code(pupil.year_group(term.year))
            if stage is None or pupil.joined > term.marks - timedelta(days=7) or not pupil.on_roll(term.marks):
                continue
            for subject, lesson in timetable[pupil.upn].items():
                mark, commented = self._mark(pupil, subject, term, throw.random()), throw.random() < _COMMENTED
                place = (lesson.code, subject) if term.current else None
                if place == alike:
                    mark = self._middle(lesson)
                if mark and place != waiting:
                    comment = throw.choice(_COMMENTS) if commented else ""
                    kind = "likely" if stage == "KS4" else "current"
                    day = _day_of_marking(term, lesson)
                    rows.append((pupil.upn, subject, term.code, mark, day, kind, lesson.teachers[0], comment))
        return rows

    def points(self, pupil: DemoPupil, subject: str, t: int) -> float:
        """The points a teacher would judge a pupil at after term t of school; likely final points in Key Stage 4."""
        if t <= STAGE_ENDS["KS3"] * TERMS_A_YEAR:
            points = level_points(self.attainment.standing(pupil, subject, t).judged, subject=subject, t=t)
            return min(points, next(highest for end, highest in _HIGHEST_JUDGED.items() if t <= end))
        end = STAGE_ENDS["KS4"] * TERMS_A_YEAR
        before, now = self.attainment.standing(pupil, subject, end).true, self.attainment.standing(pupil, subject, t)
        unknown = (end - t) / 6
        error = (now.judged - now.true) * _LIKELY_ERROR * (0.4 + unknown)
        return gcse_points(before) + (error + _LIKELY_HOPE) * unknown

    def results(self, pupil: DemoPupil, stage: str) -> Mapping[str, Mapping[str, str]]:
        """A pupil's results at the end of a key stage, by subject and kind."""
        key = pupil.upn, stage
        if key not in self._results:
            throw, t = dice(self.seed, "results", *key), STAGE_ENDS[stage] * TERMS_A_YEAR
            self._results[key] = {
                subject: {kind: self._result(pupil, subject, t, kind, throw) for kind in kinds}
                for subject, kinds in _ENDINGS[stage].items()
                if self._sat(subject, stage)
            }
        return self._results[key]

    def result_rows(self, pupil: DemoPupil, stage: str) -> list[Sequence[Value]]:
        """A pupil's results at the end of a key stage, as rows of a file."""
        year = pupil.cohort + STAGE_ENDS[stage] + 1
        return [
            (pupil.upn, stage, subject, grade, year, kind)
            for subject, by_kind in self.results(pupil, stage).items()
            for kind, grade in by_kind.items()
        ]

    def gcse_rows(self, pupil: DemoPupil, subjects: Iterable[str]) -> list[Sequence[Value]]:
        """A leaver's GCSEs."""
        end = STAGE_ENDS["KS4"] * TERMS_A_YEAR
        finals = {subject: self.points(pupil, subject, end) for subject in subjects}
        year = pupil.cohort + STAGE_ENDS["KS4"] + 1
        return [
            (pupil.upn, "KS4", subject, self.gcses.whole.at(points), year, "test") for subject, points in finals.items()
        ]

    def _sat(self, subject: str, stage: str) -> bool:
        """A secondary school is sent the results it starts from: English as one subject, no science from before."""
        if self.shape.kind == "primary":
            return True
        return subject != "science" if stage == "KS1" else subject not in ("reading", "writing")

    def _mark(self, pupil: DemoPupil, subject: str, term: DemoTerm, luck: float) -> str | None:
        if luck < _MISSING:
            return None
        if luck < _MISSING + _ABSENT:
            return "Abs"
        if luck < _MISSING + _ABSENT + _NOT_ENOUGH:
            return "NE"
        if pupil.traits.sen == "S" and luck > 1 - _DISAPPLIED:
            return "Dis"
        t = (pupil.year_group(term.year) - 1) * TERMS_A_YEAR + term.term.number
        surprise = (-4.5 if luck < 0.5 + _SURPRISE / 2 else 5.5) if 0.5 < luck < 0.5 + _SURPRISE else 0.0
        grades = self.levels if t <= STAGE_ENDS["KS3"] * TERMS_A_YEAR else self.gcses
        return grades.fine.at(self.points(pupil, subject, t) + surprise)

    def _middle(self, lesson: Lesson) -> str:
        """The grade in the middle of a lesson's year group in autumn."""
        t = lesson.year_group * TERMS_A_YEAR - 2
        return self.levels.fine.at(level_points(0.0, subject=lesson.subject, t=t))

    def _result(self, pupil: DemoPupil, subject: str, t: int, kind: str, throw: Random) -> str:
        standing, luck = self.attainment.standing(pupil, subject, t), throw.gauss(0, 0.2)
        if kind == "test" and throw.random() < _ABSENT:
            return "Abs"
        points = level_points(standing.judged if kind == "teacher" else standing.true + luck, subject=subject, t=t)
        points = min(points, _HIGHEST_RESULT[t])
        fine, whole = self.levels.fine.at(points), self.levels.whole.at(points)
        in_parts = kind == "test" or (t == STAGE_ENDS["KS1"] * TERMS_A_YEAR and whole == "2" and subject != "science")
        return fine if in_parts else whole


def _day_of_marking(term: DemoTerm, lesson: Lesson) -> date:
    """Each class is marked on a day of its own in the fortnight before marks are due."""
    days = school_days(max(term.marks - timedelta(days=14), term.term.starts), term.marks) or [term.marks]
    return days[sum(map(ord, lesson.code + lesson.subject)) % len(days)]
