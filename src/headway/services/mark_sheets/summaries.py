"""The list of mark sheets: every class in its subjects, with how many marks are entered of how many (M31)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, QuerySet

from headway.domain.cuts import cut_place
from headway.domain.frameworks import Framework
from headway.domain.terms import AcademicYear, Term, latest_begun, term_of_year
from headway.records.curricula import TaughtSubject, read_curriculum
from headway.records.freshness import Versions
from headway.records.kept import KEPT
from headway.records.models import ClassMember, School, SchoolClass, TeachingGroup
from headway.records.models import Term as TermRow
from headway.services.access import Viewer, marks_any_class, may, require, sees_whole_school, taught_by
from headway.services.mark_sheets.class_terms import found_term, left_out, members_within_reach, teachers_of
from headway.services.schools import framework_of

__all__ = ["SheetSummary", "sheet_terms", "sheets_of"]

_Counts = tuple[Mapping[int, int], Mapping[tuple[int, str], int]]
"""The pupils of each group, and their marks by group and kind of judgement."""

_BYTES = 200
"""What a count takes in memory, about."""


@dataclass(frozen=True, slots=True)
class SheetSummary:
    """A class in one of its subjects in a term. ``mine``: the viewer teaches it. A mark or a code counts as entered."""

    code: str
    year_group: int
    subject: str
    subject_name: str
    term: str
    n_pupils: int
    n_entered: int
    teachers: tuple[str, ...]
    mine: bool
    may_mark: bool
    closed: bool


def sheets_of(
    *, viewer: Viewer, school: School, now: datetime, term: str | None = None, only_mine: bool = False
) -> Sequence[SheetSummary]:
    """Every sheet of a term (the latest begun, unless one is named) with a pupil within reach: the viewer's own first.

    With ``only_mine`` none but those. Raises NotFoundError where there is no such term.
    """
    require(viewer, "ask", school=school, on=now.date())
    latest = latest_begun(now.date(), terms=framework_of(school).terms)
    when = latest if term is None else found_term(school, term, today=now.date())
    shelf = _Shelf.of(viewer, school=school, term=when, now=now, only_mine=only_mine)
    found = [summary for group in shelf.groups if (summary := shelf.summary(group)) is not None]
    return sorted(found, key=lambda each: (not each.mine, each.year_group, cut_place("class", each.code)))


def sheet_terms(*, viewer: Viewer, school: School, now: datetime) -> Sequence[str]:
    """The codes of the terms there are sheets of, the latest first: those of each academic year with classes."""
    require(viewer, "ask", school=school, on=now.date())
    terms = framework_of(school).terms
    years = SchoolClass.objects.filter(school=school).order_by("-year__starts_in").distinct()
    return [
        term_of_year(AcademicYear(starts_in), number, terms=terms).code
        for starts_in in years.values_list("year__starts_in", flat=True)
        for number in range(len(terms), 0, -1)
    ]


@dataclass(frozen=True, slots=True)
class _Group:
    """A class in one of its subjects."""

    key: int
    code: str
    year_group: int
    subject: TaughtSubject


@dataclass(frozen=True, slots=True)
class _Shelf:
    """All that the summaries of a term are made from."""

    term: Term
    framework: Framework
    closed: bool
    groups: Sequence[_Group]
    taught: Mapping[str, frozenset[str]]
    n_pupils: Mapping[int, int]
    n_entered: Mapping[tuple[int, str], int]
    teachers: Mapping[int, tuple[str, ...]]
    mine: frozenset[int]
    markable: frozenset[int]

    @classmethod
    def of(cls, viewer: Viewer, *, school: School, term: Term, now: datetime, only_mine: bool) -> "_Shelf":
        on, versions = now.date(), Versions(school.pk, terms=[term.code])
        groups = _groups(school, term, versions=versions)
        taught: dict[str, frozenset[str]] = {}
        for each in groups:
            taught[each.code] = taught.get(each.code, frozenset()) | {each.subject.code}
        mine = frozenset(taught_by(viewer, school=school, on=on).values_list("pk", flat=True))
        markable = mine if may(viewer, "record_marks", school=school, on=on) else frozenset[int]()
        if marks_any_class(viewer, school=school, on=on):
            markable = frozenset(each.key for each in groups)
        used = TermRow.objects.filter(school=school, code=term.code).first()
        closed = used is not None and used.closed_at is not None
        members = members_within_reach(viewer, school=school, term=term, now=now).filter(
            teaching_group__school_class__year__starts_in=term.year.starts_in
        )
        if only_mine:
            members = members.filter(teaching_group__in=mine)
        if only_mine or not sees_whole_school(viewer, school=school, on=on):
            n_pupils, n_entered = _counted(members, used)
        else:
            n_pupils, n_entered = KEPT.fresh(
                ("sheets", school.pk, term.code, on),
                (versions.of("calendar", "roll", "classes"), versions.of_term("assessments", term.code)),
                lambda: _counted(members, used),
                n_bytes=lambda counts: _BYTES * (len(counts[0]) + len(counts[1])),
            )
        teachers = teachers_of(n_pupils)
        framework = framework_of(school)
        return cls(term, framework, closed, groups, taught, n_pupils, n_entered, teachers, mine, markable)

    def summary(self, group: _Group) -> SheetSummary | None:
        """The summary of a group; None where it has no pupil here, no scale, or its parts have the sheets."""
        key_stage = self.framework.stage_of(group.year_group)
        stage = group.subject.stages.get(key_stage.code) if key_stage else None
        if stage is None or group.key not in self.n_pupils:
            return None
        n_entered = self.n_entered.get((group.key, stage.judgement), 0)
        if left_out(stage, taught=self.taught[group.code], judged=n_entered > 0):
            return None
        return SheetSummary(
            code=group.code,
            year_group=group.year_group,
            subject=group.subject.code,
            subject_name=group.subject.name,
            term=self.term.code,
            n_pupils=self.n_pupils[group.key],
            n_entered=n_entered,
            teachers=self.teachers.get(group.key, ()),
            mine=group.key in self.mine,
            may_mark=not self.closed and group.key in self.markable,
            closed=self.closed,
        )


def _groups(school: School, term: Term, *, versions: Versions) -> Sequence[_Group]:
    """The classes of a term's academic year in their subjects, these in their order."""
    curriculum = read_curriculum(school.pk, versions=versions)
    subjects = {each.pk: each for each in curriculum.subjects.values()}
    rows = TeachingGroup.objects.filter(school=school, school_class__year__starts_in=term.year.starts_in)
    return [
        _Group(key, code, year_group, subjects[subject])
        for key, code, year_group, subject in rows.order_by("subject_id").values_list(
            "pk", "school_class__code", "school_class__year_group", "subject_id"
        )
    ]


def _counted(members: QuerySet[ClassMember], term: TermRow | None) -> _Counts:
    """How many pupils each group has, and how many of their marks are entered."""
    n_pupils = dict(members.values_list("teaching_group").annotate(Count("pk")).order_by())
    return n_pupils, _entered(members, term) if term else {}


def _entered(members: QuerySet[ClassMember], term: TermRow) -> Mapping[tuple[int, str], int]:
    """How many marks of a term the pupils of each group have in its subject, by kind of judgement."""
    marked = members.filter(
        pupil__assessments__term=term, pupil__assessments__subject=F("teaching_group__subject")
    ).values_list("teaching_group", "pupil__assessments__kind")
    return {(group, kind): n for group, kind, n in marked.annotate(Count("pk")).order_by()}
