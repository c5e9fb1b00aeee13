"""Pupils and families in the browser: a card opens one page, a restriction takes one child, cards come on paper."""

import re
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from headway.records.models import Contact, Pupil, School, User
from headway.services.access import COMMAND_LINE
from headway.services.families.cards import DealtCard, make_cards
from headway.services.families.invitations import invite_contact, restrict_contact
from headway.services.families.releases import Cell, release
from headway.services.people import claim_account
from tests.journeys.conftest import Opens, sign_in, violations
from tests.school import NOW, bring_in, csv, make_upn
from tests.web.primary import PASSWORD, TEACHER

MUM = "mum@home.example"
LOOKS = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]


def uid(number: int) -> UUID:
    return Pupil.objects.get(upn=make_upn(number)).uid


@pytest.fixture
def families(school: School) -> School:
    """Amir and Bella of 5A, their mother who may see both, a card for each, and this autumn released."""
    rows = [f"{make_upn(number)},Mona Adams,mother,{MUM}" for number in (1, 2)]
    bring_in(school, csv("upn,name,relationship,email", *rows), file="contacts.csv")
    for contact in Contact.objects.filter(email=MUM):
        invite_contact(contact.uid, school=school, by=COMMAND_LINE, now=NOW)
    claim_account(User.objects.get(email=MUM), password=PASSWORD, now=NOW)
    cards = {
        1: ("words", DealtCard("sunny-otter-41", ("river", "pencil", "mango"))),
        2: ("pictures", DealtCard("happy-robin-7", ("boat", "star", "cat"))),
    }
    for number, (kind, dealt) in cards.items():
        make_cards(
            "5A",
            pupils=[uid(number)],
            kind=kind,
            school=school,
            by=COMMAND_LINE,
            now=NOW,
            dealer=lambda _, d=dealt: d,  # type: ignore[misc]
        )
    cells = [Cell("2026-27-autumn", 5, audience) for audience in ("pupils", "families")]
    release(cells, starts=NOW.date(), school=school, by=COMMAND_LINE, now=NOW)
    return school


def name_given(page: Page, name: str) -> None:
    page.goto("/pupil")
    page.get_by_label("Your sign-in name").fill(name)
    page.get_by_role("button", name="Next").click()


def test_a_pupil_signs_in_with_their_card_and_sees_their_own_lines_and_nobody_elses(
    opens: Opens, families: School
) -> None:
    page = opens()
    name_given(page, "Sunny otter 41")
    page.get_by_label("Your three words").fill("river pencil boat")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("That does not match a card.")).to_be_visible()
    page.get_by_label("Your three words").fill("river pencil mango")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="Your progress")).to_be_visible()
    expect(page.get_by_role("heading", name="Mathematics")).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Mathematics.*2a"))).to_be_visible()
    expect(page.get_by_text("Bella")).to_have_count(0)
    expect(page.get_by_role("navigation", name="What you do here")).to_have_count(0)
    page.goto(f"/pupils/{uid(2)}")
    expect(page.get_by_role("heading", name="This page is for the school’s staff")).to_be_visible()
    page.goto(f"/my/{uid(2)}")
    expect(page.get_by_role("heading", name="Your progress")).to_have_count(0)


def test_the_young_tap_three_pictures_by_keyboard_too_and_without_a_script(opens: Opens, families: School) -> None:
    page = opens(javascript=False)
    name_given(page, "happy robin 7")
    expect(page.get_by_text("Choose picture 1 of 3")).to_be_visible()
    page.get_by_role("button", name="boat").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Choose picture 2 of 3")).to_be_visible()
    page.get_by_role("button", name="star", exact=True).click()
    expect(page.get_by_text("Choose picture 3 of 3")).to_be_visible()
    page.get_by_role("button", name="cat").click()

    expect(page.get_by_text("Bella Baker, Year 5")).to_be_visible()


def test_a_parent_sees_both_children_until_a_restriction_takes_one(opens: Opens, families: School) -> None:
    page = opens()
    sign_in(page, email=MUM)
    expect(page.get_by_role("heading", name="progress", exact=False).first).to_be_visible()
    switch = page.get_by_role("navigation", name="Your children")
    switch.get_by_role("link", name="Bella").click()
    expect(page.get_by_role("heading", name="Bella’s progress")).to_be_visible()
    switch.get_by_role("link", name="Amir").click()
    expect(page.get_by_role("heading", name="Amir’s progress")).to_be_visible()

    amirs = Contact.objects.get(pupil__upn=make_upn(1))
    restrict_contact(amirs.uid, why="court order", school=families, by=COMMAND_LINE, now=NOW)

    page.reload()
    expect(page.get_by_role("heading", name="Amir’s progress")).to_have_count(0)
    page.goto("/")
    expect(page.get_by_role("heading", name="Bella’s progress")).to_be_visible()
    expect(page.get_by_text("Amir")).to_have_count(0)


def test_a_teacher_prints_the_cards_of_the_class(opens: Opens, families: School) -> None:
    page = opens()
    sign_in(page, email=TEACHER)
    page.goto("/school/class-cards")
    page.get_by_role("link", name="5A").click()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(4)
    page.get_by_role("button", name="Make the cards").click()

    expect(page.get_by_role("heading", name="4 cards of 5A")).to_be_visible()
    slips = page.get_by_role("list", name="Cards").get_by_role("listitem")
    expect(slips).to_have_count(4)
    assert violations(page) == []
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.get_by_role("heading", name="4 cards of 5A")).to_be_hidden()
    expect(slips.first).to_contain_text("/pupil")
    first = slips.first.bounding_box()
    assert first is not None
    assert first["height"] < 270  # eight to a sheet of A4


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_it_is_accessible_in_every_look(opens: Opens, families: School, width: int, scheme: str) -> None:
    found = []

    def look(page: Page, heading: str) -> None:
        expect(page.get_by_role("heading", name=heading).first).to_be_visible()
        wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        found.extend([f"{heading} scrolls sideways"] if wide else [])
        found.extend(f"{heading}: {each}" for each in violations(page))

    page = opens(width=width, scheme=scheme)
    page.goto("/pupil")
    look(page, "Have your card ready")
    name_given(page, "happy robin 7")
    look(page, "happy-robin-7")
    name_given(page, "sunny otter 41")
    look(page, "sunny-otter-41")
    page.get_by_label("Your three words").fill("river pencil mango")
    page.get_by_role("button", name="Sign in").click()
    look(page, "Your progress")
    page = opens(width=width, scheme=scheme)
    sign_in(page, email=MUM)
    look(page, "progress")
    page = opens(width=width, scheme=scheme)
    sign_in(page)
    contact = Contact.objects.get(pupil__upn=make_upn(1))
    for address, heading in (
        ("/school/families", "Families"),
        (f"/school/families/{contact.uid}", "Mona Adams"),
        ("/school/releases", "Releases"),
        ("/school/class-cards", "Sign-in cards"),
        ("/school/class-cards/5B", "Sign-in cards of 5B"),
        (f"/pupils/{uid(1)}/as-family", "Amir’s progress"),
    ):
        page.goto(address)
        look(page, heading)
    assert found == []
