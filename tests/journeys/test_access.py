"""Every page for everybody: axe finds nothing, light and dark, wide and narrow, and nothing scrolls sideways."""

import pytest
from playwright.sync_api import Page

from headway.records.models import School
from headway.services.access import COMMAND_LINE
from headway.services.people import add_person, claim_path
from tests.journeys.conftest import Opens, sign_in, violations
from tests.school import NOW
from tests.web.primary import GOVERNOR

PAGES = {
    "everything": "/progress",
    "one status": "/progress?status=below&sex=M",
    "nobody": "/progress?sex=M&fsm=none",
    "a wrong choice": "/progress?year_group=9",
    "not there": "/nothing",
    "an old link": "/claim/00000000-0000-4000-8000-000000000000/wrong",
}
LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 390)]


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_it_is_open_to_everybody_before_signing_in(opens: Opens, school: School, scheme: str, width: int) -> None:
    user = add_person(name="N", email="new@elm.example", roles="tutor", school=school, by=COMMAND_LINE, now=NOW)
    page = opens(width=width, scheme=scheme)

    for address in ("/sign-in", claim_path(user)):
        page.goto(address)
        _check(page, address)
    page.get_by_role("button", name="Set the password").click()
    _check(page, "a refused password")
    page.goto("/sign-in")
    page.get_by_role("button", name="Sign in").click()
    _check(page, "a refused sign-in")


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_it_is_open_to_everybody_after_signing_in(opens: Opens, scheme: str, width: int) -> None:
    page = opens(width=width, scheme=scheme)
    sign_in(page)

    for name, address in PAGES.items():
        page.goto(address)
        for details in page.locator("main details").all():
            details.locator("summary").click()
        _check(page, name)


def test_it_refuses_in_a_way_open_to_everybody(opens: Opens) -> None:
    page = opens()
    sign_in(page, email=GOVERNOR)
    page.goto("/progress")

    assert "not part of your role" in page.inner_text("h1")
    _check(page, "refused")


def test_it_would_notice_what_is_closed_to_some(opens: Opens) -> None:
    page = opens()
    sign_in(page)
    page.evaluate("document.querySelector('main').append(new Image())")

    assert [each.partition(":")[0] for each in violations(page)] == ["image-alt"]


def _check(page: Page, name: str) -> None:
    assert violations(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} scrolls sideways"
