"""People and their accounts: added, listed, reset. An account is claimed by a one-time link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.tokens import default_token_generator
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from headway.domain.roles import parse_roles
from headway.records import history
from headway.records.models import Person, Role, School, User
from headway.services import audit
from headway.services.access import Viewer, require, viewer_of

__all__ = [
    "Account",
    "PersonRefusedError",
    "accounts_of",
    "add_person",
    "claim_account",
    "claim_path",
    "claimed_user",
    "reset_account",
]

_LONGEST_ADDRESS = 254


class PersonRefusedError(ValueError):
    """A person cannot be added or found as asked; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Account:
    """A person as the list of people shows them."""

    code: str
    name: str
    email: str
    roles: tuple[str, ...]
    can_sign_in: bool


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
    with transaction.atomic():
        user = User.objects.filter(email=address).first() or User.objects.create_user(address, password)
        person = Person.objects.filter(school=school, email__iexact=address).first()
        fresh = person is None
        if person is None:
            person = Person(school=school, code=_free_code(school, code, address), name=name, email=address)
        held = set(Role.objects.filter(person=person).values_list("role", flat=True)) if not fresh else set()
        person.user = user
        missing = [Role(school=school, person=person, role=role) for role in wanted if role not in held]
        act = history.begin(school, kind="add person", by=by.author(school), at=now)
        history.record(act, new=[*([person] if fresh else []), *missing], changed=[] if fresh else [person])
        audit.note(
            school, action="add person", by=by, now=now, detail={"person": str(person.uid), "roles": list(wanted)}
        )
    return user


def accounts_of(viewer: Viewer, *, school: School, now: datetime) -> Sequence[Account]:
    """The people of a school with their roles, by name."""
    require(viewer, "manage_people", school=school, on=now.date())
    people = Person.objects.filter(school=school).select_related("user").prefetch_related("roles").order_by("name")
    return [
        Account(
            person.code,
            person.name,
            person.email,
            tuple(sorted(role.role for role in person.roles.all())),
            person.user is not None and person.user.is_active,
        )
        for person in people
    ]


def reset_account(email: str, *, school: School, by: Viewer, now: datetime) -> str:
    """Ends an account's password and sessions; gives the path of a one-time link that sets a new one."""
    require(by, "manage_people", school=school, on=now.date())
    user = User.objects.filter(email=email.strip().casefold(), people__school=school).first()
    if user is None:
        right = "an address that headway user list shows"
        raise PersonRefusedError(f"Nobody at {school.name} signs in as {email}. Right would be {right}.")
    if not by.installer and user.people.exclude(school=school).exists():
        right = "to ask whoever runs Headway here, with headway user reset"
        raise PersonRefusedError(f"{email} signs in to other schools too. Right would be {right}.")
    with transaction.atomic():
        user.set_unusable_password()
        user.save(update_fields=["password"])
        for session in Session.objects.all():
            if session.get_decoded().get("_auth_user_id") == str(user.pk):
                session.delete()
        audit.note(school, action="reset account", by=by, now=now, detail={"user": str(user.uid)})
    return claim_path(user)


def claim_path(user: User) -> str:
    """The path of a one-time link by which somebody claims their account and sets a password."""
    return f"/claim/{user.uid}/{default_token_generator.make_token(user)}"


def claimed_user(account_id: UUID, token: str) -> User | None:
    """Whose link this is; None where it is wrong, used or too old."""
    user = User.objects.filter(uid=account_id).first()
    return user if user is not None and user.is_active and default_token_generator.check_token(user, token) else None


def _is_address(said: str) -> bool:
    try:
        validate_email(said)
    except ValidationError:
        return False
    return len(said) <= _LONGEST_ADDRESS


def claim_account(user: User, *, password: str, now: datetime) -> None:
    """Somebody sets the password of their own account through its one-time link, which is then used up."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        audit.note(None, action="claim account", by=viewer_of(user), now=now, detail={"user": str(user.uid)})


def _free_code(school: School, wanted: str | None, address: str) -> str:
    taken = {code.casefold() for code in Person.objects.filter(school=school).values_list("code", flat=True)}
    base = wanted or address.partition("@")[0][:20]
    if wanted and wanted.casefold() in taken:
        raise PersonRefusedError(f"Somebody else has the staff code {wanted}. Right would be a code of their own.")
    code, number = base, 2
    while code.casefold() in taken:
        code, number = f"{base}{number}", number + 1
    return code
