"""How often somebody has tried to sign in to an account from one address, so that passwords cannot be guessed.

Counted by e-mail address and network address together, whether or not there is such an account: a class behind the
school's one address does not lock itself out, and nobody learns who has an account.
"""

from collections.abc import Sequence
from datetime import datetime
from math import ceil

from django.core.cache import cache
from django.utils.crypto import salted_hmac

__all__ = ["MOST", "WINDOW_SECONDS", "forget", "minutes_to_wait", "note_attempt"]

MOST = 10
WINDOW_SECONDS = 15 * 60


def minutes_to_wait(email: str, *, address: str, now: datetime) -> int:
    """How many minutes until the next try is allowed; 0 when it is allowed now."""
    times = _times(_key(email, address), now=now)
    return 0 if len(times) < MOST else ceil((times[-MOST] + WINDOW_SECONDS - now.timestamp()) / 60)


def note_attempt(email: str, *, address: str, now: datetime) -> None:
    """Counts a try. Called before the password is looked at, so that many at once gain nothing."""
    key = _key(email, address)
    cache.set(key, [*_times(key, now=now), now.timestamp()], WINDOW_SECONDS)


def forget(email: str, *, address: str) -> None:
    """Counts no more: the right password was given."""
    cache.delete(_key(email, address))


def _times(key: str, *, now: datetime) -> Sequence[float]:
    return [time for time in cache.get(key, []) if time > now.timestamp() - WINDOW_SECONDS]


def _key(email: str, address: str) -> str:
    """The e-mail address itself stays out of the cache."""
    return "attempts-" + salted_hmac("headway.web.attempts", f"{email} {address}").hexdigest()
