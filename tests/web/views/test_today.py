from datetime import datetime, timedelta

import pytest
from django.test import Client
from tests.school import NOW, bring_in, csv, make_upn, pupils_file, sign_in_for
from tests.web.conftest import Visitor
from tests.web.doors import enter
from tests.web.html import read
from tests.web.primary import HEAD, TEACHER, add_account

from headway.records.models import Pupil, School, User, Visit
from headway.services.access import viewer_of
from headway.services.collections import close

TERM = "2026-27-autumn"
CELL = "Year 5, mathematics: 56 % of 9 on or above; 4 apparently off track"


def _missing_in_5a(school: School) -> None:
    """A pupil joins 5A and has no mark yet."""
    upn = make_upn(99)
    bring_in(school, pupils_file({upn: {"surname": "Moss", "forename": "Mia"}}), file="pupils.csv")
    row = f"5A,mathematics,5,{upn},TEA"
    bring_in(school, csv("class,subject,year_group,upn,teacher", row), file="classes.csv")


def test_it_opens_with_the_day_and_the_term(teacher: Client) -> None:
    page = read(teacher.get("/"))

    assert "Monday 23 November" in page.words
    assert "Autumn 2026" in page.words
    assert page.find("a", href="/", **{"aria-current": "page"})


def test_it_tells_a_teacher_that_nothing_is_missing(teacher: Client) -> None:
    page = read(teacher.get("/"))

    assert "Nothing is missing: every mark of autumn 2026 is entered." in page.words
    assert "6 of 6" in page.words


def test_it_tells_a_teacher_what_is_missing_and_leads_to_the_sheet(primary: School, teacher: Client) -> None:
    _missing_in_5a(primary)

    page = read(teacher.get("/"))

    assert "1 mark is missing on your sheet." in page.words
    assert "6 of 7" in page.words
    assert page.find("a", href=f"/classes/5A/marks/{TERM}?subject=mathematics&from=%2F")
    assert page.links()["Targets of 5A Mathematics"] == "/targets/5A/mathematics?from=%2F"


def test_it_names_the_newly_off_track_of_a_teachers_own_classes(primary: School, teacher: Client) -> None:
    page = read(teacher.get("/"))

    assert "2 pupils are apparently off track in a subject in which they were not in summer 2026." in page.words
    assert "Adams, Amir" in page.words
    assert "Jones, Jo" not in page.words
    amir = Pupil.objects.get(surname="Adams")
    assert page.find("a", href=f"/pupils/{amir.uid}?from=%2F")


def test_it_shows_the_whole_school_to_leaders_alone(head: Client, teacher: Client) -> None:
    assert "All subjects" in read(head.get("/")).words
    assert "All subjects" not in read(teacher.get("/")).words


def test_it_leads_a_head_from_a_cell_to_the_names(head: Client) -> None:
    page = read(head.get("/"))

    assert (
        page.links()[CELL] == f"/progress?who=year%3A5&subject=mathematics&term={TERM}&status=off_track&from=%2F#pupils"
    )
    assert page.find("td", **{"class": "heat-2"})
    assert head.get(page.links()[CELL]).status_code == 200


def test_it_shows_another_term_where_it_is_asked_to(head: Client) -> None:
    page = read(head.get("/?term=2025-26-summer"))

    assert "Nothing is known yet of summer 2026" in page.words
    assert page.find("a", href="?term=2025-26-summer", **{"aria-current": "true"})


@pytest.mark.parametrize("term", ["nonsense", "2019-20-autumn", "../.."])
def test_it_shows_the_latest_marks_where_it_does_not_know_a_term(head: Client, term: str) -> None:
    page = read(head.get("/", {"term": term}))

    assert page.find("a", href=f"?term={TERM}", **{"aria-current": "true"})


def test_it_folds_the_incomplete_sheets_of_the_school_by_year(head: Client) -> None:
    page = read(head.get("/"))

    assert "1 of 2 sheets are complete; 1 mark is missing." in page.words
    assert "Year 5 1 sheet, 1 missing" in page.words
    assert page.find("a", href=f"/classes/5B/marks/{TERM}?subject=mathematics&from=%2F")


def test_it_says_so_where_this_term_has_no_marks_yet(
    primary: School, head: Client, teacher: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    january = datetime(2027, 1, 11, 10, 0, tzinfo=NOW.tzinfo)
    monkeypatch.setattr("headway.web.clock.now", lambda: january)

    for client, email in ((head, HEAD), (teacher, TEACHER)):
        enter(client, email, now=january)
        words = read(client.get("/")).words
        assert "Few or no marks of spring 2027 are in yet, so this is autumn 2026." in words


def test_it_tells_what_others_changed_since_the_last_visit(
    primary: School, head: Client, teacher: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Nothing has changed in your classes." in read(teacher.get("/")).words
    maya = viewer_of(User.objects.get(email=HEAD))
    close(TERM, school=primary, by=maya, now=NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=2)
    monkeypatch.setattr("headway.web.clock.now", lambda: later)
    enter(teacher, TEACHER, now=later)

    words = read(teacher.get("/")).words

    assert "Since you were last here, today at 10:00." in words
    assert "Maya Head closed the collection of autumn 2026 today at 11:00" in words
    assert Visit.objects.get(user__email="teacher@elm.example").before == NOW


def test_it_leads_whoever_may_to_setting_up_where_there_is_nobody(elsewhere: School, visitor: Visitor) -> None:
    page = read(visitor("head@elsewhere.example").get("/"))

    assert page.find("a", href="/set-up")
    assert "There are no pupils in School 8239999 yet." in page.words


def test_it_tells_other_leaders_whom_to_ask(elsewhere: School, visitor: Visitor) -> None:
    user = sign_in_for(elsewhere, "senior_leader")

    page = read(visitor(user.email).get("/"))

    assert not page.find("a", href="/set-up")
    assert "Ask the head or the assessment manager to bring them in" in page.words


def test_it_says_how_far_setting_up_has_come(elsewhere: School, visitor: Visitor) -> None:
    bring_in(elsewhere, pupils_file({make_upn(1): {}}), file="pupils.csv")

    page = read(visitor("head@elsewhere.example").get("/"))

    assert "School 8239999 is not set up yet" in page.words
    assert "staff and classes" in page.words
    assert page.find("a", href="/set-up")


def test_it_tells_a_teacher_without_a_class_whom_to_ask(primary: School, visitor: Visitor) -> None:
    add_account(primary, "new@elm.example", "Nell New", "class_teacher")

    words = read(visitor("new@elm.example").get("/")).words

    assert "nobody has put you down as the teacher of a class" in words
    assert "Ask the assessment manager of Elm Tree Primary School" in words


def test_it_tells_a_governor_what_there_is_for_them(governor: Client) -> None:
    response = governor.get("/")

    assert response.status_code == 200
    assert "your role does not include that" in read(response).words
    assert not Visit.objects.exists()


def test_it_sends_whoever_has_not_signed_in_to_the_door(client: Client, primary: School) -> None:
    assert client.get("/")["Location"] == "/sign-in?next=/"


def test_it_is_only_read(head: Client) -> None:
    assert head.post("/").status_code == 405
