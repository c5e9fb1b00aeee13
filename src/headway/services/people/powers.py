"""What nobody may do, whatever their role: raise themselves or others above it, or leave a school with no manager."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from headway.formats.policy import school_policy
from headway.records.models import Person, Role, School
from headway.services.access import Viewer, roles_held

__all__ = ["GUARDED", "PersonRefusedError", "gives", "require_not_above", "within_powers"]

GUARDED = frozenset({"head", "installer"})
"""Roles that only a head gives or takes away; an installer's only whoever holds the command line."""


class PersonRefusedError(ValueError):
    """Something about a person cannot be as asked; the message says what would be right. Nothing was changed."""


def gives(by: Viewer, role: str, *, school: School, on: date) -> bool:
    """Whether somebody who manages people may give or take away a role."""
    if by.installer or role not in GUARDED:
        return True
    return role == "head" and "head" in roles_held(by, school=school, on=on)


def require_not_above(by: Viewer, person: Person, *, on: date) -> None:
    """Refuses to touch the account of a head to anybody who is none."""
    held = Role.objects.filter(person=person, role="head").exists()
    if held and not gives(by, "head", school=person.school, on=on):
        raise PersonRefusedError(f"{person.name} is a head. Right would be to ask a head to do this.")


@contextmanager
def within_powers(by: Viewer, *, school: School, on: date) -> Iterator[None]:
    """Holds a change of people to what its author may do. Open it inside the transaction: what it refuses is undone.

    Raises
    ------
    PersonRefusedError : somebody changed their own roles, one who is no head made or unmade a head, or nobody would
        be left to manage people.
    """
    if by.installer:
        yield
        return
    given = frozenset(role for role in GUARDED if gives(by, role, school=school, on=on))
    own, guarded, unmanaged = _own(by, school), _guarded(school), _unmanaged_from(school, on=on)
    yield
    if _own(by, school) != own:
        raise PersonRefusedError(
            "Nobody changes their own roles or days. Right would be to ask another head or assessment manager."
        )
    if any(role not in given for role, *_ in _guarded(school) ^ guarded):
        raise PersonRefusedError("Only a head makes or unmakes a head. Right would be to ask a head.")
    if _unmanaged_from(school, on=on) < unmanaged:
        raise PersonRefusedError(
            "Nobody would be left to manage people. Right would be to give somebody else the role of head or "
            "assessment manager first."
        )


def _own(by: Viewer, school: School) -> frozenset[tuple[object, ...]]:
    """What an account is in a school: its roles and days."""
    mine = Role.objects.filter(school=school, person__user=by.user)
    return frozenset(mine.values_list("role", "scope", "person_id", "person__starts", "person__ends"))


def _guarded(school: School) -> frozenset[tuple[str, object, object, object, object]]:
    """Who holds a guarded role: the person, their account and their days."""
    held = Role.objects.filter(school=school, role__in=GUARDED)
    return frozenset(held.values_list("role", "person_id", "person__user_id", "person__starts", "person__ends"))


def _unmanaged_from(school: School, *, on: date) -> date:
    """The first day from today on which nobody manages the people; the last there is if somebody does."""
    roles = [code for code, role in school_policy().roles.items() if "manage_people" in role.may]
    held = Role.objects.filter(school=school, role__in=roles, person__user__is_active=True)
    times = [
        (first or date.min, last or date.max) for first, last in held.values_list("person__starts", "person__ends")
    ]
    days = sorted({on, *(last + timedelta(days=1) for _, last in times if on <= last < date.max)})
    return next((day for day in days if not any(first <= day <= last for first, last in times)), date.max)
