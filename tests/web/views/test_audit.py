"""Who has looked: read by who may, narrowed, opened to names, taken out, walked; its alerts marked as seen."""

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from tests.school import NOW
from tests.web.conftest import Visitor
from tests.web.html import read
from tests.web.primary import GOVERNOR, HEAD, TEACHER

from headway.records.models import AuditEntry, Person, Pupil, School, User
from headway.records.stores import audit_alias
from headway.services import audit
from headway.services.access import viewer_of

TERM = "2026-27-autumn"


@pytest.fixture
def looked(primary: School, teacher: Client) -> School:
    """Tess Teacher has looked at the mark sheet of 5A and at Amir's page."""
    teacher.get(f"/classes/5A/marks/{TERM}")
    teacher.get(reverse("pupil", args=[Pupil.objects.get(surname="Adams").uid]))
    return primary


@pytest.fixture
def alerted(primary: School) -> School:
    head = viewer_of(User.objects.get(email=HEAD))
    audit.note(primary, action="export", by=head, now=NOW, detail={"kind": "pupils"}, pupils=range(1, 241))
    return primary


def test_it_says_who_looked_at_what_in_words_a_head_understands(looked: School, head: Client) -> None:
    words = read(head.get("/school/audit")).words

    assert "Tess Teacher looked at the mark sheet of 5A, autumn 2026 6 pupils" in words
    assert "Tess Teacher looked at the pupil’s page Adams, Amir" in words
    assert "The chain of" in words


def test_it_opens_an_entry_to_names(looked: School, head: Client) -> None:
    entry = AuditEntry.objects.get(place="marks")

    shut, opened = head.get("/school/audit"), head.get(f"/school/audit?open={entry.sequence}")

    assert "Baker, Bella" not in read(shut).words
    assert "Baker, Bella" in read(opened).words


def test_it_is_narrowed_to_a_pupil_by_the_pupil_s_page(looked: School, head: Client) -> None:
    bella = Pupil.objects.get(surname="Baker")
    page = read(head.get(reverse("pupil", args=[bella.uid])))
    (address,) = [link["href"] for link in page.find("a") if "/school/audit" in link.get("href", "")]

    words = read(head.get(address)).words

    assert "What happened about Baker, Bella" in words
    assert "About Baker, Bella only" in words
    assert "Adams, Amir" not in words


def test_it_is_narrowed_by_person_kind_and_days(looked: School, head: Client) -> None:
    tess = Person.objects.get(name="Tess Teacher")
    asked = {"person": str(tess.uid), "kind": "looked", "from_day": "2026-11-23", "to_day": "2026-11-23"}

    page = read(head.get("/school/audit", asked))

    assert "What Tess Teacher did" in page.words
    assert "brought a file in" not in page.words
    assert "Maya Head looked" not in page.words


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"from_day": "soon"}, "Write a day as 23/11/2026."),
        ({"from_day": "2026-11-23", "to_day": "2026-11-20"}, "This is before the first day."),
    ],
)
def test_it_says_what_is_wrong_with_days(looked: School, head: Client, asked: dict[str, str], said: str) -> None:
    response = head.get("/school/audit", asked)

    assert (response.status_code, said in read(response).words) == (400, True)


def test_it_goes_out_as_a_file_no_spreadsheet_runs_and_says_so(looked: School, head: Client) -> None:
    response = head.get("/school/audit/file?kind=looked")

    text = response.content.decode()
    assert response.headers["Content-Disposition"] == 'attachment; filename="who-has-looked.csv"'
    assert text.splitlines()[0].startswith("entry,at,who,account,kind,what,pupils,pupil")
    assert "Tess Teacher" in text
    assert '"Adams, Amir"' in text
    assert AuditEntry.objects.filter(kind="exported", detail__kind="audit").count() == 1


@pytest.mark.parametrize("address", ["/school/audit", "/school/audit/file"])
@pytest.mark.parametrize("email", [TEACHER, GOVERNOR])
def test_others_may_not_read_it(looked: School, visitor: Visitor, email: str, address: str) -> None:
    assert visitor(email).get(address).status_code == 403


@pytest.mark.parametrize("address", ["/school/audit/verify", "/school/audit/seen"])
def test_others_may_do_nothing_with_it(looked: School, teacher: Client, address: str) -> None:
    assert teacher.get(address).status_code == 405
    assert teacher.post(address, {"alert": "1"}).status_code == 403


def test_all_of_it_is_walked_where_somebody_asks(looked: School, head: Client) -> None:
    words = read(head.post("/school/audit/verify", follow=True)).words

    assert "is whole: all of it was walked today at 10:00." in words
    assert AuditEntry.objects.get(kind="verified", detail__whole=True).name == "Maya Head"


def test_a_broken_chain_is_said_loudly(looked: School, head: Client) -> None:
    with connections[audit_alias()].cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET name = 'Nobody' WHERE place = 'marks'")

    page = read(head.post("/school/audit/verify", follow=True))

    assert "The chain is broken at entry" in page.words
    assert "The chain is broken at entry" in read(head.get("/school/audit")).words


def test_an_alert_stands_on_the_page_and_on_today_until_it_has_been_seen(alerted: School, head: Client) -> None:
    said = "Maya Head took out records of 240 pupils at once today at 10:00"
    assert said in read(head.get("/school/audit")).words
    assert said in read(head.get("/")).words
    alert = AuditEntry.objects.get(kind="alert")

    response = head.post("/school/audit/seen", {"alert": str(alert.sequence), "next": "/"})

    assert response.headers["Location"] == "/"
    assert said not in read(head.get("/")).words
    assert said not in read(head.get("/school/audit")).words


def test_nobody_else_is_shown_an_alert(alerted: School, teacher: Client) -> None:
    assert "took out records" not in read(teacher.get("/")).words


@pytest.mark.parametrize("sent", ["", "0", "x", "9" * 40])
def test_an_alert_there_is_not_changes_nothing(alerted: School, head: Client, sent: str) -> None:
    assert head.post("/school/audit/seen", {"alert": sent}).status_code in (302, 404)
    assert not AuditEntry.objects.filter(kind="seen").exists()
