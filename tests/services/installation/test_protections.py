"""Do the settings protect what is kept."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from headway.records.models import School
from headway.services.schools import SchoolRefusedError
from tests.school import make_school
from tests.services.installation.conftest import Unsound

CHECKED = """
import django; django.setup()
from headway.services.installation.protections import django_itself, https
print([each.sentence for look in (django_itself, https) for each in look(None) if not each.sound])
"""


def test_it_refuses_to_answer_to_any_name(sound: Path, unsound: Unsound, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["localhost", "*"]

    said = unsound()
    assert any(
        each.startswith("HEADWAY_HOSTS holds *, so Headway answers to any name. Right would be") for each in said
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("SESSION_COOKIE_SECURE", True), ("CSRF_COOKIE_SECURE", True), ("SECURE_HSTS_SECONDS", 60)],
)
def test_plain_http_with_the_settings_of_https_is_not_sound(
    sound: Path, unsound: Unsound, settings: Settings, name: str, value: object
) -> None:
    setattr(settings, name, value)

    assert any("plain http with the cookies and headers of https" in each for each in unsound())


def test_https_with_the_settings_of_plain_http_is_not_sound(sound: Path, unsound: Unsound, settings: Settings) -> None:
    settings.BEHIND_TLS = True

    assert any("browsers are not held to it" in each for each in unsound())


@pytest.mark.parametrize("tls", ["0", "1"])
def test_djangos_own_checks_find_nothing_in_our_settings(tmp_path: Path, tls: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HEADWAY")}
    own = {"HEADWAY_DATA": str(tmp_path), "HEADWAY_TLS": tls, "DJANGO_SETTINGS_MODULE": "headway.config.settings"}
    source = str(Path(__file__).parents[3] / "src")

    found = subprocess.run(
        [sys.executable, "-c", CHECKED], env={**kept, **own, "PYTHONPATH": source}, capture_output=True, check=False
    )

    assert (found.stdout.decode(), found.stderr.decode()) == ("[]\n", "")


def test_what_django_finds_is_said(sound: Path, unsound: Unsound, settings: Settings) -> None:
    settings.DEBUG = True

    assert any("DEBUG" in each and "(security.W018)" in each for each in unsound())


def test_passwords_that_are_easily_guessed_are_not_sound(sound: Path, unsound: Unsound, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

    said = (
        "Passwords are kept by md5 in a way too easily guessed. Right would be argon2, with 19 MB and 2 passes or more."
    )
    assert unsound() == [said]


@pytest.mark.parametrize(("name", "value"), [("memory_cost", 8 * 1024), ("time_cost", 1)])
def test_argon2_at_too_little_a_cost_is_not_sound(
    sound: Path, unsound: Unsound, monkeypatch: pytest.MonkeyPatch, name: str, value: int
) -> None:
    monkeypatch.setattr(f"headway.config.passwords.SteadyArgon2Hasher.{name}", value)

    (said,) = unsound()
    assert said.startswith("Passwords are kept by argon2 in a way too easily guessed.")


def test_a_short_secret_is_not_sound(sound: Path, unsound: Unsound, settings: Settings) -> None:
    settings.SECRET_KEY = "a" * 12

    assert any(each.startswith("The secret in ") and "too short" in each for each in unsound())


class TestMadeUpApart:
    def test_a_made_up_school_beside_a_real_one_is_not_sound(self, sound: Path, unsound: Unsound) -> None:
        make_school()
        School.objects.update(demo=True)
        assert unsound() == []
        School.objects.create(name="Hillside", dfe="8239999")

        (said,) = unsound()
        assert said.startswith("School 8231234 is made up and stands beside Hillside: anybody could sign in. Right")

    def test_a_real_one_served_as_a_demo_is_not_sound(self, sound: Path, unsound: Unsound, settings: Settings) -> None:
        settings.DEMO = True
        assert unsound() == []
        make_school()

        (said,) = unsound()
        assert said.startswith("School 8231234 is real and is served as a demo, which asks less of a sign-in.")

    def test_nobody_can_make_one_beside_the_other(self, sound: Path) -> None:
        make_school()
        School.objects.update(demo=True)

        with pytest.raises(SchoolRefusedError, match="School 8231234 is here and is made up"):
            make_school("8239999")
