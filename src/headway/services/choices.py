"""What a viewer can choose from when asking: the year groups, subjects and terms there is something of."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from headway.domain.frameworks import Framework
from headway.domain.terms import latest_begun
from headway.records.models import Assessment, School, StageSubject, Subject, Target, TeachingGroup
from headway.records.models import Term as TermRow
from headway.records.rolls import read_roll
from headway.services.access import Viewer, pupils_within_reach, require
from headway.services.schools import framework_of

__all__ = ["Choices", "choices", "is_composite", "subjects_in_use"]


@dataclass(frozen=True, slots=True)
class Choices:
    """What a viewer can choose from when asking: only what their pupils have."""

    year_groups: Sequence[int]
    subjects: Sequence[tuple[str, str]]
    terms: Sequence[tuple[str, str]]
    default_term: str


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
        subjects=[(subject.code, subject.name) for subject in subjects_in_use(school)],
        terms=[(code, _term_words(code)) for code in terms],
        default_term=term.code,
    )


def is_composite(subject: Subject, key_stages: Set[str]) -> bool:
    """Whether a subject is a composite wherever it is taught, in some key stages."""
    stages = [stage for stage in subject.stages.all() if stage.key_stage in key_stages]
    return bool(stages) and all(stage.parts for stage in stages)


def subjects_in_use(school: School) -> list[Subject]:
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


def _term_words(code: str) -> str:
    year, _, name = code.rpartition("-")
    return f"{name.capitalize()} {year.replace('-', '–')}"


def _place(code: str, framework: Framework) -> tuple[str, int]:
    """Where a term stands in time: a key to sort codes by."""
    year, _, name = code.rpartition("-")
    order = [term.name for term in framework.terms]
    return year, order.index(name) if name in order else 0
