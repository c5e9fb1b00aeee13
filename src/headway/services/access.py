"""Who may do what, and which pupils they reach. The one place every service asks; it goes by the policy's table."""

import calendar
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from headway.domain.families import ADULT_AGE
from headway.domain.policy import Action, Field, Relation, RolePolicy
from headway.domain.terms import academic_year_of, parse_year_group
from headway.formats.policy import school_policy
from headway.records.history import Author
from headway.records.models import (
    Characteristic,
    ClassMember,
    Contact,
    Enrolment,
    GroupMember,
    Person,
    Placement,
    Pupil,
    School,
    SchoolClass,
    TeachingGroup,
    User,
)

__all__ = [
    "COMMAND_LINE",
    "EVERY_FIELD",
    "Action",
    "Field",
    "NotAllowedError",
    "NotFoundError",
    "Viewer",
    "family_within_reach",
    "fields_seen",
    "fields_seen_of",
    "is_pupil",
    "keys_within_reach",
    "marking_within_reach",
    "marks_any_class",
    "may",
    "needs_second_factor",
    "pupils_open_to",
    "pupils_within_reach",
    "require",
    "require_fields",
    "roles_held",
    "schools_of",
    "sees_whole_school",
    "sets_any_target",
    "targets_within_reach",
    "taught_by",
    "viewer_of",
]

EVERY_FIELD: frozenset[Field] = frozenset(school_policy().fields)
"""Every field the policy guards one by one."""

_YES = "Y"


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
    _family: dict[date, frozenset[tuple[int, str]]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _shown: set[int] = field(default_factory=set, init=False, repr=False, compare=False)

    def author(self, school: School) -> Author:
        """How this person is written down in a school's history."""
        person = _person(self, school)
        return Author(person.name if person else self.name, person)

    def saw(self, pupils: Iterable[int]) -> None:
        """Notes the keys of pupils something was handed out about, for the record of looking."""
        if self.user is not None:
            self._shown.update(pupils)

    @property
    def shown(self) -> frozenset[int]:
        """The keys of the pupils this viewer was handed something about so far."""
        return frozenset(self._shown)


COMMAND_LINE = Viewer("Command line", installer=True)
"""Whoever runs `headway` beside the data already holds the data itself."""


def viewer_of(user: User) -> Viewer:
    """The viewer an account is."""
    return Viewer(user.email or "A pupil", user=user)


def schools_of(viewer: Viewer, *, on: date) -> Sequence[School]:
    """The schools a viewer works in on a day, by name."""
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
    if not any(action in held.may for held in roles):
        raise NotAllowedError(f"Your role does not include this. Ask the head or assessment manager of {school.name}.")


def may(viewer: Viewer, action: Action, *, school: School, on: date) -> bool:
    """Whether a viewer may do something in a school: the same rule as `require`."""
    return viewer.installer or any(action in held.may for held in _roles(viewer, school=school, on=on))


def roles_held(viewer: Viewer, *, school: School, on: date) -> frozenset[str]:
    """The codes of the roles a viewer has in a school on a day; a pupil's and a parent's among them."""
    return frozenset(held.code for held in _roles(viewer, school=school, on=on))


def needs_second_factor(viewer: Viewer, *, on: date) -> bool:
    """Whether one of a viewer's roles, in any school, sees beyond their own pupils."""
    held = (held for post in _posts(viewer, on=on) for held in post.roles)
    return any(each.role.needs_second_step(each.scope) for each in held)


def fields_seen(viewer: Viewer, *, school: School, on: date) -> frozenset[Field]:
    """The guarded fields that a viewer may see of any pupil."""
    if viewer.installer:
        return EVERY_FIELD
    held = [held for _, held in _held_by(viewer, school=school, on=on)]
    return frozenset().union(*(each.role.fields for each in held if any(each.role.reaches(each.scope))))


def fields_seen_of(viewer: Viewer, pupil: Pupil, *, on: date) -> frozenset[Field]:
    """The guarded fields that a viewer may see of one pupil: those of every role by which they reach this pupil."""
    if viewer.installer:
        return EVERY_FIELD
    seen: set[Field] = set()
    for person, held in _held_by(viewer, school=pupil.school, on=on):
        for relation in held.role.reaches(held.scope):
            if held.role.fields <= seen:
                break
            if relation == "school" or _related(relation, person, held.scope, on=on).filter(pupil=pupil).exists():
                seen |= held.role.fields
    return frozenset(seen)


def require_fields(viewer: Viewer, fields: Iterable[Field], *, school: School, on: date) -> None:
    """Guards the use of guarded fields, to look at, sort, filter, cut or count by: NotAllowedError names the first."""
    hidden = sorted(set(fields) - fields_seen(viewer, school=school, on=on))
    if hidden:
        words = school_policy().fields[hidden[0]]
        raise NotAllowedError(f"Your role does not include {words} of pupils.")


def pupils_within_reach(viewer: Viewer, *, school: School, on: date, fields: Collection[Field] = ()) -> QuerySet[Pupil]:
    """The pupils of a school a viewer may see; with ``fields`` those of whom they may see each of these too."""
    pupils = Pupil.objects.filter(school=school)
    for reach in _reaches(viewer, school=school, on=on, fields=fields):
        pupils = pupils if reach is None else pupils.filter(reach)
    return pupils


def pupils_open_to(viewer: Viewer, action: Action, *, school: School, on: date) -> QuerySet[Pupil]:
    """The pupils of a school to whom a viewer may do something that the policy allows by relation."""
    pupils = Pupil.objects.filter(school=school)
    reach = _union(viewer, lambda held: held.role.acts_on(action, held.scope), school=school, on=on)
    return pupils if reach is None else pupils.filter(reach)


def keys_within_reach(
    viewer: Viewer, *, school: School, on: date, fields: Collection[Field] = ()
) -> frozenset[int] | None:
    """The keys of `pupils_within_reach`, to cut what is kept of a whole school; None where that is all of it."""
    if all(reach is None for reach in _reaches(viewer, school=school, on=on, fields=fields)):
        return None
    return frozenset(pupils_within_reach(viewer, school=school, on=on, fields=fields).values_list("pk", flat=True))


def sees_whole_school(viewer: Viewer, *, school: School, on: date) -> bool:
    """Whether a viewer reaches every pupil of a school."""
    return _reaches(viewer, school=school, on=on, fields=()) == [None]


def taught_by(viewer: Viewer, *, school: School, on: date) -> QuerySet[TeachingGroup]:
    """The classes in their subjects that a viewer teaches, or taught in other years."""
    people = [post.person.pk for post in _posts(viewer, on=on) if post.person.school_id == school.pk]
    return TeachingGroup.objects.filter(school=school, teachings__person__in=people)


def marks_any_class(viewer: Viewer, *, school: School, on: date) -> bool:
    """Whether a viewer may write the marks of every class, whoever teaches it."""
    return _anywhere(viewer, "record_marks", school=school, on=on)


def marking_within_reach(
    viewer: Viewer, cells: Collection[tuple[int, int]], *, school: School, year: int, on: date
) -> frozenset[tuple[int, int]]:
    """Of some pupils in some subjects (their keys), those whose marks of an academic year a viewer may write.

    All of them, or those of the pupils in the subjects they teach them in that year.
    """
    return _cells_within_reach(viewer, "record_marks", cells, school=school, year=year, on=on)


def sets_any_target(viewer: Viewer, *, school: School, on: date) -> bool:
    """Whether a viewer may set the targets of every pupil, whoever teaches them."""
    return _anywhere(viewer, "set_targets", school=school, on=on)


def targets_within_reach(
    viewer: Viewer, cells: Collection[tuple[int, int]], *, school: School, year: int, on: date
) -> frozenset[tuple[int, int]]:
    """Of some pupils in some subjects (their keys), those whose targets a viewer may set in an academic year.

    All of them, or those of the pupils in the subjects they teach them in that year.
    """
    return _cells_within_reach(viewer, "set_targets", cells, school=school, year=year, on=on)


def family_within_reach(viewer: Viewer, *, on: date) -> QuerySet[Pupil]:
    """The pupils, of any school, whose released progress somebody sees because it is their own or their child's.

    A child's: where the contact's dates hold, nothing restricts it, and the pupil is under age or has agreed. Both end
    when the pupil is no longer on roll.
    """
    if viewer.user is None or not viewer.user.is_active:
        return Pupil.objects.none()
    on_roll = Enrolment.objects.filter(_holds(on)).values("pupil")
    contacts = Contact.objects.filter(_holds(on), user=viewer.user)
    minors = Q(agreed_as_adult=True) | Q(pupil__dob__gt=_years_before(on, ADULT_AGE))
    children = contacts.filter(minors).exclude(pupil__in=contacts.filter(restricted=True).values("pupil"))
    own = Q(account__user=viewer.user) | Q(pk__in=children.values("pupil"))
    return Pupil.objects.filter(own, pk__in=on_roll)


def is_pupil(viewer: Viewer) -> bool:
    """Whether an account is a pupil's own."""
    return viewer.user is not None and Pupil.objects.filter(account__user=viewer.user).exists()


@dataclass(frozen=True, slots=True)
class _Held:
    """A role somebody has, and of what."""

    role: RolePolicy
    scope: str


@dataclass(frozen=True, slots=True)
class _Post:
    """What an account is in a school: the person, the roles they have."""

    person: Person
    roles: tuple[_Held, ...]

    def on(self, day: date) -> bool:
        begun = self.person.starts is None or self.person.starts <= day
        return begun and (self.person.ends is None or self.person.ends >= day)


def _reaches(viewer: Viewer, *, school: School, on: date, fields: Collection[Field]) -> list[Q | None]:
    """What pupils must meet, all of it, for a viewer to see them and each of some fields; None is every pupil."""
    wanted: Sequence[Field | None] = sorted(fields) or [None]
    return [_reach(viewer, each, school=school, on=on) for each in wanted]


def _reach(viewer: Viewer, wanted: Field | None, *, school: School, on: date) -> Q | None:
    def seen(held: _Held) -> Iterable[Relation]:
        return held.role.reaches(held.scope) if wanted is None or wanted in held.role.fields else ()

    return _union(viewer, seen, school=school, on=on)


def _union(viewer: Viewer, relations: "Callable[[_Held], Iterable[Relation]]", *, school: School, on: date) -> Q | None:
    """What pupils must meet for a viewer to stand to them in one of the relations of a role; None is every pupil."""
    if viewer.installer:
        return None
    reach = Q(pk__in=[])
    for person, held in _held_by(viewer, school=school, on=on):
        for relation in relations(held):
            if relation == "school":
                return None
            reach |= Q(pk__in=_related(relation, person, held.scope, on=on))
    return reach


def _related(relation: Relation, person: Person, scope: str, *, on: date) -> QuerySet[Any, Any]:
    """The keys of the pupils somebody stands to in one way of the policy."""
    school, this_year = person.school_id, academic_year_of(on).starts_in
    members = ClassMember.objects.filter(teaching_group__school_class__year__starts_in=_year_of_classes(school, on))
    placed = Placement.objects.filter(year__starts_in=_year_of_placements(school, on))
    related: Mapping[Relation, Callable[[], QuerySet[Any, Any]]] = {
        "classes": lambda: members.filter(teaching_group__teachings__person=person),
        "subject": lambda: members.filter(teaching_group__subject__code=scope),
        "year": lambda: placed.filter(year_group=parse_year_group(scope) + F("year__starts_in") - this_year),
        "tutor_group": lambda: placed.filter(reg_group=scope),
        "group": lambda: GroupMember.objects.filter(_holds(on), group__code=scope),
        "gifted": lambda: _gifted(on),
    }
    return related[relation]().filter(school=school).values("pupil")


def _year_of_classes(school: int, on: date) -> QuerySet[Any, Any]:
    """The academic year whose classes are taught now: this one, or the last until this one's are brought in."""
    this_year = academic_year_of(on).starts_in
    years = SchoolClass.objects.filter(school=school, year__starts_in__in=(this_year - 1, this_year))
    return years.order_by("-year__starts_in").values("year__starts_in")[:1]


def _year_of_placements(school: int, on: date) -> QuerySet[Any, Any]:
    """The academic year in which pupils were last placed in year groups."""
    this_year = academic_year_of(on).starts_in
    years = Placement.objects.filter(school=school, year__starts_in__in=(this_year - 1, this_year))
    return years.order_by("-year__starts_in").values("year__starts_in")[:1]


def _gifted(on: date) -> QuerySet[Any, Any]:
    """What was last recorded of pupils' gifts and talents by a day, where it is yes."""
    recorded = Characteristic.objects.filter(kind="gifted_talented", starts__lte=on)
    latest = recorded.filter(pupil=OuterRef("pupil")).order_by("-starts").values("value")[:1]
    return recorded.annotate(latest=Subquery(latest)).filter(latest=_YES)


def _holds(on: date) -> Q:
    """What has begun by a day and not ended before it; without dates, always."""
    begun = Q(starts__isnull=True) | Q(starts__lte=on)
    return begun & (Q(ends__isnull=True) | Q(ends__gte=on))


def _years_before(day: date, years: int) -> date:
    """The same day some years ago; 28 February where there was no 29th."""
    last = calendar.monthrange(day.year - years, day.month)[1]
    return date(day.year - years, day.month, min(day.day, last))


def _anywhere(viewer: Viewer, action: Action, *, school: School, on: date) -> bool:
    """Whether a viewer may do something to every pupil of a school."""
    held = _roles(viewer, school=school, on=on)
    return viewer.installer or any(role.may.get(action) == "school" for role in held)


def _cells_within_reach(
    viewer: Viewer, action: Action, cells: Collection[tuple[int, int]], *, school: School, year: int, on: date
) -> frozenset[tuple[int, int]]:
    """Of some pupils in some subjects, those a viewer may do something to in an academic year."""
    if _anywhere(viewer, action, school=school, on=on):
        return frozenset(cells)
    if not may(viewer, action, school=school, on=on):
        return frozenset()
    taught = ClassMember.objects.filter(
        teaching_group__in=taught_by(viewer, school=school, on=on).filter(school_class__year__starts_in=year),
        pupil_id__in={pupil for pupil, _ in cells},
    )
    return frozenset(taught.values_list("pupil_id", "teaching_group__subject_id")) & frozenset(cells)


def _roles(viewer: Viewer, *, school: School, on: date) -> Sequence[RolePolicy]:
    """The roles a viewer has in a school: those given to them; a pupil's or parent's only where there are none."""
    given = [held.role for _, held in _held_by(viewer, school=school, on=on)]
    return given or [school_policy().roles[code] for code in _family_roles(viewer, school=school, on=on)]


def _family_roles(viewer: Viewer, *, school: School, on: date) -> Sequence[str]:
    """Whether somebody is a pupil of a school, or family of one."""
    if viewer.user is None:
        return ()
    if on not in viewer._family:
        pairs = family_within_reach(viewer, on=on).values_list("school", "account__user")
        own = {(school, "pupil" if user == viewer.user.pk else "parent") for school, user in pairs}
        viewer._family[on] = frozenset(own)
    return sorted(role for held_in, role in viewer._family[on] if held_in == school.pk)


def _held_by(viewer: Viewer, *, school: School, on: date) -> Sequence[tuple[Person, _Held]]:
    """The roles a viewer was given in a school, each with the person they are there."""
    posts = [post for post in _posts(viewer, on=on) if post.person.school_id == school.pk]
    return [(post.person, held) for post in posts for held in post.roles]


def _person(viewer: Viewer, school: School) -> Person | None:
    return next((post.person for post in _all_posts(viewer) if post.person.school_id == school.pk), None)


def _posts(viewer: Viewer, *, on: date) -> Sequence[_Post]:
    """What an account is on a day; somebody on the staff list without a role is nothing yet, or no more."""
    if viewer.user is None or not viewer.user.is_active:
        return ()
    return [post for post in _all_posts(viewer) if post.roles and post.on(on)]


def _all_posts(viewer: Viewer) -> Sequence[_Post]:
    """Read once, with all that a page begins with: people, roles, schools and their frameworks."""
    if viewer.user is None:
        return ()
    if "posts" not in viewer._posts:
        rows = Person.objects.filter(user=viewer.user).select_related("school__framework").order_by("pk")
        people: dict[int, Person] = {}
        roles: defaultdict[int, list[_Held]] = defaultdict(list)
        for person in rows.annotate(role=F("roles__role"), scope=F("roles__scope")):
            people.setdefault(person.pk, person)
            if person.role is not None:
                roles[person.pk].append(_Held(school_policy().roles[person.role], person.scope))
        viewer._posts["posts"] = [_Post(person, tuple(roles[person.pk])) for person in people.values()]
    return viewer._posts["posts"]
