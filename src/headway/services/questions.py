"""The one place where questions are asked: reads what the viewer reaches, computes, and explains."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

import polars as pl

from headway.analysis.layout import slice_column
from headway.analysis.measures import answer_rows
from headway.analysis.population import select
from headway.domain.questions import Answer, AnswerRow, Column, Question, QuestionRefused, basis_of
from headway.domain.status import STATUSES, Status
from headway.domain.terms import Term, latest_begun
from headway.records.extracts import n_later, pupil_frame
from headway.records.freshness import Versions
from headway.records.kept import KEPT, Same
from headway.records.models import Group, School, SchoolClass
from headway.records.rolls import Roll, read_roll
from headway.services.access import EVERY_FIELD, Field, Viewer, keys_within_reach, require, require_fields
from headway.services.choices import is_composite, used_subjects
from headway.services.pupil_records import PupilRecord, records_of
from headway.services.schools import SchoolSettings, domain_scales, framework_of, read_term, settings_of

__all__ = ["Asking", "ask", "fields_used", "names"]

_Answered = tuple[tuple[Column, ...], tuple[AnswerRow, ...], tuple[str, ...], int]
"""An answer's columns, rows and notes, and of how many pupils."""

_BYTES = 600
"""What a row of an answer takes in memory beside its pupils, about."""


class Asking:
    """Questions asked together, as on one page: they share what they stand on, and one moment it is read at.

    Kept no longer than the page: the next one looks what has moved since.
    """

    def __init__(self, *, viewer: Viewer, school: School, now: datetime) -> None:
        require(viewer, "ask", school=school, on=now.date())
        self.viewer, self.school, self.now = viewer, school, now
        self._versions: Versions | None = None
        self._rolls: dict[tuple[date, frozenset[Field]], Roll] = {}
        self._frames: dict[object, pl.DataFrame] = {}
        self._grounds: dict[object, _Ground] = {}

    def ask(self, question: Question) -> Answer:
        """The answer to a question, over the pupils the viewer reaches."""
        ground = self._ground(question)
        columns, rows, notes, n_pupils = ground.answered(question)
        as_of = ground.roll.as_of
        return Answer(
            question=replace(question, term=ground.term.code, as_of=as_of, basis=basis_of(question)),
            as_of=as_of,
            known_at=self.now,
            framework=ground.roll.framework.label,
            columns=columns,
            rows=rows,
            notes=(*notes, *ground.notes),
            total_pupils=n_pupils,
        )

    def names(
        self, question: Question, *, row: int | None = None, shown: Collection[Status] = STATUSES
    ) -> Sequence[PupilRecord]:
        """The pupils behind a row of a question's answer, or behind all of it; by surname.

        The question is of one subject. The pupils come from the same filter as the count: those taught the subject.
        ``shown`` are the statuses of those who will be named, the others only being counted.
        """
        ground = self._ground(question)
        if len(ground.subjects) != 1:
            raise QuestionRefused(["Names are opened for one subject at a time. Right would be one subject."])
        (subject,) = ground.subjects
        frame = select(ground.frame, question.population)
        frame = frame.filter(pl.col(slice_column(subject, ground.term.code, "scale")).is_not_null())
        if row is not None:
            rows = self.ask(question).rows
            if not 0 <= row < len(rows):
                raise QuestionRefused([f"The answer has no row {row}. Right would be 0 to {len(rows) - 1}."])
            frame = frame.filter(pl.col("pupil").is_in(list(rows[row].pupils)))
        basis, tolerance = basis_of(question), ground.settings.tolerance
        found = records_of(frame, roll=ground.roll, subject=subject, term=ground.term, basis=basis, tolerance=tolerance)
        self.viewer.saw(record.key for record in found if record.status in shown)
        return found

    def _ground(self, question: Question) -> "_Ground":
        """What a question stands on, shared by all that differ only in measure, cut and filter."""
        population = question.population
        where = (population.year_groups, population.classes, population.groups)
        key = (
            question.subjects,
            question.term,
            question.as_of,
            question.known_at,
            "intervention" in question.by,
            where,
            fields_used(question),
        )
        if key not in self._grounds:
            self._grounds[key] = _Ground.of(question, self)
        return self._grounds[key]

    def _roll(self, as_of: date, term: Term, fields: frozenset[Field]) -> Roll:
        """The pupils of whom the viewer may see some fields, on a day; the term is one that will be asked about."""
        if self._versions is None:
            self._versions = Versions(self.school.pk, terms=[term.code])
        if (as_of, fields) not in self._rolls:
            today = self.now.date()
            self._rolls[as_of, fields] = read_roll(
                self.school,
                pupils=keys_within_reach(self.viewer, school=self.school, on=today, fields=fields),
                framework=framework_of(self.school),
                scales=domain_scales(self.school),
                as_of=as_of,
                versions=self._versions,
            )
        return self._rolls[as_of, fields]

    def _frame(self, roll: Roll, slices: Sequence[tuple[str, Term]]) -> pl.DataFrame:
        """The frame of a roll: on one page the same for every question."""
        key = (id(roll), tuple(slices))
        if key not in self._frames:
            self._frames[key] = pupil_frame(roll, slices=slices)
        return self._frames[key]


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


def fields_used(question: Question) -> frozenset[Field]:
    """The guarded fields a question cuts or narrows by: whoever asks it must be allowed to see them."""
    cuts = {*question.by, *(cut for cut, _ in question.population.where)}
    return frozenset(field for field in EVERY_FIELD if field in cuts)


@dataclass(frozen=True, slots=True)
class _Ground:
    """What a question stands on: its subjects, its term, its roll, and the frame of them."""

    settings: SchoolSettings
    roll: Roll
    subjects: tuple[str, ...]
    term: Term
    frame: pl.DataFrame
    notes: tuple[str, ...]
    whole_school: bool

    @classmethod
    def of(cls, question: Question, asking: Asking) -> "_Ground":
        school, today = asking.school, asking.now.date()
        framework, settings = framework_of(school), settings_of(school)
        as_of = question.as_of or today
        term = (
            read_term(school, question.term, today=today)
            if question.term
            else latest_begun(as_of, terms=framework.terms)
        )
        fields = fields_used(question)
        require_fields(asking.viewer, fields, school=school, on=today)
        everybody = asking._roll(as_of, term, fields)
        problems = [*_unknown(question, everybody), *_not_yet(question)]
        if problems:
            raise QuestionRefused(problems)
        roll = everybody.of_year_groups(question.population.year_groups)
        subjects = question.subjects or _every_subject(roll, term)
        slices = [(subject, term) for subject in subjects]
        frame = asking._frame(everybody, slices)
        notes = _notes(roll, subjects, term, settings, later=n_later(roll, slices=slices))
        if fields and everybody.narrowed:
            notes.append("Only pupils of whom you may see what is asked for are counted.")
        return cls(settings, roll, subjects, term, frame, tuple(notes), whole_school=not everybody.narrowed)

    def answered(self, question: Question) -> "_Answered":
        """The question's rows. Those of a whole school's frame are kept beside it, as long as nothing in it moves."""
        if not self.whole_school:
            return self._answer(question)
        framework = self.roll.framework
        return KEPT.fresh(
            ("answer", self.roll.school.pk, self.roll.as_of, question),
            (Same(self.frame), Same(framework), self.settings.tolerance, self.subjects, self.term.code),
            lambda: self._answer(question),
            n_bytes=lambda found: _BYTES * (1 + len(found[1])) + 8 * sum(len(row.pupils) for row in found[1]),
        )

    def _answer(self, question: Question) -> "_Answered":
        frame = select(self.frame, question.population)
        columns, rows, notes = answer_rows(
            frame,
            question,
            scales=self.roll.framework.scales,
            tolerance=self.settings.tolerance,
            subjects=self.subjects,
            term=self.term.code,
        )
        return tuple(columns), tuple(rows), tuple(notes), frame.height


def _every_subject(roll: Roll, term: Term) -> tuple[str, ...]:
    """The subjects of a question that names none: those in use that are not composites for its pupils."""
    stages, used = roll.key_stages(term), used_subjects(roll.school, roll.curriculum)
    return tuple(subject.code for subject in used if not is_composite(subject, stages))


def _notes(roll: Roll, subjects: Sequence[str], term: Term, settings: SchoolSettings, *, later: int) -> list[str]:
    """What an answer says of itself beside its figures' own notes; ``later`` assessments are dated after its day."""
    on = f"{roll.as_of.day} {roll.as_of:%B %Y}"
    reached = settings.points_rule == "reached"
    rule = "the highest grade whose points it has reached" if reached else "the grade whose band of points holds it"
    said = [
        f"Pupils on roll, characteristics, classes and groups as on {on}.",
        f"A value on a progress line is shown as {rule}.",
    ]
    key_stages = roll.key_stages(term)
    stages = (roll.curriculum.stage(subject, key_stage) for subject in subjects for key_stage in key_stages)
    if any(stage and stage.judgement == "likely" for stage in stages):
        said.append("Where the judgement is the likely final grade, each term's progress target is the target itself.")
    if later:
        said.append(f"Assessments dated after {on} are not counted yet: {later} in the school.")
    elif term.starts > roll.as_of:
        said.append(f"The term begins after {on}, so its undated assessments are not counted yet.")
    return said


def _unknown(question: Question, roll: Roll) -> list[str]:
    """What a question names that the school does not have."""
    known = roll.curriculum.subjects
    problems = [
        f"subjects: the school has no '{code}'. Right would be {', '.join(sorted(known))}."
        for code in question.subjects
        if code not in known
    ]
    for place, model, wanted in (
        ("classes", SchoolClass, question.population.classes),
        ("groups", Group, question.population.groups),
    ):
        codes = set(model.objects.filter(school=roll.school).values_list("code", flat=True)) if wanted else set()
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
