"""A class in a term as somebody reaches it: its subjects, its pupils in each of them, and who teaches them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.db.models import Q, QuerySet

from headway.domain.terms import Term
from headway.records.curricula import Curriculum, Stage, TaughtSubject, read_curriculum
from headway.records.freshness import Versions
from headway.records.models import ClassMember, Enrolment, School, SchoolClass, Teaching, TeachingGroup
from headway.services.access import NotFoundError, Viewer, pupils_within_reach, require, sees_whole_school
from headway.services.schools import framework_of, read_term

__all__ = ["ClassTerm", "found_term", "left_out", "members_within_reach", "teachers_of"]


@dataclass(frozen=True)
class ClassTerm:
    """A class in a term, as one viewer reaches it at one moment.

    ``groups`` are the subjects it is taught, by the keys of their teaching groups; ``chosen`` is the code of the one it
    is narrowed to, empty for all.
    """

    school: School
    school_class: SchoolClass
    term: Term
    chosen: str
    groups: Mapping[int, TaughtSubject]
    key_stage: str
    curriculum: Curriculum
    reach: QuerySet[ClassMember]
    viewer: Viewer
    now: datetime

    @classmethod
    def of(
        cls, code: str, *, term: str, subject: str = "", viewer: Viewer, school: School, now: datetime
    ) -> "ClassTerm":
        """The class of the term's academic year.

        Raises NotFoundError where there is no such class, term or subject, or none of its pupils is within reach.
        """
        require(viewer, "ask", school=school, on=now.date())
        when = found_term(school, term, today=now.date())
        found = SchoolClass.objects.filter(school=school, year__starts_in=when.year.starts_in, code=code).first()
        stage = framework_of(school).stage_of(found.year_group) if found else None
        if found is None or stage is None:
            raise NotFoundError(code)
        curriculum = read_curriculum(school.pk, versions=Versions(school.pk))
        groups = _taught(found, curriculum, stage.code)
        if not groups or (subject and subject not in {each.code for each in groups.values()}):
            raise NotFoundError(subject)
        chosen = next(iter(groups.values())).code if len(groups) == 1 else subject
        wanted = [key for key, each in groups.items() if chosen in ("", each.code)]
        reach = members_within_reach(viewer, school=school, term=when, now=now).filter(teaching_group__in=wanted)
        made = cls(school, found, when, chosen, groups, stage.code, curriculum, reach, viewer, now)
        if not made.members:
            raise NotFoundError(code)
        return made

    @property
    def code(self) -> str:
        return self.school_class.code

    @cached_property
    def members(self) -> frozenset[tuple[int, int]]:
        """The cells there are: the keys of a pupil and a subject."""
        return frozenset(self.reach.values_list("pupil_id", "teaching_group__subject_id"))

    @cached_property
    def pupils(self) -> Sequence[int]:
        """The keys of the pupils, in order."""
        return sorted({pupil for pupil, _ in self.members})

    @property
    def subjects(self) -> Sequence[TaughtSubject]:
        """The subject chosen, or all."""
        return [each for each in self.groups.values() if self.chosen in ("", each.code)]

    def shown(self, *, judged: Collection[int]) -> Sequence[TaughtSubject]:
        """The subjects that get a column, given those with a mark of their own this term."""
        taught = {each.code for each in self.groups.values()}
        return [
            each
            for each in self.subjects
            if self.chosen or not left_out(each.stages[self.key_stage], taught=taught, judged=each.pk in judged)
        ]


def _taught(school_class: SchoolClass, curriculum: Curriculum, key_stage: str) -> Mapping[int, TaughtSubject]:
    """The subjects a class is taught that its key stage has, in their order."""
    by_key = {each.pk: each for each in curriculum.subjects.values() if key_stage in each.stages}
    rows = TeachingGroup.objects.filter(school_class=school_class).order_by("subject_id")
    return {key: by_key[subject] for key, subject in rows.values_list("pk", "subject_id") if subject in by_key}


def left_out(stage: Stage, *, taught: Collection[str], judged: bool) -> bool:
    """Whether a composite goes without a sheet: the class is taught its parts, and nobody has judged it directly."""
    return not judged and any(part in taught for part in stage.parts)


def found_term(school: School, code: str, *, today: date) -> Term:
    """The term of that code; NotFoundError where there is none."""
    try:
        return read_term(school, code, today=today)
    except ValueError as error:
        raise NotFoundError(code) from error


def members_within_reach(viewer: Viewer, *, school: School, term: Term, now: datetime) -> QuerySet[ClassMember]:
    """Pupils in the subjects they are taught: those the viewer reaches who are on roll in the term.

    As today in the term that is running, on its last day in one that is over. A first day nobody gave is not held
    against a pupil: the school simply began to keep records then.
    """
    day = max(min(now.date(), term.ends), term.starts)
    here = (Q(ends__isnull=True) | Q(ends__gte=day)) & (Q(given=False) | Q(starts__lte=day))
    members = ClassMember.objects.filter(
        school=school, pupil__in=Enrolment.objects.filter(here, school=school).values("pupil")
    )
    if sees_whole_school(viewer, school=school, on=now.date()):
        return members
    return members.filter(pupil__in=pupils_within_reach(viewer, school=school, on=now.date()))


def teachers_of(groups: Collection[int]) -> Mapping[int, tuple[str, ...]]:
    """The names of who teaches each of some groups, by its key."""
    found: dict[int, tuple[str, ...]] = {}
    rows = Teaching.objects.filter(teaching_group__in=list(groups)).order_by("person__name")
    for group, name in rows.values_list("teaching_group_id", "person__name"):
        found[group] = (*found.get(group, ()), name)
    return found
