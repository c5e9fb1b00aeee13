"""Blocks of marks: copied within the sheet, pasted from a spreadsheet, and shown mark by mark before they go in."""

import pytest
from playwright.sync_api import expect

from headway.records.models import School
from tests.journeys.conftest import Opens
from tests.journeys.sheets import (
    Wire,
    cell,
    choose,
    excel,
    expect_saved,
    expect_shown,
    make_oak,
    mark_oak,
    open_sheet,
    paste,
    shown,
    standing,
    typed,
)


@pytest.fixture(autouse=True)
def oak(school: School) -> None:
    make_oak(school)


def test_it_copies_a_block_and_pastes_it_elsewhere(opens: Opens, school: School) -> None:
    mark_oak(school, ["3c", "3b", "3a"])
    page = open_sheet(opens, subject="mathematics")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    choose(page, (0, "mathematics"), down=2)
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()") == "3c\r\n3b\r\n3a"

    cell(page, 5).focus()
    page.keyboard.press("Control+v")
    page.get_by_role("button", name="Put in 3 marks", exact=True).click()

    expect(cell(page, 5)).to_be_focused()
    assert [cell(page, row).input_value() for row in (5, 6, 7)] == ["3c", "3b", "3a"]
    expect_saved(page)
    assert len(standing()) == 6


def test_it_shows_what_excel_would_put_in_and_leaves_out_what_is_wrong(opens: Opens, school: School) -> None:
    mark_oak(school, ["3c", "3b"])
    page = open_sheet(opens, subject="mathematics")
    wire = Wire(page)
    cell(page, 0).focus()

    paste(page, *excel([["4c"], ["3b"], ["9z"], ["4 secure"], [""], ["Abs"]]))

    preview = page.get_by_role("dialog", name="Paste 5 marks")
    put = preview.get_by_role("button", name="Put in 3 marks, leave out 1")
    expect(put).to_be_focused()
    expect(preview.get_by_role("row", name="Abel, Sam 3c → 4c")).to_be_visible()
    expect(preview.get_by_role("listitem")).to_contain_text("Bell, Sam, Mathematics")
    expect(preview.get_by_role("listitem")).to_contain_text("9z")
    expect(preview).to_contain_text("1 mark already stands there.")
    assert shown(page, 3) == ["3c", "3b", ""]
    assert wire.sent == []

    page.keyboard.press("Enter")
    expect_shown(page, ["4c", "3b", "", "4b", "", "Abs"])
    expect_saved(page)
    assert sorted(standing().values()) == ["3b", "4b", "4c", "Abs"]

    page.keyboard.press("Control+z")
    expect_shown(page, ["3c", "3b", "", "", "", ""])
    page.keyboard.press("Control+y")
    expect_shown(page, ["4c", "3b", "", "4 secure"][:3])
    expect_saved(page)


def test_it_changes_nothing_when_the_preview_is_left(opens: Opens, school: School) -> None:
    mark_oak(school, ["3c"])
    page = open_sheet(opens, subject="mathematics")
    wire = Wire(page)
    cell(page, 30).focus()

    paste(page, "3b\r\n3a\r\n4c\r\n4b\r\n")
    preview = page.get_by_role("dialog")
    expect(preview).to_contain_text("2 marks would lie outside the sheet.")
    expect(preview.get_by_role("button", name="Put in 2 marks, leave out 2")).to_be_focused()
    page.keyboard.press("Escape")

    expect(preview).to_be_hidden()
    expect(cell(page, 30)).to_be_focused()
    assert [cell(page, row).input_value() for row in (30, 31)] == ["", ""]
    assert wire.sent == []


def test_it_reads_quoted_cells_and_fills_what_is_chosen_with_one_mark(opens: Opens) -> None:
    page = open_sheet(opens, subject="mathematics")
    cell(page, 0).focus()
    paste(page, '"3\n secure"\r\n"4b"\r\n')
    page.get_by_role("button", name="Put in 2 marks", exact=True).click()
    expect_saved(page)
    assert shown(page, 3) == ["3b", "4b", ""]

    choose(page, (2, "mathematics"), down=4)
    paste(page, "3a\r\n")
    assert shown(page, 8) == ["3b", "4b", *["3a"] * 5, ""]
    page.keyboard.press("Control+z")
    assert shown(page, 8) == ["3b", "4b", *[""] * 6]


def test_it_cuts_a_block_and_gives_it_back(opens: Opens) -> None:
    page = open_sheet(opens, subject="mathematics")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cell(page, 0).focus()
    typed(page, "3c", "3b")
    choose(page, (0, "mathematics"), down=1)

    page.keyboard.press("Control+x")
    assert shown(page, 2) == ["", ""]
    page.keyboard.press("Control+z")
    assert shown(page, 2) == ["3c", "3b"]
    expect_saved(page)
