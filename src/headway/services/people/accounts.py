"""Accounts: claimed by a one-time link, reset, closed, and out of use when nobody has used them for long."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.db.models import Max

from headway.records.models import Device, Person, School, Token, User, Visit
from headway.services import audit
from headway.services.access import NotFoundError, Viewer, require, viewer_of
from headway.services.people.powers import PersonRefusedError, require_not_above
from headway.services.sign_in.second_steps import forget_second_steps
from headway.services.sign_in.sessions import end_sessions

__all__ = [
    "DORMANT_AFTER",
    "claim_account",
    "claim_path",
    "claimed_user",
    "disable_account",
    "end_access",
    "is_dormant",
    "last_used",
    "new_link",
    "person_within",
    "require_of_this_school",
    "reset_account",
]

DORMANT_AFTER = timedelta(days=90)
"""An account of staff that nobody used for longer takes a new one-time link; the summer holidays are half of it."""


def reset_account(email: str, *, school: School, by: Viewer, now: datetime) -> str:
    """Ends an account's password and sessions; gives the path of a one-time link that sets a new one."""
    require(by, "manage_people", school=school, on=now.date())
    return _reset(_account(email, school=school), school=school, by=by, now=now)


def new_link(uid: UUID, *, lost_steps: bool = False, school: School, by: Viewer, now: datetime) -> str:
    """The same for a person who has an account; an older link ends.

    ``lost_steps``: their second steps are lost, and are taken away; else they still need one to sign in.
    """
    require(by, "manage_people", school=school, on=now.date())
    person = person_within(school, uid)
    if person.user is None:
        raise PersonRefusedError(f"{person.name} has no account yet. Right would be to invite them.")
    return _reset(person.user, lost_steps=lost_steps, school=school, by=by, now=now)


def disable_account(email: str, *, school: School, by: Viewer, now: datetime) -> None:
    """Closes an account: with it its sessions and tokens end, in one transaction. A reset opens it again."""
    require(by, "manage_people", school=school, on=now.date())
    user = _account(email, school=school)
    _require_over(by, user, school=school, now=now)
    with transaction.atomic():
        user.is_active = False
        user.save(update_fields=["is_active"])
        end_access(user, now=now)
        audit.note(school, action="disable account", by=by, now=now, detail={"user": str(user.uid)})


def claim_path(user: User) -> str:
    """The path of a one-time link by which somebody claims their account and sets a password."""
    return f"/claim/{user.uid}/{default_token_generator.make_token(user)}"


def claimed_user(account_id: UUID, token: str) -> User | None:
    """Whose link this is; None where it is wrong, used or too old."""
    user = User.objects.filter(uid=account_id).first()
    return user if user is not None and user.is_active and default_token_generator.check_token(user, token) else None


def claim_account(user: User, *, password: str, now: datetime) -> None:
    """Somebody sets the password of their own account through its one-time link, which is then used up."""
    with transaction.atomic():
        user.set_password(password)
        user.last_login = now  # an account that slept is awake again
        user.save(update_fields=["password", "last_login"])
        audit.note(None, action="claim account", by=viewer_of(user), now=now, detail={"user": str(user.uid)})


def is_dormant(user: User, *, now: datetime) -> bool:
    """Whether an account of staff has not been used for so long that a password alone no longer opens it."""
    used = last_used([user]).get(user.pk)
    return used is not None and now - used > DORMANT_AFTER and user.people.exists()


def last_used(users: Iterable[User]) -> Mapping[int, datetime]:
    """When each account was last used, by its key: somebody signed in, was here, or came from one of their devices."""
    used = {user.pk: user.last_login for user in users if user.pk is not None}
    for model, moment in ((Visit, "seen_at"), (Device, "last_seen_at")):
        seen = model._default_manager.filter(user__in=list(used)).values_list("user").annotate(Max(moment))
        for key, at in seen:
            used[key] = max(used[key] or at, at)
    return {key: at for key, at in used.items() if at is not None}


def end_access(user: User, *, now: datetime) -> None:
    """Ends whatever an account has open: its sessions and its tokens. Call it inside the transaction that says why."""
    end_sessions(user)
    Token.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=now)


def person_within(school: School, uid: UUID) -> Person:
    """A person of a school by their id."""
    person = Person.objects.filter(school=school, uid=uid).select_related("user", "school").first()
    if person is None:
        raise NotFoundError(str(uid))
    return person


def require_of_this_school(user: User, *, school: School, by: Viewer, right: str) -> None:
    """Refuses an account that opens something at another school too: whoever manages one school is not master of it."""
    elsewhere = user.people.exclude(school=school).exists() or user.contacts.exclude(school=school).exists()
    if elsewhere and not by.installer:
        raise PersonRefusedError(
            f"{user.email} signs in to other schools too. Right would be to ask whoever runs Headway here: {right}."
        )


def _reset(user: User, *, lost_steps: bool = False, school: School, by: Viewer, now: datetime) -> str:
    _require_over(by, user, school=school, now=now)
    with transaction.atomic():
        user.set_unusable_password()
        user.is_active = True
        user.save(update_fields=["password", "is_active"])
        end_access(user, now=now)
        audit.note(school, action="reset account", by=by, now=now, detail={"user": str(user.uid)})
        if lost_steps:
            forget_second_steps(user, school=school, by=by, now=now)
    return claim_path(user)


def _require_over(by: Viewer, user: User, *, school: School, now: datetime) -> None:
    """Refuses to touch one's own account here, a head's to who is none, and one that opens other schools."""
    if by.user is not None and by.user.pk == user.pk:
        raise PersonRefusedError("This is your own account. Right would be to change its password yourself.")
    for person in _people_of(user, school):
        require_not_above(by, person, on=now.date())
    require_of_this_school(user, school=school, by=by, right="headway user reset")


def _people_of(user: User, school: School) -> Collection[Person]:
    return list(user.people.filter(school=school).select_related("school"))


def _account(email: str, *, school: School) -> User:
    user = User.objects.filter(email=email.strip().casefold(), people__school=school).first()
    if user is None:
        right = "an address that headway user list shows"
        raise PersonRefusedError(f"Nobody at {school.name} signs in as {email}. Right would be {right}.")
    return user
