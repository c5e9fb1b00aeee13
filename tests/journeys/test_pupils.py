"""A head finds a pupil, looks at one subject, opens a mark, and comes back; a hand-held screen and keys are enough."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from headway.records.models import School
from tests.journeys.conftest import Opens, sign_in, violations
from tests.school import bring_in, csv, make_upn

AMIR = make_upn(1)


@pytest.fixture(autouse=True)
def amirs_story(school: School) -> None:
    """A year of Amir Adams: two subjects, a fall, a choir, a bad autumn."""
    bring_in(school, csv("upn,key_stage,subject,grade,kind", f"{AMIR},KS1,reading,2c,teacher"), file="results.csv")
    bring_in(school, csv("upn,subject,key_stage,grade,reason", f"{AMIR},reading,KS2,4b,"), file="targets.csv")
    marks = [
        f"{AMIR},mathematics,2025-26-spring,2c,",
        f"{AMIR},mathematics,2025-26-summer,3c,Moderated.",
        f"{AMIR},reading,2025-26-summer,3b,",
        f"{AMIR},reading,2026-27-autumn,4c,Reads to his brother.",
        f"{AMIR},mathematics,2026-27-autumn,2b,",
    ]
    bring_in(school, csv("upn,subject,term,grade,comment", *marks), file="assessments.csv")
    bring_in(school, csv("upn,term,possible,attended", f"{AMIR},2026-27-autumn,100,88"), file="attendance.csv")
    bring_in(school, csv("upn,date,type,points", f"{AMIR},2026-11-02,Fighting,-5"), file="behaviour.csv")
    bring_in(school, csv("group,upn,from,to", f"Choir,{AMIR},2026-09-10,"), file="groups.csv")


def test_it_leads_from_the_search_to_a_subject_to_its_marks_and_back(opens: Opens) -> None:
    page = opens()
    sign_in(page)
    page.goto("/search?q=adams")
    page.get_by_role("link", name="Adams, Amir").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Amir Adams")
    standing = "On or above in 1 of 2 subjects this term; apparently well below in mathematics."
    expect(page.get_by_role("heading", name=standing)).to_be_visible()
    expect(page.get_by_text("2b is 2 steps below 3c, the assessment before it.")).to_be_visible()

    page.get_by_role("list", name="Subjects in autumn 2026").get_by_role("link", name="Mathematics").click()
    expect(page).to_have_url(re.compile(r"subject=mathematics.*#subject$"))
    expect(page.get_by_role("heading", name="Mathematics", exact=True)).to_be_in_viewport()
    row = page.get_by_role("row", name="Autumn 2026, Year 5")
    expect(row).to_contain_text("−7.0")
    expect(row).to_contain_text("Well below")

    page.get_by_role("link", name="Autumn 2026: 2b, well below (mark sheet)").click()
    expect(page).to_have_url(re.compile(r"/classes/5A/marks/2026-27-autumn\?subject=mathematics"))
    page.get_by_role("navigation", name="The way back").get_by_role("link", name="Pupil").click()
    expect(page).to_have_url(re.compile(r"subject=mathematics"))
    page.get_by_role("navigation", name="The way back").get_by_role("link", name="Search").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Search for “adams”")


def test_it_can_be_read_by_keyboard_alone(opens: Opens) -> None:
    page = opens()
    sign_in(page)
    page.goto("/search?q=adams")
    _tab_to(page, page.get_by_role("link", name="Adams, Amir"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/pupils/**")

    _tab_to(page, page.get_by_role("list", name="Subjects in autumn 2026").get_by_role("link", name="Mathematics"))
    page.keyboard.press("Enter")
    page.wait_for_url("**#subject")
    _tab_to(page, page.get_by_role("link", name="Autumn 2026: 2b, well below (mark sheet)"))
    _tab_to(page, page.get_by_text("In full"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name="2 Nov 2026 Fighting")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Mathematics", exact=True)).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_open_to_everybody(opens: Opens, width: int, scheme: str) -> None:
    page = opens(width=width, scheme=scheme)
    sign_in(page)
    page.goto("/search?q=adams")
    page.get_by_role("link", name="Adams, Amir").click()
    page.get_by_role("list", name="Subjects in autumn 2026").get_by_role("link", name="Mathematics").click()
    page.wait_for_url("**#subject")
    page.get_by_text("In full").click()

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    smallest = page.evaluate(
        """() => Math.min(...[...document.querySelectorAll('.chart text')].filter(each => each.getClientRects().length)
           .map(each => parseFloat(getComputedStyle(each).fontSize) * each.getScreenCTM().a))"""
    )
    assert smallest >= 10  # letters in charts can be read, whatever the width


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
  const here = document.activeElement, room = here.querySelector(".chart-room");
  return getComputedStyle(here).outlineStyle !== "none" || room && getComputedStyle(room).strokeWidth === "3px";
}"""
