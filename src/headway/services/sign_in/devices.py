"""The browsers an account signs in from, each known by a random value it keeps in a cookie."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from headway.records.models import Device, School, User
from headway.services import audit
from headway.services.access import schools_of, viewer_of

__all__ = [
    "SeenDevice",
    "devices_of",
    "fresh_value",
    "known_digest",
    "new_device",
    "note_device",
    "note_seen",
    "sound_value",
]

_WRITTEN_EVERY = timedelta(minutes=1)
_LONGEST_VALUE = 64
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class SeenDevice:
    """A browser as its owner is shown it."""

    name: str
    first_seen_at: datetime
    last_seen_at: datetime
    this: bool


def fresh_value() -> str:
    """A random value for a browser that has none yet."""
    return secrets.token_urlsafe(32)


def sound_value(value: str) -> str:
    """The value a browser came with; a fresh one where it came with none, or with one that is not ours."""
    return value if 0 < len(value) <= _LONGEST_VALUE else fresh_value()


def known_digest(email: str, value: str) -> str | None:
    """The digest of a browser's value where the account of an e-mail address has signed in from it before."""
    if not value or len(value) > _LONGEST_VALUE:
        return None
    digest = _digest(value)
    return digest if Device.objects.filter(user__email=email, digest=digest).exists() else None


def note_device(user: User, value: str, *, name: str, now: datetime) -> int:
    """Writes down that an account has signed in from a browser; gives the record's key."""
    device, fresh = Device.objects.get_or_create(
        user=user, digest=_digest(value), defaults={"name": name, "first_seen_at": now, "last_seen_at": now}
    )
    if fresh:
        new_device(user, device, now=now)
    else:
        Device.objects.filter(pk=device.pk).update(name=name, last_seen_at=now)
    return device.pk


def note_seen(device: int, *, now: datetime) -> None:
    """Writes down that a browser is in use, at most once a minute."""
    Device.objects.filter(pk=device, last_seen_at__lte=now - _WRITTEN_EVERY).update(last_seen_at=now)


def new_device(user: User, device: Device, *, now: datetime) -> None:
    """What follows from a first sign-in with a browser: each of the account's schools can see it in its audit."""
    viewer = viewer_of(user)
    schools: Sequence[School | None] = schools_of(viewer, on=now.date())
    for school in schools or (None,):
        audit.note(school, action="new device", by=viewer, now=now, detail={"user": str(user.uid), "name": device.name})


def devices_of(user: User, *, this: int | None) -> Sequence[SeenDevice]:
    """The last ten browsers an account has signed in from, the latest first."""
    rows = Device.objects.filter(user=user).order_by("-last_seen_at", "-pk")[:_SHOWN]
    return [SeenDevice(row.name, row.first_seen_at, row.last_seen_at, row.pk == this) for row in rows]


def _digest(value: str) -> str:
    return sha256(value.encode()).hexdigest()
