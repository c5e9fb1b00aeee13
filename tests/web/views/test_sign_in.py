import pytest
from django.test import Client
from pytest_django import Settings
from tests.school import NOW
from tests.web.html import read
from tests.web.primary import PASSWORD, TEACHER, add_account

from headway.demo.make import PASSPHRASE
from headway.records.models import School, User
from headway.services.access import COMMAND_LINE
from headway.services.people import add_person, claim_path, reset_account
from headway.services.sign_in.attempts import MOST

NEW = "plum kettle harbour nine"


def _sign_in(client: Client, email: str = TEACHER, password: str = PASSWORD, **more: str) -> object:
    return client.post("/sign-in", {"username": email, "password": password, **more})


def test_it_lets_in_who_knows_the_password(client: Client, primary: School) -> None:
    response = client.post("/sign-in", {"username": TEACHER.upper(), "password": PASSWORD}, follow=True)

    assert response.redirect_chain[-1][0] == "/"
    assert "Tess Teacher" in read(response).words


def test_it_goes_on_to_where_somebody_was_going(client: Client, primary: School) -> None:
    response = client.post("/sign-in", {"username": TEACHER, "password": PASSWORD, "next": "/progress?year_group=5"})

    assert response["Location"] == "/progress?year_group=5"


def test_it_goes_nowhere_else(client: Client, primary: School) -> None:
    response = client.post(
        "/sign-in", {"username": TEACHER, "password": PASSWORD, "next": "https://elsewhere.example/"}
    )

    assert response["Location"] == "/"


def test_it_gives_a_new_session(client: Client, primary: School) -> None:
    session = client.session
    session["before"] = "sign-in"
    session.save()

    _sign_in(client)

    assert client.session.session_key != session.session_key


@pytest.mark.parametrize(
    ("email", "password"),
    [(TEACHER, "not the passphrase"), ("stranger@elm.example", PASSWORD), ("closed@elm.example", PASSWORD)],
)
def test_it_says_the_same_whatever_was_wrong(client: Client, primary: School, email: str, password: str) -> None:
    add_account(primary, "closed@elm.example", "Cleo Closed", "tutor")
    User.objects.filter(email="closed@elm.example").update(is_active=False)

    page = read(client.post("/sign-in", {"username": email, "password": password}))

    assert "That e-mail address and password do not go together." in page.words
    assert "_auth_user_id" not in client.session


def test_it_asks_to_wait_after_ten_wrong_tries_and_lets_nobody_in(client: Client, primary: School) -> None:
    for _ in range(MOST):
        _sign_in(client, password="wrong, and wrong again")

    response = client.post("/sign-in", {"username": TEACHER, "password": PASSWORD})

    assert response.status_code == 429
    assert "Try again in 15 minutes." in read(response).words
    assert "_auth_user_id" not in client.session


def test_it_counts_the_right_password_as_no_failure(client: Client, primary: School) -> None:
    for _ in range(MOST + 1):
        _sign_in(client)

    assert "_auth_user_id" in client.session


def test_it_asks_for_what_is_missing(client: Client, primary: School) -> None:
    words = read(client.post("/sign-in", {"username": "", "password": ""})).words

    assert "Enter your e-mail address." in words
    assert "Enter your password." in words


def test_it_signs_out_by_post_only(head: Client) -> None:
    assert head.get("/sign-out").status_code == 405
    assert head.post("/sign-out")["Location"] == "/sign-in"
    assert head.get("/progress").status_code == 302


def test_it_offers_no_account_where_schools_are_real(client: Client, primary: School) -> None:
    page = read(client.get("/sign-in"))

    assert PASSPHRASE not in str(page.tags)
    assert "made up" not in page.words


def test_it_offers_an_account_a_role_in_the_demo(client: Client, primary: School, settings: Settings) -> None:
    settings.DEMO = True
    School.objects.update(demo=True)
    email = "head@demo.example"
    add_person(
        name="Ada Demo", email=email, roles="head", school=primary, by=COMMAND_LINE, now=NOW, password=PASSPHRASE
    )

    page = read(client.get("/sign-in"))
    offered = page.find("input", name="username", type="hidden")
    assert [each["value"] for each in offered] == [email]
    assert "Head teacher Ada Demo" in page.words

    _sign_in(client, email, str(page.find("input", name="password", type="hidden")[0]["value"]))
    assert "You are Ada Demo." in read(client.get("/progress")).words


@pytest.fixture
def link(primary: School) -> str:
    """The one-time link of somebody new."""
    user = add_person(name="New", email="new@elm.example", roles="tutor", school=primary, by=COMMAND_LINE, now=NOW)
    return claim_path(user)


def test_it_lets_somebody_claim_an_account(client: Client, link: str) -> None:
    assert "new@elm.example" in read(client.get(link)).words

    response = client.post(link, {"new_password1": NEW, "new_password2": NEW}, follow=True)

    assert "Your password is set." in read(response).words
    assert User.objects.get(email="new@elm.example").check_password(NEW)


def test_it_honours_a_link_once(client: Client, link: str) -> None:
    client.post(link, {"new_password1": NEW, "new_password2": NEW})

    response = client.get(link)

    assert response.status_code == 404
    assert "This link no longer works" in read(response).words


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("short", "short", "12 characters"),
        ("password12345678", "password12345679", "The two passwords are not the same."),
        ("", "", "Enter the new password here."),
        ("new@elm.example", "new@elm.example", "too similar"),
    ],
)
def test_it_refuses_a_password_that_protects_nobody(
    client: Client, link: str, first: str, second: str, words: str
) -> None:
    page = read(client.post(link, {"new_password1": first, "new_password2": second}))

    assert words in page.words
    assert not User.objects.get(email="new@elm.example").has_usable_password()


@pytest.mark.parametrize(
    "address", ["/claim/MQ/abc-def", "/claim/%C3%A9/x", "/claim/00000000-0000-4000-8000-000000000000/x"]
)
def test_it_says_when_a_link_is_wrong(client: Client, primary: School, address: str) -> None:
    assert client.get(address).status_code == 404


def test_it_ends_an_old_link_when_the_account_is_reset(client: Client, primary: School, link: str) -> None:
    client.post(link, {"new_password1": NEW, "new_password2": NEW})
    fresh = reset_account("new@elm.example", school=primary, by=COMMAND_LINE, now=NOW)

    assert client.get(link).status_code == 404
    assert client.get(fresh).status_code == 200
