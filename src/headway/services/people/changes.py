"""What changes of somebody who works here: their roles, and when their time begins and ends."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from headway.domain.roles import ScopedRole
from headway.records import history
from headway.records.models import Act, Person, Role, School
from headway.services import audit
from headway.services.access import Viewer, require
from headway.services.people.accounts import end_access, person_within
from headway.services.people.powers import PersonRefusedError, require_not_above, within_powers
from headway.services.people.scopes import scopes_of

__all__ = ["RolesChanged", "bring_back", "change_roles", "end_time"]


@dataclass(frozen=True, slots=True)
class RolesChanged:
    """The roles somebody got and lost."""

    given: tuple[ScopedRole, ...]
    ended: tuple[ScopedRole, ...]


def change_roles(
    uid: UUID,
    *,
    give: Collection[ScopedRole] = (),
    end: Collection[ScopedRole] = (),
    school: School,
    by: Viewer,
    now: datetime,
) -> RolesChanged:
    """Gives somebody roles and ends others; what they hold and is named by neither stays."""
    require(by, "manage_people", school=school, on=now.date())
    with transaction.atomic(), _changing(uid, "change roles", school=school, by=by, now=now) as (person, act):
        held = {ScopedRole(role.role, role.scope): role for role in Role.objects.filter(person=person)}
        scopes = scopes_of(school)
        settled = dict.fromkeys(scopes.settled(role, held=held) for role in give)
        given = tuple(role for role in settled if role not in held)
        ended = tuple(role for role in held if role in end and role not in settled)
        new = [Role(school=school, person=person, role=role.role, scope=role.scope) for role in given]
        history.record(act, new=new, removed=[held[role] for role in ended])
        detail = {"person": str(person.uid), "given": [*map(str, given)], "ended": [*map(str, ended)]}
        audit.note(school, action="change roles", by=by, now=now, detail=detail)
    return RolesChanged(given, ended)


def end_time(uid: UUID, *, last_day: date | None, school: School, by: Viewer, now: datetime) -> date:
    """Ends somebody's time at the school after a day; without one at once, at their next click. Gives the last day."""
    today = now.date()
    require(by, "manage_people", school=school, on=today)
    with transaction.atomic(), _changing(uid, "end time", school=school, by=by, now=now) as (person, act):
        day = last_day or today - timedelta(days=1)
        if last_day is None and person.starts is not None:
            person.starts = min(person.starts, day)  # whoever began today was never here
        if person.starts is not None and day < person.starts:
            raise PersonRefusedError(
                f"{person.name} began on {_said(person.starts)}. Right would be that day or a later one."
            )
        person.ends = day
        history.record(act, changed=[person])
        if day < today:
            _close_what_is_open(person, now=now)
        detail = {"person": str(person.uid), "last_day": day.isoformat()}
        audit.note(school, action="end time", by=by, now=now, detail=detail)
    return day


def bring_back(uid: UUID, *, school: School, by: Viewer, now: datetime) -> None:
    """Takes back the last day of somebody, who then has the roles they had."""
    require(by, "manage_people", school=school, on=now.date())
    with transaction.atomic(), _changing(uid, "bring back", school=school, by=by, now=now) as (person, act):
        if person.ends is None:
            raise PersonRefusedError(f"{person.name} has no last day. Nothing needs to be taken back.")
        person.ends = None
        history.record(act, changed=[person])
        audit.note(school, action="bring back", by=by, now=now, detail={"person": str(person.uid)})


@contextmanager
def _changing(uid: UUID, kind: str, *, school: School, by: Viewer, now: datetime) -> Iterator[tuple[Person, Act]]:
    """A person about to be changed by somebody who may, and the act it is written under."""
    person = person_within(school, uid)
    require_not_above(by, person, on=now.date())
    with within_powers(by, school=school, on=now.date()):
        yield person, history.begin(school, kind=kind, by=by.author(school), at=now)


def _close_what_is_open(person: Person, *, now: datetime) -> None:
    """Signs out an account that opens nothing else: not another school, not a child's page."""
    user = person.user
    if user is not None and not user.people.exclude(pk=person.pk).exists() and not user.contacts.exists():
        end_access(user, now=now)


def _said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
