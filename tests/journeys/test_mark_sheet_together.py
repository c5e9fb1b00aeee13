"""Two people at one sheet: each sees what the other saves, and where both change a mark, both values and who chose."""

import pytest
from playwright.sync_api import Page, expect

from headway.records.models import School
from tests.journeys.conftest import Opens
from tests.journeys.sheets import (
    cell,
    expect_saved,
    expect_state,
    make_oak,
    mark_oak,
    open_sheet,
    standing,
    typed,
)
from tests.web.primary import HEAD


@pytest.fixture(autouse=True)
def oak(school: School) -> None:
    make_oak(school)
    mark_oak(school, ["3c", "3c", "3c", "3c"])


def test_it_shows_what_a_colleague_saves_and_leaves_alone_what_is_being_typed(opens: Opens) -> None:
    tess, maya = open_sheet(opens, subject="mathematics"), open_sheet(opens, email=HEAD, subject="mathematics")
    cell(tess, 1).focus()
    tess.keyboard.type("4")

    cell(maya, 0).focus()
    typed(maya, "3a", "3b")
    expect_saved(maya)

    expect(cell(tess, 0)).to_have_value("3a")
    expect_state(cell(tess, 0), "theirs")
    expect(cell(tess, 1)).to_have_value("4")
    expect(cell(tess, 1)).to_be_focused()
    expect(tess.locator("#sheet-live")).to_contain_text("1 mark changed by Maya Head.")
    tess.keyboard.type("b")
    tess.keyboard.press("ArrowUp")
    expect(tess.locator("#sheet-panel")).to_contain_text("3a is Maya Head’s, a moment ago.")
    expect_state(cell(tess, 1), "clash")


def test_it_lets_the_teacher_choose_mine_or_theirs_by_keyboard(opens: Opens) -> None:
    tess = _both_change(opens, ["4c", "4b"], ["3b", "3a"])
    expect(tess.locator("#sheet-state")).to_contain_text("2 marks not saved.")
    assert standing()["Abel"] == "3b"

    tess.keyboard.press("F8")
    mine = tess.get_by_role("button", name="Use mine (4c)")
    expect(mine).to_be_focused()
    expect(tess.locator("#sheet-panel")).to_contain_text(
        "Abel, Sam, Mathematics: Maya Head put 3b here today at 10:00. You put 4c."
    )
    tess.keyboard.press("Enter")

    expect(tess.get_by_role("button", name="Use mine (4b)")).to_be_focused()
    tess.keyboard.press("Tab")
    expect(tess.get_by_role("button", name="Keep theirs (3a)")).to_be_focused()
    tess.keyboard.press("Enter")

    expect(cell(tess, 1)).to_be_focused()
    expect(cell(tess, 1)).to_have_value("3a")
    expect_saved(tess)
    assert standing() == {"Abel": "4c", "Ash": "3a", "Bell": "3c", "Bird": "3c"}


def test_it_takes_the_same_mark_from_both_for_what_it_is(opens: Opens) -> None:
    tess = _both_change(opens, ["3b"], ["3b"])

    expect_state(cell(tess, 0), "saved")
    expect_saved(tess)


def test_it_does_not_undo_over_what_a_colleague_has_put(opens: Opens) -> None:
    tess = open_sheet(opens, subject="mathematics")
    cell(tess, 0).focus()
    typed(tess, "4b")
    expect_saved(tess)
    maya = open_sheet(opens, email=HEAD, subject="mathematics")
    cell(maya, 0).focus()
    typed(maya, "3a")
    expect_saved(maya)
    expect(cell(tess, 0)).to_have_value("3a")

    tess.keyboard.press("Control+z")

    expect(tess.locator("#sheet-live")).to_contain_text("1 left as they are")
    expect(cell(tess, 0)).to_have_value("3a")
    assert standing()["Abel"] == "3a"


def _both_change(opens: Opens, mine: list[str], theirs: list[str]) -> Page:
    """Tess's window, after she and Maya have changed the same marks, Maya first."""
    tess = open_sheet(opens, subject="mathematics")
    tess.evaluate("window.headwaySheet.quietFor = 60000; window.headwaySheet.pollEvery = 60000")
    cell(tess, 0).focus()
    typed(tess, *mine)
    maya = open_sheet(opens, email=HEAD, subject="mathematics")
    cell(maya, 0).focus()
    typed(maya, *theirs)
    expect_saved(maya)
    tess.keyboard.press("Control+s")
    for row in range(len(mine)):
        expect(cell(tess, row).locator("xpath=..")).not_to_have_attribute("data-state", "waiting")
    return tess
