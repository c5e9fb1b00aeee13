"""How many pages have to be opened, from signed in, for what people do every week."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Opens, names, sign_in
from tests.web.primary import OFF_TRACK, TEACHER


class Loads:
    """The pages opened since."""

    def __init__(self, page: Page) -> None:
        self.n = 0
        page.on("framenavigated", self._count)

    def _count(self, frame: object) -> None:
        self.n += 1


@pytest.fixture
def head(opens: Opens) -> Page:
    page = opens()
    sign_in(page)
    return page


def test_it_takes_one_page_to_enter_a_term_of_a_class(opens: Opens) -> None:
    page = opens()
    sign_in(page, email=TEACHER)
    loads = Loads(page)

    page.get_by_role("link", name=re.compile("^5A")).first.click()
    expect(page).to_have_url(re.compile("/marks/"))
    page.wait_for_load_state()  # the keys are the script's once it is there
    expect(page.get_by_role("textbox", name="King, Kai Mathematics")).to_have_count(0)  # 5B's, and not hers
    page.get_by_role("textbox", name="Adams, Amir Mathematics").press_sequentially("3b")
    page.keyboard.press("Control+s")
    expect(page.locator("#sheet-state")).to_contain_text("saved", timeout=30_000)

    assert loads.n == 1


def test_it_takes_one_page_from_today_to_who_is_off_track(head: Page) -> None:
    loads = Loads(head)
    head.get_by_role("row", name=re.compile("^Mathematics")).get_by_role("link").last.click()
    head.get_by_role("heading", level=1, name=re.compile("mathematics")).wait_for()

    assert names(head) == OFF_TRACK
    assert loads.n == 1


def test_it_takes_two_pages_to_compare_free_school_meals_with_the_rest(head: Page) -> None:
    loads = Loads(head)
    head.get_by_role("row", name=re.compile("^Mathematics")).get_by_role("link").last.click()
    head.get_by_label("Compare by").select_option("fsm")
    head.get_by_role("button", name="Compare").click()
    expect(head.get_by_role("heading", name=re.compile("By free school meals", re.IGNORECASE))).to_be_visible()

    assert loads.n == 2


def test_it_takes_one_page_to_see_a_pupil_across_subjects(head: Page) -> None:
    loads = Loads(head)
    head.keyboard.press("/")
    head.keyboard.type("jones")
    head.locator("#search-found").get_by_role("link", name=re.compile("Jones, Jo")).click()
    head.get_by_role("heading", level=1, name=re.compile("Jones")).wait_for()

    assert loads.n == 1
