"""People: found, invited, changed and let go, each by those who may and by POST alone."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.school import NOW, bring_in, csv
from tests.web.conftest import Visitor
from tests.web.html import read
from tests.web.primary import TEACHER, add_account

from headway.records.models import Person, Role, School, User
from headway.services.people import claimed_user

MANAGER = "manager@elm.example"
TESS = "Tess Teacher"


def uid(name: str) -> str:
    return str(Person.objects.get(name=name).uid)


def words(response: HttpResponse) -> str:
    return read(response).words


def followed(client: Client, response: HttpResponse) -> str:
    assert response.status_code == 302, words(response)
    return words(client.get(response["Location"]))


def link_in(response: HttpResponse) -> list[str]:
    """The two parts of the one-time link a page shows."""
    (link,) = [str(each["value"]) for each in read(response).find("input", id="link")]
    return link.split("/claim/")[1].split("/")


@pytest.fixture
def manager(primary: School, visitor: Visitor) -> Client:
    add_account(primary, MANAGER, "Amy Manager", "assessment_manager")
    return visitor(MANAGER)


class TestList:
    def test_it_shows_everybody_with_role_account_and_when_last_here(self, head: Client) -> None:
        head.get("/")

        page = words(head.get("/people"))

        assert "Everybody here 3" in page
        assert "Maya Head head Head teacher Can sign in Today Missing" in page
        assert "Tess Teacher TEA Class teacher Can sign in Never Not needed" in page

    def test_it_finds_by_name_code_address_and_role(self, head: Client) -> None:
        for text in ("tess", "teacher@elm", "class teacher", "maya head"):
            assert "1 person whose name, code or address holds" in words(head.get(f"/people?q={text}")), text
        assert "Nobody here like that." in words(head.get("/people?q=zzz"))

    def test_it_shows_who_has_no_account_and_who_has_left(self, head: Client, primary: School) -> None:
        rows = ("AKH,A. Khan,a@elm.example,tutor,", f"BLE,B. Lee,b@elm.example,tutor,{NOW.date() - timedelta(days=2)}")
        bring_in(primary, csv("staff,name,email,roles,to", *rows), file="staff.csv")

        everybody, left = words(head.get("/people")), words(head.get("/people?show=left"))

        assert "No account yet 1" in everybody
        assert "Have left 1" in everybody
        assert "B. Lee" not in everybody
        assert "B. Lee BLE left after 21 November 2026" in left
        assert "A. Khan" in words(head.get("/people?show=no_account"))
        assert "A. Khan" in words(head.get("/people?show=nonsense"))

    def test_it_is_for_those_who_manage_people(self, teacher: Client, governor: Client) -> None:
        for client in (teacher, governor):
            for address in ("/people", "/people/invite", f"/people/{uid(TESS)}"):
                assert client.get(address).status_code == 403


SAID = {"name": "A. Khan", "email": "a.khan@elm.example", "code": "AKH", "role": "subject_leader:mathematics"}


class TestInvite:
    def test_it_makes_the_account_and_shows_the_link_once_with_words_to_send(self, head: Client) -> None:
        made = head.post("/people/invite", SAID)

        person = Person.objects.get(code="AKH")
        assert (made.status_code, made["Cache-Control"]) == (200, "no-store")
        assert claimed_user(*link_in(made)) == person.user  # type: ignore[arg-type]
        assert "It works once, until Thursday 26 November 2026, 10:00." in words(made)
        assert "Dear A. Khan, you now have an account in Headway" in words(made)
        assert link_in(made)[1] not in head.get(f"/people/{person.uid}").content.decode()

    def test_it_offers_roles_with_what_they_are_of(self, head: Client, manager: Client) -> None:
        offered = {str(each["value"]) for each in read(head.get("/people/invite")).find("option")}

        assert {"head", "subject_leader:mathematics", "head_of_year:5", "tutor:5A", "tutor"} <= offered
        assert "installer" not in offered
        assert "learning_mentor" not in offered
        assert {str(each["value"]) for each in read(manager.get("/people/invite")).find("option")} == offered - {"head"}

    def test_it_keeps_what_was_typed_and_says_what_is_wrong(self, head: Client) -> None:
        refused = head.post("/people/invite", SAID | {"email": "no address", "role": ""})
        taken = head.post("/people/invite", SAID | {"code": "TEA"})

        assert (refused.status_code, taken.status_code) == (400, 400)
        assert "E-mail address : Enter an e-mail address: a name, @, a place." in words(refused)
        assert "Role : Choose a role." in words(refused)
        assert read(refused).find("input", name="name")[0]["value"] == "A. Khan"
        assert "Somebody else has the staff code TEA." in words(taken)
        assert not User.objects.filter(email="a.khan@elm.example").exists()

    def test_a_role_nobody_offered_is_refused(self, manager: Client) -> None:
        refused = manager.post("/people/invite", SAID | {"role": "head"})

        assert "Choose one of the roles in the list." in words(refused)


class TestOnePerson:
    def test_it_gives_a_role_and_ends_those_whose_tick_is_gone(self, head: Client) -> None:
        address = f"/people/{uid(TESS)}"
        assert "Class teacher" in words(head.get(address))

        done = head.post(f"{address}/roles", {"shown": "class_teacher", "add": "tutor:5B"})

        assert "The roles are changed. They hold from the next click." in followed(head, done)
        assert list(Role.objects.filter(person__name=TESS).values_list("role", "scope")) == [("tutor", "5B")]
        assert "23 November 2026: Roles changed, by Maya Head" in words(head.get(address))

    def test_a_role_that_was_not_shown_stays(self, head: Client) -> None:
        head.post(f"/people/{uid(TESS)}/roles", {"add": "tutor:5B"})

        assert Role.objects.filter(person__name=TESS).count() == 2

    def test_it_says_that_nobody_changes_their_own(self, head: Client) -> None:
        address = f"/people/{uid('Maya Head')}"

        page = head.get(address)
        refused = head.post(f"{address}/roles", {"shown": "head"})

        assert "This is you. Nobody changes their own roles or days" in words(page)
        assert read(page).find("form", action=f"{address}/roles") == []
        assert (refused.status_code, "Nobody changes their own roles" in words(refused)) == (400, True)
        assert Role.objects.filter(person__name="Maya Head", role="head").exists()

    def test_it_says_that_only_a_head_changes_a_head(self, manager: Client) -> None:
        address = f"/people/{uid('Maya Head')}"

        assert "Only a head changes another head." in words(manager.get(address))
        assert "is a head. Right would be to ask a head" in words(manager.post(f"{address}/leave", {"when": "now"}))
        assert "is a head. Right would be to ask a head" in followed(manager, manager.post(f"{address}/link"))

    def test_a_time_that_ends_at_once_ends_at_the_next_click(self, head: Client, visitor: Visitor) -> None:
        teacher = visitor(TEACHER)
        assert teacher.get("/").status_code == 200

        done = head.post(f"/people/{uid(TESS)}/leave", {"when": "now"})

        assert "They are out at their next click." in followed(head, done)
        assert teacher.get("/")["Location"] == "/sign-in?next=/"
        assert "Their time here ends" not in words(head.get("/people"))
        assert "They left after 22 November 2026" in words(head.get(f"/people/{uid(TESS)}"))

    def test_a_last_day_is_kept_and_can_be_taken_back(self, head: Client) -> None:
        address = f"/people/{uid(TESS)}"

        later = head.post(f"{address}/leave", {"when": "after", "last_day": "2026-12-18"})
        assert "Last day: 18 December 2026." in followed(head, later)
        assert "last day 18 December 2026" in words(head.get("/people"))
        assert "They are back, with the roles they had." in followed(head, head.post(f"{address}/back"))
        assert "has no last day" in followed(head, head.post(f"{address}/back"))

    @pytest.mark.parametrize(
        ("sent", "said"),
        [
            ({}, "Choose when."),
            ({"when": "after", "last_day": ""}, "Enter their last day."),
            ({"when": "after", "last_day": "soon"}, "Enter a day, such as 18/12/2026."),
        ],
    )
    def test_it_says_what_is_wrong_with_a_last_day(self, head: Client, sent: dict[str, str], said: str) -> None:
        refused = head.post(f"/people/{uid(TESS)}/leave", sent)

        assert (refused.status_code, said in words(refused)) == (400, True)

    def test_a_reset_shows_a_link_and_ends_the_password(self, head: Client) -> None:
        made = head.post(f"/people/{uid(TESS)}/link")

        user = User.objects.get(email=TEACHER)
        assert "The old password and every open session have ended." in words(made)
        assert (claimed_user(*link_in(made)), user.has_usable_password()) == (user, False)  # type: ignore[arg-type]
        again = head.post(f"/people/{uid(TESS)}/link")
        assert claimed_user(*link_in(made)) is None  # type: ignore[arg-type]
        assert claimed_user(*link_in(again)) == user  # type: ignore[arg-type]

    def test_somebody_of_the_staff_file_is_invited_from_their_page(self, head: Client, primary: School) -> None:
        bring_in(primary, csv("staff,name,email,roles", "AKH,A. Khan,a@elm.example,tutor"), file="staff.csv")

        made = head.post(f"/people/{uid('A. Khan')}/link")

        assert claimed_user(*link_in(made)) == User.objects.get(email="a@elm.example")  # type: ignore[arg-type]

    @pytest.mark.parametrize("act", ["roles", "leave", "back", "link"])
    def test_it_changes_by_post_alone_and_for_those_who_may(
        self, head: Client, teacher: Client, elsewhere: School, visitor: Visitor, act: str
    ) -> None:
        address = f"/people/{uid(TESS)}/{act}"

        assert head.get(address).status_code == 405
        assert teacher.post(address).status_code == 403
        assert visitor("head@elsewhere.example").post(address).status_code == 404

    def test_nobody_elsewhere_finds_them(self, elsewhere: School, primary: School, visitor: Visitor) -> None:
        stranger = visitor("head@elsewhere.example")

        assert stranger.get(f"/people/{uid(TESS)}").status_code == 404
        assert TESS not in words(stranger.get("/people"))


class TestAsleep:
    def test_an_account_nobody_used_for_long_needs_a_new_link(self, client: Client, primary: School) -> None:
        User.objects.filter(email=TEACHER).update(last_login=NOW - timedelta(days=91))

        refused = client.post("/sign-in", {"username": TEACHER, "password": "a long enough passphrase"})

        assert (refused.status_code, "This account is asleep" in words(refused)) == (403, True)
        assert client.get("/")["Location"] == "/sign-in?next=/"

    def test_it_is_shown_on_the_list(self, head: Client) -> None:
        User.objects.filter(email=TEACHER).update(last_login=NOW - timedelta(days=91))

        page = words(head.get("/people?show=asleep"))

        assert "Tess Teacher TEA Class teacher Asleep: needs a new link 24 August 2026" in page
