"""What every answer tells the browser: pages, files, redirects, refusals, mistakes of ours."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles import finders
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from headway.records.models import School
from headway.web.headers import FILE_POLICY
from tests.security.conftest import Known
from tests.security.walk import places

POLICY = {
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
SAID = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
OFF = ("camera", "microphone", "geolocation", "payment", "usb", "display-capture", "midi", "serial")


def wrong_with(answer: HttpResponse, *, personal: bool = True) -> Sequence[str]:
    """What an answer fails to say, or says and should not."""
    policy = answer.get("Content-Security-Policy", "")
    said = set(re.split(r";\s*", policy))
    saved = answer.get("Content-Disposition", "").startswith("attachment")
    wrong = [] if (policy == FILE_POLICY if saved else said >= POLICY) else [f"policy: {policy}"]
    wrong += ["unsafe"] if "unsafe" in policy or "*" in policy or "http:" in policy else []
    wrong += [f"{name}: {answer.get(name)}" for name, value in SAID.items() if answer.get(name) != value]
    wrong += [f"{name} is not off" for name in OFF if f"{name}=()" not in answer.get("Permissions-Policy", "")]
    wrong += [name for name in ("X-Powered-By", "Server", "Via", "Access-Control-Allow-Origin") if name in answer]
    if personal and "no-store" not in answer.get("Cache-Control", ""):
        wrong.append(f"kept in a cache: {answer.get('Cache-Control')}")
    if "Strict-Transport-Security" in answer:
        wrong.append("https is promised over plain http")
    return wrong


def test_no_address_echoes_a_request(head: Client, known: Known) -> None:
    """TRACE, by which headers that scripts cannot read would come back to them."""
    for each in places(known):
        answer = head.generic("TRACE", each.address, headers={"x-secret": "echoed"})
        assert answer.status_code in (302, 401, 403, 404, 405), each
        assert b"echoed" not in answer.content, each


@pytest.mark.parametrize("who", ["anybody", "head", "governor"])
def test_every_address_says_it(known: Known, who: str, request: pytest.FixtureRequest) -> None:
    browser: Client = request.getfixturevalue(who)
    walked = places(known)

    wrong = {
        f"{method} {each.address}": faults
        for each in walked
        for method in ("GET", "HEAD", "OPTIONS", "PUT")
        if (faults := wrong_with(browser.generic(method, each.address)))
    }

    assert wrong == {}
    assert len(walked) >= 20


def test_every_form_that_is_refused_says_it(known: Known) -> None:
    strict = Client(enforce_csrf_checks=True)

    for each in places(known):
        answer = strict.post(each.address)
        assert answer.status_code in (401, 403, 405), each
        assert wrong_with(answer) == [], each


def test_every_static_file_says_it(client: Client, db: None) -> None:
    checked = 0
    for finder in finders.get_finders():
        for name, _ in finder.list(ignore_patterns=None):
            answer = client.get(f"/static/{name}")
            answer.close()
            assert (answer.status_code, wrong_with(answer, personal=False)) == (200, []), name
            checked += 1
    assert checked > 10


@pytest.mark.parametrize("path", ["/nothing-here", "/classes/", "/%00", "/static/nothing.css", "/x" * 2000])
def test_what_is_not_there_says_it(client: Client, db: None, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code in (400, 404)
    assert wrong_with(answer) == []


def test_a_name_that_is_not_ours_says_it(client: Client, db: None) -> None:
    answer = client.get("/", headers={"host": "evil.example"})

    assert answer.status_code == 400
    assert wrong_with(answer) == []


@pytest.mark.parametrize("error", [RuntimeError("insides"), OperationalError("database is locked")])
def test_a_mistake_of_ours_says_it_and_shows_nothing_of_itself(
    head: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fails(**_: object) -> None:
        raise error

    monkeypatch.setattr("headway.web.views.today.today", fails)
    head.raise_request_exception = False

    answer = head.get("/")

    assert answer.status_code in (500, 503)
    assert wrong_with(answer) == []
    for shown in (str(error), "Traceback", ".py", "SECRET", "Maya Head", "Elm Tree"):
        assert shown not in answer.content.decode()


@pytest.mark.parametrize("asked", ["/set-up?sample=pupils", "/transfers/uploads/{upload_id}?refusals=csv"])
def test_a_file_to_be_saved_runs_nothing_and_is_not_opened(head: Client, known: Known, asked: str) -> None:
    answer = head.get(asked.format(**known))

    assert answer.status_code == 200
    assert re.fullmatch(r'attachment; filename="[a-z-]+\.csv"', answer["Content-Disposition"])
    assert "sandbox" in answer["Content-Security-Policy"]
    assert wrong_with(answer) == []


def test_nothing_but_passkeys_is_left_on(client: Client, db: None) -> None:
    said = dict(each.split("=") for each in client.get("/sign-in")["Permissions-Policy"].split(", "))

    assert {name for name, who in said.items() if who == "(self)"} == {
        "publickey-credentials-create",
        "publickey-credentials-get",
    }
    assert set(said.values()) == {"()", "(self)"}


class TestBehindTls:
    @pytest.fixture(autouse=True)
    def _tls(self, settings: Settings) -> None:
        """As the settings are behind TLS; that they are is seen at a server of its own (test_served)."""
        settings.SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
        settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_SSL_REDIRECT = True

    @pytest.mark.parametrize("address", ["/", "/sign-in", "/nothing-here", "/static/headway/headway.css"])
    def test_every_answer_holds_the_browser_to_https_for_a_year(self, head: Client, address: str) -> None:
        answer = head.get(address, secure=True)
        answer.close()

        assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"

    def test_a_name_that_is_not_ours_does_too(self, client: Client, db: None) -> None:
        answer = client.get("/", headers={"host": "evil.example"}, secure=True)

        assert (answer.status_code, answer["Strict-Transport-Security"]) == (400, "max-age=31536000; includeSubDomains")

    def test_plain_http_leads_to_https(self, primary: School, client: Client) -> None:
        answer = client.get("/sign-in?next=/progress")

        assert (answer.status_code, answer["Location"]) == (301, "https://testserver/sign-in?next=/progress")
        assert wrong_with(answer) == []


def test_our_scripts_and_styles_fetch_nothing_from_elsewhere() -> None:
    """What a page loads may name no address but our own."""
    static = Path(django_settings.STATICFILES_DIRS[0])
    told: Mapping[str, list[str]] = {
        str(file.relative_to(static)): re.findall(
            r"(?:url\(|@import|fetch\(|src\s*=|importScripts\()\s*[\"']?(?:https?:)?//[^\"')\s]*", text
        )
        for file in static.rglob("*")
        if file.suffix in (".css", ".js", ".svg") and (text := file.read_text("utf-8"))
    }

    assert {name: found for name, found in told.items() if found} == {}
    assert any(name.endswith(".css") for name in told)
