"""Changing one's own password, and what must not stand in it."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare

from headway.records.models import Contact, Person, PupilAccount, School, User
from headway.services import audit
from headway.services.access import viewer_of
from headway.services.sign_in.sessions import end_sessions

__all__ = [
    "AnyUser",
    "account_at",
    "account_of",
    "account_still",
    "change_password",
    "is_password_of",
    "school_names_of",
]

AnyUser = User
"""An account, for the ways in to hold and hand back without knowing how it is stored."""


def account_of(email: str, password: str) -> User | None:
    """The account a password opens; None as slowly where there is no such account as where the password is wrong."""
    found = authenticate(username=email, password=password)
    return found if isinstance(found, User) else None


def account_still(key: int, *, proof: str) -> User | None:
    """The account that was half signed in; None where it is closed or its password has changed since."""
    user = User.objects.filter(pk=key, is_active=True).first()
    return user if user and constant_time_compare(user.get_session_auth_hash(), proof) else None


def account_at(email: str) -> User | None:
    """The open account of an e-mail address that somebody else has vouched for."""
    return User.objects.filter(email=email.strip().casefold(), is_active=True).first()


def is_password_of(user: User, password: str) -> bool:
    """Whether this is the account's password."""
    return user.check_password(password)


def change_password(user: User, *, password: str, keep: str | None, now: datetime) -> None:
    """Somebody changes their own password; every session but the one kept ends."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        end_sessions(user, but=keep)
        audit.note(None, action="change password", by=viewer_of(user), now=now, detail={"user": str(user.uid)})


def school_names_of(user: User) -> Sequence[str]:
    """The names of the schools an account belongs to: the first thing others there would try."""
    if user.pk is None:  # an account about to be made belongs to none yet
        return ()
    works_in = Person.objects.filter(user=user).values("school")
    learns_in = PupilAccount.objects.filter(user=user).values("pupil__school")
    child_in = Contact.objects.filter(user=user).values("pupil__school")
    schools = School.objects.filter(Q(pk__in=works_in) | Q(pk__in=learns_in) | Q(pk__in=child_in))
    return list(schools.values_list("name", flat=True))
