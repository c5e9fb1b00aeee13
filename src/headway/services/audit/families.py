"""Who has looked: for a family at their child's record, for a pupil at their own (N16)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from headway.domain.roles import ROLES
from headway.records.models import AuditEntry, AuditSetPupil, Person, Pupil, School
from headway.services.access import NotFoundError, Viewer, family_within_reach, may, pupils_within_reach

__all__ = ["Look", "looks_at"]

_BACK = timedelta(days=366)
_MOST = 5000
_OWN_PAGES = ("my-progress", "my-child")
"""What somebody looks at as family, though they may work at the school too."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one person of the school looked at of a pupil on one day, in the order of the day.

    ``name`` is what they were called then, ``roles`` what they are in the school, in words; both are empty where it was
    whoever runs Headway for the school. ``places`` are the names of the addresses with the codes they were asked for,
    each once; ``way`` of each is ``view``, ``print``, ``export`` or ``api``.
    """

    day: date
    name: str
    roles: Sequence[str]
    places: Sequence[tuple[str, Mapping[str, str], str]]
    n: int


def looks_at(pupil: UUID, *, viewer: Viewer, now: datetime, school: School | None = None) -> Sequence[Look]:
    """Who of the school has looked at a pupil in the last year, a line for each day and person, newest first.

    For the pupil, the pupil's family, and those in the school who may see the audit. Looks of the pupil and of families
    are left out: what one parent reads is not the other's to know. Staff name the ``school`` they are at.
    """
    found = _found(pupil, viewer=viewer, school=school, on=now.date())
    school = found.school
    people = {person.user_id: person for person in Person.objects.filter(school=school, user__isnull=False)}
    sets = AuditSetPupil.objects.filter(pupil=found.pk).values("audit_set_id")
    rows = AuditEntry.objects.filter(
        school_id=school.pk, kind__in=("looked", "exported"), pupils__in=sets, at__gt=now - _BACK
    )
    told: dict[tuple[date, int | None], list[AuditEntry]] = {}
    for row in rows.exclude(place__in=_OWN_PAGES).order_by("-at", "-sequence")[:_MOST]:
        if row.user_id is None or row.user_id in people:
            told.setdefault((timezone.localtime(row.at).date(), row.user_id), []).append(row)
    roles = _roles([person for user, person in people.items() if any(key[1] == user for key in told)])
    return [_look(day, people.get(user or 0), looks, roles) for (day, user), looks in told.items()]


def _found(uid: UUID, *, viewer: Viewer, school: School | None, on: date) -> Pupil:
    pupil = family_within_reach(viewer, on=on).filter(uid=uid).select_related("school").first()
    if pupil is None and school is not None and may(viewer, "see_audit", school=school, on=on):
        reach = pupils_within_reach(viewer, school=school, on=on)
        pupil = reach.filter(uid=uid).select_related("school").first()
    if pupil is None:
        raise NotFoundError(str(uid))
    return pupil


def _roles(people: Sequence[Person]) -> Mapping[int, Sequence[str]]:
    found: dict[int, list[str]] = {}
    for person in Person.objects.filter(pk__in=[each.pk for each in people]).prefetch_related("roles"):
        held = {role.role for role in person.roles.all()}
        found[person.pk] = [words for code, words in ROLES.items() if code in held]
    return found


def _look(day: date, person: Person | None, looks: Sequence[AuditEntry], roles: Mapping[int, Sequence[str]]) -> Look:
    places: dict[str, tuple[str, Mapping[str, str], str]] = {}
    for row in reversed(looks):
        said = {name: str(value) for name, value in row.detail.items() if name in ("code", "term", "subject", "kind")}
        way = row.action if row.kind == "looked" else "export"
        places.setdefault(repr((row.place, said, way)), (row.place, said, way))
    name = looks[0].name if person else ""
    return Look(day, name, roles.get(person.pk, ()) if person else (), list(places.values()), len(looks))
