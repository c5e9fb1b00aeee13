"""Who may do what, and which pupils they reach. The one place every service asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Q, QuerySet

from headway.records.history import Author
from headway.records.models import Person, Pupil, School, User

__all__ = [
    "COMMAND_LINE",
    "Action",
    "NotAllowedError",
    "NotFoundError",
    "Viewer",
    "may",
    "pupils_within_reach",
    "require",
    "schools_of",
    "sees_whole_school",
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
    """Somebody who asks or acts: an account, or whoever holds the installation's own command line."""

    name: str
    user: User | None = None
    installer: bool = False

    def author(self, school: School) -> Author:
        """How this person is written down in a school's history."""
        person = _person(self, school)
        return Author(person.name if person else self.name, person)


COMMAND_LINE = Viewer("Command line", installer=True)
"""Whoever runs `headway` beside the data already holds the data itself."""


def viewer_of(user: User) -> Viewer:
    """The viewer an account is."""
    return Viewer(user.email, user=user)


def schools_of(viewer: Viewer, *, on: date) -> QuerySet[School]:
    """The schools a viewer has a role in on a day."""
    if viewer.installer:
        return School.objects.order_by("name")
    people = _people(viewer, on=on)
    return School.objects.filter(pk__in=people.values("school_id")).order_by("name")


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
    if viewer.installer:
        return pupils
    roles = _roles(viewer, school=school, on=on)
    if roles & _WHOLE_SCHOOL:
        return pupils
    if roles & _OWN_CLASSES:
        people = _people(viewer, on=on).filter(school=school)
        taught = pupils.filter(classes__teaching_group__teachings__person__in=people)
        return pupils.filter(pk__in=taught.values("pk"))
    return pupils.none()


def sees_whole_school(viewer: Viewer, *, school: School, on: date) -> bool:
    """Whether a viewer reaches every pupil of a school."""
    return viewer.installer or bool(_roles(viewer, school=school, on=on) & _WHOLE_SCHOOL)


def _people(viewer: Viewer, *, on: date) -> QuerySet[Person]:
    if viewer.user is None or not viewer.user.is_active:
        return Person.objects.none()
    in_post = (Q(starts__isnull=True) | Q(starts__lte=on)) & (Q(ends__isnull=True) | Q(ends__gte=on))
    return Person.objects.filter(in_post, user=viewer.user)


def _person(viewer: Viewer, school: School) -> Person | None:
    return Person.objects.filter(user=viewer.user, school=school).first() if viewer.user else None


def _roles(viewer: Viewer, *, school: School, on: date) -> frozenset[str]:
    people = _people(viewer, on=on).filter(school=school)
    return frozenset(people.exclude(roles__role=None).values_list("roles__role", flat=True))
