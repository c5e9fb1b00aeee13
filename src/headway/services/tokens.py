"""Tokens: what a program shows to ask for what its owner may see. Made, listed, revoked, and found at each request.

Of a token only the digest is kept. What it may reach is never written down with it: that is what its owner's roles
allow at the moment of each request.
"""

import re
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from headway.domain.tokens import LONGEST_DAYS, SCOPES, latest_end
from headway.records.models import Person, School, Token
from headway.services import audit
from headway.services.access import NotAllowedError, NotFoundError, Viewer, may, require, viewer_of
from headway.services.people import is_dormant

__all__ = [
    "HeldToken",
    "ListedToken",
    "MadeToken",
    "TokenRefusedError",
    "find_token",
    "make_token",
    "revoke_token",
    "scopes_of",
    "tokens_of",
    "tokens_of_everybody",
]

_PREFIX = "hw_"
_BYTES = 32
_SECRET = re.compile(r"hw_[A-Za-z0-9_-]{43}")
_LONGEST_NAME = 100
_NOTED_EVERY = timedelta(minutes=1)


class TokenRefusedError(ValueError):
    """A token cannot be as asked; the message says what would be right. Nothing was made."""


@dataclass(frozen=True, slots=True)
class ListedToken:
    """A token as people see it; ``ends`` is the last day it works, ``owner`` whose it is."""

    uid: UUID
    name: str
    owner: str
    scopes: tuple[str, ...]
    made_at: datetime
    ends: date
    used_at: datetime | None
    revoked_at: datetime | None

    def works(self, on: date) -> bool:
        """Whether it has neither been revoked nor ended by a day."""
        return self.revoked_at is None and self.ends >= on


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A token just made. ``secret`` is what the program shows: it is known now and never again."""

    token: ListedToken
    secret: str


@dataclass(frozen=True, slots=True)
class HeldToken:
    """A token that somebody has shown and that works: for whom, and for what."""

    uid: UUID
    viewer: Viewer
    scopes: frozenset[str]


def make_token(
    name: str, *, scopes: Collection[str], ends: date, school: School, by: Viewer, now: datetime
) -> MadeToken:
    """A new token for a program that acts for somebody. Raises TokenRefusedError."""
    require(by, "use_api", school=school, on=now.date())
    if by.user is None:
        raise NotAllowedError("A token belongs to somebody who signs in. Sign in and make it on the page of tokens.")
    wanted = _checked_scopes(scopes, school=school, by=by, now=now)
    _check_end(ends, today=now.date())
    secret = _PREFIX + secrets.token_urlsafe(_BYTES)
    with transaction.atomic():
        row = Token.objects.create(
            user=by.user,
            name=_checked_name(name, by=by, today=now.date()),
            digest=_digest(secret),
            scopes=list(wanted),
            made_at=now,
            ends=ends,
        )
        detail = {"token": str(row.uid), "scopes": list(wanted), "ends": ends.isoformat()}
        audit.note(school, action="make token", by=by, now=now, detail=detail)
    return MadeToken(_listed(row, by.author(school).name), secret)


def revoke_token(uid: UUID, *, school: School, by: Viewer, now: datetime) -> str:
    """Ends a token for good, from the next request on; gives its name. One's own, or anybody's of the school."""
    row = _known(by, school=school, now=now).get(uid)
    if row is None:
        raise NotFoundError("There is no such token here.")
    if row.revoked_at is None:
        with transaction.atomic():
            Token.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=now)
            audit.note(school, action="revoke token", by=by, now=now, detail={"token": str(row.uid)})
    return row.name


def tokens_of(viewer: Viewer, *, school: School, now: datetime) -> Sequence[ListedToken]:
    """Somebody's own tokens: those that work first, then the latest made."""
    require(viewer, "use_api", school=school, on=now.date())
    owner = viewer.author(school).name
    return _in_order([_listed(row, owner) for row in _own(viewer)], today=now.date())


def tokens_of_everybody(viewer: Viewer, *, school: School, now: datetime) -> Sequence[ListedToken]:
    """The tokens of everybody who works in a school, for those who look after its people."""
    require(viewer, "manage_people", school=school, on=now.date())
    names = _names(school)
    rows = Token.objects.filter(user__in=names.keys())
    return _in_order([_listed(row, names[row.user_id]) for row in rows], today=now.date())


def scopes_of(viewer: Viewer, *, school: School, now: datetime) -> Sequence[str]:
    """What somebody may allow to a token of theirs."""
    exports = may(viewer, "export", school=school, on=now.date())
    return [scope for scope in SCOPES if scope != "export" or exports]


def find_token(secret: str, *, now: datetime) -> HeldToken | None:
    """Whose token this is and what for; None where it is none of ours, has ended or been revoked, or its owner's
    account is closed or has gone unused for too long. Notes that it was used, once a minute at most.
    """
    if not _SECRET.fullmatch(secret):
        return None
    row = Token.objects.select_related("user").filter(digest=_digest(secret)).first()
    if row is None or row.revoked_at is not None or row.ends < now.date() or not row.user.is_active:
        return None
    if is_dormant(row.user, now=now):
        return None
    if row.used_at is None or now - row.used_at >= _NOTED_EVERY:
        Token.objects.filter(pk=row.pk).update(used_at=now)
    return HeldToken(row.uid, viewer_of(row.user), frozenset(row.scopes))


def _digest(secret: str) -> str:
    """Of 256 random bits a plain digest is enough: there is nothing to guess."""
    return sha256(secret.encode("ascii")).hexdigest()


def _checked_name(name: str, *, by: Viewer, today: date) -> str:
    said = " ".join("".join(each if each.isprintable() else " " for each in name).split())
    if not said:
        raise TokenRefusedError("The token has no name yet. Right would be what uses it, such as Seating plans.")
    if len(said) > _LONGEST_NAME:
        raise TokenRefusedError(f"The name has {len(said)} letters. Right would be {_LONGEST_NAME} at most.")
    standing = _own(by).filter(revoked_at=None, ends__gte=today).values_list("name", flat=True)
    if said.casefold() in {each.casefold() for each in standing}:
        raise TokenRefusedError(f"You have a token called {said} already. Right would be another name.")
    return said


def _checked_scopes(scopes: Collection[str], *, school: School, by: Viewer, now: datetime) -> Sequence[str]:
    offered = scopes_of(by, school=school, now=now)
    beyond = [scope for scope in scopes if scope not in offered]
    if beyond or not scopes:
        said = f"'{beyond[0]}' cannot be allowed to it." if beyond else "Nothing is allowed to it yet."
        raise TokenRefusedError(f"{said} Right would be one or more of {', '.join(offered)}.")
    return [scope for scope in offered if scope in scopes]


def _check_end(ends: date, *, today: date) -> None:
    latest = latest_end(today)
    if not today <= ends <= latest:
        right = f"a day from today to {latest:%d/%m/%Y}: a token works for {LONGEST_DAYS} days at most"
        raise TokenRefusedError(f"It cannot end on {ends:%d/%m/%Y}. Right would be {right}.")


def _own(viewer: Viewer) -> QuerySet[Token]:
    return Token.objects.filter(user=viewer.user) if viewer.user else Token.objects.none()


def _known(by: Viewer, *, school: School, now: datetime) -> dict[UUID, Token]:
    """The tokens somebody may end: their own, and with the care of people those of everybody in the school."""
    manages = may(by, "manage_people", school=school, on=now.date())
    if not manages:
        require(by, "use_api", school=school, on=now.date())
    everybody = Token.objects.filter(user__in=_names(school).keys()) if manages else Token.objects.none()
    return {row.uid: row for row in everybody | _own(by)}


def _names(school: School) -> dict[int, str]:
    """The names of everybody who has, or had, an account in a school, by account."""
    people = Person.objects.filter(school=school, user__isnull=False).order_by("pk")
    return {user: name for user, name in people.values_list("user_id", "name") if user is not None}


def _listed(row: Token, owner: str) -> ListedToken:
    return ListedToken(row.uid, row.name, owner, tuple(row.scopes), row.made_at, row.ends, row.used_at, row.revoked_at)


def _in_order(tokens: Sequence[ListedToken], *, today: date) -> Sequence[ListedToken]:
    latest = sorted(tokens, key=lambda each: each.made_at, reverse=True)
    return sorted(latest, key=lambda each: not each.works(today))
