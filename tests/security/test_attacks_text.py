"""A5 and A6: text that is code to somebody, put wherever a person can put text. It comes out as the text it is."""

import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from headway.formats.sheets_out import write_csv
from headway.records.models import User
from headway.services.access import viewer_of
from headway.services.exports import export
from tests.school import NOW
from tests.security.crawl import content_of, pages
from tests.security.hostile import HEAD, TERM, Says, make_said_school
from tests.security.walk import places
from tests.web.conftest import Visitor

SOURCE = Path(__file__).parents[2] / "src" / "headway"
HARMLESS = "Plain"
CORPUS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><svg/onload=alert(1)>",
    "</title></textarea></script><b onclick=alert(1)>",
    '" autofocus onfocus=alert(1) x="',
    "' style='x:expression(1)' y='",
    "javascript:alert(1)",
    "<!--><iframe srcdoc=x>",
    ']]><x:script xmlns:x="http://www.w3.org/1999/xhtml">',
    "&lt;script&gt;alert(1)&#x3c;/script>",
    "\u2028<a href=data:text/html,x>",
    "${alert(1)}`<base href=//evil.example>",
]
TEMPLATE = "{{7777|add:1}}{% load static %}{% now 'Y' %}{{settings.SECRET_KEY}}${7*7}"
LINKS = ("href", "src", "action", "formaction", "xlink:href", "srcset", "poster", "data", "ping", "srcdoc")
CHOSEN = ("q", "who", "subject", "term", "from", "find", "also")
TYPED = ("name", "username", "email", "next", "act", "from")


@dataclass
class Made(HTMLParser):
    """The elements of a page with the names of their attributes, its addresses, and what stands in its scripts."""

    elements: set[tuple[str, frozenset[str]]] = field(default_factory=set)
    addresses: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    inside: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self.elements.add((tag, frozenset(name for name, _ in attrs)))
        self.addresses += [value or "" for name, value in attrs if name in LINKS]
        self.inside = tag

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "script":
            self.data.append(data)


def of_corpus(number: int) -> Says:
    """Puts one of the corpus into each field, another into the next; three schools see each of them everywhere."""

    def says(what: str, most: int) -> str:
        chosen = CORPUS[(sum(map(ord, what)) + number) % len(CORPUS)]
        return chosen if len(chosen) <= most else "<b>" + chosen[: most - 3]

    return says


def asked(client: Client, text: str) -> Iterator[tuple[str, HttpResponse]]:
    """Text sent along with a request, so that a page that refuses it may say it again."""
    uid = {"pupil": "00000000-0000-4000-8000-000000000000"}
    file = SimpleUploadedFile(f"{text.replace('/', '')}.csv", b"a,b\n1,2\n")
    for address in [each.address for each in places()]:
        yield (
            address,
            client.get(address, dict.fromkeys(CHOSEN, text)),
        )
        yield (
            address,
            client.post(address, dict.fromkeys(TYPED, text)),
        )
    yield "a file", client.post("/transfers", {"file": file, "kind": text, "back": text}, follow=True)
    yield "a group", client.post("/groups/new", {"name": text * 30, **uid})
    yield (
        "a cell",
        client.post(
            f"/classes/5A/marks/{TERM}/cells?subject=mathematics",
            json.dumps({"request": text, "cells": [{**uid, "subject": text, "mark": text, "version": text}]}),
            content_type="application/json",
        ),
    )


def everything(client: Client, texts: Sequence[str]) -> Iterator[tuple[str, HttpResponse]]:
    """Every page by its links, every address, and pages that say what was sent."""
    starts = ["/search?q=%25", "/set-up", "/transfers", *(each.address for each in places())]
    yield from pages(client, *starts)
    for text in texts:
        yield from asked(client, text)


def at_doors() -> Iterator[tuple[str, HttpResponse]]:
    """What the ways in answer to names there are not: one of several forms, always the same for the same name."""
    for each in [place.address for place in places() if "sign-in" in place.name]:
        for number in range(16):
            yield each, Client().post(each, dict.fromkeys(TYPED, f"{HARMLESS} {number}"))


@pytest.fixture
def shapes(visitor: Visitor, db: None) -> set[tuple[str, frozenset[str]]]:
    """The elements that pages are made of where every text is harmless."""
    found = Made()
    with transaction.atomic():
        make_said_school(lambda what, most: f"{HARMLESS} {what}"[:most])
        for _, answer in (*everything(visitor(HEAD), [HARMLESS]), *at_doors()):
            if answer.get("Content-Type", "").startswith("text/html"):
                found.feed(content_of(answer))
                found.reset()
        transaction.set_rollback(True)
    return found.elements


@pytest.mark.parametrize("number", range(0, len(CORPUS), 4))
def test_A6_text_of_any_kind_makes_no_element_and_no_attribute(
    shapes: set[tuple[str, frozenset[str]]], visitor: Visitor, number: int
) -> None:
    school = make_said_school(of_corpus(number))
    seen, shown = 0, 0

    for address, answer in everything(visitor(HEAD), CORPUS[number : number + 4]):
        seen += 1
        kind, content = answer.get("Content-Type", ""), content_of(answer)
        assert answer.status_code < 500, address
        assert answer["X-Content-Type-Options"] == "nosniff", address
        if not kind.startswith("text/html"):
            assert kind.split(";")[0] in (
                "",
                "text/csv",
                "application/json",
                "application/problem+json",
                "text/plain",
            ), (
                address,
                kind,
            )
            continue
        page = Made()
        page.feed(content)
        strange = {each for each in page.elements if each not in shapes}
        assert not {each for each in strange if _is_dangerous(*each)}, (address, strange)
        assert not strange, (address, strange)
        assert all(each == "" or each.startswith(("/", "?", "#")) for each in page.addresses), (address, page.addresses)
        assert not [each for each in page.addresses if each.startswith(("//", "/\\"))], address
        for block in page.data:
            assert "<" not in block, address
            json.loads(block)
        shown += html.escape(school.name) in content

    assert seen > 60
    assert shown > 30  # it was there to be made something of


def _is_dangerous(tag: str, attributes: frozenset[str]) -> bool:
    handlers = {each for each in attributes if each.startswith("on")} | {"style", "srcdoc"} & attributes
    return bool(handlers) or tag in ("script", "iframe", "object", "embed", "base", "img", "meta", "x:script")


def test_A5_template_text_stays_text_on_pages_and_in_files(visitor: Visitor, db: None) -> None:
    school = make_said_school(
        lambda what, most: f"{what} {TEMPLATE}" if len(what) + len(TEMPLATE) < most else "{{7777|add:1}}"[:most]
    )
    client = visitor(HEAD)
    said = []

    for address, answer in everything(client, [TEMPLATE]):
        assert answer.status_code < 500, address
        said.append(html.unescape(content_of(answer)))
    by = viewer_of(User.objects.get(email=HEAD))
    for kind in ("pupils", "classes", "groups", "assessments", "targets", "behaviour"):
        sheet = export(kind, school=school, by=by, now=NOW)
        said.append(write_csv(sheet.headers, sheet.rows).decode())

    assert not [each for each in said if "7778" in each]
    assert not [each for each in said if re.search(r"(?<![\w-])49(?![\w-])\}", each)]
    assert sum("{{7777|add:1}}" in each for each in said) > 30
    for what in ("surname", "forename", "comment", "note"):
        assert any(f"{what} {{{{7777" in each for each in said), what


def test_it_would_notice_an_element_made_of_a_name() -> None:
    page = Made()
    page.feed(f"<p>{CORPUS[1]}</p>")

    assert ("img", frozenset({"src", "onerror"})) in page.elements
    assert _is_dangerous("img", frozenset({"src", "onerror"}))


def test_text_is_called_safe_in_four_places_alone() -> None:
    """Templates escape what they are given; what is written otherwise escapes each part, and is few."""
    by_hand = re.compile(r"mark_safe|SafeString|\|\s*safe\b|autoescape off|safeseq|__html__|format_html")
    sources = [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html")]

    assert {str(file.relative_to(SOURCE)) for file in sources if by_hand.search(file.read_text("utf-8"))} == {
        "charts/svg.py",
        "web/forms/selects.py",
        "web/presenters/progress.py",
        "web/presenters/pupil_rows.py",
    }
