"""Assessments a page at a time, for programs that ask: those of pupils within reach, each with its version."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from headway.domain.terms import Term, academic_year_of
from headway.records.models import Assessment, ClassMember, Pupil, School, SchoolClass, Subject
from headway.services.access import NotFoundError, Viewer, pupils_within_reach, require, sees_whole_school
from headway.services.listings.pages import Page, UnknownValueError, Window, rows_of
from headway.services.mark_batches import Held
from headway.services.schools import domain_scales, framework_of, read_term

__all__ = ["AssessmentsAsked", "ListedAssessment", "list_assessments"]


@dataclass(frozen=True, slots=True)
class AssessmentsAsked:
    """Which assessments are wanted; without a term those of all terms, which is taking them out."""

    term: str | None = None
    subject: str | None = None
    class_code: str | None = None
    pupil: UUID | None = None


@dataclass(frozen=True, slots=True)
class ListedAssessment:
    """A judgement: a grade with its points on a scale, or a mark code. ``version`` is what a change must name."""

    pupil: UUID
    subject: str
    term: str
    kind: str
    grade: str
    mark_code: str
    points: Fraction | None
    scale: str
    date: date | None
    by: str
    comment: str
    version: str


def list_assessments(
    viewer: Viewer, *, school: School, window: Window, now: datetime, asked: AssessmentsAsked
) -> Page[ListedAssessment]:
    """The assessments of pupils within reach, in the order they were first made.

    Raises UnknownValueError for a term, subject or class there is not, NotFoundError for a pupil.
    """
    on = now.date()
    require(viewer, "ask", school=school, on=on)
    if asked.term is None:
        require(viewer, "export", school=school, on=on)
    reach = pupils_within_reach(viewer, school=school, on=on)
    term = _term(asked.term, school=school, now=now)
    rows = Assessment.objects.filter(school=school)
    if term is not None:
        rows = rows.filter(term__code=term.code)
    if asked.subject is not None:
        rows = rows.filter(subject=_subject(asked.subject, school=school))
    if asked.class_code is not None:
        reach = reach.filter(pk__in=_members(asked.class_code, reach, school=school, term=term, on=on))
    if asked.pupil is not None:
        reach = reach.filter(uid=asked.pupil)
        if not reach.exists():
            raise NotFoundError(str(asked.pupil))
    narrowed = asked.class_code or asked.pupil or not sees_whole_school(viewer, school=school, on=on)
    rows = rows.filter(pupil__in=reach) if narrowed else rows
    page = rows_of(rows.select_related("pupil", "subject", "term", "scale"), window)
    viewer.saw({row.pupil_id for row in page.items})
    return page.map(_Listing(school))


class _Listing:
    """Makes rows into what is listed, with the scales they were judged on."""

    def __init__(self, school: School) -> None:
        self._scales = domain_scales(school)

    def __call__(self, row: Assessment) -> ListedAssessment:
        points = None if row.units is None else Fraction(row.units, self._scales[row.scale_id].per_point)
        return ListedAssessment(
            pupil=row.pupil.uid,
            subject=row.subject.code,
            term=row.term.code,
            kind=row.kind,
            grade=row.grade,
            mark_code=row.mark_code,
            points=points,
            scale=str(row.scale),
            date=row.date,
            by=row.by,
            comment=row.comment,
            version=Held.of(row).version,
        )


def _term(code: str | None, *, school: School, now: datetime) -> Term | None:
    if code is None:
        return None
    try:
        return read_term(school, code, today=now.date())
    except ValueError:
        year, names = academic_year_of(now.date()), [each.name for each in framework_of(school).terms]
        right = "a code such as " + ", ".join(f"{year}-{name}" for name in names)
        raise UnknownValueError("term", code, right) from None


def _subject(code: str, *, school: School) -> int:
    subjects = dict(Subject.objects.filter(school=school).order_by("pk").values_list("code", "pk"))
    if code not in subjects:
        raise UnknownValueError("subject", code, list(subjects))
    return subjects[code]


def _members(
    code: str, reach: QuerySet[Pupil], *, school: School, term: Term | None, on: date
) -> QuerySet[ClassMember, Any]:
    """The pupils of a class of the term's academic year, or of this one; unknown where nobody in it is in reach."""
    year = term.year if term else academic_year_of(on)
    classes = SchoolClass.objects.filter(school=school, year__starts_in=year.starts_in)
    mine = ClassMember.objects.filter(teaching_group__school_class__in=classes, pupil__in=reach)
    known = mine.order_by("teaching_group__school_class__code").distinct()
    codes = list(known.values_list("teaching_group__school_class__code", flat=True))
    if code not in codes:
        raise UnknownValueError("class", code, codes)
    return mine.filter(teaching_group__school_class__code=code).values("pupil")
