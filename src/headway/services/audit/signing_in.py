"""Sign-ins and tries that failed, as entries of the schools of whoever it was."""

from datetime import datetime

from headway.records.models import School, User
from headway.services.access import Viewer, schools_of, viewer_of
from headway.services.audit.acts import catch_up
from headway.services.audit.noting import note

__all__ = ["note_failed_account", "note_failed_sign_in", "note_sign_in"]

_AT_ONCE = 2000
_NOBODY = Viewer("Nobody known")


def note_sign_in(user: User, *, now: datetime) -> None:
    """Somebody is in. A moment at which changes are brought into the chain, as many as nobody notices waiting for."""
    viewer = viewer_of(user)
    for school in _schools(viewer, now):
        note(school, action="sign in", by=viewer, now=now, detail={})
    catch_up(most_rows=_AT_ONCE)


def note_failed_sign_in(email: str, *, now: datetime) -> None:
    """Somebody did not get in. Whose account was tried is written down; what was typed is not: it may be a password."""
    note_failed_account(User.objects.filter(email=email.casefold()).first(), now=now)


def note_failed_account(user: User | None, *, now: datetime) -> None:
    """The same, of an account that is known already, or of none."""
    if user is None:
        note(None, action="failed sign in", by=_NOBODY, now=now, detail={})
        return
    viewer = viewer_of(user)
    for school in _schools(viewer, now):
        note(school, action="failed sign in", by=viewer, now=now, detail={})


def _schools(viewer: Viewer, now: datetime) -> list[School | None]:
    return list(schools_of(viewer, on=now.date())) or [None]
