"""A head goes from a number to names to one pupil and back with the same choices, and makes a group of those chosen."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from headway.records.models import Pupil, School
from headway.services.access import COMMAND_LINE
from headway.services.groups import make_group
from tests.journeys.conftest import Opens, names, past_the_second_step, sign_in, violations
from tests.school import NOW
from tests.web.primary import HEAD, OFF_TRACK, PASSWORD

SENTENCE = "Year 5 mathematics, autumn 2026, against progress target"
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 390)]
PAGES = {
    "everything": "/progress",
    "one class, sorted": "/progress?who=class:5A&subject=mathematics&sort=gap&by=class",
    "one status, narrowed": "/progress?status=below&sex=M&by=fsm",
    "nobody": "/progress?sex=M&fsm=none",
    "a wrong choice": "/progress?who=year:9",
}


@pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without"])
def test_it_leads_a_head_from_a_number_to_a_pupil_and_back(opens: Opens, *, javascript: bool) -> None:
    page = opens(javascript=javascript)
    page.goto("/progress")
    expect(page).to_have_title("Sign in – Headway")

    sign_in(page)
    page.goto("/progress")
    page.get_by_label("Pupils", exact=True).select_option("Year 5")
    page.get_by_label("Subject").select_option("Mathematics")
    page.get_by_label("Term").select_option("Autumn 2026")
    page.get_by_label("Compare by").select_option("Free school meals")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SENTENCE)
    expect(page.get_by_text("4 of 9 pupils are apparently off track.")).to_be_visible()
    assert names(page)[:4] == OFF_TRACK

    page.get_by_role("link", name="Free school meals: 2 well below progress target").click()
    assert names(page) == ["Jones, Jo", "Adams, Amir"]
    opened = page.url
    assert opened.endswith("status=well_below&by=fsm&fsm=yes#pupils")
    page.get_by_role("link", name="Adams, Amir").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Adams")
    page.get_by_role("navigation", name="The way back").get_by_role("link", name="Progress: Year 5").click()
    assert names(page) == ["Jones, Jo", "Adams, Amir"]
    assert page.url == opened.removesuffix("#pupils")

    page.get_by_role("link", name="free school meals (take this filter away)").click()
    assert names(page) == ["Jones, Jo", "Adams, Amir", "Cole, Carl"]
    page.get_by_role("columnheader").get_by_role("link", name="Pupil").click()
    assert names(page) == ["Adams, Amir", "Cole, Carl", "Jones, Jo"]
    expect(page.locator("th[aria-sort]")).to_have_text("Pupil ↑")
    expect(page.get_by_label("Status")).to_have_value("well_below")


def test_it_shows_one_class_off_track_in_two_page_loads(opens: Opens) -> None:
    page = opens()
    sign_in(page)
    page.get_by_role("navigation", name="What you do here").get_by_role("link", name="Progress").click()
    page.get_by_label("Pupils", exact=True).select_option("5A")
    page.get_by_label("Status").select_option("Off track")
    page.get_by_role("button", name="Show").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("5A mathematics")
    assert names(page) == ["Adams, Amir", "Cole, Carl"]
    assert "sex=" not in page.url


@pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without"])
def test_it_makes_a_group_of_those_chosen(opens: Opens, *, javascript: bool) -> None:
    page = opens(javascript=javascript)
    sign_in(page)
    page.goto("/progress?who=year:5&subject=mathematics&status=off_track")
    page.get_by_label("Choose all 4 shown").check()
    if javascript:
        expect(page.get_by_text("4 chosen")).to_be_visible()
        page.get_by_label("Choose Green, Gil").uncheck()
        expect(page.get_by_text("3 chosen")).to_be_visible()
        expect(page.get_by_label("Choose all 4 shown")).not_to_be_checked()
    page.get_by_role("button", name="Make a group of those chosen").click()

    n = 3 if javascript else 4
    expect(page.get_by_role("heading", level=1)).to_have_text(f"A group of {n} pupils")
    page.get_by_label("Name of the group").fill("Number catch-up")
    page.get_by_role("button", name="Make the group").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Number catch-up")
    expect(page.get_by_text(f"{n} pupils in it today.")).to_be_visible()

    page.get_by_role("link", name="Mathematics", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Number catch-up, mathematics")
    assert len(names(page)) == n
    way_back = page.get_by_role("navigation", name="The way back")
    way_back.get_by_role("link", name="Group", exact=True).click()
    way_back.get_by_role("link", name="Progress: Year 5 mathematics").click()
    expect(page.get_by_label("Status")).to_have_value("off_track")


def test_it_takes_pupils_out_of_a_group_and_puts_others_in(opens: Opens, school: School) -> None:
    group = make_group("Choir", pupils=[], school=school, by=COMMAND_LINE, now=NOW)
    page = opens()
    sign_in(page)
    page.goto("/groups")
    page.get_by_role("link", name="Choir", exact=True).click()
    page.get_by_label("Name, or the beginning of one").fill("ha")
    page.get_by_role("button", name="Look up").click()
    page.get_by_role("checkbox", name="Hall, Hana").check()
    page.get_by_role("button", name="Add those chosen").click()
    expect(page.get_by_text("1 pupil is in it from today.")).to_be_visible()

    page.get_by_label("Choose Hall, Hana").check()
    page.get_by_role("button", name="Take those chosen out").click()
    expect(page.get_by_text("Nobody is in it today.")).to_be_visible()
    page.get_by_text("Rename").click()
    page.get_by_label("Name of the group").fill("School choir")
    page.get_by_role("button", name="Give it this name").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("School choir")
    assert f"/groups/{group}?from=%2Fgroups" in page.url


def test_it_opens_names_from_the_bar(opens: Opens) -> None:
    page = opens()
    sign_in(page)
    page.goto("/progress")

    page.get_by_role("link", name="1 pupil below progress target (show the names)").click()

    assert names(page) == ["Green, Gil"]


def test_it_can_be_done_by_keyboard_alone(opens: Opens) -> None:
    page = opens()
    page.goto("/sign-in?next=/progress")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_in_viewport()
    page.keyboard.press("Enter")
    _tab_to(page, page.get_by_label("E-mail address"))
    page.keyboard.type(HEAD)
    _tab_to(page, page.get_by_label("Password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second step")
    past_the_second_step(page)
    page.goto("/progress")

    _tab_to(page, page.get_by_label("Status"))
    page.keyboard.type("Off")
    _tab_to(page, page.get_by_role("button", name="Show"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("status=off_track"))
    assert names(page) == OFF_TRACK

    _tab_to(page, page.get_by_role("link", name="3 pupils well below progress target (show the names)"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("status=well_below"))
    _tab_to(page, page.get_by_label("Choose Adams, Amir"))
    page.keyboard.press("Space")
    expect(page.get_by_text("1 chosen")).to_be_visible()
    _tab_to(page, page.get_by_text("How this is worked out"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("a prompt to ask why, never a decision")).to_be_visible()


def test_it_shows_a_change_of_theme_at_once_and_keeps_it(opens: Opens) -> None:
    page = opens()
    sign_in(page)
    page.goto("/progress")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")

    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator("body")).to_have_css("background-color", "rgb(15, 17, 19)")


def test_it_changes_the_theme_without_a_script(opens: Opens) -> None:
    page = opens(scheme="dark", javascript=False)
    sign_in(page)
    page.goto("/progress")
    page.get_by_role("button", name="Light").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(SENTENCE)
    expect(page.locator("body")).to_have_css("background-color", "rgb(244, 244, 241)")


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_it_is_open_to_everybody(opens: Opens, school: School, scheme: str, width: int) -> None:
    chosen = list(Pupil.objects.order_by("surname").values_list("uid", flat=True)[:3])
    group = make_group("Reading club", pupils=chosen, school=school, by=COMMAND_LINE, now=NOW)
    page = opens(width=width, scheme=scheme)
    sign_in(page)

    groups = {"groups": "/groups", "a group": f"/groups/{group}?find=ha", "a new group": "/groups/new"}
    for name, address in {**PAGES, **groups}.items():
        page.goto(address)
        for details in page.locator("main details:not(.rename)").all():
            if details.get_attribute("open") is None:
                details.locator("summary").click()
        assert violations(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"


def _tab_to(page: Page, there: Locator) -> None:
    """Presses Tab until somebody would be there, and sees at each stop where they are."""
    there.wait_for()
    for _ in range(80):
        page.keyboard.press("Tab")
        assert page.evaluate(_SEEN), page.evaluate("document.activeElement.outerHTML")
        if there.evaluate("each => each === document.activeElement"):
            return
    raise AssertionError("it cannot be reached by keyboard")


_SEEN = """() => {
  const here = document.activeElement, mark = here.querySelector("rect");
  return getComputedStyle(here).outlineStyle !== "none" || mark && getComputedStyle(mark).strokeWidth === "4px";
}"""
