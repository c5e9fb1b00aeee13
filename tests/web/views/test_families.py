"""Families, cards and releases as pages; and the pages pupils and families read themselves."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.school import NOW, bring_in, csv, make_upn
from tests.web.conftest import Visitor
from tests.web.html import read

from headway.records.models import Contact, Pupil, PupilAccount, Release, School, User
from headway.services.access import COMMAND_LINE
from headway.services.families.cards import DealtCard, make_cards
from headway.services.families.invitations import invite_contact, restrict_contact
from headway.services.families.releases import Cell, release, withdraw
from headway.services.people import claim_account

pytestmark = pytest.mark.django_db

AUTUMN = "2026-27-autumn"
MUM = "mum@home.example"
SECRETS = {
    1: DealtCard("sunny-otter-41", ("river", "pencil", "mango")),
    2: DealtCard("happy-robin-7", ("boat", "star", "cat")),
}
Enter = Callable[..., HttpResponse]


def uid(number: int) -> UUID:
    return Pupil.objects.get(upn=make_upn(number)).uid


@pytest.fixture
def school(primary: School) -> School:
    """Elm Tree with Amir's and Bella's mother in its contacts, cards for both, and autumn released to both."""
    rows = [f"{make_upn(number)},Mona Adams,mother,{MUM}" for number in (1, 2)]
    rows.append(f"{make_upn(3)},Cora Cole,mother,")
    bring_in(primary, csv("upn,name,relationship,email", *rows), file="contacts.csv")
    for number, kind in ((1, "words"), (2, "pictures")):
        dealt = SECRETS[number]
        make_cards(
            "5A", pupils=[uid(number)], kind=kind, school=primary, by=COMMAND_LINE, now=NOW, dealer=lambda _, d=dealt: d
        )  # type: ignore[misc]
    cells = [Cell(AUTUMN, 5, audience) for audience in ("pupils", "families")]
    release(cells, starts=NOW.date(), school=primary, by=COMMAND_LINE, now=NOW)
    return primary


@pytest.fixture
def mum(school: School, visitor: Visitor) -> Client:
    """The mother, who was invited to both of her children."""
    for contact in Contact.objects.filter(email=MUM):
        invite_contact(contact.uid, school=school, by=COMMAND_LINE, now=NOW)
    claim_account(User.objects.get(email=MUM), password="a long enough passphrase", now=NOW)
    return visitor(MUM)


def enter(client: Client, name: str, **said: object) -> HttpResponse:
    return client.post(reverse("pupil-sign-in"), {"name": name, **said})


@pytest.fixture
def amir(school: School) -> Client:
    client = Client()
    assert enter(client, "sunny otter 41", words="river pencil mango").status_code == 302
    return client


class TestDoor:
    def test_words_lead_in_to_the_pupils_own_page(self, school: School) -> None:
        client = Client()

        assert "Your three words" in read(enter(client, "Sunny Otter 41")).words
        response = enter(client, "sunny-otter-41", words="River  pencil mango")

        assert (response.status_code, response.headers["Location"]) == (302, reverse("my-progress"))
        assert "Your progress" in read(client.get(reverse("my-progress"))).words

    def test_pictures_lead_in_one_after_the_other(self, school: School) -> None:
        client = Client()

        assert "Choose picture 1 of 3" in read(enter(client, "happy robin 7")).words
        assert "Choose picture 2 of 3" in read(enter(client, "happy robin 7", picture="boat")).words
        third = enter(client, "happy robin 7", chosen=["boat"], picture="star")
        assert "Choose picture 3 of 3" in read(third).words
        response = enter(client, "happy robin 7", chosen=["boat", "star"], picture="cat")

        assert response.status_code == 302
        assert "Bella" in read(client.get(reverse("my-progress"))).words

    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("sunny-otter-41", {"words": "river pencil boat"}),
            ("sunny-otter-42", {"words": "river pencil mango"}),
            ("happy-robin-7", {"chosen": ["boat", "star"], "picture": "sun"}),
            ("happy-robin-8", {"chosen": ["boat", "star"], "picture": "cat"}),
        ],
    )
    def test_it_says_the_same_whatever_was_wrong(self, school: School, name: str, said: dict[str, object]) -> None:
        response = enter(Client(), name, **said)

        assert response.status_code == 400
        assert "That does not match a card." in read(response).words

    def test_it_asks_names_nobody_has_the_same_next_question(self, school: School) -> None:
        def asked(name: str) -> str:
            return read(enter(Client(), name)).words.replace(name, "")

        assert asked("sunny-otter-41") == asked("brave-heron-77")
        assert asked("happy-robin-7") == asked("brave-heron-5")

    def test_pictures_that_are_none_begin_again(self, school: School) -> None:
        response = enter(Client(), "happy robin 7", chosen=["boat", "../x"], picture="cat")

        assert "Choose picture 1 of 3" in read(response).words

    def test_it_makes_one_card_wait_after_ten_tries(self, school: School) -> None:
        for _ in range(10):
            enter(Client(), "sunny-otter-41", words="no no no")

        response = enter(Client(), "sunny-otter-41", words="river pencil mango")
        assert response.status_code == 429
        assert "too many tries" in read(response).words
        assert enter(Client(), "happy robin 7", chosen=["boat", "star"], picture="cat").status_code == 302

    def test_it_begins_again_and_asks_for_a_name(self, school: School) -> None:
        assert "Have your card ready" in read(enter(Client(), "sunny-otter-41", again="yes")).words
        response = enter(Client(), "")
        assert (response.status_code, "Type the sign-in name" in read(response).words) == (400, True)

    def test_nobody_signs_in_with_a_card_at_the_staff_door(self, school: School) -> None:
        for name in ("", "sunny-otter-41", "None"):
            client = Client()
            client.post(reverse("sign-in"), {"username": name, "password": "river-pencil-mango"})
            assert "_auth_user_id" not in client.session

    def test_a_card_made_anew_ends_the_session(self, school: School, amir: Client) -> None:
        make_cards("5A", pupils=[uid(1)], kind="words", school=school, by=COMMAND_LINE, now=NOW)

        assert amir.get(reverse("my-progress")).status_code == 302

    def test_a_session_left_alone_asks_for_the_card_again(self, amir: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("headway.web.clock.now", lambda: NOW + timedelta(minutes=20))

        response = amir.get(reverse("my-progress"))
        assert (response.status_code, response.headers["Location"]) == (302, reverse("pupil-sign-in"))


class TestOwnPages:
    def test_a_pupil_sees_their_own_page_and_nobody_elses(self, amir: Client) -> None:
        words = read(amir.get(reverse("my-progress"))).words

        assert "In autumn 2026 your grade was 2a" in words
        assert "The target is 4b" in words
        assert not re.search("Baker|Bella|Cole|Carl", words)
        assert amir.get(reverse("my-child", args=[uid(1)])).status_code == 200
        assert amir.get(reverse("my-child", args=[uid(2)])).status_code == 404

    def test_it_leads_them_from_the_first_page_to_their_own(self, amir: Client, mum: Client) -> None:
        for client in (amir, mum):
            assert client.get("/").headers["Location"] == reverse("my-progress")

    @pytest.mark.parametrize(
        "name",
        [
            "classes",
            "progress",
            "groups",
            "search",
            "transfers",
            "people",
            "releases",
            "school",
            "roles",
            "families",
            "class-cards",
        ],
    )
    def test_staff_pages_are_not_theirs(self, amir: Client, mum: Client, name: str) -> None:
        for client in (amir, mum):
            response = client.get(reverse(name))
            assert response.status_code == 403
            assert reverse("my-progress") in {tag.get("href") for _, tag in read(response).tags}
        assert amir.post("/").status_code == 403
        assert mum.get(reverse("pupil", args=[uid(1)])).status_code == 403

    def test_the_frame_shows_only_theirs(self, amir: Client, mum: Client) -> None:
        for client, name in ((amir, "Amir Adams"), (mum, "Mona Adams")):
            page = read(client.get(reverse("my-progress")))
            assert name in page.words
            assert not [tag for _, tag in page.tags if tag.get("role") == "search"]
            assert not [tag for _, tag in page.tags if tag.get("aria-label") == "What you do here"]

    def test_a_parent_changes_between_their_children(self, mum: Client) -> None:
        page = read(mum.get(reverse("my-progress")))

        links = {tag.get("href") for _, tag in page.tags}
        assert {reverse("my-child", args=[uid(number)]) for number in (1, 2)} <= links
        assert "Bella’s progress" in read(mum.get(reverse("my-child", args=[uid(2)]))).words
        assert mum.get(reverse("my-child", args=[uid(3)])).status_code == 404

    def test_a_restriction_takes_one_child_and_leaves_the_other(self, school: School, mum: Client) -> None:
        mine = Contact.objects.get(pupil__upn=make_upn(1))
        restrict_contact(mine.uid, why="order", school=school, by=COMMAND_LINE, now=NOW)

        assert mum.get(reverse("my-child", args=[uid(1)])).status_code == 404
        assert "Amir" not in read(mum.get(reverse("my-progress"))).words

    def test_who_has_nothing_to_see_is_told_so_and_no_more(self, school: School, mum: Client) -> None:
        for mine in Contact.objects.filter(email=MUM):
            restrict_contact(mine.uid, why="court order", school=school, by=COMMAND_LINE, now=NOW)

        response = mum.get(reverse("my-progress"))
        assert response.status_code == 403
        assert "restrict" not in response.content.decode().casefold()
        assert mum.get("/").status_code == 403

    def test_nothing_of_an_unreleased_term_is_there(self, school: School, mum: Client) -> None:
        late = csv("upn,subject,term,grade,comment", f"{make_upn(1)},mathematics,2025-26-summer,1a,SECRET")
        bring_in(school, late, file="assessments.csv")

        content = mum.get(reverse("my-child", args=[uid(1)])).content.decode()
        assert "SECRET" not in content
        assert not re.search(r">1a<|summer 2026: 1a|Summer 2026", content)

    def test_a_family_sees_who_has_looked(self, school: School, mum: Client, teacher: Client) -> None:
        teacher.get(reverse("pupil", args=[uid(1)]))

        words = read(mum.get(reverse("my-child", args=[uid(1)]))).words
        assert "Tess Teacher, class teacher" in words
        assert "The pupil’s page" in words

    def test_a_pupil_without_releases_reads_what_will_come(self, school: School) -> None:
        withdraw([Cell(AUTUMN, 5, "pupils")], school=school, by=COMMAND_LINE, now=NOW)
        client = Client()
        enter(client, "sunny otter 41", words="river pencil mango")

        words = read(client.get(reverse("my-progress"))).words
        assert "There is nothing to see yet." in words
        assert "2a" not in words

    def test_staff_look_at_it_beforehand(self, school: School, teacher: Client, governor: Client) -> None:
        address = reverse("pupil-as-family", args=[uid(1)])

        assert "Only a look beforehand." in read(teacher.get(address)).words
        assert "Your progress" in read(teacher.get(f"{address}?audience=pupils")).words
        assert teacher.get(f"{address}?audience=everybody").status_code == 404
        assert teacher.get(reverse("pupil-as-family", args=[uid(7)])).status_code == 404
        assert governor.get(address).status_code == 403


class TestContacts:
    def test_the_head_invites_one_and_sees_the_link_once(self, school: School, head: Client) -> None:
        amirs = Contact.objects.get(pupil__upn=make_upn(1))
        assert "Not invited" in read(head.get(f"{reverse('families')}?class=5A")).words
        assert "Invite to see Adams, Amir" in read(head.get(reverse("contact", args=[amirs.uid]))).words

        link = read(head.post(reverse("contact-invite", args=[amirs.uid])))

        claim = next(tag["value"] for _, tag in link.tags if tag.get("id") == "link")
        assert claim is not None
        assert Client().get(claim).status_code == 200
        assert "link not used yet" in read(head.get(reverse("contact", args=[amirs.uid]))).words
        again = read(head.post(reverse("contact-link", args=[amirs.uid])))
        assert next(tag["value"] for _, tag in again.tags if tag.get("id") == "link") != claim

    def test_a_restriction_takes_a_reason_and_what_was_typed_is_kept(self, school: School, head: Client) -> None:
        amirs = Contact.objects.get(pupil__upn=make_upn(1))

        missing = head.post(reverse("contact-restrict", args=[amirs.uid]), {"why": " "})
        assert missing.status_code == 400
        assert "Enter the reason" in read(missing).words
        for act, why in (("contact-restrict", "court order"), ("contact-lift", "discharged"), ("contact-end", "moved")):
            response = head.post(reverse(act, args=[amirs.uid]), {"why": why}, follow=True)
            assert why in read(response).words

    def test_an_agreement_is_noted(self, school: School, head: Client) -> None:
        amirs = Contact.objects.get(pupil__upn=make_upn(1))
        for said, words in (("yes", "that the pupil agrees."), ("no", "agrees no longer.")):
            sent = {"why": "asked him", "agreed": said}
            response = head.post(reverse("contact-agreed", args=[amirs.uid]), sent, follow=True)
            assert words in read(response).words

    def test_it_says_why_somebody_cannot_be_invited(self, school: School, head: Client) -> None:
        carls = Contact.objects.get(pupil__upn=make_upn(3))

        response = head.post(reverse("contact-invite", args=[carls.uid]), follow=True)

        assert "has no e-mail address" in read(response).words

    def test_it_is_not_a_teachers_page(self, school: School, teacher: Client) -> None:
        assert teacher.get(reverse("families")).status_code == 403

    def test_it_says_what_to_do_first(self, primary: School, head: Client) -> None:
        assert "No parent or guardian is recorded yet." in read(head.get(reverse("families"))).words


class TestReleasePage:
    def test_it_releases_what_is_ticked_from_a_day(self, school: School, head: Client) -> None:
        sent = {
            "year": "2026-27",
            "starts": "2026-12-18",
            "cell": [f"{AUTUMN}|5|families", f"{AUTUMN}|all|pupils", "x"],
        }

        response = head.post(reverse("releases"), sent, follow=True)

        assert "Released: 2 changed." in read(response).words
        assert "From 18 Dec 2026 Maya Head" in read(response).words.replace("\xa0", " ")
        assert {row.starts.isoformat() for row in Release.objects.all()} == {"2026-12-18"}

    def test_it_withdraws_what_is_ticked(self, school: School, head: Client) -> None:
        sent = {"year": "2026-27", "cell": [f"{AUTUMN}|5|families"]}

        response = head.post(reverse("releases-withdraw"), sent, follow=True)

        assert "Withdrawn: 1." in read(response).words
        assert [row.audience for row in Release.objects.all()] == ["pupils"]

    def test_it_says_what_is_missing_and_keeps_the_ticks(self, school: School, head: Client) -> None:
        cell = f"{AUTUMN}|5|families"
        response = head.post(reverse("releases"), {"year": "2026-27", "starts": "soon", "cell": [cell]})

        assert response.status_code == 400
        assert "Enter a day" in read(response).words
        assert [tag["value"] for _, tag in read(response).tags if tag.get("name") == "cell" and "checked" in tag] == [
            cell
        ]
        for name in ("releases", "releases-withdraw"):
            nothing = head.post(reverse(name), {"year": "2026-27", "starts": "2026-12-18"}, follow=True)
            assert "Tick at least one box first." in read(nothing).words

    def test_it_refuses_what_is_no_cell(self, school: School, head: Client) -> None:
        for cell in (f"{AUTUMN}|13|families", f"{AUTUMN}|5|everybody", "2030-31-autumn|5|families"):
            sent = {"year": "2026-27", "starts": "2026-12-18", "cell": [cell]}
            assert head.post(reverse("releases"), sent).status_code == 400
            assert "Right would be" in read(head.post(reverse("releases-withdraw"), sent, follow=True)).words

    def test_it_is_for_those_who_release(self, school: School, teacher: Client) -> None:
        assert teacher.get(reverse("releases")).status_code == 403


class TestClassCards:
    def test_a_teacher_makes_the_cards_of_their_class_and_sees_them_once(self, school: School, teacher: Client) -> None:
        assert "2 of 6 have a card" in read(teacher.get(reverse("class-cards"))).words
        page = read(teacher.get(reverse("class-cards-of", args=["5A"])))
        ticked = [tag["value"] for _, tag in page.tags if tag.get("name") == "pupil" and "checked" in tag]
        assert len(ticked) == 4
        request_id = next(tag["value"] for _, tag in page.tags if tag.get("name") == "request_id")
        sent = {"pupil": ticked, "kind": "pictures", "request_id": request_id}

        made = teacher.post(reverse("class-cards-of", args=["5A"]), sent)

        words = read(made).words
        assert "4 cards of 5A" in words
        assert "testserver/pupil" in words
        assert "Carl Cole" in words
        account = PupilAccount.objects.get(pupil__upn=make_upn(3))
        assert account.sign_in_name in words
        again = teacher.post(reverse("class-cards-of", args=["5A"]), sent, follow=True)
        assert "have been made already" in read(again).words
        assert account.sign_in_name not in read(teacher.get(reverse("class-cards"))).words

    def test_it_says_what_is_missing(self, school: School, head: Client) -> None:
        address = reverse("class-cards-of", args=["5B"])
        assert head.post(address, {"pupil": [str(uid(7))], "request_id": str(UUID(int=4))}).status_code == 400
        nobody = head.post(address, {"kind": "words", "request_id": str(UUID(int=4)), "pupil": ["x"]}, follow=True)
        assert "Nobody is chosen." in read(nobody).words

    def test_it_is_only_for_ones_own(self, school: School, teacher: Client, governor: Client) -> None:
        assert teacher.get(reverse("class-cards-of", args=["5B"])).status_code == 404
        assert governor.get(reverse("class-cards")).status_code == 403
