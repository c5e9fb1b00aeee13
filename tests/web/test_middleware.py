"""What holds of every page: the headers, nothing inline, refusals and mistakes as pages."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from headway.records.models import School
from headway.services.access import NotAllowedError, NotFoundError
from tests.web.html import read

PAGES = ["/", "/sign-in", "/progress", "/progress?year_group=nonsense", "/nothing-here", "/claim/MQ/wrong"]
POLICY = {
    "default-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


@pytest.mark.parametrize("address", PAGES)
def test_it_allows_a_page_nothing_from_elsewhere(head: Client, address: str) -> None:
    response = head.get(address)

    said = set(re.split(r";\s*", response["Content-Security-Policy"]))
    assert said >= POLICY
    assert "unsafe" not in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", PAGES)
def test_it_leaves_no_page_in_a_cache(head: Client, address: str) -> None:
    assert "no-store" in head.get(address)["Cache-Control"]


@pytest.mark.parametrize("address", PAGES)
def test_it_writes_no_script_and_no_style_into_a_page(head: Client, address: str) -> None:
    page = read(head.get(address, follow=True))

    assert page.tags
    assert page.scripts == []
    assert page.find("style") == []
    assert [tag for tag, attributes in page.tags if "style" in attributes] == []
    assert [name for _, attributes in page.tags for name in attributes if name.startswith("on")] == []
    assert all((each["src"] or "").startswith("/static/") for each in page.find("script"))


@pytest.mark.parametrize("address", PAGES)
def test_it_has_one_heading_a_title_and_a_way_past_the_frame(head: Client, address: str) -> None:
    page = read(head.get(address, follow=True))

    assert len(page.find("h1")) == 1
    assert page.find("html", lang="en-GB")
    assert page.find("a", href="#main")
    assert page.find("main", id="main")


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (NotFoundError("8231234"), 404, "There is nothing here for you"),
        (NotAllowedError("Your role does not include this."), 403, "Your role does not include this."),
        (OperationalError("database is locked"), 503, "Wait a minute"),
    ],
)
def test_it_says_a_refusal_as_a_page(
    head: Client, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, words: str
) -> None:
    monkeypatch.setattr("headway.web.views.progress.choices", _raising(error))

    response = head.get("/progress")

    assert response.status_code == status
    assert words in read(response).words
    assert "8231234" not in response.content.decode()
    assert "no-store" in response["Cache-Control"]


def test_it_tells_when_to_come_back(head: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.web.views.progress.choices", _raising(OperationalError("database is locked")))

    assert head.get("/progress")["Retry-After"] == "30"


def test_it_owns_up_to_a_mistake_without_showing_its_insides(head: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("headway.web.views.progress.choices", _raising(RuntimeError("Adams, Amir: insides")))
    head.raise_request_exception = False

    response = head.get("/progress")

    assert response.status_code == 500
    assert "This is our mistake" in read(response).words
    assert "insides" not in response.content.decode()
    assert "default-src 'self'" in response["Content-Security-Policy"]


def test_it_says_when_a_form_has_gone_stale(primary: School) -> None:
    strict = Client(enforce_csrf_checks=True)

    response = strict.post("/sign-in", {"username": "head@elm.example", "password": "x"})

    assert response.status_code == 403
    assert "This form has gone stale" in read(response).words


def test_it_says_when_a_form_cannot_be_read(client: Client, db: None) -> None:
    response = client.post("/theme", {"theme": "purple"})

    assert response.status_code == 400
    assert "Nothing was changed" in read(response).words


@pytest.mark.parametrize(
    "address", ["/search?q=%00", "/classes/5%00A/marks/2026-27-autumn", "/targets/5A/%00", "/?%00=&from=%00"]
)
def test_it_reads_no_address_with_a_character_that_no_database_takes(head: Client, address: str) -> None:
    response = head.get(address)

    assert response.status_code == 400
    assert "Nothing was changed" in read(response).words
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("a=&" * 5000, "application/x-www-form-urlencoded"),
        ("a" * 6_000_000, "application/x-www-form-urlencoded"),
        ("a=b", "application/x-www-form-urlencoded; charset=utf-16"),
        ("--x", "multipart/form-data"),
    ],
)
def test_it_says_so_where_the_form_can_never_be_read(client: Client, db: None, body: str, content_type: str) -> None:
    response = client.generic("POST", "/sign-in", body, content_type)

    assert response.status_code == 400
    assert "Nothing was changed" in read(response).words


def _raising(error: Exception) -> Callable[..., Any]:
    def choices(**_: object) -> None:
        raise error

    return choices
