"""Who comes and who goes: a head invites a teacher, who signs in with a passkey; a leaver is out at the next click."""

import pytest
from playwright.sync_api import Page, expect

from headway.records.models import School
from headway.services.access import COMMAND_LINE
from headway.services.people import add_person
from tests.journeys.conftest import Opens, passkey, sign_in, violations
from tests.school import NOW, bring_in, csv, make_school, make_upn
from tests.web.primary import HEAD, PASSWORD, TEACHER

NEW = "ned.new@elm.example"


def is_open(page: Page, name: str) -> None:
    """Nothing is closed to anybody on a page, on a desk or in a hand, in either light."""
    for width in (1280, 390):
        for scheme in ("light", "dark"):
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
            assert violations(page) == [], f"{name}, {width}, {scheme}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    page.set_viewport_size({"width": 1280, "height": 900})


def test_a_head_invites_a_teacher_who_makes_the_account_theirs_and_sees_their_classes(
    opens: Opens, school: School
) -> None:
    head = opens()
    sign_in(head)
    head.get_by_role("link", name="School", exact=True).click()
    head.get_by_role("link", name="People", exact=True).click()
    expect(head.get_by_role("heading", level=1)).to_have_text("People")
    head.get_by_role("link", name="Invite somebody").click()
    head.get_by_role("button", name="Make the account and the link").click()
    expect(head.get_by_role("alert")).to_contain_text("Enter their name.")
    is_open(head, "a refused invitation")
    head.get_by_label("Name", exact=True).fill("Ned New")
    head.get_by_label("E-mail address").fill(NEW)
    head.get_by_label("Staff code, if the school has one").fill("NED")
    head.get_by_label("Role", exact=True).select_option(label="Class teacher")
    head.get_by_label("A second role, if they have one").select_option(label="Tutor of 5B")
    head.get_by_role("button", name="Make the account and the link").click()
    expect(head.get_by_role("heading", level=1)).to_have_text("A one-time link for Ned New")
    is_open(head, "a one-time link")
    link = head.get_by_label("The link").input_value()
    rows = [f"5B,mathematics,5,{make_upn(number)},NED" for number in range(7, 13)]
    bring_in(school, csv("class,subject,year_group,upn,teacher", *rows), file="classes.csv")

    teacher = opens()
    passkey(teacher)
    teacher.goto(link)
    teacher.get_by_label("New password", exact=True).fill(PASSWORD)
    teacher.get_by_label("New password, again").fill(PASSWORD)
    teacher.get_by_role("button", name="Set the password").click()
    expect(teacher.get_by_text("Your password is set.")).to_be_visible()
    teacher.get_by_label("E-mail address").fill(NEW)
    teacher.get_by_label("Password").fill(PASSWORD)
    teacher.get_by_role("button", name="Sign in", exact=True).click()
    teacher.get_by_role("link", name="My account").click()
    teacher.get_by_role("link", name="Set up a second step").click()
    teacher.get_by_label("A name to know it by").fill("My laptop")
    teacher.get_by_role("button", name="Make a passkey").click()
    expect(teacher.get_by_text("Your passkey is ready.")).to_be_visible()
    teacher.goto("/")
    teacher.get_by_role("button", name="Sign out").click()
    teacher.get_by_role("button", name="Use a passkey").click()
    teacher.get_by_role("link", name="Mark sheets").click()
    expect(teacher.get_by_role("link", name="5B").first).to_be_visible()

    head.goto("/people?q=ned")
    expect(head.get_by_role("row", name="Ned New")).to_contain_text("Can sign in")
    expect(head.get_by_role("row", name="Ned New")).to_contain_text("Set")
    again = opens()
    again.goto(link)
    expect(again.get_by_role("heading", level=1)).not_to_have_text("Set your password")


def test_a_leaver_is_out_at_the_next_click(opens: Opens) -> None:
    teacher, head = opens(), opens(javascript=False)
    sign_in(teacher, email=TEACHER)
    sign_in(head)
    head.goto("/people")
    head.get_by_role("link", name="Tess Teacher").click()
    expect(head.get_by_role("heading", level=1)).to_contain_text("Tess Teacher")
    head.get_by_label("At once").check()
    head.get_by_role("button", name="End their time here").click()
    expect(head.get_by_text("They are out at their next click.")).to_be_visible()

    teacher.get_by_role("link", name="Mark sheets").click()

    expect(teacher.get_by_role("heading", level=1)).to_have_text("Sign in")
    teacher.get_by_label("E-mail address").fill(TEACHER)
    teacher.get_by_label("Password").fill(PASSWORD)
    teacher.get_by_role("button", name="Sign in", exact=True).click()
    expect(teacher.get_by_role("heading", level=1)).to_have_text("You have no role in a school")


@pytest.mark.parametrize("address", ["/school", "/school/roles", "/people", "/people/invite"])
def test_it_is_open_to_everybody(opens: Opens, address: str) -> None:
    page = opens()
    sign_in(page)
    page.goto(address)

    is_open(page, address)


def test_it_asks_before_changing_to_another_school(opens: Opens, school: School) -> None:
    other = make_school("8239999")
    add_person(name="Maya Head", email=HEAD, roles="head", school=other, by=COMMAND_LINE, now=NOW)
    page = opens()
    sign_in(page)
    page.goto(f"/progress?school={school.uid}&year_group=5")
    expect(page.get_by_role("heading", level=1)).to_have_text("This is at Elm Tree Primary School")
    is_open(page, "another school")
    page.get_by_role("button", name="Change over to Elm Tree Primary School").click()
    expect(page.get_by_role("heading", name="Year 5 mathematics").first).to_be_visible()

    page.get_by_role("button", name="Change school").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Which school?")
    is_open(page, "which school")
    page.get_by_role("button", name=other.name).click()
    expect(page.locator(".brand-school")).to_have_text(other.name)
