"""A new school in the browser: the one-time page that makes it, and the steps after it."""

from collections.abc import Mapping

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.school import make_school
from tests.web.conftest import Visitor
from tests.web.doors import take_second_step
from tests.web.html import read
from tests.web.primary import GOVERNOR, HEAD, TEACHER, add_account

from headway.formats.frameworks import shipped_frameworks
from headway.records.models import School, User
from headway.services.samples import SAMPLED
from headway.services.set_up import set_up_path
from headway.web.presenters.set_up import framework_words

TYPED: Mapping[str, str] = {
    "name": "Oak School",
    "dfe": "823 1234",
    "framework": "england-2026",
    "administrator": "Ana Manager",
    "email": "ana@oak.example",
    "password1": "plum kettle harbour nine",
    "password2": "plum kettle harbour nine",
}

IN_STEPS = [kind for kind in SAMPLED if kind != "contacts"]
"""The samples of the steps; contacts may come at any time."""


@pytest.fixture
def address(db: None) -> str:
    path = set_up_path()
    assert path is not None
    return path


@pytest.fixture
def manager(client: Client, address: str) -> Client:
    """Whoever has just set up Oak School."""
    client.post(address, TYPED)
    take_second_step(str(client.session.session_key))
    return client


class TestTheSchool:
    def test_it_makes_the_school_signs_in_and_goes_on_to_the_steps(self, client: Client, address: str) -> None:
        assert "There is no school here yet." in read(client.get(address)).words

        response = client.post(address, TYPED, follow=True)

        assert response.redirect_chain == [("/set-up", 302), ("/account/second-step?next=/set-up", 302)]
        assert "Oak School is ready, and you are signed in." in read(response).words
        take_second_step(str(client.session.session_key))
        page = read(client.get("/set-up"))
        for words in ("Ana Manager", "1 of 5 steps done. Next: pupils ."):
            assert words in page.words
        assert School.objects.get().dfe == "8231234"

    def test_it_is_gone_once_there_is_a_school(self, manager: Client, address: str) -> None:
        assert manager.get(address).status_code == 404
        assert Client().post(address, {**TYPED, "dfe": "8239999"}).status_code == 404
        assert School.objects.count() == User.objects.count() == 1

    def test_it_is_not_there_at_a_wrong_address(self, client: Client, address: str) -> None:
        assert client.get(address[:-1]).status_code == 404
        assert client.post("/set-up/guessed", TYPED).status_code == 404
        assert not School.objects.exists()

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"name": " "}, "Enter the school's name."),
            ({"dfe": "12"}, "“12” is not a DfE number. Right would be seven digits, such as 823 1234."),
            ({"framework": ""}, "Choose what the school assesses by."),
            ({"administrator": ""}, "Enter your name."),
            ({"email": "ana"}, "Enter an e-mail address: a name, @, a place."),
            ({"password2": "other"}, "The two passwords are not the same."),
            ({"password1": "short", "password2": "short"}, "at least 12 characters"),
            ({"password1": "ana@oak.example", "password2": "ana@oak.example"}, "too similar to the email"),
        ],
    )
    def test_it_says_what_is_wrong_and_keeps_what_was_typed(
        self, client: Client, address: str, wrong: dict[str, str], said: str
    ) -> None:
        response = client.post(address, {**TYPED, **wrong})

        assert response.status_code == 400
        page = read(response)
        assert page.words.count(said) == 2
        kept = [str(each.get("value", "")) for each in page.find("input")]
        assert [
            value
            for name, value in TYPED.items()
            if name in ("name", "email") and name not in wrong and value not in kept
        ] == []
        assert TYPED["password1"] not in kept
        assert not School.objects.exists()
        assert not User.objects.exists()

    def test_it_has_words_for_every_framework(self) -> None:
        assert [code for code in shipped_frameworks() if framework_words(code) == code] == []

    def test_it_tells_the_door_what_to_do_where_there_is_no_school(self, client: Client, address: str) -> None:
        page = read(client.get("/sign-in"))

        assert "There is no school here yet," in page.words
        assert "shows the one-time address" in page.words
        assert address.encode() not in client.get("/sign-in").content

    def test_it_says_nothing_of_it_at_the_door_of_a_school(self, client: Client, primary: School) -> None:
        assert "There is no school here yet," not in read(client.get("/sign-in")).words


class TestTheSteps:
    def test_it_offers_a_field_the_columns_and_a_sample_for_each_file(self, manager: Client) -> None:
        page = read(manager.get("/set-up"))

        assert [each["value"] for each in page.find("input", name="kind")] == IN_STEPS
        assert {each["value"] for each in page.find("input", name="back")} == {"set-up"}
        assert "Columns it needs: upn surname forename sex dob year_group" in page.words
        for kind in SAMPLED:
            response = manager.get(f"/set-up?sample={kind}")
            assert response.headers["Content-Disposition"] == f'attachment; filename="{kind}-sample.csv"'

    def test_it_leads_from_step_to_step_and_to_the_first_sheet(self, manager: Client) -> None:
        following = []
        for kind in IN_STEPS:
            following.append(read(manager.get("/set-up")).words.partition("Next: ")[2].partition(" .")[0])
            sample = manager.get(f"/set-up?sample={kind}").content
            file = SimpleUploadedFile("whatever.csv", sample)
            plan = manager.post("/transfers", {"file": file, "kind": kind, "back": "set-up"}).headers["Location"]
            seen = read(manager.get(plan)).find("input", name="seen")[0]["value"]
            assert manager.post(plan, {"act": "apply", "seen": seen}).headers["Location"] == "/set-up"

        assert (
            following
            == ["pupils", "staff and classes", "staff and classes", "prior attainment"] + ["the first mark sheet"] * 2
        )
        page = read(manager.get("/set-up"))
        assert "Everything is set up. Go to Today" in page.words
        assert "3 pupils" in page.words
        assert page.find("a", href="/classes/5X/marks/2026-27-autumn?from=%2Fset-up")

    def test_it_opens_the_step_that_is_next(self, manager: Client) -> None:
        steps = [each for each in read(manager.get("/set-up")).find("details") if "class" not in each]

        assert ["open" in each for each in steps] == [True, False, False, False, False]

    def test_it_has_no_other_samples(self, manager: Client) -> None:
        assert manager.get("/set-up?sample=secrets").status_code == 404

    def test_it_says_that_everything_is_done(self, head: Client) -> None:
        assert "Everything is set up." in read(head.get("/set-up")).words

    def test_it_is_for_those_who_answer_for_the_school(self, primary: School, visitor: Visitor) -> None:
        add_account(primary, "data@elm.example", "Dee Data", "data_manager")

        for email in (TEACHER, GOVERNOR, "data@elm.example"):
            assert visitor(email).get("/set-up").status_code == 403
            assert visitor(email).get("/set-up?sample=pupils").status_code == 403
        assert visitor(HEAD).post("/set-up").status_code == 405
        assert Client().get("/set-up").status_code == 302

    def test_it_shows_somebody_of_another_school_their_own(self, primary: School, visitor: Visitor) -> None:
        add_account(make_school("8239999"), "una@elsewhere.example", "Una", "head")

        page = read(visitor("una@elsewhere.example").get("/set-up"))

        assert "Setting up School 8239999" in page.words
        assert "12 pupils" not in page.words
