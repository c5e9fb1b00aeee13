"""Tokens in words: what each may do, when it was last used, and until when it works."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from headway.domain.cuts import listed
from headway.domain.tokens import SCOPES
from headway.services.tokens import ListedToken
from headway.web.presenters.days import short_day

__all__ = ["TokenRow", "over", "working"]

_SHORT = {"read": "look up", "export": "take out"}
_SOON_DAYS = 14


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One token as a table shows it; ``ended`` says how it came to its end."""

    uid: UUID
    name: str
    owner: str
    allows: str
    used: str
    ends: str
    soon: bool
    ended: str


def working(tokens: Sequence[ListedToken], *, now: datetime) -> Sequence[TokenRow]:
    """Those that work today."""
    return [_row(each, now=now) for each in tokens if each.works(now.date())]


def over(tokens: Sequence[ListedToken], *, now: datetime) -> Sequence[TokenRow]:
    """Those that have ended or been revoked."""
    return [_row(each, now=now) for each in tokens if not each.works(now.date())]


def _row(token: ListedToken, *, now: datetime) -> TokenRow:
    today = now.date()
    return TokenRow(
        uid=token.uid,
        name=token.name,
        owner=token.owner,
        allows=listed([_SHORT[scope] for scope in SCOPES if scope in token.scopes]),
        used=_used(token.used_at, today=today),
        ends=short_day(token.ends),
        soon=0 <= (token.ends - today).days <= _SOON_DAYS,
        ended=_ended(token),
    )


def _used(at: datetime | None, *, today: date) -> str:
    if at is None:
        return "not yet"
    local = timezone.localtime(at)
    return f"today at {local:%H:%M}" if local.date() == today else short_day(local.date())


def _ended(token: ListedToken) -> str:
    if token.revoked_at is not None:
        return f"revoked on {short_day(timezone.localtime(token.revoked_at).date())}"
    return f"ended on {short_day(token.ends)}"
