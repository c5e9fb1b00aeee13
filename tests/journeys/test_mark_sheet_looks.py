"""The mark sheet for everybody: fingers, paper, no script, a screen reader, and eyes that must not lose their place."""

import pytest
from playwright.sync_api import Page, expect

from headway.records.models import Assessment, School
from tests.journeys.conftest import Opens, violations
from tests.journeys.sheets import (
    ADDRESS,
    cell,
    expect_saved,
    expect_shown,
    expect_state,
    make_oak,
    mark_oak,
    open_sheet,
    paste,
    standing,
    typed,
)
from tests.web.primary import HEAD


@pytest.fixture(autouse=True)
def oak(school: School) -> None:
    make_oak(school)


def test_it_keeps_a_note_with_a_mark(opens: Opens, school: School) -> None:
    mark_oak(school, ["3b"])
    page = open_sheet(opens)
    cell(page, 0).focus()
    page.keyboard.press("Shift+F2")
    page.get_by_label("Note on Abel, Sam, Mathematics").fill("Fractions were new to her.")
    page.keyboard.press("Enter")

    expect(cell(page, 0)).to_be_focused()
    expect(page.locator("#sheet-panel")).to_contain_text("Note: Fractions were new to her.")
    expect_saved(page)
    assert Assessment.objects.get(pupil__surname="Abel").comment == "Fractions were new to her."

    page.goto(f"{ADDRESS}?subject=mathematics")
    note = page.locator("td.note input").first
    expect(note).to_have_value("Fractions were new to her.")
    note.fill("Sure of fractions now.")
    page.keyboard.press("Enter")
    expect(page.locator("td.note input").nth(1)).to_be_focused()
    expect_saved(page)
    assert Assessment.objects.get(pupil__surname="Abel").comment == "Sure of fractions now."


def test_it_takes_mark_codes_in_any_letter_case(opens: Opens) -> None:
    page = open_sheet(opens, subject="mathematics")
    cell(page, 0).focus()
    typed(page, "abs", "NE", "l3b")

    expect_saved(page)
    expect_shown(page, ["Abs", "NE", "3b"])
    expect(page.locator("#sheet td.status").first).to_contain_text("Not known")


def test_it_takes_marks_by_large_buttons_on_a_phone(opens: Opens) -> None:
    page = open_sheet(opens, subject="mathematics", width=390, touch=True)
    cell(page, 0).tap()
    pad = page.get_by_role("region", name="Tap pad")
    expect(pad).to_contain_text("Abel, Sam, Mathematics")
    expect(cell(page, 0)).to_have_attribute("inputmode", "none")
    expect(pad.get_by_role("button", name="3b", exact=True)).to_be_in_viewport()

    for mark in ("3b", "3a", "Abs, absent", "3c"):
        pad.get_by_role("button", name=mark, exact=True).tap()
    expect(cell(page, 4)).to_be_focused()
    pad.get_by_role("button", name="Previous").tap()
    pad.get_by_role("button", name="Clear").tap()

    expect_saved(page)
    assert standing() == {"Abel": "3b", "Ash": "3a", "Bell": "Abs"}
    assert page.evaluate(_SMALLEST) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    pad.get_by_role("button", name="Keyboard").tap()
    expect(pad).to_be_hidden()
    expect(cell(page, 3)).to_be_focused()
    expect(cell(page, 3)).not_to_have_attribute("inputmode", "none")


def test_it_keeps_headings_names_and_focus_in_sight(opens: Opens) -> None:
    page = open_sheet(opens, width=390)
    page.get_by_role("button", name="Show more").click()
    page.reload()
    expect(page.get_by_role("button", name="Show less")).to_be_visible()
    cell(page, 0, "reading").focus()
    for _ in range(31):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("End")

    expect(page.locator("#sheet th.marking").last).to_be_in_viewport()
    expect(page.locator("#sheet th[scope=row]").last).to_be_in_viewport()
    page.wait_for_function(_IN_SIGHT)  # the mark somebody is at never lies under a heading


def test_it_prints_marks_as_text_and_no_controls(opens: Opens, school: School) -> None:
    mark_oak(school, ["3b", "3c"])
    page = open_sheet(opens, subject="mathematics")
    typed(page, "3a")
    expect_saved(page)
    page.emulate_media(media="print")

    for control in page.get_by_role("button").all():
        expect(control).to_be_hidden()
    expect(page.locator(".sheet-bar")).to_be_hidden()
    expect(cell(page, 0)).to_have_css("border-top-width", "0px")
    expect(page.locator("#sheet thead th").first).to_have_css("position", "static")
    expect(page.locator("#sheet th[scope=row]").first).to_have_css("position", "static")
    whole = (
        "document.querySelector('.sheet-scroll').scrollHeight <= document.querySelector('.sheet-scroll').clientHeight"
    )
    assert page.evaluate(whole)


def test_it_is_one_form_without_a_script(opens: Opens) -> None:
    page = open_sheet(opens, subject="mathematics", javascript=False)
    cell(page, 0).fill("3b")
    cell(page, 1).fill("4 secure")
    page.get_by_role("button", name="Save marks").click()

    expect_shown(page, ["3b", "4b"])
    assert standing() == {"Abel": "3b", "Ash": "4b"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_open_to_everybody(opens: Opens, width: int, scheme: str) -> None:
    page = open_sheet(opens, width=width, scheme=scheme)
    _clash_and_refusal(page, opens)
    assert violations(page) == []

    page.keyboard.press("F8")
    expect(page.get_by_role("button", name="Use mine (4c)")).to_be_focused()
    assert violations(page) == []

    cell(page, 4).focus()
    paste(page, "3b\r\n9z\r\n")
    expect(page.get_by_role("button", name="Put in 1 mark, leave out 1")).to_be_focused()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def _clash_and_refusal(page: Page, opens: Opens) -> None:
    """A sheet where one mark clashes with a colleague's and the next is off its scale."""
    page.evaluate("window.headwaySheet.quietFor = 60000")
    cell(page, 0).focus()
    page.keyboard.type("4c")
    maya = open_sheet(opens, email=HEAD)
    cell(maya, 0).focus()
    typed(maya, "3a")
    expect_saved(maya)
    page.keyboard.press("Enter")
    typed(page, "9z")
    expect_state(cell(page, 0), "clash")
    expect_state(cell(page, 1), "refused")


_IN_SIGHT = """() => {
  const box = document.activeElement.getBoundingClientRect();
  const seen = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return seen === document.activeElement;
}"""

_SMALLEST = """() => {
  const targets = Array.from(document.querySelectorAll(".pad button, .sheet-tools button, #sheet input[data-subject]"));
  return Math.min(...targets.map(each => each.getBoundingClientRect()).map(box => Math.min(box.width, box.height)));
}"""
