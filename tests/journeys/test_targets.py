"""A teacher looks at the targets of 5A, tries some, changes two of them, and says why one goes down."""

import pytest
from playwright.sync_api import Locator, Page, expect

from headway.records.models import Target
from tests.journeys.conftest import Opens, sign_in, violations
from tests.web.primary import TEACHER

SHEET = "/targets/5A/mathematics"
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 390)]


def open_sheet(page: Page) -> None:
    sign_in(page, email=TEACHER)
    page.goto(SHEET)
    expect(page.get_by_role("heading", level=1)).to_have_text("5A Mathematics: targets")


def target(page: Page, name: str) -> Locator:
    return page.get_by_label(f"{name}: target for the end of Key Stage 2", exact=True)


def grade(surname: str) -> str:
    return Target.objects.get(pupil__surname=surname).grade


def test_it_says_beside_the_target_what_it_would_mean(opens: Opens) -> None:
    page = opens()
    open_sheet(page)
    row = page.get_by_role("row").filter(has_text="Adams, Amir")

    target(page, "Adams, Amir").fill("secure 5")
    expect(row.get_by_text("Progress target this term 4c (25½) Well below, next term 4b (27).")).to_be_visible()
    expect(page.get_by_text("1 not saved yet")).to_be_visible()
    expect(page.locator("#targets-aloud")).to_contain_text("5b, level 5 secure.")

    target(page, "Adams, Amir").press("Enter")
    expect(target(page, "Baker, Bella")).to_be_focused()
    page.keyboard.type("4d")
    row = page.get_by_role("row").filter(has_text="Baker, Bella")
    expect(row.get_by_text("Right would be a grade from W to 8a")).to_be_visible()
    expect(target(page, "Baker, Bella")).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("4b")
    expect(row.get_by_text("Right would be")).to_be_hidden()

    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(target(page, "Evans, Eli")).to_be_focused()
    page.keyboard.type("4a")
    row = page.get_by_role("row").filter(has_text="Evans, Eli")
    expect(row.get_by_text("which has already been attained")).to_be_visible()
    row.get_by_label("Why lower it?").fill("moderated with 5B")
    page.get_by_role("button", name="Save anyway").click()

    expect(page.get_by_text("2 targets changed, their progress targets redrawn.")).to_be_visible()
    expect(page.get_by_text("Lowered from 5b by Tess Teacher on 23 November 2026: moderated with 5B.")).to_be_visible()
    assert (grade("Adams"), grade("Baker"), grade("Evans")) == ("5b", "4b", "4a")


def test_it_can_be_done_without_a_script(opens: Opens) -> None:
    page = opens(javascript=False)
    open_sheet(page)

    target(page, "Adams, Amir").fill("4c")
    target(page, "Evans, Eli").fill("5a")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("1 target changed, its progress targets redrawn.")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("1 target is not saved yet")
    expect(target(page, "Adams, Amir")).to_have_value("4c")
    assert (grade("Adams"), grade("Evans")) == ("4b", "5a")

    page.get_by_role("alert").get_by_role("link", name="Adams, Amir").click()
    page.get_by_label("Why lower it? Adams, Amir").fill("a long absence")
    target(page, "Baker, Bella").fill("3b")
    page.get_by_label("Reason, for every change you save now").fill("moderated with 5B")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Lowered from 4b by Tess Teacher on 23 November 2026: a long absence.")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("Look again at this target, or save anyway")
    assert (grade("Adams"), grade("Baker")) == ("4c", "4b")

    page.get_by_role("button", name="Save anyway").click()
    expect(page.get_by_text("Lowered from 4b by Tess Teacher on 23 November 2026: moderated with 5B.")).to_be_visible()
    assert grade("Baker") == "3b"


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_it_is_open_to_everybody(opens: Opens, scheme: str, width: int) -> None:
    page = opens(width=width, scheme=scheme)
    open_sheet(page)
    _check(page)
    target(page, "Evans, Eli").fill("4a")
    expect(page.locator(".flag").filter(has_text="which has already been attained")).to_be_visible()
    target(page, "Adams, Amir").fill("9z")
    expect(page.locator(".wrong").filter(has_text="Right would be a grade")).to_be_visible()
    _check(page)
    page.evaluate("document.getElementById('targets-form').noValidate = true")
    page.get_by_role("button", name="Save anyway").click()
    expect(page.get_by_role("alert")).to_contain_text("2 targets are not saved yet")
    _check(page)


def _check(page: Page) -> None:
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "it scrolls sideways"
