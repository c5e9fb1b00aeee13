"""The application's own logs: no name, no mark, no token, and nothing a request says can start a line of its own."""

import logging
import re

import pytest
from django.test import Client
from django.urls import reverse

from headway.records.models import Pupil, School, User
from headway.services.people import claim_path
from tests.web.conftest import Visitor
from tests.web.primary import HEAD, PASSWORD, TEACHER

TERM = "2026-27-autumn"
INJECTED = "x\r\nWARNING headway.sign_in a sign-in was granted"


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Every line that any part of the application writes, as a server would keep it and more."""
    caplog.set_level(logging.INFO)
    return caplog


def lines(logged: pytest.LogCaptureFixture) -> list[str]:
    shown = logging.Formatter("%(levelname)s %(name)s %(message)s")
    return [shown.format(record) for record in logged.records]


def test_what_people_do_all_day_leaves_no_name_and_no_mark_there(
    primary: School, visitor: Visitor, logged: pytest.LogCaptureFixture
) -> None:
    amir = Pupil.objects.get(surname="Adams")
    for email in (HEAD, TEACHER):
        client = visitor(email)
        for address in (
            "/",
            "/search?q=Adams",
            f"/classes/5A/marks/{TERM}",
            reverse("pupil", args=[amir.uid]),
            "/pupils/00000000-0000-4000-8000-000000000000",
            "/school/audit",
            "/transfers",
            "/nothing/Adams/here",
        ):
            client.get(address)
        client.post(f"/classes/5A/marks/{TERM}/cells", "{not json", content_type="application/json")

    said = "\n".join(lines(logged))
    for pupil in Pupil.objects.all():
        for secret in (pupil.upn, f"{pupil.surname}, {pupil.forename}"):
            assert secret not in said
    assert "q=Adams" not in said


def test_no_password_and_no_token_stands_there(
    primary: School, client: Client, logged: pytest.LogCaptureFixture
) -> None:
    link = claim_path(User.objects.get(email=TEACHER))
    client.post("/sign-in", {"username": HEAD, "password": "a wrong password here"})
    client.post("/sign-in", {"username": HEAD, "password": PASSWORD})
    client.get(link)
    client.get(link[:-1] + "x")

    said = "\n".join(lines(logged))
    assert "sign-in was refused" in said
    for secret in ("a wrong password here", PASSWORD, HEAD, link.rpartition("/")[2]):
        assert secret not in said


def test_nothing_a_request_says_begins_a_line(primary: School, head: Client, logged: pytest.LogCaptureFixture) -> None:
    hostile = "x%0d%0aWARNING%20headway%20injected"
    Client().post("/sign-in", {"username": INJECTED, "password": INJECTED})
    for address in (f"/search?q={hostile}", f"/pupils/{hostile}", f"/classes/{hostile}/marks/{TERM}", f"/{hostile}"):
        head.get(address, headers={"user-agent": INJECTED, "referer": INJECTED, "x-forwarded-for": INJECTED})

    assert lines(logged)
    assert [line for line in lines(logged) if re.search(r"[\r\n]", line)] == []
