"""Passkeys: what a browser is asked, and whether what it answers is one of an account's.

The question is kept in the session of the request under way, which is django-allauth's doing; it is asked once.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.db import transaction

from headway.records.models import User
from headway.services.sign_in.second_steps import note_change

__all__ = ["PasskeyRefusedError", "add_passkey", "ask_for_new", "ask_for_one", "owner_of_answer"]

_LONGEST_NAME = 60
_LONGEST_ANSWER = 20_000


class PasskeyRefusedError(Exception):
    """What the browser answered is no passkey of the account."""


def ask_for_new(user: User) -> Mapping[str, Any]:
    """What a browser is asked to make a passkey for an account; one that can tell by itself whose it is."""
    asked: dict[str, Any] = auth.begin_registration(user, passwordless=True)
    return asked


def ask_for_one(user: User | None) -> Mapping[str, Any]:
    """What a browser is asked to show a passkey: one of an account's, or any it has for this place."""
    asked: dict[str, Any] = auth.begin_authentication(user)
    return asked


def add_passkey(user: User, answer: str, *, name: str, now: datetime, keep: str | None) -> None:
    """Adds the passkey a browser made; raises PasskeyRefusedError where it is not what was asked for."""
    credential = _read(answer)
    try:
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise PasskeyRefusedError from error
    with transaction.atomic():
        added = auth.WebAuthn.add(user, name.strip()[:_LONGEST_NAME] or "Passkey", credential)
        Authenticator.objects.filter(pk=added.instance.pk).update(created_at=now)
        note_change(user, "add passkey", now=now, keep=keep)


def owner_of_answer(answer: str, *, user: User | None, now: datetime) -> User:
    """Whose passkey a browser has shown; ``user`` where only theirs will do. Raises PasskeyRefusedError."""
    credential = _read(answer)
    try:
        auth.parse_authentication_response(credential)
        owner = user or auth.extract_user_from_response(credential)
        row = auth.complete_authentication(owner, credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise PasskeyRefusedError from error
    if not isinstance(owner, User) or not owner.is_active:
        raise PasskeyRefusedError
    Authenticator.objects.filter(pk=row.pk).update(last_used_at=now)
    return owner


def _read(answer: str) -> dict[str, Any]:
    if len(answer) > _LONGEST_ANSWER:
        raise PasskeyRefusedError
    try:
        credential = json.loads(answer)
    except ValueError as error:
        raise PasskeyRefusedError from error
    if not isinstance(credential, dict):
        raise PasskeyRefusedError
    return credential
