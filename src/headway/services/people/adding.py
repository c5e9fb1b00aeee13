"""Somebody new: a person with roles, an account, and the one-time link that makes it theirs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from headway.domain.roles import ScopedRole, parse_roles
from headway.records import history
from headway.records.models import Person, Role, School, User
from headway.services import audit
from headway.services.access import Viewer, require
from headway.services.people.accounts import claim_path, person_within, require_of_this_school
from headway.services.people.powers import PersonRefusedError, require_not_above, within_powers
from headway.services.people.scopes import scopes_of

__all__ = ["Invited", "add_person", "invite", "invite_person"]

_LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who can now claim their account; ``path`` of the one-time link is None where they have a password."""

    person: UUID
    name: str
    email: str
    path: str | None


def add_person(
    *,
    name: str,
    email: str,
    roles: str,
    school: School,
    by: Viewer,
    now: datetime,
    code: str | None = None,
    password: str | None = None,
) -> User:
    """Gives somebody an account and roles in a school; one whom the staff file brought is found by e-mail address."""
    require(by, "manage_people", school=school, on=now.date())
    address = email.strip().casefold()
    if not _is_address(address):
        right = "one such as a.khan@school.example"
        raise PersonRefusedError(f"'{email}' is not an e-mail address. Right would be {right}.")
    if not name.strip():
        raise PersonRefusedError("The person has no name. Right would be their name, in quotation marks.")
    wanted = parse_roles(roles)
    with transaction.atomic(), within_powers(by, school=school, on=now.date()):
        user = User.objects.filter(email=address).first() or User.objects.create_user(address, password)
        require_of_this_school(user, school=school, by=by, right="headway user add")
        person = Person.objects.filter(school=school, email__iexact=address).select_related("user", "school").first()
        fresh = person is None
        if person is not None:
            require_not_above(by, person, on=now.date())
        else:
            person = Person(school=school, code=_free_code(school, code, address), name=name.strip(), email=address)
        _require_same_account(person, user)
        person.user = user
        missing = _missing(person, wanted, school=school)
        act = history.begin(school, kind="add person", by=by.author(school), at=now)
        history.record(act, new=[*([person] if fresh else []), *missing], changed=[] if fresh else [person])
        detail = {"person": str(person.uid), "roles": [str(role) for role in wanted]}
        audit.note(school, action="add person", by=by, now=now, detail=detail)
    return user


def invite(
    *, name: str, email: str, roles: str, code: str | None = None, school: School, by: Viewer, now: datetime
) -> Invited:
    """Adds somebody, and makes the one-time link by which they claim their account; an older link ends."""
    require(by, "manage_people", school=school, on=now.date())
    left = Person.objects.filter(school=school, email__iexact=email.strip(), ends__lt=now.date()).first()
    if left is not None:
        raise PersonRefusedError(
            f"{left.name} has this address and has left. Right would be to bring them back on their page."
        )
    with transaction.atomic():
        user = add_person(name=name, email=email, roles=roles, code=code, school=school, by=by, now=now)
        person = user.people.get(school=school, email__iexact=user.email or "")
        return Invited(person.uid, person.name, user.email or "", _first_link(user))


def invite_person(uid: UUID, *, school: School, by: Viewer, now: datetime) -> Invited:
    """The same for a person of the staff file, who has roles and no account yet."""
    require(by, "manage_people", school=school, on=now.date())
    person = person_within(school, uid)
    held = [str(ScopedRole(*each)) for each in person.roles.order_by("role", "scope").values_list("role", "scope")]
    if not held:
        raise PersonRefusedError(f"{person.name} has no role. Right would be to give them one first.")
    return invite(name=person.name, email=person.email, roles="; ".join(held), school=school, by=by, now=now)


def _first_link(user: User) -> str | None:
    if not user.is_active:
        raise PersonRefusedError(f"The account of {user.email} is closed. Right would be a new link, which opens it.")
    if user.has_usable_password():
        return None
    user.set_unusable_password()  # anew: what an older link rests on is gone
    user.save(update_fields=["password"])
    return claim_path(user)


def _missing(person: Person, wanted: tuple[ScopedRole, ...], *, school: School) -> list[Role]:
    """The roles somebody lacks of those wanted, each as the school spells what it is of."""
    of_person = Role.objects.filter(person=person) if person.pk else Role.objects.none()
    held = {ScopedRole(*each) for each in of_person.values_list("role", "scope")}
    scopes = scopes_of(school) if any(role.scope for role in wanted) else None
    settled = [scopes.settled(role, held=held) if scopes else role for role in wanted]
    return [
        Role(school=school, person=person, role=role.role, scope=role.scope)
        for role in dict.fromkeys(settled)
        if role not in held
    ]


def _require_same_account(person: Person, user: User) -> None:
    if person.user is not None and person.user.pk != user.pk:
        raise PersonRefusedError(
            f"{person.name} signs in as {person.user.email} already. Right would be a new link for that account."
        )


def _is_address(said: str) -> bool:
    try:
        validate_email(said)
    except ValidationError:
        return False
    return len(said) <= _LONGEST_ADDRESS


def _free_code(school: School, wanted: str | None, address: str) -> str:
    taken = {code.casefold() for code in Person.objects.filter(school=school).values_list("code", flat=True)}
    base = wanted or address.partition("@")[0][:20]
    if wanted and wanted.casefold() in taken:
        raise PersonRefusedError(f"Somebody else has the staff code {wanted}. Right would be a code of their own.")
    code, number = base, 2
    while code.casefold() in taken:
        code, number = f"{base}{number}", number + 1
    return code
