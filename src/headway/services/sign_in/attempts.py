"""How often somebody may try to sign in, so that nothing can be guessed and nobody else is locked out.

Three counts, by name and never by whether there is such an account:

- of a name from one network address: ten tries in a quarter of an hour. A class behind the school's one address has as
  many counts as pupils;
- of a name from everywhere: after ten wrong tries a wait that doubles up to a quarter of an hour, so that many
  addresses gain nothing;
- of a name from a browser that has signed in as it before: a count of its own, and neither of the others. Whoever
  guesses at a teacher's password from elsewhere never locks the teacher out where they usually work.

A try is counted before it is looked at, in one transaction, so that many at once gain nothing; one that is refused is
not counted, so that waiting always ends; the right one is taken back.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac

from headway.records.models import User

__all__ = ["MOST", "WINDOW_SECONDS", "Attempt", "attempt", "take_back"]

MOST = 10
WINDOW_SECONDS = 15 * 60
_DAY_SECONDS = 24 * 60 * 60
_LONGEST_WAIT = 15 * 60
_FIRST_WAIT = 60
_REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try: where it is counted, and how many minutes to wait if it must not be made now."""

    keys: Sequence[str]
    at: float
    minutes_to_wait: int

    @property
    def allowed(self) -> bool:
        return self.minutes_to_wait == 0


def attempt(name: str, *, purpose: str, address: str, device: str | None, now: datetime) -> Attempt:
    """Counts a try at a name, or says how long to wait.

    ``purpose`` is what is tried (``password``, ``code``, ``link``); ``device`` the digest of a browser known to the
    account, None of any other.
    """
    moment = now.timestamp()
    if device:
        counts = {_key(purpose, name, "device", device): _slow}
    else:
        counts = {_key(purpose, name, "address", address): _few, _key(purpose, name, "everywhere"): _slow}
    with transaction.atomic():
        _one_at_a_time(name)
        times = {key: [time for time in cache.get(key, []) if time > moment - _DAY_SECONDS] for key in counts}
        seconds = max(wait(times[key], moment) for key, wait in counts.items())
        if seconds > 0:
            return Attempt((), moment, ceil(seconds / 60))
        for key, before in times.items():
            cache.set(key, [*before, moment][-_REMEMBERED:], _DAY_SECONDS)
    return Attempt(tuple(counts), moment, 0)


def take_back(made: Attempt) -> None:
    """Counts a try no more: it was right."""
    for key in made.keys:
        times = cache.get(key, [])
        if made.at in times:
            times.remove(made.at)
            cache.set(key, times, _DAY_SECONDS)


def _few(times: Sequence[float], moment: float) -> float:
    """Seconds to wait where ten tries in a quarter of an hour are allowed."""
    recent = [time for time in times if time > moment - WINDOW_SECONDS]
    return 0 if len(recent) < MOST else recent[-MOST] + WINDOW_SECONDS - moment


def _slow(times: Sequence[float], moment: float) -> float:
    """Seconds to wait where ten tries in a day are free, and each after them costs twice the wait of the last."""
    if len(times) < MOST:
        return 0
    wait: int = min(_LONGEST_WAIT, _FIRST_WAIT * 2 ** min(len(times) - MOST, 10))
    return times[-1] + wait - moment


def _one_at_a_time(name: str) -> None:
    """Of many tries at one account at once, each sees the count of those before it. (SQLite has one writer anyhow.)"""
    at = {"email": name} if "@" in name else {"uid": name}
    with suppress(ValidationError):  # a name that can be nobody's
        User.objects.select_for_update().filter(**at).first()


def _key(*parts: str) -> str:
    """What is tried, by whom and from where stay out of the cache."""
    return (
        "attempts-" + salted_hmac("headway.services.sign_in.attempts", "\n".join(parts), algorithm="sha256").hexdigest()
    )
