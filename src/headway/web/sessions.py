"""What a session holds of how somebody signed in: when, by what, when last seen. Read at every page, written seldom.

A session counts as signed in only after `begin` here, whatever way somebody came. It ends after twelve hours, is locked
after some minutes without anybody there, and says whether a second step was taken.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from django.contrib.sessions.backends.base import SessionBase

from headway.services.sign_in.passwords import AnyUser, account_still

__all__ = [
    "FRESH_MINUTES",
    "Half",
    "Standing",
    "begin",
    "half_of",
    "keep_half",
    "lock",
    "note_no_second_step",
    "note_proof",
    "note_seen",
    "standing_of",
]

FRESH_MINUTES = 10
"""For how long a proof of who somebody is lets them change how they sign in."""

_LONGEST = timedelta(hours=12)
_HALF_LASTS = timedelta(minutes=10)
_WRITTEN_EVERY = timedelta(minutes=1)
_SIGNED, _HALF = "signed", "half"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a session stands at a moment."""

    state: Literal["open", "locked", "over"]
    second_step: bool
    fresh: bool
    device: int | None


@dataclass(frozen=True, slots=True)
class Half:
    """Somebody whose password was right, before their second step."""

    user: AnyUser
    goes_to: str


_OVER = Standing("over", second_step=False, fresh=False, device=None)


def begin(session: SessionBase, *, second_step: bool, now: datetime, device: int | None = None) -> None:
    """Marks a session as signed in now, with a second step or without."""
    moment = now.timestamp()
    session[_SIGNED] = {"at": moment, "seen": moment, "proved": moment, "second": second_step, "device": device}


def standing_of(session: SessionBase, *, idle_minutes: int, now: datetime) -> Standing:
    """How a session stands now: open, locked, or over."""
    signed: dict[str, Any] | None = session.get(_SIGNED)
    moment = now.timestamp()
    if signed is None or moment - signed["at"] > _LONGEST.total_seconds():
        return _OVER
    away = moment - signed["seen"]
    fresh = moment - signed["proved"] <= FRESH_MINUTES * 60
    locked = signed.get("locked", False) or away > idle_minutes * 60
    return Standing("locked" if locked else "open", signed["second"], fresh and not locked, signed["device"])


def note_seen(session: SessionBase, *, now: datetime) -> bool:
    """Notes that somebody is there, at most once a minute; whether it did."""
    if now.timestamp() - session[_SIGNED]["seen"] < _WRITTEN_EVERY.total_seconds():
        return False
    _change(session, seen=now.timestamp())
    return True


def note_proof(session: SessionBase, *, now: datetime, second_step: bool = False) -> None:
    """Notes that somebody has just proved who they are; this opens a locked session."""
    moment = now.timestamp()
    taken = session[_SIGNED]["second"] or second_step
    _change(session, seen=moment, proved=moment, locked=False, second=taken)


def note_no_second_step(session: SessionBase) -> None:
    """Notes that the account has no second step any more: whoever needs one is led to set one up again."""
    _change(session, second=False)


def lock(session: SessionBase) -> None:
    """Locks a session: its page says that nobody is there any more."""
    _change(session, locked=True)


def keep_half(session: SessionBase, user: AnyUser, *, goes_to: str, now: datetime) -> None:
    """Keeps, in a new session, that somebody's password was right and their second step is still to come."""
    session.flush()
    proof = user.get_session_auth_hash()
    session[_HALF] = {"user": user.pk, "proof": proof, "goes_to": goes_to, "at": now.timestamp()}


def half_of(session: SessionBase, *, now: datetime) -> Half | None:
    """Whose second step a session waits for; None where it waits for none, or has waited too long."""
    half: dict[str, Any] | None = session.get(_HALF)
    if half is None or now.timestamp() - half["at"] > _HALF_LASTS.total_seconds():
        return None
    user = account_still(half["user"], proof=half["proof"])
    return Half(user, half["goes_to"]) if user else None


def _change(session: SessionBase, **changed: object) -> None:
    session[_SIGNED] = {**session[_SIGNED], **changed}
