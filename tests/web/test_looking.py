"""Every page that shows a pupil is in the audit, about exactly the pupils it shows (TRUST P1)."""

import json
import re
from collections import Counter, deque
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from headway.records.models import AuditEntry, AuditSetPupil, Group, Pupil, School, Transfer
from headway.services.access import viewer_of
from headway.services.groups import make_group
from headway.web import looking
from headway.web.presenters.audit_words import place_words
from tests.school import NOW
from tests.web.conftest import Visitor
from tests.web.primary import GOVERNOR, HEAD, TEACHER

TERM = "2026-27-autumn"
MOST_OF_A_ROUTE = 5
NOT_READ = {"sign-out", "theme", "audit-file"}


@pytest.fixture
def lived_in(primary: School, head: Client) -> School:
    """Elm Tree with a group, and with a target somebody else has changed."""
    from headway.records.models import User

    pupils = list(Pupil.objects.order_by("pk").values_list("uid", flat=True)[:3])
    make_group("Readers", pupils=pupils, school=primary, by=viewer_of(User.objects.get(email=HEAD)), now=NOW)
    return primary


def shown_in(response: HttpResponse) -> set[int]:
    """The pupils whose names stand in an answer."""
    text = response.content.decode(errors="replace")
    words = set(re.findall(r"[A-Za-z]+", re.sub(r"<script.*?</script>|<select.*?</select>", "", text, flags=re.S)))
    return {row.pk for row in Pupil.objects.all() if {row.surname, row.forename} <= words or f'"{row.uid}"' in text}


def logged_since(sequence: int) -> set[int]:
    """The pupils the entries after one are about."""
    sets = AuditEntry.objects.filter(sequence__gt=sequence, kind__in=("looked", "exported")).values("pupils")
    return set(AuditSetPupil.objects.filter(audit_set__in=sets).values_list("pupil", flat=True))


def last() -> int:
    newest = AuditEntry.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    return newest or 0


def compared(client: Client, address: str, **sent: object) -> tuple[HttpResponse, set[int], set[int]]:
    """An answer, whom it shows, and whom the audit says it showed."""
    before = last()
    response = client.post(address, **sent) if sent else client.get(address)  # type: ignore[arg-type]
    return response, shown_in(response), logged_since(before)


def links(response: HttpResponse) -> Iterator[str]:
    """Where a page leads, without the way back."""
    if not response.headers["Content-Type"].startswith("text/html"):
        return
    for found in re.findall(r'href="([^"#]*)', response.content.decode()):
        parts = urlsplit(found.replace("&amp;", "&"))
        if parts.path.startswith("/") and not parts.netloc:
            query = urlencode([(name, value) for name, value in parse_qsl(parts.query) if name != "from"])
            yield f"{parts.path}?{query}" if query else parts.path


def route_of(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).url_name or ""
    except Resolver404:
        return ""


@pytest.mark.parametrize("email", [HEAD, TEACHER])
def test_every_page_is_logged_with_the_pupils_it_shows_and_no_others(
    lived_in: School, visitor: Visitor, email: str
) -> None:
    client = visitor(email)
    group, transfer = Group.objects.get(), Transfer.objects.order_by("pk").first()
    assert transfer is not None
    waiting = deque(
        [
            "/",
            "/search?q=a",
            "/search/suggestions?q=a",
            f"/classes/5A/marks/{TERM}/changes?have=",
            "/progress?who=year:5&subject=mathematics&status=off_track",
            f"/groups/{group.uid}?find=b",
            *([f"/transfers/{transfer.uid}", "/school/audit?kind=looked"] if email == HEAD else []),
        ]
    )
    opened, seen, of_route = {}, set(), Counter[str]()
    while waiting:
        address = waiting.popleft()
        route = route_of(address)
        if not route or route in NOT_READ or address in seen or of_route[route] >= MOST_OF_A_ROUTE:
            continue
        seen.add(address)
        of_route[route] += 1
        response, shown, logged = compared(client, address)
        if response.status_code == 200:
            opened[address] = (shown, logged)
            waiting.extend(links(response))

    missed = {address: shown - logged for address, (shown, logged) in opened.items() if shown - logged}
    n_logged = sum(len(logged) for _, logged in opened.values())
    too_many = {address: logged - shown for address, (shown, logged) in opened.items() if logged - shown}
    assert missed == {}
    assert sum(map(len, too_many.values())) <= n_logged / 100, too_many
    assert {"home", "search", "marks", "progress", "pupil", "group", "targets"} <= {route_of(each) for each in opened}
    assert n_logged > 50
    told = AuditEntry.objects.filter(kind="looked").values_list("place", "detail")
    assert [place for place, detail in told if place_words(place, detail) == "a page"] == []


def test_what_is_sent_and_answered_at_once_is_logged_too(lived_in: School, head: Client) -> None:
    pupil = Pupil.objects.get(surname="Adams")

    _, shown, logged = compared(head, reverse("group-new"), data={"pupil": [str(pupil.uid)]})
    assert shown == logged == {pupil.pk}

    cells = {"cells": [{"pupil": str(pupil.uid), "point": "KS2", "grade": "4a"}]}
    before = last()
    checked = head.post("/targets/5A/mathematics/check", json.dumps(cells), content_type="application/json")
    assert (checked.status_code, logged_since(before)) == (200, {pupil.pk})


def test_the_plan_of_a_file_is_a_look_at_those_in_it(lived_in: School, head: Client) -> None:
    pupil = Pupil.objects.get(surname="Baker")
    file = SimpleUploadedFile("targets.csv", f"upn,subject,key_stage,grade\n{pupil.upn},mathematics,KS2,5c\n".encode())
    sent = head.post(reverse("transfers"), {"file": file})

    _, shown, logged = compared(head, sent.headers["Location"])

    assert shown == logged == {pupil.pk}


def test_asking_again_whether_anything_changed_is_no_look(lived_in: School, head: Client) -> None:
    address = f"/classes/5A/marks/{TERM}/changes?subject=mathematics&have="
    have = head.get(address).json()["have"]
    before = last()

    assert head.get(address + have).status_code == 204
    assert last() == before


def test_the_same_pupils_again_are_one_row_more(lived_in: School, head: Client) -> None:
    address = f"/classes/5A/marks/{TERM}"
    head.get(address)
    before, members = last(), AuditSetPupil.objects.count()

    head.get(address)

    assert (last(), AuditSetPupil.objects.count()) == (before + 1, members)


def test_it_says_who_looked_where_and_at_what(lived_in: School, teacher: Client) -> None:
    teacher.get(f"/classes/5A/marks/{TERM}?subject=mathematics")

    entry = AuditEntry.objects.latest("sequence")
    assert (entry.kind, entry.action, entry.by, entry.name) == ("looked", "view", TEACHER, "Tess Teacher")
    assert (entry.place, entry.school_id) == ("marks", lived_in.pk)
    assert entry.detail == {"code": "5A", "term": TERM, "subject": "mathematics"}
    assert entry.pupils is not None
    assert entry.pupils.n_pupils == 6


def test_what_was_typed_to_find_somebody_is_not_kept(lived_in: School, head: Client) -> None:
    head.get("/search?q=Adams")

    assert AuditEntry.objects.latest("sequence").detail == {}


@pytest.mark.parametrize("address", ["/transfers", "/pupils/00000000-0000-4000-8000-000000000000", "/school/audit"])
def test_a_refusal_is_an_entry(lived_in: School, teacher: Client, address: str) -> None:
    response = teacher.get(address)

    entry = AuditEntry.objects.latest("sequence")
    assert response.status_code in (403, 404)
    assert (entry.kind, entry.by, entry.detail["status"]) == ("refused", TEACHER, response.status_code)
    assert entry.place == route_of(address)


def test_an_address_there_is_not_is_none(lived_in: School, teacher: Client) -> None:
    before = last()

    assert teacher.get("/favicon.ico").status_code == 404
    assert last() == before


def test_nobody_who_has_not_signed_in_is_noted(primary: School) -> None:
    before = last()

    Client().get("/pupils/00000000-0000-4000-8000-000000000000")

    assert last() == before


def test_a_governor_who_sees_nobody_leaves_no_look(primary: School, visitor: Visitor) -> None:
    client = visitor(GOVERNOR)
    before = last()

    client.get("/")

    assert last() == before


def test_what_cannot_be_written_down_is_not_shown(
    lived_in: School, head: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object, **__: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(looking.audit, "looked", locked)

    response = head.get("/search?q=a")

    assert response.status_code == 503
    assert b"Adams" not in response.content
