"""The one place where questions are asked: reads what the viewer reaches, computes, and explains."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from uuid import UUID

import polars as pl

from headway.analysis.layout import slice_column
from headway.analysis.measures import answer_rows
from headway.analysis.population import select
from headway.domain.cuts import CUT_WORDS
from headway.domain.frameworks import Framework
from headway.domain.pupils import CHARACTERISTICS
from headway.domain.questions import Answer, Question, QuestionRefused, basis_of
from headway.domain.status import Status, status_of
from headway.domain.terms import Term, latest_begun
from headway.records.extracts import Roll, pupil_frame, read_roll
from headway.records.models import (
    Assessment,
    Group,
    ProgressTarget,
    Pupil,
    Result,
    School,
    SchoolClass,
    StageSubject,
    Subject,
    Target,
    TeachingGroup,
)
from headway.records.models import Term as TermRow
from headway.services.access import Viewer, pupils_within_reach, require
from headway.services.progress_targets import line_of
from headway.services.schools import domain_scales, framework_of, read_term, settings_of

__all__ = ["Asking", "Choices", "PupilRecord", "ask", "choices", "names"]


@dataclass(frozen=True, slots=True)
class PupilRecord:
    """One pupil behind a number, with the attainment record the number was made from (M90)."""

    uid: UUID
    name: str
    reg_group: str
    prior: str
    target: str
    expected: str
    expected_points: Fraction | None
    grade: str
    mark_code: str
    gap: Fraction | None
    steps: int | None
    status: Status
    starts_here: bool
    cuts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a viewer can choose from when asking: only what their pupils have."""

    year_groups: Sequence[int]
    subjects: Sequence[tuple[str, str]]
    terms: Sequence[tuple[str, str]]
    default_term: str


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
        return _records(asked, frame, tolerance=settings_of(self.school).tolerance)

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


def choices(*, viewer: Viewer, school: School, now: datetime) -> Choices:
    """The year groups, subjects and terms a viewer can ask about."""
    require(viewer, "ask", school=school, on=now.date())
    framework = framework_of(school)
    roll = read_roll(
        school,
        pupils=pupils_within_reach(viewer, school=school, on=now.date()),
        framework=framework,
        scales={},
        as_of=now.date(),
    )
    term = latest_begun(now.date(), terms=framework.terms)
    year_groups = sorted({roll.year_group(pupil, term.year) for pupil, _ in roll.pupils})
    used = TermRow.objects.filter(school=school).order_by("-starts").values_list("code", flat=True)
    codes = dict.fromkeys([term.code, *used])
    terms = sorted(codes, key=lambda code: _place(code, framework), reverse=True)
    return Choices(
        year_groups=year_groups,
        subjects=[(subject.code, subject.name) for subject in _subjects_in_use(school)],
        terms=[(code, _term_words(code)) for code in terms],
        default_term=term.code,
    )


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
        in_use = [subject.code for subject in _subjects_in_use(school) if not _is_composite(subject, stages)]
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


def _is_composite(subject: Subject, key_stages: Set[str]) -> bool:
    """Whether a subject is a composite wherever it is taught, in some key stages."""
    stages = [stage for stage in subject.stages.all() if stage.key_stage in key_stages]
    return bool(stages) and all(stage.parts for stage in stages)


def _subjects_in_use(school: School) -> list[Subject]:
    """The subjects a school has an assessment, target or class in, and their composites, in the framework's order."""
    used = set(Assessment.objects.filter(school=school).values_list("subject_id", flat=True).distinct())
    used |= set(Target.objects.filter(school=school).values_list("subject_id", flat=True).distinct())
    used |= set(TeachingGroup.objects.filter(school=school).values_list("subject_id", flat=True).distinct())
    subjects = list(Subject.objects.filter(school=school).prefetch_related("stages").order_by("pk"))
    codes = {subject.code for subject in subjects if subject.pk in used}
    for stage in StageSubject.objects.filter(school=school).select_related("subject"):
        if stage.parts and set(stage.parts) <= codes:
            used.add(stage.subject_id)
    return [subject for subject in subjects if subject.pk in used]


def _records(asked: _Asked, frame: pl.DataFrame, *, tolerance: int) -> list[PupilRecord]:
    subject, code = asked.subjects[0], asked.term.code
    against_target = asked.question.basis == "target"
    shown = {
        what: slice_column(subject, code, what)
        for what in (
            "rank",
            "grade",
            "mark",
            "line_rank",
            "line_grade",
            "line_starts_here",
            "target_rank",
            "target_grade",
        )
    }
    pupils = {pupil.pk: pupil for pupil in Pupil.objects.filter(pk__in=frame["pupil"].to_list())}
    priors, lines = _priors(asked, subject), _exact_lines(asked, subject)
    found = []
    for row in frame.iter_rows(named=True):
        pupil = pupils[row["pupil"]]
        at = {what: row[column] for what, column in shown.items()}
        starts_here = bool(at["line_starts_here"]) and not against_target
        compared_with = at["target_rank"] if against_target else at["line_rank"]
        known = at["rank"] is not None and compared_with is not None and not starts_here
        steps = at["rank"] - compared_with if known else None
        found.append(
            PupilRecord(
                uid=pupil.uid,
                name=_name(pupil),
                reg_group=row["reg_group"] or "",
                prior=priors.get(pupil.pk, ""),
                target=at["target_grade"] or "",
                expected=at["line_grade"] or "",
                expected_points=lines.get(pupil.pk),
                grade=at["grade"] or "",
                mark_code=at["mark"] or "",
                gap=_gap(row, subject, code, against_target=against_target),
                steps=steps,
                status=status_of(steps, tolerance=tolerance),
                starts_here=starts_here,
                cuts={cut: row[cut] for cut in (*CHARACTERISTICS, "year_group", "class", "group") if cut in CUT_WORDS},
            )
        )
    return sorted(found, key=lambda record: (record.name.casefold(), str(record.uid)))


def _gap(row: Mapping[str, int | None], subject: str, term: str, *, against_target: bool) -> Fraction | None:
    thousandths = row[slice_column(subject, term, "target_gap" if against_target else "gap")]
    return None if thousandths is None else Fraction(thousandths, 1000)


def _name(pupil: Pupil) -> str:
    preferred = f" ({pupil.preferred_forename})" if pupil.preferred_forename else ""
    return f"{pupil.surname}, {pupil.forename}{preferred}"


def _exact_lines(asked: _Asked, subject: str) -> dict[int, Fraction]:
    """Each pupil's exact progress target in the question's subject and term."""
    per_year, found = len(asked.framework.terms), {}
    rows = ProgressTarget.objects.filter(**asked.roll.filters, subject__code=subject)
    for row in rows:
        stage_term = asked.roll.stage_term(row.pupil_id, asked.term) if row.pupil_id in asked.roll.placements else None
        if stage_term is None or stage_term.key_stage != row.key_stage:
            continue
        term = line_of(row).at(asked.term.index - row.first_year * per_year + 1)
        if term is not None:
            found[row.pupil_id] = term.value
    return found


def _priors(asked: _Asked, subject: str) -> dict[int, str]:
    """Each pupil's prior attainment in the subject, as it was given."""
    best: dict[int, tuple[int, int, str]] = {}
    rows = Result.objects.filter(**asked.roll.filters, subject__code=subject)
    for pupil, key_stage, kind, year, grade, mark in rows.values_list(
        "pupil_id", "key_stage", "kind", "year", "grade", "mark_code"
    ):
        stage_term = asked.roll.stage_term(pupil, asked.term) if pupil in asked.roll.placements else None
        stage = asked.framework.key_stages[stage_term.key_stage] if stage_term else None
        if stage is None or stage.prior_stage != key_stage:
            continue
        kinds = {each: place for place, each in enumerate(stage.prior_kinds)}
        found = (kinds.get(kind, len(kinds)), -(year or 0), grade or mark)
        best[pupil] = min(best.get(pupil, found), found)
    return {pupil: grade for pupil, (_, _, grade) in best.items()}


def _term_words(code: str) -> str:
    year, _, name = code.rpartition("-")
    return f"{name.capitalize()} {year.replace('-', '–')}"


def _place(code: str, framework: Framework) -> tuple[str, int]:
    """Where a term stands in time: a key to sort codes by."""
    year, _, name = code.rpartition("-")
    order = [term.name for term in framework.terms]
    return year, order.index(name) if name in order else 0
