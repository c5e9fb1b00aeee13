"""The mark sheet never loses a mark: batches, lost answers, a network that drops, words for what is wrong."""

import re

import pytest
from playwright.sync_api import Dialog, Page, Route, expect

from headway.records.models import Act, School
from headway.services.access import COMMAND_LINE
from headway.services.collections import close
from tests.journeys.conftest import Opens, sign_in
from tests.journeys.sheets import (
    ADDRESS,
    CELLS,
    TERM,
    Wire,
    cell,
    expect_saved,
    expect_shown,
    expect_state,
    kept,
    make_oak,
    mark_oak,
    open_sheet,
    shown,
    standing,
    typed,
)
from tests.school import NOW
from tests.web.primary import HEAD, PASSWORD, TEACHER

WAITING = re.compile(r"2 marks wait for the connection\. Keep this page open, or come back: they are kept on this comp")


@pytest.fixture(autouse=True)
def oak(school: School) -> None:
    make_oak(school)


def test_it_sends_ten_at_once_and_the_rest_when_told_each_batch_under_its_own_id(opens: Opens) -> None:
    page = _patient(opens)
    wire = Wire(page)
    cell(page, 0).focus()

    typed(page, *["3b"] * 12)
    expect_state(cell(page, 9), "saved")
    expect_state(cell(page, 10), "waiting")
    page.keyboard.press("Control+s")
    expect_saved(page)

    assert [len(request["cells"]) for request in wire.sent] == [10, 2]
    assert len({request["request"] for request in wire.sent}) == 2
    assert wire.sent[0]["cells"][0].keys() == {"pupil", "subject", "mark", "version"}
    assert len(standing()) == 12


def test_it_says_in_words_what_is_wrong_and_leads_there(opens: Opens, school: School) -> None:
    mark_oak(school, ["3b"])
    page = open_sheet(opens, subject="mathematics")
    cell(page, 0).focus()
    typed(page, "9z", "3b", "L9")

    expect(page.locator("#sheet-state")).to_contain_text("2 marks not saved.")
    expect_state(cell(page, 1), "saved")
    expect(page.locator("#sheet-live")).to_contain_text("Not saved. ")
    page.keyboard.press("F8")
    first = cell(page, 0)
    expect(first).to_be_focused()
    expect(first).to_have_value("9z")
    expect(first).to_have_attribute("aria-invalid", "true")
    expect(first).to_have_accessible_description(re.compile("9z.*Escape puts back 3b"))
    page.keyboard.press("F8")
    expect(cell(page, 2)).to_be_focused()

    typed(page, "3c")
    page.keyboard.press("F8")
    page.keyboard.press("Escape")
    expect(first).to_have_value("3b")
    expect_saved(page)
    assert standing() == {"Abel": "3b", "Ash": "3b", "Bell": "3c"}


def test_it_asks_again_under_the_same_id_when_an_answer_was_lost(opens: Opens) -> None:
    page = open_sheet(opens, subject="mathematics")
    wire = Wire(page, losing=1)
    cell(page, 0).focus()
    typed(page, "3b", "3a")

    expect(page.locator("#sheet-state")).to_contain_text(WAITING)
    expect_saved(page)

    assert len(wire.sent) == 2
    assert wire.sent[0] == wire.sent[1]
    assert Act.objects.filter(request_id=wire.sent[0]["request"]).count() == 1
    assert standing() == {"Abel": "3b", "Ash": "3a"}
    typed(page, "3c")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    typed(page, "4c")
    expect_saved(page)
    assert standing() == {"Abel": "3b", "Ash": "4c", "Bell": "3c"}


def test_it_sends_a_mark_that_changed_while_it_was_away_with_the_version_it_then_has(opens: Opens) -> None:
    page = open_sheet(opens, subject="mathematics")
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route(CELLS, hold_the_first)
    cell(page, 0).focus()
    typed(page, "3b")
    expect_state(cell(page, 0), "sending")
    page.keyboard.press("ArrowUp")
    typed(page, "4c")
    held[0].continue_()

    expect_saved(page)
    expect(cell(page, 0)).to_have_value("4c")
    assert standing() == {"Abel": "4c"}


def test_it_says_so_when_the_collection_was_closed_meanwhile(opens: Opens, school: School) -> None:
    page = open_sheet(opens, subject="mathematics")
    page.on("dialog", lambda dialog: dialog.accept())
    close(TERM, school=school, by=COMMAND_LINE, now=NOW)
    cell(page, 0).focus()
    typed(page, "3b")

    expect_state(cell(page, 0), "refused")
    expect(page.locator("#sheet-state")).to_contain_text("closed")
    page.get_by_role("button", name="Open the sheet again").click()

    expect(page.locator("#sheet-state")).to_contain_text("you cannot mark them here now: Abel, Sam 3b.")
    assert standing() == {}
    assert kept(page) == []


def test_it_goes_on_when_the_network_drops_and_comes_back(opens: Opens) -> None:
    page = open_sheet(opens, subject="mathematics")
    page.context.set_offline(True)
    cell(page, 0).focus()
    typed(page, "3b", "3a")

    expect(page.locator("#sheet-state")).to_contain_text(WAITING)
    expect_state(cell(page, 0), "waiting")
    assert len(kept(page)) == 1

    page.context.set_offline(False)
    expect_saved(page)
    assert standing() == {"Abel": "3b", "Ash": "3a"}
    assert kept(page) == []


def test_it_keeps_what_was_not_sent_until_the_same_person_comes_back(opens: Opens) -> None:
    page = open_sheet(opens, subject="mathematics")
    page.route(CELLS, lambda route: route.abort())
    page.on("dialog", lambda dialog: dialog.accept())
    cell(page, 0).focus()
    typed(page, "3b", "3a")
    expect(page.locator("#sheet-state")).to_contain_text(WAITING)

    page.goto("/search")
    page.unroute(CELLS)
    _sign_in_as(page, HEAD)
    page.goto(f"{ADDRESS}?subject=mathematics")
    expect(cell(page, 0)).to_be_visible()
    assert shown(page, 2) == ["", ""]
    assert len(kept(page)) == 1

    _sign_in_as(page, TEACHER)
    page.goto(f"{ADDRESS}?subject=mathematics")
    expect(page.locator("#sheet-state")).to_contain_text("2 marks that had not been sent were put back.")
    expect_shown(page, ["3b", "3a"])
    expect_saved(page)
    assert standing() == {"Abel": "3b", "Ash": "3a"}
    assert kept(page) == []


def test_it_sends_what_waits_when_the_page_is_left(opens: Opens) -> None:
    page = _patient(opens)
    cell(page, 0).focus()
    typed(page, "3b")
    page.keyboard.type("3a")

    page.goto("/search")
    page.goto(f"{ADDRESS}?subject=mathematics")

    expect_shown(page, ["3b", "3a"])
    expect_saved(page)
    assert kept(page) == []
    assert standing() == {"Abel": "3b", "Ash": "3a"}


def test_it_warns_before_a_mark_is_left_behind(opens: Opens) -> None:
    page = open_sheet(opens, subject="mathematics")
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    cell(page, 0).focus()
    typed(page, "9z")
    expect_state(cell(page, 0), "refused")

    page.goto("/search")
    assert asked == ["beforeunload"]
    page.goto(f"{ADDRESS}?subject=mathematics")
    expect(cell(page, 0)).to_have_value("9z")
    expect_state(cell(page, 0), "refused")


def test_it_says_that_somebody_is_signed_out_and_keeps_the_marks(opens: Opens) -> None:
    page = open_sheet(opens, subject="mathematics")
    page.context.clear_cookies(name="sessionid")
    cell(page, 0).focus()
    typed(page, "3b")
    expect(page.locator("#sheet-state")).to_contain_text("You are signed out. 1 mark waits and will be sent")

    page.get_by_role("button", name="Sign in again").click()
    page.get_by_label("E-mail address").fill(TEACHER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(re.compile("marks"))

    expect_saved(page)
    assert standing() == {"Abel": "3b"}


def _patient(opens: Opens) -> Page:
    """A sheet that would wait a minute before it saves by itself."""
    page = opens()
    page.add_init_script("window.headwaySheet = {quietFor: 60000};")
    sign_in(page)
    page.goto(f"{ADDRESS}?subject=mathematics")
    return page


def _sign_in_as(page: Page, email: str) -> None:
    page.context.clear_cookies()
    sign_in(page, email=email)
