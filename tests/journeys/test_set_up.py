"""A new school in the browser: from the one-time address, by files, to its first mark sheet."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from headway.services.set_up import set_up_path
from tests.journeys.conftest import Opens, past_the_second_step, violations

PASSPHRASE = "plum kettle harbour nine"


@pytest.fixture
def school(transactional_db: None, quick_passwords: None) -> None:
    """There is none yet."""


def set_up(page: Page) -> None:
    """Fills in the one-time page."""
    page.goto(str(set_up_path()))
    page.get_by_label("Name of the school").fill("Oak School")
    page.get_by_label("DfE number").fill("823 1234")
    page.get_by_label("National Curriculum levels and GCSE A* to G (England 2008)").check()
    page.get_by_label("Your name").fill("Ana Manager")
    page.get_by_label("Your e-mail address").fill("ana@oak.example")
    page.get_by_label("Password", exact=True).fill(PASSPHRASE)
    page.get_by_label("Password, again").fill(PASSPHRASE)
    page.get_by_role("button", name="Make the school and sign in").click()
    expect(page.get_by_text("Oak School is ready, and you are signed in.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second step")
    past_the_second_step(page)
    page.goto("/set-up")


def bring_in(page: Page, kind: str, folder: Path) -> None:
    """Takes the sample of a kind and drops it on its own field."""
    with page.expect_download() as download:
        page.locator(f"a[download='{kind}-sample.csv']").click()
    file = folder / f"{kind}-sample.csv"
    download.value.save_as(file)
    page.set_input_files(f"#id_{kind}", file)
    expect(page).to_have_url(re.compile("/transfers/uploads/"))
    page.get_by_role("button", name=re.compile("^Apply")).click()
    expect(page).to_have_url(re.compile("/set-up$"))


def test_it_leads_from_the_one_time_address_to_the_first_sheet(opens: Opens, tmp_path: Path) -> None:
    page = opens()
    page.goto("/")
    expect(page.get_by_text("There is no school here yet,")).to_be_visible()

    set_up(page)
    expect(page.get_by_text("1 of 5 steps done. Next: pupils.")).to_be_visible()
    bring_in(page, "pupils", tmp_path)
    expect(page.get_by_text("2 of 5 steps done. Next: staff and classes.")).to_be_visible()
    bring_in(page, "staff", tmp_path)
    bring_in(page, "classes", tmp_path)
    expect(page.get_by_text("3 of 5 steps done. Next: prior attainment.")).to_be_visible()
    bring_in(page, "results", tmp_path)
    expect(page.get_by_text("4 of 5 steps done. Next: the first mark sheet.")).to_be_visible()

    page.get_by_role("link", name="Open the sheet of 5X").click()
    expect(page).to_have_url(re.compile("/classes/5X/marks/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("5X")
    expect(page.get_by_role("link", name="Example, Ada")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_it_is_open_to_everybody(opens: Opens, width: int, scheme: str) -> None:
    page = opens(width=width, scheme=scheme)
    page.goto("/sign-in")
    _check(page, "the door of no school")
    page.goto(str(set_up_path()))
    _check(page, "the school")
    page.get_by_role("button", name="Make the school and sign in").click()
    _check(page, "a refused school")
    set_up(page)
    expect(page.get_by_text("1 of 5 steps done. Next: pupils.")).to_be_visible()
    for summary in page.locator("summary.step-head").all():
        if summary.locator("xpath=..").get_attribute("open") is None:
            summary.click()
    _check(page, "the steps")


def _check(page: Page, name: str) -> None:
    assert violations(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"
