"""Who may do what, and which pupils they reach. The one place every service asks."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from django.db.models import F, QuerySet

from headway.records.history import Author
from headway.records.models import ClassMember, Person, Pupil, School, TeachingGroup, User

__all__ = [
    "COMMAND_LINE",
    "Action",
    "NotAllowedError",
    "NotFoundError",
    "Viewer",
    "keys_within_reach",
    "marking_within_reach",
    "marks_any_class",
    "may",
    "pupils_within_reach",
    "require",
    "schools_of",
    "sees_whole_school",
    "sets_any_target",
    "targets_within_reach",
    "taught_by",
    "viewer_of",
]

Action = Literal[
    "ask",
    "close_collection",
    "export",
    "import",
    "make_groups",
    "manage_people",
    "manage_school",
    "record_marks",
    "see_characteristics",
    "set_targets",
]

_WHOLE_SCHOOL = frozenset(
    {
        "head",
        "senior_leader",
        "assessment_manager",
        "data_manager",
        "senco",
        "intervention_coordinator",
    }
)
_OWN_CLASSES = frozenset({"class_teacher", "teaching_assistant", "tutor", "subject_leader", "head_of_year"})
_MARK_ANY_CLASS = frozenset({"head", "assessment_manager"})
_SET_ANY_TARGET = frozenset({"head", "senior_leader", "assessment_manager"})

MAY: Mapping[Action, frozenset[str]] = {
    "ask": _WHOLE_SCHOOL | _OWN_CLASSES,
    "export": frozenset({"head", "assessment_manager", "data_manager"}),
    "import": frozenset({"head", "assessment_manager", "data_manager"}),
    "record_marks": frozenset({"head", "assessment_manager", "class_teacher", "subject_leader"}),
    "close_collection": frozenset({"head", "assessment_manager"}),
    "manage_people": frozenset({"head", "assessment_manager"}),
    "manage_school": frozenset({"head", "assessment_manager"}),
    "make_groups": _WHOLE_SCHOOL | {"class_teacher", "subject_leader", "head_of_year"},
    "see_characteristics": _WHOLE_SCHOOL | {"class_teacher", "tutor", "head_of_year"},
    "set_targets": frozenset({"head", "senior_leader", "assessment_manager", "class_teacher", "subject_leader"}),
}
"""Which roles may do what. Which pupils they may do it to is `pupils_within_reach`."""


class NotFoundError(Exception):
    """There is nothing there for this person: the same answer whether it exists or not."""


class NotAllowedError(Exception):
    """This person may look, but not do this."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who asks or acts: an account, or whoever holds the installation's own command line.

    Lives as long as one request: what they hold is read once, and what ends meanwhile is gone at the next one.
    """

    name: str
    user: User | None = None
    installer: bool = False
    _posts: "dict[str, Sequence[_Post]]" = field(default_factory=dict, init=False, repr=False, compare=False)

    def author(self, school: School) -> Author:
        """How this person is written down in a school's history."""
        person = _person(self, school)
        return Author(person.name if person else self.name, person)


COMMAND_LINE = Viewer("Command line", installer=True)
"""Whoever runs `headway` beside the data already holds the data itself."""


def viewer_of(user: User) -> Viewer:
    """The viewer an account is."""
    return Viewer(user.email, user=user)


def schools_of(viewer: Viewer, *, on: date) -> Sequence[School]:
    """The schools a viewer has a role in on a day, by name."""
    if viewer.installer:
        return list(School.objects.order_by("name"))
    schools = {post.person.school_id: post.person.school for post in _posts(viewer, on=on)}
    return sorted(schools.values(), key=lambda school: (school.name.casefold(), school.pk))


def require(viewer: Viewer, action: Action, *, school: School, on: date) -> None:
    """Guards an act: NotFoundError to a stranger of the school, NotAllowedError to one of its people who may not."""
    if viewer.installer:
        return
    roles = _roles(viewer, school=school, on=on)
    if not roles:
        raise NotFoundError(school.dfe)
    if not roles & MAY[action]:
        raise NotAllowedError(f"Your role does not include this. Ask the head or assessment manager of {school.name}.")


def may(viewer: Viewer, action: Action, *, school: School, on: date) -> bool:
    """Whether a viewer may do something in a school: the same rule as `require`."""
    return viewer.installer or bool(_roles(viewer, school=school, on=on) & MAY[action])


def pupils_within_reach(viewer: Viewer, *, school: School, on: date) -> QuerySet[Pupil]:
    """The pupils of a school a viewer may see: all for those who answer for the whole school, else their classes'."""
    pupils = Pupil.objects.filter(school=school)
    if sees_whole_school(viewer, school=school, on=on):
        return pupils
    if _roles(viewer, school=school, on=on) & _OWN_CLASSES:
        people = _people(viewer, school=school, on=on)
        taught = ClassMember.objects.filter(teaching_group__teachings__person__in=people)
        return pupils.filter(pk__in=taught.values("pupil"))
    return pupils.none()


def keys_within_reach(viewer: Viewer, *, school: School, on: date) -> frozenset[int] | None:
    """The keys of `pupils_within_reach`, to cut what is kept of a whole school; None where that is all of it."""
    if sees_whole_school(viewer, school=school, on=on):
        return None
    return frozenset(pupils_within_reach(viewer, school=school, on=on).values_list("pk", flat=True))


def taught_by(viewer: Viewer, *, school: School, on: date) -> QuerySet[TeachingGroup]:
    """The classes in their subjects that a viewer teaches."""
    people = _people(viewer, school=school, on=on)
    return TeachingGroup.objects.filter(school=school, teachings__person__in=people)


def marks_any_class(viewer: Viewer, *, school: School, on: date) -> bool:
    """Whether a viewer may write the marks of every class, whoever teaches it."""
    return viewer.installer or bool(_roles(viewer, school=school, on=on) & _MARK_ANY_CLASS)


def marking_within_reach(
    viewer: Viewer, cells: Collection[tuple[int, int]], *, school: School, year: int, on: date
) -> frozenset[tuple[int, int]]:
    """Of some pupils in some subjects (their keys), those whose marks of an academic year a viewer may write.

    The head and the assessment manager: all of them. Others: pupils in the subjects they teach them in that year.
    """
    if marks_any_class(viewer, school=school, on=on):
        return frozenset(cells)
    if not may(viewer, "record_marks", school=school, on=on):
        return frozenset()
    return _taught(viewer, cells, school=school, year=year, on=on)


def sets_any_target(viewer: Viewer, *, school: School, on: date) -> bool:
    """Whether a viewer may set the targets of every pupil, whoever teaches them."""
    return viewer.installer or bool(_roles(viewer, school=school, on=on) & _SET_ANY_TARGET)


def targets_within_reach(
    viewer: Viewer, cells: Collection[tuple[int, int]], *, school: School, year: int, on: date
) -> frozenset[tuple[int, int]]:
    """Of some pupils in some subjects (their keys), those whose targets a viewer may set in an academic year.

    The head, the senior leaders and the assessment manager: all of them. Others: pupils in the subjects they teach.
    """
    if sets_any_target(viewer, school=school, on=on):
        return frozenset(cells)
    if not may(viewer, "set_targets", school=school, on=on):
        return frozenset()
    return _taught(viewer, cells, school=school, year=year, on=on)


def sees_whole_school(viewer: Viewer, *, school: School, on: date) -> bool:
    """Whether a viewer reaches every pupil of a school."""
    return viewer.installer or bool(_roles(viewer, school=school, on=on) & _WHOLE_SCHOOL)


def _taught(
    viewer: Viewer, cells: Collection[tuple[int, int]], *, school: School, year: int, on: date
) -> frozenset[tuple[int, int]]:
    """Of some pupils in some subjects, those the viewer teaches in an academic year."""
    taught = ClassMember.objects.filter(
        teaching_group__in=taught_by(viewer, school=school, on=on).filter(school_class__year__starts_in=year),
        pupil_id__in={pupil for pupil, _ in cells},
    )
    return frozenset(taught.values_list("pupil_id", "teaching_group__subject_id")) & frozenset(cells)


def _people(viewer: Viewer, *, school: School, on: date) -> Sequence[int]:
    """The keys of the people an account is in a school on a day."""
    return [post.person.pk for post in _posts(viewer, on=on) if post.person.school_id == school.pk]


def _person(viewer: Viewer, school: School) -> Person | None:
    return next((post.person for post in _all_posts(viewer) if post.person.school_id == school.pk), None)


def _roles(viewer: Viewer, *, school: School, on: date) -> frozenset[str]:
    held = (post.roles for post in _posts(viewer, on=on) if post.person.school_id == school.pk)
    return frozenset().union(*held)


@dataclass(frozen=True, slots=True)
class _Post:
    """What an account is in a school: the person, the roles they hold."""

    person: Person
    roles: frozenset[str]

    def on(self, day: date) -> bool:
        begun = self.person.starts is None or self.person.starts <= day
        return begun and (self.person.ends is None or self.person.ends >= day)


def _posts(viewer: Viewer, *, on: date) -> Sequence[_Post]:
    if viewer.user is None or not viewer.user.is_active:
        return ()
    return [post for post in _all_posts(viewer) if post.on(on)]


def _all_posts(viewer: Viewer) -> Sequence[_Post]:
    """Read once, with all that a page begins with: people, roles, schools and their frameworks."""
    if viewer.user is None:
        return ()
    if "posts" not in viewer._posts:
        rows = Person.objects.filter(user=viewer.user).select_related("school__framework").order_by("pk")
        people: dict[int, Person] = {}
        roles: defaultdict[int, set[str]] = defaultdict(set)
        for person in rows.annotate(role=F("roles__role")):
            people.setdefault(person.pk, person)
            roles[person.pk] |= {person.role} - {None}
        viewer._posts["posts"] = [_Post(person, frozenset(roles[person.pk])) for person in people.values()]
    return viewer._posts["posts"]
