"""What stands round every page: search from anywhere by one key, help, the way back."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Opens, sign_in, violations
from tests.web.primary import TEACHER


def test_it_leads_to_a_pupil_by_one_key_and_a_few_letters(opens: Opens) -> None:
    page = opens()
    sign_in(page)
    page.goto("/progress")

    page.keyboard.press("/")
    page.keyboard.type("gre")
    expect(page.get_by_role("link", name="Green, Gil 5B")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile("/pupils/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Green")


def test_it_leaves_the_key_alone_while_somebody_types(opens: Opens) -> None:
    page = opens()
    sign_in(page)
    page.goto("/search")
    box = page.get_by_role("searchbox")
    box.fill("5")
    box.press("/")

    expect(box).to_have_value("5/")


def test_it_suggests_only_whom_the_teacher_reaches(opens: Opens) -> None:
    page = opens()
    sign_in(page, email=TEACHER)
    page.goto("/progress")
    page.keyboard.press("/")
    page.keyboard.type("gree")

    expect(page.get_by_text("Nobody you can see, and no class, is called “gree”.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#search-found")).to_be_hidden()


def test_it_searches_without_a_script(opens: Opens) -> None:
    page = opens(javascript=False)
    sign_in(page)
    page.goto("/progress")
    page.get_by_role("searchbox").fill("king")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="King, Kai").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("King")
    page.get_by_role("navigation", name="The way back").get_by_role("link", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Search for “king”")


def test_it_explains_the_page_in_three_sentences(opens: Opens) -> None:
    page = opens()
    sign_in(page)
    page.goto("/progress")
    page.get_by_label("Help with this page").focus()
    page.keyboard.press("Enter")

    for heading in ("What this is", "How to read it", "What to do next"):
        expect(page.get_by_text(heading)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("What this is")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_open_to_everybody(opens: Opens, width: int, scheme: str) -> None:
    page = opens(width=width, scheme=scheme)
    sign_in(page)
    page.goto("/search?q=a")
    page.get_by_label("Help with this page").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("searchbox").fill("ha")
    page.locator("#search-found").get_by_role("link", name="Hall, Hana").wait_for()

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
