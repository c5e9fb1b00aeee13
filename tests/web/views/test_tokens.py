"""The pages of tokens: one's own, a new one shown once, everybody's for who looks after people, and the end of one."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from tests.school import NOW
from tests.web.html import read
from tests.web.primary import HEAD, TEACHER, add_account

from headway.records.models import School, Token
from headway.services.tokens import find_token

Visitor = Callable[[str], Client]

NEW, LIST = "/school/tokens/new", "/school/tokens"
DATA_MANAGER = "data@elm.example"
FORM = {"name": "Seating plans", "scopes": ["read"], "ends": "2027-02-21"}


@pytest.fixture
def data_manager(primary: School, visitor: Visitor) -> Client:
    add_account(primary, DATA_MANAGER, "Dan Data", "data_manager")
    return visitor(DATA_MANAGER)


def make(client: Client, **differing: object) -> str:
    """Makes a token on the page; gives what it shows."""
    response = client.post(NEW, FORM | differing)
    assert response.status_code == 200, read(response).words
    (field,) = read(response).find("input", id="secret")
    return str(field["value"])


def test_it_says_what_a_token_is_to_who_has_none(head: Client) -> None:
    page = read(head.get(LIST))

    assert "You have no token" in page.words
    assert "It sees no more than you do" in page.words
    assert "Nobody else has a token that works" in page.words


def test_it_shows_a_new_token_once(head: Client) -> None:
    secret = make(head)

    held = find_token(secret, now=NOW)
    assert held is not None
    assert held.viewer.name == HEAD
    assert "Seating plans" in read(head.get(LIST)).words
    for page in (LIST, NEW, "/"):
        assert secret not in head.get(page).content.decode()
        assert "hw_" not in head.get(page).content.decode()


def test_the_token_is_kept_by_no_cache_or_session(head: Client) -> None:
    response = head.post(NEW, FORM)
    secret = re.findall(r"hw_[\w-]{43}", response.content.decode())[0]

    assert response.headers["Cache-Control"] == "no-store"
    assert secret not in str(dict(head.session.items()))
    assert secret not in str(response.headers)


def test_it_does_not_make_a_second_when_the_page_is_loaded_again(head: Client) -> None:
    make(head)

    again = head.post(NEW, FORM)

    assert again.status_code == 400
    assert "You have a token called Seating plans already" in read(again).words
    assert Token.objects.count() == 1


def test_it_keeps_what_was_typed_and_says_what_is_wrong(head: Client) -> None:
    response = head.post(NEW, {"name": "Trust reports", "scopes": [], "ends": "2030-01-01"})
    page = read(response)

    assert response.status_code == 400
    assert "Tick at least one" in page.words
    assert page.find("input", name="name")[0]["value"] == "Trust reports"
    assert page.find("a", href="#id_scopes_0")
    assert page.find("input", id="id_scopes_0")
    response = head.post(NEW, FORM | {"ends": "2030-01-01"})
    assert "Right would be a day from today to 23/11/2027" in read(response).words
    assert not Token.objects.exists()


def test_it_offers_to_take_out_only_to_who_may(primary: School, head: Client, visitor: Visitor) -> None:
    add_account(primary, "lead@elm.example", "Lee Leader", "senior_leader")
    leader = visitor("lead@elm.example")

    assert len(read(head.get(NEW)).find("input", name="scopes")) == 2
    assert len(read(leader.get(NEW)).find("input", name="scopes")) == 1
    assert leader.post(NEW, FORM | {"scopes": ["export"]}).status_code == 400
    assert not Token.objects.exists()


def test_it_shows_others_only_to_who_looks_after_people(head: Client, data_manager: Client) -> None:
    make(data_manager)
    make(head, name="Trust reports")

    everybody = read(head.get(LIST)).words
    own = read(data_manager.get(LIST)).words

    assert "Seating plans" in everybody
    assert "Dan Data" in everybody
    assert everybody.count("Trust reports") == 1
    assert "Trust reports" not in own
    assert "others" not in own


def test_it_revokes_a_token_at_once(head: Client, data_manager: Client) -> None:
    secret = make(data_manager)
    address = f"/school/tokens/{Token.objects.get().uid}/revoke"

    response = head.post(address, follow=True)

    assert "“Seating plans” is revoked" in read(response).words
    assert "revoked on 23" in read(response).words
    assert find_token(secret, now=NOW) is None


def test_it_says_when_it_was_last_used_and_how_it_ended(head: Client) -> None:
    for name, change in {
        "Never": {},
        "Today": {"used_at": NOW},
        "Long ago": {"used_at": NOW - timedelta(days=40)},
        "Soon over": {"ends": NOW.date() + timedelta(days=3)},
        "Over": {"ends": NOW.date() - timedelta(days=1)},
    }.items():
        make(head, name=name)
        Token.objects.filter(name=name).update(**change)

    words = read(head.get(LIST)).words

    assert re.search(r"Never look up not yet", words)
    assert re.search(r"Today look up today at 10:00", words)
    assert re.search(r"Long ago look up 14\sOct\s2026", words)
    assert re.search(r"Soon over look up not yet 26\sNov\s2026 ends soon", words)
    assert re.search(r"Over ended on 22\sNov\s2026", words)


def test_it_asks_for_proof_before_a_token_is_made(head: Client) -> None:
    session = head.session
    signed = session["signed"]
    session["signed"] = {**signed, "proved": (NOW - timedelta(minutes=11)).timestamp()}
    session.save()

    for response in (head.get(NEW), head.post(NEW, FORM)):
        assert response.status_code == 302
        assert response["Location"].startswith("/account/again")
    assert head.get(LIST).status_code == 200
    assert not Token.objects.exists()


def test_it_is_not_for_a_teacher_a_governor_or_a_stranger(
    primary: School, elsewhere: School, head: Client, visitor: Visitor, governor: Client
) -> None:
    make(head)
    revoke = f"/school/tokens/{Token.objects.get().uid}/revoke"
    for client in (visitor(TEACHER), governor):
        assert client.get(LIST).status_code == 403
        assert client.get(NEW).status_code == 403
        assert client.post(NEW, FORM).status_code == 403
        assert client.post(revoke).status_code == 403
    stranger = visitor("head@elsewhere.example")

    assert stranger.post(revoke).status_code == 404
    assert "Seating plans" not in read(stranger.get(LIST)).words
    assert Token.objects.get().revoked_at is None
    assert Client().get(LIST).status_code == 302
    assert head.get(revoke).status_code == 405
