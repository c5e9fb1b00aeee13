"""Classes and groups with their pupils, for programs that ask: only those within reach, and only they in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from headway.domain.terms import AcademicYear, academic_year_of, parse_academic_year
from headway.records.models import ClassMember, Group, GroupMember, School, SchoolClass, Teaching, TeachingGroup
from headway.services.access import Viewer, pupils_within_reach, require, sees_whole_school
from headway.services.groups import known_groups
from headway.services.listings.pages import Page, UnknownValueError, Window, rows_of

__all__ = [
    "ListedClass",
    "ListedClassSubject",
    "ListedGroup",
    "ListedMember",
    "ListedTeacher",
    "list_classes",
    "list_groups",
    "year_asked",
]


@dataclass(frozen=True, slots=True)
class ListedTeacher:
    """Somebody who teaches a class, by the school's staff code."""

    staff: str
    name: str


@dataclass(frozen=True, slots=True)
class ListedClassSubject:
    """A class in one of its subjects: who teaches it, and whom."""

    subject: str
    teachers: tuple[ListedTeacher, ...]
    pupils: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class ListedClass:
    """A class of an academic year."""

    uid: UUID
    code: str
    academic_year: str
    year_group: int
    subjects: tuple[ListedClassSubject, ...]


@dataclass(frozen=True, slots=True)
class ListedMember:
    """A pupil's time in a group; no ``starts``: always so far; no ``ends``: still."""

    pupil: UUID
    starts: date | None
    ends: date | None


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """A group a school made for itself."""

    uid: UUID
    name: str
    members: tuple[ListedMember, ...]


def year_asked(code: str | None, *, now: datetime) -> AcademicYear:
    """The academic year a code means, this one where there is none; raises UnknownValueError."""
    if code is None:
        return academic_year_of(now.date())
    try:
        return parse_academic_year(code, today=now.date())
    except ValueError:
        right = f"one such as {academic_year_of(now.date())}"
        raise UnknownValueError("academic_year", code, right) from None


def list_classes(
    viewer: Viewer, *, school: School, window: Window, now: datetime, academic_year: str | None = None
) -> Page[ListedClass]:
    """The classes of an academic year in which there is a pupil within reach; all, for whoever reaches every pupil."""
    on = now.date()
    require(viewer, "ask", school=school, on=on)
    year = year_asked(academic_year, now=now)
    reach = ClassMember.objects.filter(pupil__in=pupils_within_reach(viewer, school=school, on=on))
    classes = SchoolClass.objects.filter(school=school, year__starts_in=year.starts_in)
    if not sees_whole_school(viewer, school=school, on=on):
        classes = classes.filter(pk__in=reach.values("teaching_group__school_class"))
    page = rows_of(classes, window)
    members = reach.filter(teaching_group__school_class__in=page.items).order_by("pk")
    taught = _taught(page.items, members.values_list("teaching_group", "pupil", "pupil__uid"), viewer=viewer)
    return page.map(
        lambda row: ListedClass(row.uid, row.code, year.code, row.year_group, tuple(taught.get(row.pk, ())))
    )


def list_groups(viewer: Viewer, *, school: School, window: Window, now: datetime) -> Page[ListedGroup]:
    """The groups somebody may know of, with those of their pupils who are within reach."""
    require(viewer, "ask", school=school, on=now.date())
    known = known_groups(viewer, school=school, now=now)
    page = rows_of(Group.objects.filter(school=school, uid__in=known.values()), window)
    reach = pupils_within_reach(viewer, school=school, on=now.date())
    rows = GroupMember.objects.filter(group__in=page.items, pupil__in=reach).order_by("pk")
    members: dict[int, list[ListedMember]] = {}
    seen = set()
    for group, key, uid, starts, ends in rows.values_list("group_id", "pupil_id", "pupil__uid", "starts", "ends"):
        seen.add(key)
        members.setdefault(group, []).append(ListedMember(uid, starts, ends))
    viewer.saw(seen)
    return page.map(lambda row: ListedGroup(row.uid, row.code, tuple(members.get(row.pk, ()))))


def _taught(
    classes: Sequence[SchoolClass], members: Iterable[tuple[int, int, UUID]], *, viewer: Viewer
) -> dict[int, list[ListedClassSubject]]:
    """Each class's subjects, with their teachers and their pupils within reach."""
    pupils: dict[int, dict[int, UUID]] = {}
    for group, key, uid in members:
        pupils.setdefault(group, {})[key] = uid
    viewer.saw({key for each in pupils.values() for key in each})
    teachers: dict[int, list[ListedTeacher]] = {}
    rows = Teaching.objects.filter(teaching_group__school_class__in=classes).order_by("person__name", "pk")
    for group, code, name in rows.values_list("teaching_group_id", "person__code", "person__name"):
        teachers.setdefault(group, []).append(ListedTeacher(code, name))
    found: dict[int, list[ListedClassSubject]] = {}
    groups = TeachingGroup.objects.filter(school_class__in=classes).order_by("subject_id")
    for pk, school_class, subject in groups.values_list("pk", "school_class_id", "subject__code"):
        mine = ListedClassSubject(subject, tuple(teachers.get(pk, ())), tuple(pupils.get(pk, {}).values()))
        found.setdefault(school_class, []).append(mine)
    return found
