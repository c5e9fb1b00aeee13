"""Who may go on: a second step that is owed, twelve hours, a locked page; for pages, forms and scripts alike."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from headway.records.models import Device, Group, School, User
from headway.services.access import COMMAND_LINE
from headway.services.sign_in.locking import choose_idle_minutes
from tests.school import NOW, bring_in, csv
from tests.web.doors import enter
from tests.web.html import read
from tests.web.primary import HEAD, PASSWORD, TEACHER, add_account

LATER = Callable[[timedelta], datetime]
CHANGES = "/classes/5A/marks/2026-27-autumn/changes?subject=mathematics"
CELLS = "/classes/5A/marks/2026-27-autumn/cells?subject=mathematics"


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> LATER:
    """Lets time pass since the moment of the tests."""

    def pass_by(time: timedelta) -> datetime:
        monkeypatch.setattr("headway.web.clock.now", lambda: NOW + time)
        return NOW + time

    return pass_by


class TestASecondStepThatIsOwed:
    @pytest.fixture
    def half_in(self, primary: School) -> Client:
        client = Client()
        enter(client, HEAD, second_step=False)
        return client

    @pytest.mark.parametrize("address", ["/", "/progress", "/transfers", "/school", "/account", "/search/suggestions"])
    def test_it_opens_no_other_page(self, half_in: Client, address: str) -> None:
        assert half_in.get(address)["Location"] == f"/account/second-step?next={address}"

    def test_it_takes_no_form_and_no_script(self, half_in: Client) -> None:
        assert half_in.post("/groups/new", {"name": "Mine"})["Location"].startswith("/account/second-step")
        answer = half_in.post(CELLS, "{}", content_type="application/json")
        assert answer["Location"].startswith("/account/second-step")
        assert half_in.get(CHANGES)["Location"].startswith("/account/second-step")
        assert not Group.objects.exists()

    def test_it_opens_the_pages_on_which_one_is_set_up(self, half_in: Client) -> None:
        page = read(half_in.get("/account/second-step"))
        assert "The other pages open when it is done." in page.words
        assert half_in.get("/account/code-app").status_code == 200
        assert half_in.post("/account/passkeys/question").status_code == 200

    def test_it_asks_as_soon_as_a_role_needs_one(self, primary: School) -> None:
        client = Client()
        enter(client, TEACHER, second_step=False)
        assert client.get("/progress").status_code == 200
        add_account(primary, TEACHER, "Tess Teacher", "senco")

        assert client.get("/progress")["Location"].startswith("/account/second-step")

    def test_it_is_waived_in_the_demo_which_says_so(self, half_in: Client, settings: Settings) -> None:
        settings.DEMO = True

        assert "A second step at sign-in is waived here." in read(half_in.get("/progress")).words

    def test_it_is_owed_by_no_setting_elsewhere(self, half_in: Client, settings: Settings) -> None:
        settings.MFA_SUPPORTED_TYPES = []

        assert half_in.get("/progress").status_code == 302


class TestALockedPage:
    def test_it_locks_after_a_quarter_of_an_hour(self, teacher: Client, later: LATER) -> None:
        later(timedelta(minutes=15))
        assert teacher.get("/progress?year_group=5").status_code == 200
        later(timedelta(minutes=30, seconds=1))

        response = teacher.get("/progress?year_group=5")

        assert response["Location"] == "/sign-in/unlock?next=/progress%3Fyear_group%3D5"
        assert "Adams" not in teacher.get(response["Location"]).content.decode()

    def test_it_goes_on_by_the_password(self, teacher: Client, later: LATER) -> None:
        later(timedelta(minutes=16))
        wrong = teacher.post("/sign-in/unlock", {"unlock_password": "wrong", "next": "/progress"})
        assert (wrong.status_code, "That is not your password." in read(wrong).words) == (400, True)
        assert teacher.get("/progress").status_code == 302

        right = teacher.post("/sign-in/unlock", {"unlock_password": PASSWORD, "next": "/progress"})

        assert right["Location"] == "/progress"
        assert teacher.get("/progress").status_code == 200

    def test_it_tells_a_script_in_json(self, teacher: Client, later: LATER) -> None:
        later(timedelta(minutes=16))
        sent = {"HTTP_ACCEPT": "application/json"}

        wrong = teacher.post("/sign-in/unlock", {"unlock_password": "wrong"}, **sent)
        right = teacher.post("/sign-in/unlock", {"unlock_password": PASSWORD}, **sent)

        assert (wrong.status_code, wrong.json()["sentence"][:25]) == (400, "That is not your password")
        assert (right.status_code, right.json()) == (200, {"sentence": ""})

    def test_it_lets_nobody_guess_at_it(self, teacher: Client, later: LATER) -> None:
        later(timedelta(minutes=16))
        tried = [teacher.post("/sign-in/unlock", {"unlock_password": f"guess {n}"}).status_code for n in range(12)]

        assert tried == [400] * 10 + [429] * 2
        assert teacher.post("/sign-in/unlock", {"unlock_password": PASSWORD}).status_code == 429

    def test_it_does_not_count_what_a_page_asks_by_itself(self, teacher: Client, later: LATER) -> None:
        for minute in range(0, 16, 5):
            later(timedelta(minutes=minute))
            assert teacher.get(CHANGES).status_code == 200
        later(timedelta(minutes=15, seconds=1))

        assert teacher.get(CHANGES).status_code == 302

    def test_it_counts_that_somebody_is_there(self, teacher: Client, later: LATER) -> None:
        for minute in range(0, 60, 14):
            later(timedelta(minutes=minute))
            assert teacher.post("/sign-in/here").status_code == 204

        assert teacher.get("/progress").status_code == 200

    def test_it_writes_that_somebody_is_there_once_a_minute(self, teacher: Client, later: LATER) -> None:
        later(timedelta(seconds=59))
        with CaptureQueriesContext(connection) as before:
            teacher.get("/search")
        later(timedelta(seconds=60))
        with CaptureQueriesContext(connection) as after:
            teacher.get("/search")

        assert [each["sql"] for each in before if each["sql"].startswith(("UPDATE", "INSERT"))] == []
        assert [each["sql"][:23] for each in after if each["sql"].startswith("UPDATE")] == ['UPDATE "django_session"']

    def test_it_locks_at_once_when_a_page_says_that_nobody_is_there(self, teacher: Client) -> None:
        assert teacher.post("/sign-in/lock").status_code == 204

        assert teacher.get("/progress")["Location"].startswith("/sign-in/unlock")
        assert teacher.post("/sign-in/here").status_code != 204

    def test_it_locks_when_the_school_has_chosen(self, primary: School, teacher: Client, later: LATER) -> None:
        choose_idle_minutes(5, school=primary, by=COMMAND_LINE, now=NOW)
        later(timedelta(minutes=5, seconds=1))

        assert teacher.get("/progress")["Location"].startswith("/sign-in/unlock")

    def test_it_carries_a_form_along_and_sends_it_on(self, teacher: Client, later: LATER) -> None:
        later(timedelta(minutes=16))
        locked = read(teacher.post("/groups/new", {"name": "Readers <3", "pupil": ["a", "b"]}))

        carried = [(each["name"], each["value"]) for each in locked.find("input", type="hidden") if "value" in each]
        assert [pair for pair in carried if pair[0] in {"name", "pupil"}] == [
            ("name", "Readers <3"),
            ("pupil", "a"),
            ("pupil", "b"),
        ]
        assert not Group.objects.exists()

        wrong = teacher.post("/groups/new", {"name": "Readers", "unlock_password": "wrong"})
        assert wrong.status_code == 400
        teacher.post("/groups/new", {"name": "Readers", "unlock_password": PASSWORD})

        assert Group.objects.get().code == "Readers"

    def test_it_sends_scripts_and_files_to_the_door(self, teacher: Client, later: LATER) -> None:
        later(timedelta(minutes=16))

        assert teacher.post(CELLS, "{}", content_type="application/json")["Location"] == "/sign-in/unlock"

    def test_it_shows_what_was_there_to_nobody_else(self, teacher: Client, later: LATER) -> None:
        later(timedelta(minutes=16))
        teacher.post("/sign-out")

        assert teacher.get("/progress")["Location"].startswith("/sign-in?")


class TestTheEndOfASession:
    def test_it_ends_after_twelve_hours_however_busy(self, teacher: Client, later: LATER) -> None:
        for minute in range(0, 12 * 60 + 1, 10):
            later(timedelta(minutes=minute))
            assert teacher.get("/search").status_code == 200
        later(timedelta(hours=12, seconds=1))

        assert teacher.get("/search")["Location"].startswith("/sign-in?next=")
        assert "_auth_user_id" not in teacher.session

    def test_it_is_over_on_the_server_when_somebody_signs_out(self, teacher: Client) -> None:
        stolen = teacher.cookies["sessionid"].value
        teacher.post("/sign-out")
        thief = Client()
        thief.cookies["sessionid"] = stolen

        assert thief.get("/progress")["Location"].startswith("/sign-in?")

    def test_it_is_none_that_sign_in_has_not_begun(self, primary: School) -> None:
        client = Client()
        client.force_login(User.objects.get(email=TEACHER))

        assert client.get("/progress")["Location"].startswith("/sign-in?")

    def test_it_ends_with_the_account_and_the_role(self, primary: School, teacher: Client) -> None:
        bring_in(
            primary,
            csv("staff,name,email,roles,to", f"TEA,Tess Teacher,{TEACHER},class_teacher,2026-11-22"),
            file="staff.csv",
        )
        assert teacher.get("/progress").status_code == 403
        User.objects.filter(email=TEACHER).update(is_active=False)

        assert teacher.get("/progress")["Location"].startswith("/sign-in?")

    def test_it_ends_everywhere_when_the_password_changes(self, primary: School, teacher: Client) -> None:
        user = User.objects.get(email=TEACHER)
        user.set_password("another passphrase altogether")
        user.save()

        assert teacher.get("/progress")["Location"].startswith("/sign-in?")


def test_it_gives_every_sign_in_a_new_session_and_a_browser_its_own_value(primary: School) -> None:
    client = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    door = {"username": TEACHER, "password": PASSWORD}
    client.post("/sign-in", door)
    first, value = client.cookies["sessionid"].value, client.cookies["device"].value
    client.post("/sign-in", door)

    assert client.cookies["sessionid"].value != first
    assert client.cookies["device"].value == value
    assert client.cookies["device"]["httponly"]
    assert Device.objects.get().name == "Firefox on Windows"


def test_it_names_no_page_of_the_library_it_uses() -> None:
    from headway.config.urls import urlpatterns

    walked, modules = list(urlpatterns), set()
    while walked:
        each = walked.pop()
        walked += getattr(each, "url_patterns", [])
        if getattr(each, "callback", None):
            modules.add(each.callback.__module__)
    assert reverse("google_callback") == "/sign-in/back/google"
    assert [name for name in modules if name.startswith("allauth")] == []
