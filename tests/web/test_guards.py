import re
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from headway.records.models import School, User
from tests.school import bring_in, csv
from tests.web.html import read
from tests.web.primary import HEAD, NOBODY_YET, add_account


def test_it_sends_a_stranger_to_sign_in_and_back(client: Client, primary: School) -> None:
    response = client.get("/progress?year_group=5")

    assert response.status_code == 302
    assert response["Location"] == "/sign-in?next=/progress%3Fyear_group%3D5"


def test_it_shows_a_school_to_one_of_its_people(head: Client) -> None:
    assert "Elm Tree Primary School" in read(head.get("/progress")).words


def test_it_tells_somebody_without_a_role_what_to_do(primary: School, visitor: Callable[[str], Client]) -> None:
    row = f"NED,Ned Nobody,{NOBODY_YET},tutor,2026-11-22"
    bring_in(primary, csv("staff,name,email,roles,to", row), file="staff.csv")
    add_account(primary, NOBODY_YET, "Ned Nobody", "tutor")

    response = visitor(NOBODY_YET).get("/progress")

    assert response.status_code == 403
    assert "no school here lists you" in read(response).words
    assert "Elm Tree" not in response.content.decode()


def test_it_forgets_somebody_as_soon_as_the_account_is_closed(head: Client) -> None:
    User.objects.filter(email=HEAD).update(is_active=False)

    assert head.get("/progress").status_code == 302


def test_it_hides_another_school_even_from_its_own_head(
    head: Client, elsewhere: School, primary: School, visitor: Callable[[str], Client]
) -> None:
    stranger = visitor("head@elsewhere.example")

    response = stranger.get(f"/progress?school={primary.uid}")

    assert response.status_code == 404
    assert "Adams" not in response.content.decode()
    assert "Adams" not in stranger.get("/progress?year_group=5&subject=mathematics").content.decode()


def test_it_answers_a_school_that_is_not_there_as_one_that_is_not_yours(
    elsewhere: School, primary: School, visitor: Callable[[str], Client]
) -> None:
    stranger = visitor("head@elsewhere.example")

    not_there = stranger.get("/progress?school=not-one")
    not_theirs = stranger.get(f"/progress?school={primary.uid}")

    assert not_there.status_code == not_theirs.status_code == 404
    assert read(not_there).words == read(not_theirs).words


def test_it_asks_which_school_and_remembers(
    primary: School, elsewhere: School, visitor: Callable[[str], Client]
) -> None:
    add_account(elsewhere, HEAD, "Maya Head", "head")
    head = visitor(HEAD)

    asked = read(head.get("/progress?year_group=5"))
    assert "Which school?" in asked.words
    assert {"value": "/progress?year_group=5"}.items() <= asked.find("input", name="next")[0].items()

    chosen = head.post("/school/choose", {"school": str(primary.uid), "next": "/progress?year_group=5"})
    assert (chosen.status_code, chosen["Location"]) == (302, "/progress?year_group=5")
    assert "Year 5 mathematics" in read(head.get("/progress")).words
    assert head.post("/school/choose", {})["Location"] == "/"
    assert "Which school?" in read(head.get("/progress")).words


def test_no_address_changes_the_school_by_itself(
    primary: School, elsewhere: School, visitor: Callable[[str], Client]
) -> None:
    add_account(elsewhere, HEAD, "Maya Head", "head")
    head = visitor(HEAD)
    head.post("/school/choose", {"school": str(primary.uid)})
    link = f"/progress?year_group=5&school={elsewhere.uid}"

    asked = head.get(link)
    refused = head.post(f"/groups/new?school={elsewhere.uid}", {"name": "Choir"})

    assert f"This is at {elsewhere.name}" in read(asked).words
    assert read(asked).find("input", name="next")[0]["value"] == link
    assert (refused.status_code, "Nothing has been changed." in read(refused).words) == (409, True)
    assert primary.name in read(head.get("/groups")).words
    assert "Year 5 mathematics" in read(head.get(f"/progress?year_group=5&school={primary.uid}")).words
    head.post("/school/choose", {"school": str(elsewhere.uid), "next": link})
    assert elsewhere.name in read(head.get(link)).words


def test_nobody_changes_over_to_a_school_that_is_not_theirs(
    primary: School, elsewhere: School, visitor: Callable[[str], Client]
) -> None:
    stranger = visitor("head@elsewhere.example")

    assert stranger.post("/school/choose", {"school": str(primary.uid)}).status_code == 404
    assert stranger.post("/school/choose", {"school": "nonsense"}).status_code == 404
    assert stranger.get("/school/choose").status_code == 405
    away = stranger.post("/school/choose", {"next": "https://elsewhere.example/"})
    assert away["Location"] == "/"


def test_it_reads_the_session_the_account_and_what_it_holds_and_nothing_more(head: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        response = head.get("/search")

    assert response.status_code == 200
    tables = [re.search(r'FROM "(\w+)"', each["sql"])[1] for each in asked]  # type: ignore[index]
    assert tables == ["django_session", "records_user", "records_person"]
