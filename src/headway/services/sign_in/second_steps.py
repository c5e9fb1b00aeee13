"""What an account proves itself with beside its password: passkeys, a code app, recovery codes.

The records are django-allauth's. A code app's code counts once: later ones must be of a later half minute. Each
recovery code counts once. Changing any of it is for its owner alone, or, where everything is lost, for whoever looks
after the school's people.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction
from django.utils.crypto import constant_time_compare

from headway.records.models import School, User
from headway.services import audit
from headway.services.access import NotAllowedError, NotFoundError, Viewer, require, viewer_of
from headway.services.sign_in.secrets import SecretLostError
from headway.services.sign_in.sessions import end_sessions

__all__ = [
    "Passkey",
    "SecondSteps",
    "StepGone",
    "add_code_app",
    "check_code",
    "code_app_address",
    "forget_second_steps",
    "fresh_secret",
    "has_second_step",
    "note_change",
    "remove_code_app",
    "remove_passkey",
    "rename_passkey",
    "renew_recovery_codes",
    "second_steps_of",
    "with_second_step",
]

_HALF_MINUTE = 30
_TOLERANCE = 1  # half minutes that a telephone's clock may be off
_STEPS = (Authenticator.Type.WEBAUTHN, Authenticator.Type.TOTP)
_LONGEST_NAME = 60

Kind = Literal["code", "recovery"]


class StepGone(Exception):
    """The passkey or code app is not there any more."""


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its owner is shown it."""

    key: int
    name: str
    added_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SecondSteps:
    """What an account has besides its password."""

    passkeys: Sequence[Passkey]
    code_app_since: datetime | None
    n_recovery_codes: int | None

    @property
    def any(self) -> bool:
        """Whether signing in takes a second step. Recovery codes alone are none: they stand in for one that is lost."""
        return bool(self.passkeys) or self.code_app_since is not None


def second_steps_of(user: User) -> SecondSteps:
    """What an account has besides its password."""
    rows = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    keys = [
        Passkey(row.pk, row.data["name"], row.created_at, row.last_used_at)
        for row in rows
        if row.type == Authenticator.Type.WEBAUTHN
    ]
    app = next((row for row in rows if row.type == Authenticator.Type.TOTP), None)
    codes = next((row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
    return SecondSteps(keys, app.created_at if app else None, _n_left(codes) if codes else None)


def has_second_step(user: User) -> bool:
    """Whether signing in takes a second step."""
    return bool(Authenticator.objects.filter(user=user, type__in=_STEPS).exists())


def with_second_step(users: Collection[int]) -> frozenset[int]:
    """The keys of those of some accounts that sign in with a second step."""
    steps = Authenticator.objects.filter(user__in=users, type__in=_STEPS)
    return frozenset(steps.values_list("user_id", flat=True))


def fresh_secret() -> str:
    """A secret for a new code app, as text that can be typed into it."""
    return str(generate_totp_secret())


def code_app_address(user: User, secret: str) -> str:
    """What the picture for a code app says."""
    return f"otpauth://totp/Headway:{user.email}?secret={secret}&issuer=Headway"


def add_code_app(user: User, secret: str, code: str, *, now: datetime, keep: str | None) -> bool:
    """Adds a code app once it has shown a right code; False where the code is wrong."""
    counter = _counter_of(secret, code, after=0, now=now)
    if counter is None:
        return False
    with transaction.atomic():
        Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
        data = {"secret": encrypt(secret), "last_counter": counter}
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data=data, created_at=now)
        note_change(user, "add code app", now=now, keep=keep)
    return True


def check_code(user: User, code: str, *, now: datetime) -> Kind | None:
    """Which kind of code this is, where it is right and has not been used; it is then used up."""
    typed = re.sub(r"[\s-]", "", code)
    if not (typed.isascii() and typed.isdigit()):
        return None
    with transaction.atomic():
        rows = {row.type: row for row in Authenticator.objects.select_for_update().filter(user=user)}
        try:
            if (app := rows.get(Authenticator.Type.TOTP)) and _used(app, typed, now):
                return "code"
            codes = rows.get(Authenticator.Type.RECOVERY_CODES)
            if codes and RecoveryCodes(codes).validate_code(typed):
                _note_use(codes.pk, now)
                return "recovery"
        except SecretLostError:
            return None
    return None


def renew_recovery_codes(user: User, *, now: datetime, keep: str | None) -> Sequence[str]:
    """Makes ten new recovery codes; earlier ones end. The only time they can be read."""
    with transaction.atomic():
        Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).delete()
        made: Any = RecoveryCodes.activate(user)
        note_change(user, "renew recovery codes", now=now, keep=keep)
    return [f"{code[:4]} {code[4:]}" for code in made.generate_codes()]


def rename_passkey(user: User, key: int, *, name: str, now: datetime) -> None:
    """Gives a passkey another name."""
    with transaction.atomic():
        row = _row(user, key)
        row.data["name"] = name.strip()[:_LONGEST_NAME] or row.data["name"]
        row.save(update_fields=["data"])
        audit.note(None, action="rename passkey", by=viewer_of(user), now=now, detail={"user": str(user.uid)})


def remove_passkey(user: User, key: int, *, now: datetime, keep: str | None) -> None:
    """Takes a passkey away; recovery codes go with the last second step."""
    with transaction.atomic():
        _row(user, key).delete()
        _clear_codes_alone(user)
        note_change(user, "remove passkey", now=now, keep=keep)


def remove_code_app(user: User, *, now: datetime, keep: str | None) -> None:
    """Takes the code app away; recovery codes go with the last second step."""
    with transaction.atomic():
        n_gone, _ = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).delete()
        if not n_gone:
            raise StepGone
        _clear_codes_alone(user)
        note_change(user, "remove code app", now=now, keep=keep)


def forget_second_steps(user: User, *, school: School, by: Viewer, now: datetime) -> None:
    """Takes away every second step of somebody who has lost theirs, and ends their sessions.

    For the password nothing changes: they sign in with it and, where their role needs a second step, set one up.
    """
    require(by, "manage_people", school=school, on=now.date())
    if not user.people.filter(school=school).exists():
        raise NotFoundError(str(user.uid))
    if not by.installer and user.people.exclude(school=school).exists():
        raise NotAllowedError("They sign in to other schools too. Ask whoever runs Headway here.")
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        end_sessions(user)
        audit.note(school, action="forget second steps", by=by, now=now, detail={"user": str(user.uid)})


def note_change(user: User, action: str, *, now: datetime, keep: str | None) -> None:
    """Writes down a change of second steps, and signs the account out everywhere but where it was made."""
    end_sessions(user, but=keep)
    audit.note(None, action=action, by=viewer_of(user), now=now, detail={"user": str(user.uid)})


def _used(app: Any, code: str, now: datetime) -> bool:
    counter = _counter_of(decrypt(app.data["secret"]), code, after=app.data.get("last_counter", 0), now=now)
    if counter is None:
        return False
    app.data["last_counter"] = counter
    app.last_used_at = now
    app.save(update_fields=["data", "last_used_at"])
    return True


def _counter_of(secret: str, code: str, *, after: int, now: datetime) -> int | None:
    """The half minute a code belongs to, near this one and after the last one used; None where it belongs to none."""
    typed = re.sub(r"[\s-]", "", code)
    here = int(now.timestamp()) // _HALF_MINUTE
    for counter in range(max(here - _TOLERANCE, after + 1), here + _TOLERANCE + 1):
        if constant_time_compare(typed, format_hotp_value(hotp_value(secret, counter))):
            return counter
    return None


def _row(user: User, key: int) -> Any:
    row = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN, pk=key).first()
    if row is None:
        raise StepGone
    return row


def _n_left(codes: Any) -> int:
    return 10 - int(codes.data["used_mask"]).bit_count()


def _note_use(key: int, now: datetime) -> None:
    Authenticator.objects.filter(pk=key).update(last_used_at=now)


def _clear_codes_alone(user: User) -> None:
    if not has_second_step(user):
        Authenticator.objects.filter(user=user).delete()
