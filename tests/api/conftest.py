"""Elm Tree and another school, and tokens of the people who look at them."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from headway.records.models import School, Token, User
from headway.services.tokens import _digest
from tests.school import NOW
from tests.web.conftest import (  # noqa: F401  # the same moment, passwords and schools as in the tests of pages
    a_known_moment,
    elsewhere,
    primary,
    quick_passwords,
    static_files_under_their_own_names,
    static_root,
)
from tests.web.primary import GOVERNOR, HEAD, TEACHER

Asks = Callable[..., HttpResponse]

SECRETS: Mapping[str, str] = {
    each: f"hw_{index:043d}" for index, each in enumerate((HEAD, TEACHER, GOVERNOR, "head@elsewhere.example"), start=1)
}


@pytest.fixture(autouse=True)
def nothing_counted(db: None) -> None:
    """Every test begins with no requests made."""
    cache.clear()


def give_token(email: str, *, scopes: tuple[str, ...] = ("read", "export"), **differing: Any) -> str:
    """A token of somebody's, made past every check of who may make one."""
    secret = SECRETS[email]
    said = {"name": "A program", "made_at": NOW, "ends": NOW.date() + timedelta(days=30), "scopes": list(scopes)}
    Token.objects.create(user=User.objects.get(email=email), digest=_digest(secret), **(said | differing))
    return secret


def ask(path: str, *, token: str | None = None, method: str = "get", **kwargs: Any) -> HttpResponse:
    """The answer to a request of a program; ``path`` begins after the API's own address."""
    address = path if path.startswith("/") else f"/api/v1/{path}"
    headers = {"Authorization": f"Bearer {token}"} if token is not None else {}
    response: HttpResponse = getattr(Client(headers=headers), method)(address, **kwargs)
    return response


@pytest.fixture
def head(primary: School) -> Asks:  # noqa: F811
    """Asks as a program of the head's."""
    secret = give_token(HEAD)
    return lambda path, **kwargs: ask(path, token=secret, **kwargs)
