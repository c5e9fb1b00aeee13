"""Setting up a second step, and signing in with it."""

import re
from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from tests.school import NOW
from tests.web.doors import enter
from tests.web.html import read
from tests.web.primary import HEAD, PASSWORD, TEACHER

from headway.records.models import AuditEntry, School, User
from headway.services.access import COMMAND_LINE
from headway.services.people import reset_account
from headway.services.sign_in.second_steps import has_second_step

DOOR = {"username": HEAD, "password": PASSWORD}


def code_at(secret: str, moment: datetime = NOW) -> str:
    return str(format_hotp_value(hotp_value(secret, int(moment.timestamp()) // 30)))


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """A minute after the code app was set up: the code it showed then is used up."""
    return NOW + timedelta(minutes=1)


@pytest.fixture
def secret(primary: School, client: Client) -> str:
    """The secret of the code app that the head has set up after signing in."""
    led = client.post("/sign-in", DOOR, follow=True)
    assert led.redirect_chain[-1][0] == "/account/second-step?next=/"
    page = read(client.get("/account/code-app?next=/progress"))
    assert page.find("svg", **{"class": "qr"})
    secret = str(client.session["code-app-secret"])
    assert " ".join(secret[at : at + 4] for at in range(0, 32, 4)) in page.words
    return secret


@pytest.fixture
def codes(client: Client, secret: str) -> list[str]:
    """The head's recovery codes, shown once the code app is there."""
    added = client.post("/account/code-app", {"code": code_at(secret), "next": "/progress"})
    assert added["Location"] == "/account/recovery-codes?next=/progress"
    page = read(client.post("/account/recovery-codes", {"next": "/progress"}))
    assert page.find("a", href="/progress")
    return re.findall(r"\b\d{4} \d{4}\b", page.words)


def test_it_opens_the_school_once_a_code_app_is_set_up(client: Client, codes: list[str]) -> None:
    assert len(codes) == 10
    assert client.get("/progress").status_code == 200


def test_it_asks_for_the_code_that_the_app_shows_now(client: Client, secret: str) -> None:
    wrong = f"{(int(code_at(secret)) + 1) % 10**6:06}"

    response = client.post("/account/code-app", {"code": wrong})

    assert response.status_code == 400
    assert "That is not the code of this secret now." in read(response).words
    assert client.session["code-app-secret"] == secret
    assert not has_second_step(User.objects.get(email=HEAD))


class TestSigningIn:
    @pytest.fixture
    def at_second_step(self, codes: list[str], monkeypatch: pytest.MonkeyPatch) -> Client:
        """Somebody elsewhere who has given the head's password, a minute later."""
        monkeypatch.setattr("headway.web.clock.now", lambda: NOW + timedelta(minutes=1))
        client = Client()
        response = client.post("/sign-in", {**DOOR, "next": "/groups"})
        assert response["Location"] == "/sign-in/second-step"
        return client

    def test_it_lets_nobody_in_by_the_password_alone(self, at_second_step: Client) -> None:
        assert "_auth_user_id" not in at_second_step.session
        assert at_second_step.get("/progress")["Location"].startswith("/sign-in?")
        assert at_second_step.get("/account")["Location"].startswith("/sign-in?")
        assert at_second_step.get("/account/second-step")["Location"].startswith("/sign-in?")

    def test_it_lets_in_by_the_code_under_a_new_session(
        self, at_second_step: Client, secret: str, later: datetime
    ) -> None:
        before = at_second_step.cookies["sessionid"].value
        response = at_second_step.post("/sign-in/second-step", {"code": code_at(secret, later)})

        assert response["Location"] == "/groups"
        assert at_second_step.cookies["sessionid"].value != before
        assert at_second_step.get("/groups").status_code == 200

    def test_it_takes_no_code_twice(self, at_second_step: Client, secret: str, later: datetime) -> None:
        code = code_at(secret, later)
        at_second_step.post("/sign-in/second-step", {"code": code})
        again = Client()
        again.post("/sign-in", DOOR)

        assert again.post("/sign-in/second-step", {"code": code}).status_code == 400
        assert "_auth_user_id" not in again.session

    def test_it_takes_each_recovery_code_once(self, at_second_step: Client, codes: list[str]) -> None:
        assert at_second_step.post("/sign-in/second-step", {"code": codes[0]})["Location"] == "/groups"
        again = Client()
        again.post("/sign-in", DOOR)

        assert again.post("/sign-in/second-step", {"code": codes[0]}).status_code == 400
        assert again.post("/sign-in/second-step", {"code": codes[1]})["Location"] == "/"

    def test_it_asks_to_wait_after_ten_wrong_codes(self, at_second_step: Client, secret: str, later: datetime) -> None:
        tried = [at_second_step.post("/sign-in/second-step", {"code": "1"}).status_code for _ in range(11)]
        response = at_second_step.post("/sign-in/second-step", {"code": code_at(secret, later)})

        assert tried == [400] * 10 + [429]
        assert (response.status_code, "Try again in" in read(response).words) == (429, True)

    def test_it_does_not_lock_out_the_heads_own_browser(
        self, at_second_step: Client, client: Client, secret: str, later: datetime
    ) -> None:
        for _ in range(12):
            at_second_step.post("/sign-in/second-step", {"code": "1"})
        client.post("/sign-out")
        client.post("/sign-in", DOOR)

        assert client.post("/sign-in/second-step", {"code": code_at(secret, later)})["Location"] == "/"

    def test_it_waits_ten_minutes_for_the_code(
        self, at_second_step: Client, secret: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        late = NOW + timedelta(minutes=11, seconds=1)
        monkeypatch.setattr("headway.web.clock.now", lambda: late)

        assert at_second_step.post("/sign-in/second-step", {"code": code_at(secret, late)})["Location"] == "/sign-in"

    def test_it_is_not_passed_by_a_one_time_link(self, at_second_step: Client) -> None:
        school = School.objects.get()
        link = reset_account(HEAD, school=school, by=COMMAND_LINE, now=NOW)
        new = "plum kettle harbour nine"
        client = Client()
        client.post(link, {"new_password1": new, "new_password2": new})

        assert client.post("/sign-in", {**DOOR, "password": new})["Location"] == "/sign-in/second-step"

    def test_it_ends_with_the_password_that_began_it(
        self, at_second_step: Client, secret: str, later: datetime
    ) -> None:
        user = User.objects.get(email=HEAD)
        user.set_password("another passphrase altogether")
        user.save()

        assert at_second_step.post("/sign-in/second-step", {"code": code_at(secret, later)})["Location"] == "/sign-in"


class TestChangingThem:
    @pytest.mark.parametrize(
        ("method", "address"),
        [
            ("get", "/account/password"),
            ("get", "/account/second-step"),
            ("get", "/account/code-app"),
            ("get", "/account/recovery-codes"),
            ("post", "/account/password"),
            ("post", "/account/passkeys"),
            ("post", "/account/passkeys/question"),
            ("post", "/account/passkeys/gone"),
            ("post", "/account/passkeys/name"),
            ("post", "/account/code-app"),
            ("post", "/account/code-app/gone"),
            ("post", "/account/recovery-codes"),
            ("post", "/account/sign-out-elsewhere"),
        ],
    )
    def test_it_asks_once_more_who_it_is(
        self, teacher: Client, method: str, address: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("headway.web.clock.now", lambda: NOW + timedelta(minutes=10, seconds=1))

        response = getattr(teacher, method)(address)

        assert response["Location"].startswith("/account/again?next=")

    def test_it_goes_on_by_the_password_or_a_code(
        self, client: Client, codes: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("headway.web.clock.now", lambda: NOW + timedelta(minutes=11))
        assert client.post("/account/again", {"password": "wrong"}).status_code == 400
        assert client.post("/account/again", {"code": "123456"}).status_code == 400
        assert client.get("/account/password").status_code == 302

        assert client.post("/account/again", {"code": codes[0], "next": "/account/password"}).status_code == 302
        assert client.get("/account/password").status_code == 200

    def test_it_leads_back_to_setting_one_up_when_the_last_is_gone(self, client: Client, codes: list[str]) -> None:
        client.post("/account/code-app/gone")

        assert client.get("/progress")["Location"].startswith("/account/second-step")
        assert not Authenticator.objects.exists()
        assert AuditEntry.objects.filter(action="remove code app").exists()

    def test_it_signs_out_elsewhere_when_a_step_is_added(self, client: Client, secret: str) -> None:
        elsewhere = Client()
        enter(elsewhere, HEAD, second_step=False)
        client.post("/account/code-app", {"code": code_at(secret)})

        assert elsewhere.get("/account/second-step")["Location"].startswith("/sign-in?")

    @pytest.mark.parametrize("number", ["", "0", "x", "²", "9" * 40])
    def test_it_finds_nothing_that_is_not_there(self, teacher: Client, number: str) -> None:
        assert teacher.post("/account/passkeys/gone", {"passkey": number}).status_code == 404
        assert teacher.post("/account/passkeys/name", {"passkey": number, "name": "x"}).status_code == 404
        assert teacher.post("/account/code-app/gone").status_code == 404

    @pytest.mark.parametrize(
        "answer", ["", "{}", "[]", "null", '{"id": 3}', "x" * 30_000, '{"response": {"userHandle": 1}}']
    )
    def test_it_takes_no_passkey_that_is_none(self, teacher: Client, client: Client, answer: str) -> None:
        teacher.post("/account/passkeys/question")
        assert teacher.post("/account/passkeys", {"credential": answer})["Location"] == "/account/second-step"
        client.post("/sign-in/passkey/question")
        refused = client.post("/sign-in/passkey", {"credential": answer})
        assert (refused.status_code, "opens no account here" in read(refused).words) == (400, True)
        assert not Authenticator.objects.exists()


def test_it_shows_a_teacher_their_account(teacher: Client) -> None:
    page = read(teacher.get("/account"))

    assert "Tess Teacher, Elm Tree Primary School" in page.words
    assert TEACHER in page.words
    assert "You have none. With one, nobody gets in with your password alone." in page.words
    assert "You are signed in nowhere else." in page.words


def test_it_changes_the_password_and_signs_out_elsewhere(teacher: Client) -> None:
    elsewhere = Client()
    enter(elsewhere, TEACHER)
    assert "You are signed in in one other browser." in read(teacher.get("/account")).words
    new = "plum kettle harbour nine"
    same = teacher.post("/account/password", {"new_password1": PASSWORD, "new_password2": PASSWORD})
    assert "This is your password already." in read(same).words

    teacher.post("/account/password", {"new_password1": new, "new_password2": new})

    assert User.objects.get(email=TEACHER).check_password(new)
    assert teacher.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_it_signs_out_everywhere_else(teacher: Client) -> None:
    elsewhere = Client()
    enter(elsewhere, TEACHER)

    assert "one other browser" in read(teacher.post("/account/sign-out-elsewhere", follow=True)).words
    assert elsewhere.get("/account").status_code == 302


def test_it_lets_the_head_choose_when_pages_are_locked(head: Client, teacher: Client) -> None:
    assert teacher.get("/school/locking").status_code == 403
    assert "60 minutes are the most." in read(head.post("/school/locking", {"minutes": "61"})).words

    head.post("/school/locking", {"minutes": "5"})

    assert School.objects.get().settings["idle_minutes"] == 5
