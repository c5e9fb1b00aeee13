"""A teacher types a class's marks without a mouse, as in a spreadsheet, and takes back what was wrong."""

import pytest
from playwright.sync_api import expect

from headway.records.models import School
from tests.journeys.conftest import Opens
from tests.journeys.sheets import (
    NAMES,
    cell,
    choose,
    expect_saved,
    expect_shown,
    make_oak,
    mark_oak,
    open_sheet,
    shown,
    standing,
    typed,
)

MARKS = [("3c", "3b", "3a", "4c")[number % 4] for number in range(32)]


@pytest.fixture(autouse=True)
def oak(school: School) -> None:
    make_oak(school)


def test_it_takes_a_class_with_no_more_keys_than_grades_and_enter(opens: Opens) -> None:
    page = open_sheet(opens, subject="mathematics")
    page.evaluate("window.keys = 0; addEventListener('keydown', () => (window.keys += 1), true)")
    expect(cell(page, 0)).to_be_focused()

    typed(page, *MARKS)

    expect_saved(page)
    assert [standing()[name.split(",")[0]] for name in NAMES] == MARKS
    assert page.evaluate("window.keys") == sum(len(mark) + 1 for mark in MARKS)
    expect(page.locator("#missing-mathematics")).to_have_text("0")
    expect(page.locator("#sheet td.status").first).to_contain_text("Below")


def test_it_goes_on_at_the_top_of_the_next_subject_and_back(opens: Opens) -> None:
    page = open_sheet(opens)
    subjects = ["mathematics", "reading"]
    if page.locator("th.marking").first.get_attribute("id") != "s-mathematics":
        subjects.reverse()
    cell(page, 31, subjects[0]).focus()

    typed(page, "3b")
    expect(cell(page, 0, subjects[1])).to_be_focused()
    page.keyboard.press("Shift+Enter")
    expect(cell(page, 31, subjects[0])).to_be_focused()
    expect_saved(page)


def test_it_types_over_edits_inside_and_gives_back(opens: Opens, school: School) -> None:
    mark_oak(school, ["3b", "3c"])
    page = open_sheet(opens, subject="mathematics")
    first = cell(page, 0)
    first.click()

    page.keyboard.type("4")
    expect(first).to_have_value("4")
    page.keyboard.press("Escape")
    expect(first).to_have_value("3b")

    page.keyboard.press("F2")
    page.keyboard.press("Backspace")
    page.keyboard.press("ArrowLeft")
    expect(first).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.type("a")
    page.keyboard.press("Enter")
    assert shown(page, 2) == ["3a", "3c"]
    expect(cell(page, 1)).to_be_focused()
    expect_saved(page)


def test_it_moves_by_every_key_of_a_spreadsheet(opens: Opens) -> None:
    page = open_sheet(opens)
    order = [each.get_attribute("id") or "" for each in page.locator("th.marking").all()]
    left, right = (each.removeprefix("s-") for each in order)
    cell(page, 0, left).focus()

    for key, row, subject in (
        ("Tab", 0, right),
        ("Tab", 1, left),
        ("Shift+Tab", 0, right),
        ("ArrowDown", 1, right),
        ("ArrowLeft", 1, left),
        ("ArrowUp", 0, left),
        ("ArrowUp", 0, left),
        ("End", 0, right),
        ("Home", 0, left),
        ("PageDown", 10, left),
        ("Control+End", 31, right),
        ("PageUp", 21, right),
        ("Control+Home", 0, left),
    ):
        page.keyboard.press(key)
        expect(cell(page, row, subject)).to_be_focused()

    page.keyboard.press("Shift+Tab")
    assert page.evaluate("!document.activeElement.closest('td.cell')")
    cell(page, 31, right).focus()
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('td.cell')")


def test_it_fills_down_and_right_empties_and_takes_each_back_as_a_whole(opens: Opens) -> None:
    page = open_sheet(opens)
    left, right = ((each.get_attribute("id") or "").removeprefix("s-") for each in page.locator("th.marking").all())
    choose(page, (0, left))
    page.keyboard.type("3b")

    choose(page, (0, left), down=3)
    page.keyboard.press("Control+d")
    assert shown(page, 5, left) == ["3b", "3b", "3b", "3b", ""]
    choose(page, (0, left), down=3, right=1)
    page.keyboard.press("Control+r")
    assert shown(page, 5, right) == ["3b", "3b", "3b", "3b", ""]
    choose(page, (1, left), down=1, right=1)
    page.keyboard.press("Delete")
    assert shown(page, 4, right) == ["3b", "", "", "3b"]

    for marks in (["3b", "3b", "3b", "3b"], ["", "", "", ""]):
        page.keyboard.press("Control+z")
        expect_shown(page, marks, right)
    page.keyboard.press("Control+z")
    expect_shown(page, ["3b", "", "", ""], left)
    page.keyboard.press("Control+y")
    page.keyboard.press("Control+Shift+z")
    expect_shown(page, ["3b", "3b", "3b", "3b"], right)
    expect_saved(page)
    assert sorted(standing(right).values()) == ["3b"] * 4


def test_it_undoes_a_saved_mark_with_the_version_that_stands(opens: Opens, school: School) -> None:
    mark_oak(school, ["3c"])
    page = open_sheet(opens, subject="mathematics")
    cell(page, 0).focus()
    typed(page, "4b")
    expect_saved(page)
    assert standing()["Abel"] == "4b"

    page.get_by_role("button", name="Undo").click()

    expect(cell(page, 0)).to_have_value("3c")
    expect_saved(page)
    assert standing()["Abel"] == "3c"


def test_it_chooses_by_dragging_and_puts_the_caret_in_by_a_second_click(opens: Opens, school: School) -> None:
    mark_oak(school, ["3c", "3b", "3a"])
    page = open_sheet(opens, subject="mathematics")
    cell(page, 0).hover()
    page.mouse.down()
    cell(page, 1).hover()
    cell(page, 2).hover()
    page.mouse.up()
    expect(page.locator("#sheet td.chosen")).to_have_count(3)

    cell(page, 1).click()
    expect(page.locator("#sheet td.chosen")).to_have_count(0)
    cell(page, 1).click()
    page.keyboard.press("End")
    page.keyboard.press("Backspace")
    page.keyboard.type("a")
    expect(cell(page, 1)).to_have_value("3a")
    page.keyboard.press("Escape")
    expect(cell(page, 1)).to_have_value("3b")
