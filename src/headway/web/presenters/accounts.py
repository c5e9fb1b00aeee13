"""My account in words: what there is to sign in with, since when, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from headway.services.schools import AnySchool
from headway.services.sign_in.devices import SeenDevice
from headway.services.sign_in.second_steps import Passkey, SecondSteps

__all__ = ["AccountPage", "DeviceLine", "PasskeyLine", "account_page", "in_fours"]

_SOON_GONE = 3


@dataclass(frozen=True, slots=True)
class PasskeyLine:
    """A passkey: its name, and when it came and was last used."""

    key: int
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class DeviceLine:
    """A browser: what it is called, and when it was there."""

    name: str
    words: str
    this: bool


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Everything about how somebody signs in."""

    email: str
    people: Sequence[str]
    passkeys: Sequence[PasskeyLine]
    code_app: str
    any_second_step: bool
    codes: str
    codes_short: bool
    devices: Sequence[DeviceLine]
    elsewhere: str
    n_elsewhere: int
    has_password: bool
    needs_second: bool
    minutes: int


def account_page(
    email: str,
    people: Sequence[tuple[AnySchool, str]],
    steps: SecondSteps,
    devices: Sequence[SeenDevice],
    *,
    n_elsewhere: int,
    has_password: bool,
    needs_second: bool,
    minutes: int,
    now: datetime,
) -> AccountPage:
    """The page as its owner reads it."""
    left = steps.n_recovery_codes
    return AccountPage(
        email=email,
        people=[f"{name}, {school.name}" for school, name in people],
        passkeys=[_passkey(each, now) for each in steps.passkeys],
        code_app=f"Set up {_when(steps.code_app_since, now)}." if steps.code_app_since else "",
        any_second_step=steps.any,
        codes="You have none." if left is None else f"{left} of 10 are left.",
        codes_short=steps.any and (left is None or left < _SOON_GONE),
        devices=[_device(each, now) for each in devices],
        elsewhere=_elsewhere(n_elsewhere),
        n_elsewhere=n_elsewhere,
        has_password=has_password,
        needs_second=needs_second,
        minutes=minutes,
    )


def in_fours(secret: str) -> str:
    """A secret in groups of four letters, to be typed."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _passkey(each: Passkey, now: datetime) -> PasskeyLine:
    used = f"last used {_when(each.used_at, now)}" if each.used_at else "not used yet"
    return PasskeyLine(each.key, each.name, f"Added {_when(each.added_at, now)}, {used}.")


def _device(each: SeenDevice, now: datetime) -> DeviceLine:
    return DeviceLine(
        each.name, f"First {_when(each.first_seen_at, now)}, last {_when(each.last_seen_at, now)}.", each.this
    )


def _elsewhere(n_elsewhere: int) -> str:
    if n_elsewhere == 0:
        return "You are signed in nowhere else."
    return (
        "You are signed in in one other browser." if n_elsewhere == 1 else f"You are signed in in {n_elsewhere} others."
    )


def _when(moment: datetime, now: datetime) -> str:
    """A moment as people say it: today at 14:05, on 3 September 2026."""
    local = moment.astimezone(now.tzinfo)
    if local.date() == now.date():
        return f"today at {local:%H:%M}"
    return f"on {local.day} {local:%B %Y}"
