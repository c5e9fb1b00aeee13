"""Signing in with another provider, end to end against a real one on this machine."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
import requests
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from pytest_django import Settings

from headway.config.providers import providers
from headway.records.models import School, User
from headway.services.sign_in import second_steps
from headway.web.providers import address_vouched_for
from tests.school import NOW
from tests.web.html import read
from tests.web.openid import CLIENT, SECRET, Provider, provider_here
from tests.web.primary import HEAD, TEACHER
from tests.web.views.test_second_steps import code_at

TESS = {"sub": "tess", "email": TEACHER, "email_verified": True}


@pytest.fixture
def provider(primary: School, settings: Settings) -> Iterator[Provider]:
    with provider_here() as provider:
        provider.person = dict(TESS)
        environment = {
            "HEADWAY_OIDC_URL": provider.url,
            "HEADWAY_OIDC_CLIENT_ID": CLIENT,
            "HEADWAY_OIDC_CLIENT_SECRET": SECRET,
            "HEADWAY_OIDC_NAME": "Elm Tree Cloud",
        }
        settings.SOCIALACCOUNT_PROVIDERS = providers(environment)
        yield provider


def there(client: Client, *, goes_to: str = "/groups") -> str:
    """Goes to the provider; gives the address by which it sends somebody back."""
    page = client.post("/sign-in/with/school", {"next": goes_to})
    assert page.status_code == 200
    address = unescape(re.search(r'<a class="btn btn-ink" href="([^"]+)"', page.content.decode())[1])  # type: ignore[index]
    with requests.get(address, allow_redirects=False, timeout=5) as response:
        return response.headers["Location"].removeprefix("http://testserver")


def back(client: Client, *, goes_to: str = "/groups") -> str:
    """Goes there and comes back; gives where that leads."""
    return str(client.get(there(client, goes_to=goes_to))["Location"])


def refused(client: Client) -> str:
    """What the door says to whom it does not let in."""
    assert back(client) == "/sign-in"
    assert "_auth_user_id" not in client.session
    return read(client.get("/sign-in")).words


def test_it_is_offered_at_the_door(client: Client, provider: Provider) -> None:
    assert "Sign in with Elm Tree Cloud" in read(client.get("/sign-in")).words
    assert provider.asked == []


def test_it_signs_in_whom_the_provider_vouches_for(client: Client, provider: Provider) -> None:
    assert back(client) == "/groups"
    assert client.get("/groups").status_code == 200
    discovery = "/.well-known/openid-configuration"
    assert provider.asked == [discovery, "/authorize", discovery, "/token", "/person"]


def test_it_takes_the_address_in_any_letter_case(client: Client, provider: Provider) -> None:
    provider.person["email"] = TEACHER.upper()

    assert back(client) == "/groups"


def test_it_keeps_nothing_of_what_the_provider_says(client: Client, provider: Provider) -> None:
    back(client)

    assert not SocialAccount.objects.exists()
    assert not SocialToken.objects.exists()


def test_it_goes_nowhere_else_afterwards(client: Client, provider: Provider) -> None:
    assert back(client, goes_to="https://elsewhere.example/") == "/"


def test_it_asks_for_the_second_step_as_after_a_password(client: Client, provider: Provider) -> None:
    user = User.objects.get(email=TEACHER)
    secret = second_steps.fresh_secret()
    second_steps.add_code_app(user, secret, code_at(secret), now=NOW, keep=None)

    assert back(client) == "/sign-in/second-step"
    assert "_auth_user_id" not in client.session


def test_it_does_not_spare_the_head_a_second_step(client: Client, provider: Provider) -> None:
    provider.person["email"] = HEAD

    assert back(client) == "/groups"
    assert client.get("/groups")["Location"].startswith("/account/second-step")


def test_it_makes_no_account(client: Client, provider: Provider) -> None:
    provider.person["email"] = "stranger@elm.example"
    before = User.objects.count()

    assert "there is no account here for that e-mail address" in refused(client)
    assert User.objects.count() == before


@pytest.mark.parametrize("verified", [False, None, "true", "false", 1])
def test_it_takes_no_address_that_is_not_verified(client: Client, provider: Provider, verified: object) -> None:
    provider.person["email_verified"] = verified

    assert "or Elm Tree Cloud has not verified it" in refused(client)


def test_it_takes_no_answer_about_two_people(client: Client, provider: Provider) -> None:
    provider.token = {"sub": "somebody else"}

    assert "there is no account here" in refused(client)


@pytest.mark.parametrize("token", [{"aud": "another"}, {"iss": "https://elsewhere.example"}, {"exp": 1}])
def test_it_takes_no_token_that_is_not_for_it(client: Client, provider: Provider, token: dict[str, object]) -> None:
    provider.token = token

    assert "did not sign you in" in refused(client)


def test_it_lets_in_nobody_whose_account_is_closed(client: Client, provider: Provider) -> None:
    User.objects.filter(email=TEACHER).update(is_active=False)

    assert "there is no account here" in refused(client)


def test_it_says_when_somebody_changed_their_mind_there(client: Client, provider: Provider) -> None:
    provider.refuses = True

    assert "Elm Tree Cloud did not sign you in." in refused(client)


def test_it_takes_an_answer_once_and_in_the_browser_that_asked(client: Client, provider: Provider) -> None:
    address = there(client)
    other = Client()
    assert other.get(address)["Location"] == "/sign-in"
    assert client.get(address)["Location"] == "/groups"
    client.post("/sign-out")

    assert client.get(address)["Location"] == "/sign-in"
    assert "_auth_user_id" not in client.session


def test_it_says_when_the_provider_does_not_answer(client: Client, provider: Provider, settings: Settings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = "http://127.0.0.1:1"

    response = client.post("/sign-in/with/school", follow=True)

    assert "Elm Tree Cloud does not answer." in read(response).words


@pytest.mark.parametrize("name", ["school", "google", "microsoft", "openid_connect", "github"])
def test_it_has_no_page_for_a_provider_that_is_not_named(client: Client, primary: School, name: str) -> None:
    assert client.post(f"/sign-in/with/{name}").status_code == 404
    assert client.get(f"/sign-in/back/{name}?code=x&state=y").status_code == 404


def test_it_begins_by_a_form_only(client: Client, provider: Provider) -> None:
    assert client.get("/sign-in/with/school").status_code == 405
    assert provider.asked == []


@pytest.mark.parametrize(
    ("provider_code", "said", "address"),
    [
        ("microsoft", {"userPrincipalName": "a@elm.example", "mail": "head@elm.example"}, "a@elm.example"),
        ("microsoft", {"mail": "head@elm.example"}, None),
        ("google", {"email": "a@elm.example", "email_verified": True}, "a@elm.example"),
        ("google", {"email": "a@elm.example"}, None),
        ("google", {"email": "", "email_verified": True}, None),
    ],
)
def test_it_knows_which_address_each_provider_answers_for(
    provider_code: str, said: dict[str, object], address: str | None
) -> None:
    assert address_vouched_for(provider_code, said) == address
