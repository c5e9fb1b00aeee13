"""What a viewer can choose from when asking: the year groups, subjects and terms there is something of."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from headway.domain.frameworks import Framework
from headway.domain.questions import term_words
from headway.domain.terms import latest_begun
from headway.records.curricula import Curriculum, TaughtSubject, read_curriculum
from headway.records.freshness import Versions
from headway.records.kept import KEPT
from headway.records.models import Assessment, School, Subject, Target, TeachingGroup
from headway.records.models import Term as TermRow
from headway.records.rolls import Roll, read_roll
from headway.services.access import Viewer, keys_within_reach, require
from headway.services.schools import framework_of

__all__ = ["Choices", "choices", "is_composite", "subjects_in_use", "used_subjects"]


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
        pupils=keys_within_reach(viewer, school=school, on=now.date()),
        framework=framework,
        scales={},
        as_of=now.date(),
    )
    term = latest_begun(now.date(), terms=framework.terms)
    codes = dict.fromkeys([term.code, *_used_terms(roll)])
    terms = sorted(codes, key=lambda code: _place(code, framework), reverse=True)
    return Choices(
        year_groups=sorted(roll.year_groups(term.year)),
        subjects=[(subject.code, subject.name) for subject in used_subjects(school, roll.curriculum)],
        terms=[(code, _term_words(code)) for code in terms],
        default_term=term.code,
    )


def is_composite(subject: TaughtSubject, key_stages: Set[str]) -> bool:
    """Whether a subject is a composite wherever it is taught, in some key stages."""
    stages = [stage for key_stage, stage in subject.stages.items() if key_stage in key_stages]
    return bool(stages) and all(stage.parts for stage in stages)


def subjects_in_use(school: School) -> Sequence[TaughtSubject]:
    """The subjects a school has an assessment, target or class in, and their composites, in the framework's order."""
    return used_subjects(school, read_curriculum(school.pk, versions=Versions(school.pk)))


def used_subjects(school: School, curriculum: Curriculum) -> Sequence[TaughtSubject]:
    """The subjects of a curriculum that are in use."""
    mine = {"subject": OuterRef("pk")}  # by subject alone: an index finds the first row
    in_use = Q(Exists(TeachingGroup.objects.filter(**mine)))
    in_use |= Q(Exists(Target.objects.filter(**mine))) | Q(Exists(Assessment.objects.filter(**mine)))
    used = set(Subject.objects.filter(in_use, school=school).values_list("code", flat=True))
    composites = {
        subject.code
        for subject in curriculum.subjects.values()
        if any(stage.parts and used.issuperset(stage.parts) for stage in subject.stages.values())
    }
    return [subject for code, subject in curriculum.subjects.items() if code in used | composites]


def _used_terms(roll: Roll) -> Sequence[str]:
    """The codes of the terms the school has used."""
    return KEPT.fresh(
        ("terms", roll.school.pk),
        (roll.register, *roll.versions.of("calendar")),
        lambda: list(TermRow.objects.filter(school=roll.school).order_by("-starts").values_list("code", flat=True)),
        n_bytes=lambda codes: 100 * len(codes),
    )


def _term_words(code: str) -> str:
    words = term_words(code)
    return words[:1].upper() + words[1:]


def _place(code: str, framework: Framework) -> tuple[str, int]:
    """Where a term stands in time: a key to sort codes by."""
    year, _, name = code.rpartition("-")
    order = [term.name for term in framework.terms]
    return year, order.index(name) if name in order else 0
