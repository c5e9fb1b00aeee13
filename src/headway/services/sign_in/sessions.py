"""The sessions an account has open, and their end."""

from collections.abc import Iterator

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone

from headway.records.models import User

__all__ = ["clear_expired", "count_sessions", "end_sessions"]


def count_sessions(user: User, *, but: str | None = None) -> int:
    """How many browsers an account is signed in from, one of them left out by its session's key."""
    return sum(each.session_key != but for each in _of(user))


def end_sessions(user: User, *, but: str | None = None) -> int:
    """Signs an account out everywhere, or everywhere but in one session; gives how many ended."""
    keys = [each.session_key for each in _of(user) if each.session_key != but]
    Session.objects.filter(session_key__in=keys).delete()
    return len(keys)


def clear_expired() -> None:
    """Takes away the sessions that have run out; done now and then as people sign in."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


def _of(user: User) -> Iterator[Session]:
    # The store itself expires sessions by the machine's clock.
    for session in Session.objects.filter(expire_date__gte=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            yield session
