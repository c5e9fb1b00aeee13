"""A head asks who is apparently off track, opens names, and comes back with the same choices."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Opens, names, sign_in
from tests.web.primary import HEAD, OFF_TRACK, PASSWORD

SENTENCE = "Year 5 mathematics, autumn 2026, against progress target"


@pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without"])
def test_it_leads_a_head_from_the_door_to_the_names(opens: Opens, *, javascript: bool) -> None:
    page = opens(javascript=javascript)
    page.goto("/progress")
    expect(page).to_have_title("Sign in – Headway")

    sign_in(page)
    page.get_by_label("Year group").select_option("Year 5")
    page.get_by_label("Subject").select_option("Mathematics")
    page.get_by_label("Term").select_option("Autumn 2026–27")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(SENTENCE)
    expect(page.get_by_text("4 of 9 pupils are apparently off track.")).to_be_visible()
    assert names(page)[:4] == OFF_TRACK

    page.get_by_role("link", name="Free school meals: 2 well below progress target").click()
    assert names(page) == ["Jones, Jo", "Adams, Amir"]
    opened = page.url
    assert opened.endswith("status=well_below&fsm=yes#pupils")

    page.get_by_role("link", name="free school meals (take this filter away)").click()
    assert names(page) == ["Jones, Jo", "Adams, Amir", "Cole, Carl"]
    page.go_back()
    assert page.url == opened
    expect(page.get_by_label("Status")).to_have_value("well_below")
    expect(page.get_by_label("Free school meals", exact=True)).to_have_value("yes")


def test_it_opens_names_from_the_bar(opens: Opens) -> None:
    page = opens()
    sign_in(page)

    page.get_by_role("link", name="1 pupil below progress target (show the names)").click()

    assert names(page) == ["Green, Gil"]


def test_it_can_be_done_by_keyboard_alone(opens: Opens) -> None:
    page = opens()
    page.goto("/sign-in")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_in_viewport()
    page.keyboard.press("Enter")
    _tab_to(page, page.get_by_label("E-mail address"))
    page.keyboard.type(HEAD)
    _tab_to(page, page.get_by_label("Password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")

    _tab_to(page, page.get_by_label("Status"))
    page.keyboard.type("Off")
    _tab_to(page, page.get_by_role("button", name="Show"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("status=off_track"))
    assert names(page) == OFF_TRACK

    _tab_to(page, page.get_by_role("link", name="3 pupils well below progress target (show the names)"))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("status=well_below"))
    _tab_to(page, page.get_by_text("How this is worked out"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("a prompt to ask why, never a decision")).to_be_visible()


def test_it_shows_a_change_of_theme_at_once_and_keeps_it(opens: Opens) -> None:
    page = opens()
    sign_in(page)
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")

    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator("body")).to_have_css("background-color", "rgb(15, 17, 19)")


def test_it_changes_the_theme_without_a_script(opens: Opens) -> None:
    page = opens(scheme="dark", javascript=False)
    sign_in(page)
    page.get_by_role("button", name="Light").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(SENTENCE)
    expect(page.locator("body")).to_have_css("background-color", "rgb(244, 244, 241)")


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
