"""The targets the made-up school sets: what is expected from the results before, and often some challenge on top.

Key Stage 1: where teachers see the pupil by the end of Year 2. Key Stage 2: two levels above Key Stage 1. Key Stage 3:
a level above Key Stage 2. Key Stage 4: the GCSE grade three levels of progress lead to. A few go up in the spring, with
a reason; a very few come down; some were never set; one or two were set at what the pupil had already.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from statistics import mean

from headway.demo.attainment import TERMS_A_YEAR, level_points
from headway.demo.classes import Lesson
from headway.demo.dice import dice, weighted
from headway.demo.marks import Markbook
from headway.demo.pupils import DemoPupil
from headway.demo.shapes import STAGE_ENDS
from headway.formats.sheets_out import Value

__all__ = ["TARGET_HEADERS", "Targets"]

TARGET_HEADERS = ("upn", "subject", "key_stage", "grade", "agreed_on", "agreed_by", "reason")

_BEFORE = {"KS2": "KS1", "KS3": "KS2", "KS4": "KS2"}
_EXPECTED_GAIN = {"KS2": 12.0, "KS3": 6.0, "KS4": 13.0}
_CHALLENGE = {
    "KS1": ((0.0, 0.40), (2.0, 0.60)),
    "KS2": ((0.0, 0.62), (2.0, 0.31), (4.0, 0.07)),
    "KS3": ((0.0, 0.42), (2.0, 0.46), (4.0, 0.12)),
    "KS4": ((0.0, 0.87), (6.0, 0.13)),
}
_LESS_AT_FIRST = {"french": -4.0, "ict": -1.0, "art": -1.0, "design_technology": -1.0, "music": -1.0}
_NOT_SET = 0.02
_AHEAD, _BEHIND, _REVISED, _LOWERED = 3.0, -7.0, 0.22, 0.06
_REASONS_UP = (
    "Well ahead of the line for two terms; agreed with the pupil and family.",
    "Rapid progress since the autumn; pupil asked for more challenge.",
    "Moderation confirmed the higher level.",
)

_REASON_DOWN = "Long absence this year; agreed with the family and to be looked at again in the summer."


@dataclass(slots=True)
class Targets:
    """The targets in force, as they are set and revised.

    ``already_there`` are the pupils and subjects whose target asks for nothing new; ``standing`` keeps the points of
    every target by pupil, subject and key stage.
    """

    markbook: Markbook
    already_there: frozenset[tuple[str, str]]
    standing: dict[tuple[str, str, str], float] = field(default_factory=dict)

    def agree(self, pupil: DemoPupil, lessons: Iterable[Lesson], stage: str, *, day: date) -> list[Sequence[Value]]:
        """A pupil's targets for a key stage; now and then a subject is forgotten."""
        throw = dice(self.markbook.seed, "targets", pupil.upn, stage)
        rows: list[Sequence[Value]] = []
        for lesson in lessons:
            subject, by = lesson.subject, lesson.teachers[0]
            extra, forgotten = weighted(_CHALLENGE[stage], throw), throw.random() < _NOT_SET
            points = self._points(pupil, subject, stage, extra)
            if not forgotten:
                self.standing[pupil.upn, subject, stage] = points
                rows.append((pupil.upn, subject, stage, self._grade(stage, points), day, by, ""))
        return rows

    def agree_for_year_4(self, pupil: DemoPupil, lessons: Iterable[Lesson], *, day: date) -> list[Sequence[Value]]:
        """Targets for the end of Year 4, half of the way from Key Stage 1."""
        rows: list[Sequence[Value]] = []
        for lesson in lessons:
            subject, by = lesson.subject, lesson.teachers[0]
            end = self.standing.get((pupil.upn, subject, "KS2"))
            if end is not None and (pupil.upn, subject) not in self.already_there:
                rows.append((pupil.upn, subject, "Y4", self._grade("KS2", end - 6.0), day, by, ""))
        return rows

    def revise(
        self, pupil: DemoPupil, lessons: Iterable[Lesson], stage: str, *, t: int, day: date
    ) -> list[Sequence[Value]]:
        """Some targets of pupils far ahead of their line go up a step; very few of those far behind come down."""
        throw = dice(self.markbook.seed, "revised", pupil.upn, t)
        rows: list[Sequence[Value]] = []
        for lesson in lessons:
            subject, by = lesson.subject, lesson.teachers[0]
            luck, key = throw.random(), (pupil.upn, subject, stage)
            if key not in self.standing or key[:2] in self.already_there:
                continue
            ahead, step = self._ahead(pupil, subject, stage, t), 6.0 if stage == "KS4" else 2.0
            if ahead >= step / 2 + _AHEAD - 1 and luck < _REVISED:
                change, reason = step, throw.choice(_REASONS_UP)
            elif ahead <= _BEHIND - step and luck < _LOWERED:
                change, reason = -step, _REASON_DOWN
            else:
                continue
            before = self._grade(stage, self.standing[key])
            after = self._grade(stage, self.standing[key] + change)
            if after != before:
                self.standing[key] += change
                rows.append((pupil.upn, subject, stage, after, day, by, reason))
        return rows

    def _ahead(self, pupil: DemoPupil, subject: str, stage: str, t: int) -> float:
        """How far a pupil is above the straight way from a usual start to the target."""
        now, target = self.markbook.points(pupil, subject, t), self.standing[pupil.upn, subject, stage]
        if stage == "KS4":
            return now - target
        left = STAGE_ENDS[stage] * TERMS_A_YEAR - t
        gain = _EXPECTED_GAIN.get(stage, 10.0)
        n_terms = {"KS1": 6, "KS2": 12, "KS3": 9}[stage]
        return now - (target - gain * left / n_terms)

    def _points(self, pupil: DemoPupil, subject: str, stage: str, extra: float) -> float:
        prior = self._prior(pupil, subject, stage)
        if (pupil.upn, subject) in self.already_there and prior is not None and stage != "KS4":
            return prior
        end = STAGE_ENDS[stage] * TERMS_A_YEAR
        if prior is None:
            return self._seen_coming(pupil, subject, stage, end) + extra
        if stage == "KS4":
            prior = self.markbook.levels.points[self.markbook.levels.whole.at(prior)]
        less = _LESS_AT_FIRST.get(subject, 0.0) if stage == "KS3" else 0.0
        return prior + _EXPECTED_GAIN[stage] + extra + less

    def _seen_coming(self, pupil: DemoPupil, subject: str, stage: str, end: int) -> float:
        """Without results to start from: where a teacher who knows the pupil a little expects the stage to end."""
        if stage == "KS4":
            return self.markbook.points(pupil, subject, end)
        expected = self.markbook.attainment.standing(pupil, subject, end).true * 0.85
        return level_points(expected, subject=subject, t=end)

    def _prior(self, pupil: DemoPupil, subject: str, stage: str) -> float | None:
        """The points of the result before in the subject, or the mean of those there are."""
        before = _BEFORE.get(stage)
        if before is None or (pupil.newcomer and pupil.joined > _ended(pupil, before)):
            return None
        best = {
            each: next((grade for grade in by_kind.values() if grade in self.markbook.levels.points), None)
            for each, by_kind in self.markbook.results(pupil, before).items()
        }
        points = {each: self.markbook.levels.points[grade] for each, grade in best.items() if grade is not None}
        return points.get(subject, mean(points.values()) if points else None)

    def _grade(self, stage: str, points: float) -> str:
        if stage == "KS4":
            return self.markbook.gcses.whole.at(points)
        return self.markbook.levels.fine.at(points)


def _ended(pupil: DemoPupil, stage: str) -> date:
    """The last day of a pupil's key stage."""
    return date(pupil.cohort + STAGE_ENDS[stage] + 1, 8, 31)
