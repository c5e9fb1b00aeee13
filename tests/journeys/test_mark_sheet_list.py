"""A head sees which mark sheets are not full, opens one, and comes back to where they were."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import Opens, sign_in, violations
from tests.web.primary import HEAD


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_a_head_goes_from_the_list_to_a_sheet_and_back(opens: Opens, width: int, scheme: str) -> None:
    page = opens(width=width, scheme=scheme)
    sign_in(page, email=HEAD)
    page.goto("/classes")
    expect(page.get_by_text("1 mark is missing in these 2 mark sheets.")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="5B Mathematics", exact=True).click()
    expect(page.get_by_role("heading", name="5B · Autumn 2026")).to_be_visible()
    page.get_by_role("navigation", name="The way back").get_by_role("link", name="Mark sheets").click()
    expect(page.get_by_role("heading", name="Mark sheets")).to_be_visible()
