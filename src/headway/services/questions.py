"""The one place where questions are asked: reads what the viewer reaches, computes, and explains."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import polars as pl

from headway.analysis.measures import answer_rows
from headway.analysis.population import select
from headway.domain.frameworks import Framework
from headway.domain.questions import Answer, Question, QuestionRefused, basis_of
from headway.domain.terms import Term, latest_begun
from headway.records.extracts import pupil_frame
from headway.records.models import (
    Assessment,
    Group,
    School,
    SchoolClass,
    Subject,
)
from headway.records.rolls import Roll, read_roll
from headway.services.access import Viewer, pupils_within_reach, require
from headway.services.choices import is_composite, subjects_in_use
from headway.services.pupil_records import PupilRecord, records_of
from headway.services.schools import domain_scales, framework_of, read_term, settings_of

__all__ = ["Asking", "ask", "names"]


class Asking:
    """Questions asked together, as on one page: what they share of the records is read once.

    Kept no longer than the page: the next one reads what stands then.
    """

    def __init__(self, *, viewer: Viewer, school: School, now: datetime) -> None:
        require(viewer, "ask", school=school, on=now.date())
        self.viewer, self.school, self.now = viewer, school, now
        self._frames: dict[object, pl.DataFrame] = {}

    def ask(self, question: Question) -> Answer:
        """The answer to a question, over the pupils the viewer reaches."""
        asked = self._definite(question)
        frame = self._frame(asked)
        columns, rows, notes = answer_rows(
            frame,
            question,
            scales=asked.framework.scales,
            tolerance=settings_of(self.school).tolerance,
            subjects=asked.subjects,
            term=asked.term.code,
        )
        return Answer(
            question=replace(question, term=asked.term.code, as_of=asked.roll.as_of, basis=basis_of(question)),
            as_of=asked.roll.as_of,
            known_at=self.now,
            framework=asked.framework.label,
            columns=tuple(columns),
            rows=tuple(rows),
            notes=(*notes, *asked.notes()),
            total_pupils=frame.height,
        )

    def names(self, question: Question, *, row: int | None = None) -> Sequence[PupilRecord]:
        """The pupils behind a row of a question's answer, or behind all of it; by surname.

        The question is of one subject. The pupils come from the same filter as the count.
        """
        asked = self._definite(question)
        if len(asked.subjects) != 1:
            raise QuestionRefused(["Names are opened for one subject at a time. Right would be one subject."])
        frame = self._frame(asked)
        if row is not None:
            rows = self.ask(question).rows
            if not 0 <= row < len(rows):
                raise QuestionRefused([f"The answer has no row {row}. Right would be 0 to {len(rows) - 1}."])
            frame = frame.filter(pl.col("pupil").is_in(list(rows[row].pupils)))
        return records_of(
            frame,
            roll=asked.roll,
            subject=asked.subjects[0],
            term=asked.term,
            basis=basis_of(question),
            tolerance=settings_of(self.school).tolerance,
        )

    def _definite(self, question: Question) -> "_Asked":
        return _Asked.of(question, viewer=self.viewer, school=self.school, now=self.now)

    def _frame(self, asked: "_Asked") -> pl.DataFrame:
        key = (asked.subjects, asked.term, asked.roll.as_of, asked.question.population.year_groups)
        if key not in self._frames:
            slices = [(subject, asked.term) for subject in asked.subjects]
            self._frames[key] = pupil_frame(asked.roll, slices=slices)
        return select(self._frames[key], asked.question.population)


def ask(question: Question, *, viewer: Viewer, school: School, now: datetime) -> Answer:
    """The answer to one question.

    Raises QuestionRefused where the school has nothing of a name the question uses.
    """
    return Asking(viewer=viewer, school=school, now=now).ask(question)


def names(
    question: Question, *, viewer: Viewer, school: School, now: datetime, row: int | None = None
) -> Sequence[PupilRecord]:
    """The pupils behind one question's row, or behind all of it."""
    return Asking(viewer=viewer, school=school, now=now).names(question, row=row)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question made definite: its subjects, its term and its population's roll."""

    question: Question
    school: School
    framework: Framework
    roll: Roll
    subjects: tuple[str, ...]
    term: Term

    @classmethod
    def of(cls, question: Question, *, viewer: Viewer, school: School, now: datetime) -> "_Asked":
        framework = framework_of(school)
        as_of = question.as_of or now.date()
        term = (
            read_term(school, question.term, today=now.date())
            if question.term
            else latest_begun(as_of, terms=framework.terms)
        )
        problems = [*_unknown(question, school), *_not_yet(question)]
        if problems:
            raise QuestionRefused(problems)
        roll = read_roll(
            school,
            pupils=pupils_within_reach(viewer, school=school, on=now.date()),
            framework=framework,
            scales=domain_scales(school),
            as_of=as_of,
            year_groups=question.population.year_groups,
        )
        stages = {found.key_stage for pupil, _ in roll.pupils if (found := roll.stage_term(pupil, term))}
        in_use = [subject.code for subject in subjects_in_use(school) if not is_composite(subject, stages)]
        return cls(question, school, framework, roll, question.subjects or tuple(in_use), term)

    def notes(self) -> list[str]:
        """What an answer says of itself beside its figures' own notes."""
        on = f"{self.roll.as_of.day} {self.roll.as_of:%B %Y}"
        said = [f"Pupils on roll, characteristics, classes and groups as on {on}."]
        settings = settings_of(self.school)
        said.append(
            "A value on a progress line is shown as the highest grade whose points it has reached."
            if settings.points_rule == "reached"
            else "A value on a progress line is shown as the grade whose band of points holds it."
        )
        later = Assessment.objects.filter(
            school=self.school, term__code=self.term.code, subject__code__in=self.subjects, date__gt=self.roll.as_of
        ).count()
        if later:
            said.append(f"Assessments dated after {on} are not counted yet: {later} in the school.")
        elif self.term.starts > self.roll.as_of:
            said.append(f"The term begins after {on}, so its undated assessments are not counted yet.")
        return said


def _unknown(question: Question, school: School) -> list[str]:
    """What a question names that the school does not have."""
    known = list(Subject.objects.filter(school=school).values_list("code", flat=True))
    problems = [
        f"subjects: the school has no '{code}'. Right would be {', '.join(sorted(known))}."
        for code in question.subjects
        if code not in known
    ]
    for place, model, wanted in (
        ("classes", SchoolClass, question.population.classes),
        ("groups", Group, question.population.groups),
    ):
        codes = set(model.objects.filter(school=school).values_list("code", flat=True))
        right = ", ".join(sorted(codes)[:20]) or "none: there are none yet"
        problems += [
            f"population.{place}: the school has no '{code}'. Right would be {right}."
            for code in wanted
            if code not in codes
        ]
    return problems


def _not_yet(question: Question) -> list[str]:
    problems = []
    if question.known_at is not None:
        problems.append(
            "known_at: answers as known at an earlier time are not given yet. Right would be to leave it out."
        )
    if "intervention" in question.by:
        problems.append("by: there are no interventions yet. Right would be another cut.")
    return problems
