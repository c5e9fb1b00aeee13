"""One world for all tests of access, a browser to look at it, and a moment that stands still."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from tests.access.browsing import Browser, put_back
from tests.access.canaries import Canaries
from tests.access.world import World, make_world
from tests.school import NOW


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test that looks at the world works in a savepoint of its own, in every store."""
    for item in items:
        if Path(__file__).parent in item.path.parents and "world" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db(databases="__all__"))


@pytest.fixture(scope="package", autouse=True)
def a_known_moment() -> Iterator[None]:
    """It is 23 November 2026, static files go by their own names, and nobody logs thousands of refusals."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    storages = {**django_settings.STORAGES, "staticfiles": plain}
    with pytest.MonkeyPatch.context() as patch, override_settings(STORAGES=storages, PASSWORD_HASHERS=quick):
        patch.setattr("headway.web.clock.now", lambda: NOW)
        patch.setattr("headway.api.clock.now", lambda: NOW)
        Path(django_settings.STATIC_ROOT).mkdir(exist_ok=True)
        patch.setattr(logging.getLogger("django.request"), "disabled", True)
        yield


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker, a_known_moment: None) -> Iterator[World]:
    """The three schools, made once; every test works in a savepoint of its own and leaves them as they were."""
    with django_db_blocker.unblock(), put_back():
        yield make_world()


@pytest.fixture(scope="package")
def browser(world: World) -> Browser:
    return Browser(world)


@pytest.fixture(scope="package")
def canaries(world: World) -> Canaries:
    return Canaries(world)
