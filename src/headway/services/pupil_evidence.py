"""What the records hold of one pupil's attainment, read in a handful of queries however many subjects there are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from headway.domain.frameworks import Framework
from headway.domain.scales import Scale
from headway.domain.terms import AcademicYear, Term, year_group_in
from headway.records.curricula import Stage
from headway.records.figures import Figure, figure_on_line
from headway.records.models import (
    Assessment,
    ClassMember,
    Person,
    Placement,
    ProgressTarget,
    Pupil,
    Result,
    Subject,
    Target,
)
from headway.services.schools import domain_scales, framework_of, settings_of

__all__ = [
    "Assessed",
    "LineTerms",
    "Placed",
    "PupilEvidence",
    "ResultRow",
    "TargetRow",
    "Taught",
    "read_evidence",
]

_YEARS_AROUND = 14


@dataclass(frozen=True, slots=True)
class Assessed:
    """A judgement as it was given in a term."""

    grade: str
    mark_code: str
    made_on: Scale
    by: str
    on: date | None
    comment: str


@dataclass(frozen=True, slots=True)
class LineTerms:
    """A line as it was laid: its scale, where it starts, and for each term k the value (as two numbers) and rank."""

    laid_on: Scale
    start: str
    k0: int
    first_year: int
    terms: Mapping[int, tuple[int, int, int]]

    def k(self, term: Term) -> int:
        """The number of a term in the line's key stage, counted from 1."""
        return term.index - self.first_year * term.per_year + 1

    def at(self, k: int, scale: Scale) -> Figure | None:
        """The progress target after term k, on the scale its subject is on now."""
        found = self.terms.get(k)
        if found is None:
            return None
        over, under, rank = found
        return figure_on_line(scale, self.laid_on, rank, over, under)


@dataclass(frozen=True, slots=True)
class TargetRow:
    """A target as it stands."""

    pk: int
    grade: str
    made_on: Scale
    agreed_on: date | None
    agreed_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A result of a key stage; ``points`` only where they compare with the scale asked about."""

    grade: str
    kind: str
    year: int | None
    made_on: Scale
    points: Fraction | None


@dataclass(frozen=True, slots=True)
class Placed:
    """The year group and registration group of one year."""

    year_group: int
    reg_group: str


@dataclass(frozen=True, slots=True)
class Taught:
    """A class in one of its subjects, in a year; ``teaching_group`` is its record's key."""

    starts_in: int
    subject: str
    code: str
    teaching_group: int


@dataclass(frozen=True, slots=True)
class PupilEvidence:
    """What is recorded of one pupil's attainment, by subject code.

    ``stage_years`` holds the academic years of each key stage; ``assessed`` the judgements of the kind the subject
    goes by, by term code; ``targets`` are keyed by subject, key stage and point; ``classes`` holds the class of a
    subject in a year (by its calendar start), of several the first.
    """

    today: date
    framework: Framework
    tolerance: int
    stages: Mapping[tuple[str, str], Stage]
    subject_names: Mapping[str, str]
    subject_codes: Mapping[int, str]
    placements: Mapping[AcademicYear, Placed]
    stage_years: Mapping[str, Sequence[AcademicYear]]
    assessed: Mapping[tuple[str, str], Assessed]
    lines: Mapping[tuple[str, str], LineTerms]
    targets: Mapping[tuple[str, str, str], TargetRow]
    results: Mapping[tuple[str, str], Sequence[ResultRow]]
    taught: Sequence[Taught]
    classes: Mapping[tuple[int, str], str]
    staff: Mapping[str, str]

    def prior(self, subject: str, key_stage: str, scale: Scale) -> ResultRow | None:
        """The result a line of a key stage would start from; failing that, one that says something all the same."""
        stage = self.framework.key_stages[key_stage]
        order = {kind: place for place, kind in enumerate(stage.prior_kinds)}
        found = [
            row if row.points is not None and row.made_on.family == scale.family else replace(row, points=None)
            for row in self.results.get((subject, stage.prior_stage or ""), ())
        ]
        return min(
            found,
            key=lambda row: (row.points is None, order.get(row.kind, len(order)), -(row.year or 0)),
            default=None,
        )


def read_evidence(pupil: Pupil, *, today: date) -> PupilEvidence:
    """Reads everything recorded of a pupil's attainment that holds on a day."""
    school, framework, scales = pupil.school, framework_of(pupil.school), dict(domain_scales(pupil.school))
    subjects, stages = _subjects(pupil)
    placements = _placements(pupil)
    stage_years = _stage_years(placements, framework)
    assessed = _assessed(pupil, stages, stage_years, scales, today=today)
    targets = _targets(pupil, framework, scales)
    taught = _taught(pupil)
    codes = {row.by for row in assessed.values()} | {row.agreed_by for row in targets.values()}
    return PupilEvidence(
        today=today,
        framework=framework,
        tolerance=settings_of(school).tolerance,
        stages=stages,
        subject_names=dict(subjects.values()),
        subject_codes={pk: code for pk, (code, _) in subjects.items()},
        placements=placements,
        stage_years=stage_years,
        assessed=assessed,
        lines=_lines(pupil, scales),
        targets=targets,
        results=_results(pupil, scales),
        taught=taught,
        classes={(each.starts_in, each.subject): each.code for each in reversed(taught)},
        staff=dict(Person.objects.filter(school=school, code__in=codes - {""}).values_list("code", "name")),
    )


def _subjects(pupil: Pupil) -> tuple[dict[int, tuple[str, str]], dict[tuple[str, str], Stage]]:
    """The school's subjects, in its order, with code and name; and what each is in the key stages it is taught in."""
    rows = Subject.objects.filter(school=pupil.school).order_by("pk")
    subjects: dict[int, tuple[str, str]] = {}
    stages: dict[tuple[str, str], Stage] = {}
    for pk, code, name, key_stage, scale, judgement, parts in rows.values_list(
        "pk", "code", "name", "stages__key_stage", "stages__scale", "stages__judgement", "stages__parts"
    ):
        subjects[pk] = (code, name)
        if key_stage is not None:
            stages[code, key_stage] = Stage(scale, judgement, tuple(parts))
    return subjects, stages


def _placements(pupil: Pupil) -> dict[AcademicYear, Placed]:
    rows = Placement.objects.filter(pupil=pupil).values_list("year__starts_in", "year_group", "reg_group")
    return {AcademicYear(starts_in): Placed(year_group, reg_group) for starts_in, year_group, reg_group in rows}


def _stage_years(
    placements: Mapping[AcademicYear, Placed], framework: Framework
) -> Mapping[str, Sequence[AcademicYear]]:
    """The academic years a pupil spends in each key stage, in order; none where no year group is known."""
    found: dict[str, list[AcademicYear]] = defaultdict(list)
    if placements:
        year_groups = {year: placed.year_group for year, placed in placements.items()}
        first, last = min(placements), max(placements)
        for starts_in in range(first.starts_in - _YEARS_AROUND, last.starts_in + _YEARS_AROUND + 1):
            year = AcademicYear(starts_in)
            stage = framework.stage_of(year_group_in(year, placements=year_groups))
            if stage is not None:
                found[stage.code].append(year)
    return found


def _assessed(
    pupil: Pupil,
    stages: Mapping[tuple[str, str], Stage],
    stage_years: Mapping[str, Sequence[AcademicYear]],
    scales: Mapping[int, Scale],
    *,
    today: date,
) -> dict[tuple[str, str], Assessed]:
    """Judgements of the kind each subject goes by in that key stage, made by today; undated ones once the term is."""
    stage_in = {year.starts_in: key_stage for key_stage, years in stage_years.items() for year in years}
    rows = Assessment.objects.filter(pupil=pupil).values_list(
        *("subject__code", "term__code", "term__year__starts_in", "term__starts", "kind"),
        *("grade", "mark_code", "scale_id", "by", "date", "comment"),
    )
    found = {}
    for subject, term, starts_in, starts, kind, grade, mark, scale_id, by, on, comment in rows:
        stage = stages.get((subject, stage_in.get(starts_in, "")))
        if stage is None or stage.judgement != kind or (on or starts) > today:
            continue
        found[subject, term] = Assessed(grade, mark, scales[scale_id], by, on, comment)
    return found


def _lines(pupil: Pupil, scales: Mapping[int, Scale]) -> dict[tuple[str, str], LineTerms]:
    rows = ProgressTarget.objects.filter(pupil=pupil).values_list(
        "subject__code", "key_stage", "scale_id", "start", "k0", "first_year", "terms"
    )
    found = {}
    for subject, key_stage, scale_id, start, k0, first_year, terms in rows:
        by_k = {k: (over, under, rank) for k, over, under, rank, _ in terms}
        found[subject, key_stage] = LineTerms(scales[scale_id], start, k0, first_year, by_k)
    return found


def _targets(pupil: Pupil, framework: Framework, scales: Mapping[int, Scale]) -> dict[tuple[str, str, str], TargetRow]:
    rows = Target.objects.filter(pupil=pupil).values_list(
        "pk", "subject__code", "point", "scale_id", "grade", "agreed_on", "agreed_by", "reason"
    )
    found = {}
    for pk, subject, point, scale_id, grade, agreed_on, agreed_by, reason in rows:
        key_stage = framework.point(point)[0]
        found[subject, key_stage, point] = TargetRow(pk, grade, scales[scale_id], agreed_on, agreed_by, reason)
    return found


def _results(pupil: Pupil, scales: Mapping[int, Scale]) -> dict[tuple[str, str], list[ResultRow]]:
    rows = Result.objects.filter(pupil=pupil).values_list(
        "subject__code", "key_stage", "kind", "year", "scale_id", "grade", "mark_code", "units"
    )
    found: dict[tuple[str, str], list[ResultRow]] = defaultdict(list)
    for subject, key_stage, kind, year, scale_id, grade, mark, units in rows:
        scale = scales[scale_id]
        points = None if units is None else Fraction(units, scale.per_point)
        found[subject, key_stage].append(ResultRow(grade or mark, kind, year, scale, points))
    return found


def _taught(pupil: Pupil) -> Sequence[Taught]:
    """Every class the pupil is or was in, by year, then in the subjects' order."""
    rows = ClassMember.objects.filter(pupil=pupil).order_by("teaching_group__subject_id")
    found = [
        Taught(*row)
        for row in rows.values_list(
            "teaching_group__school_class__year__starts_in",
            "teaching_group__subject__code",
            "teaching_group__school_class__code",
            "teaching_group_id",
        )
    ]
    return sorted(found, key=lambda each: each.starts_in)
