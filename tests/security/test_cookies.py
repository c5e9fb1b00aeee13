"""Cookies: out of scripts' reach and of other sites'; over https bound to it and to this very name."""

import os
import subprocess
import sys
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from headway.records.models import School
from tests.web.primary import HEAD, PASSWORD

ASKED = """
import django; django.setup()
from django.conf import settings
kinds = ("SESSION", "CSRF")
said = [getattr(settings, f"{kind}_COOKIE_{what}") for kind in kinds for what in ("NAME", "SECURE", "HTTPONLY")]
print(said, settings.SECURE_HSTS_SECONDS, settings.SESSION_COOKIE_AGE <= 12 * 60 * 60, settings.DEBUG)
"""


def signed_in(client: Client, **secure: bool) -> SimpleCookie:
    client.get("/sign-in", **secure)
    client.post("/sign-in", {"username": HEAD, "password": PASSWORD}, **secure)
    client.post("/theme", {"theme": "dark", "next": "/"}, **secure)
    return client.cookies


def test_on_loopback_they_are_plain_and_out_of_the_reach_of_scripts_and_other_sites(
    primary: School, client: Client
) -> None:
    cookies = signed_in(client)

    assert {"sessionid", "csrftoken"} <= set(cookies)
    for name, each in cookies.items():
        assert each["samesite"] in ("Lax", "Strict"), name
        assert each["httponly"] or name == "theme", name  # light or dark, which a script keeps and which says nothing
        assert not each["secure"], name
        assert not each["domain"], name


def test_behind_tls_they_are_bound_to_it(primary: School, client: Client, settings: Settings) -> None:
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = settings.BEHIND_TLS = True

    cookies = signed_in(client, secure=True)

    assert {"__Host-sessionid", "__Host-csrftoken"} <= set(cookies)
    for name, each in cookies.items():
        assert each["secure"], name
        assert each["path"] == "/", name
        assert not each["domain"], name
        assert each["samesite"] in ("Lax", "Strict"), name


@pytest.mark.parametrize(
    ("tls", "said"),
    [
        ("0", "['sessionid', False, True, 'csrftoken', False, True] 0 True False"),
        ("1", "['__Host-sessionid', True, True, '__Host-csrftoken', True, True] 31536000 True False"),
    ],
)
def test_the_settings_say_so_whatever_the_environment_asks(tmp_path: Path, tls: str, said: str) -> None:
    """And nothing in the environment switches on what shows a mistake's insides."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HEADWAY")}
    own = {"HEADWAY_DATA": str(tmp_path), "HEADWAY_TLS": tls, "DJANGO_SETTINGS_MODULE": "headway.config.settings"}
    asked_for = dict.fromkeys(("DEBUG", "DJANGO_DEBUG", "HEADWAY_DEBUG"), "1")
    source = str(Path(__file__).parents[2] / "src")

    found = subprocess.run(
        [sys.executable, "-c", ASKED],
        env={**kept, **own, **asked_for, "PYTHONPATH": source},
        capture_output=True,
        check=True,
        text=True,
    )

    assert found.stdout.strip() == said


def test_a_page_shows_no_session_and_no_password(primary: School, client: Client) -> None:
    session = signed_in(client)["sessionid"].value

    for address in ("/", "/progress", "/set-up", "/transfers", f"/{session}"):
        answer = client.get(address)
        assert session not in answer.content.decode().replace(f"/{session}", ""), address
        assert PASSWORD not in answer.content.decode(), address
