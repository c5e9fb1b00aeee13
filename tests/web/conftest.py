"""Elm Tree, another school elsewhere, and a browser for each of the people who look at them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import Settings

from headway.records.models import School
from tests.school import NOW, make_school
from tests.web.doors import enter
from tests.web.primary import GOVERNOR, HEAD, TEACHER, add_account, make_primary

Visitor = Callable[[str], Client]


@pytest.fixture(autouse=True)
def a_known_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 23 November 2026."""
    monkeypatch.setattr("headway.web.clock.now", lambda: NOW)
    monkeypatch.setattr("headway.api.clock.now", lambda: NOW)


@pytest.fixture(scope="session", autouse=True)
def static_root() -> None:
    """The folder a server gathers its static files in; here it stays empty."""
    Path(django_settings.STATIC_ROOT).mkdir(exist_ok=True)


@pytest.fixture(autouse=True)
def static_files_under_their_own_names(settings: Settings) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def primary(db: None, quick_passwords: None) -> School:
    return make_primary()


@pytest.fixture
def elsewhere(db: None, quick_passwords: None) -> School:
    """Another school, with a head of its own and not one pupil."""
    school = make_school("8239999")
    add_account(school, "head@elsewhere.example", "Una Elsewhere", "head")
    return school


@pytest.fixture
def visitor(db: None) -> Visitor:
    """A browser in which somebody has signed in."""

    def signed_in(email: str) -> Client:
        client = Client()
        enter(client, email)
        return client

    return signed_in


@pytest.fixture
def head(primary: School, visitor: Visitor) -> Client:
    return visitor(HEAD)


@pytest.fixture
def teacher(primary: School, visitor: Visitor) -> Client:
    return visitor(TEACHER)


@pytest.fixture
def governor(primary: School, visitor: Visitor) -> Client:
    return visitor(GOVERNOR)
