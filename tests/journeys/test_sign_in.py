"""Signing in as people do: a second step set up and used, a page left open on a shared machine, without a script."""

import re
from datetime import datetime, timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Opens, passkey, sign_in, violations
from tests.school import NOW
from tests.web.primary import HEAD, PASSWORD, TEACHER

SHEET = "/classes/5A/marks/2026-27-autumn?subject=mathematics"


def at_the_door(page: Page, email: str, *, password: str = PASSWORD) -> None:
    """Gives e-mail address and password, and nothing more."""
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()


def is_open(page: Page, name: str) -> None:
    """Nothing is closed to anybody on a page, on a desk or in a hand, in either light."""
    for width, scheme in ((1280, "light"), (390, "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        assert violations(page) == [], f"{name}, {width}, {scheme}"
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    page.set_viewport_size({"width": 1280, "height": 900})


def test_it_leads_a_head_to_a_passkey_which_then_opens_everything(opens: Opens) -> None:
    page = opens()
    passkey(page)
    at_the_door(page, HEAD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second step")
    is_open(page, "a new second step")
    page.goto("/progress")
    expect(page.get_by_text("The other pages open when it is done.")).to_be_visible()

    page.get_by_label("A name to know it by").fill("My laptop")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_text("Your passkey is ready.")).to_be_visible()
    is_open(page, "asked for recovery codes")
    page.get_by_role("button", name="Show my codes").click()
    expect(page.locator("ol.codes li")).to_have_count(10)
    is_open(page, "recovery codes")
    page.get_by_role("link", name="I have them: go on").click()
    expect(page).to_have_url(re.compile("/progress$"))

    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("Maya Head").first).to_be_visible()
    page.get_by_role("link", name="My account").click()
    expect(page.get_by_label("Name of the passkey My laptop")).to_have_value("My laptop")
    is_open(page, "my account")

    page.get_by_role("button", name="Sign out").click()
    at_the_door(page, HEAD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Your second step")
    is_open(page, "a second step")
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("link", name="My account")).to_be_visible()


def test_it_asks_for_the_code_of_an_app_without_a_script_too(opens: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    page = opens(javascript=False)
    at_the_door(page, HEAD)
    expect(page.get_by_text("A passkey needs a browser with JavaScript switched on.")).to_be_visible()
    page.get_by_role("link", name="Set up a code app").click()
    expect(page.locator("svg.qr")).to_be_visible()
    secret = page.locator("code.secret").inner_text().replace(" ", "")
    page.get_by_label("The six digits your app shows now").fill(_code(secret, NOW))
    page.get_by_role("button", name="Finish").click()
    page.get_by_role("button", name="Show my codes").click()
    recovery = page.locator("ol.codes li").first.inner_text()
    page.get_by_role("link", name="I have them: go on").click()
    expect(page.get_by_role("navigation", name="What you do here")).to_be_visible()

    later = NOW + timedelta(minutes=1)
    monkeypatch.setattr("headway.web.clock.now", lambda: later)
    page.get_by_role("button", name="Sign out").click()
    at_the_door(page, HEAD)
    page.get_by_label("Code from your app").fill("000000")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("That code is wrong, too old, or has been used already.")).to_be_visible()
    page.get_by_label("Code from your app").fill(_code(secret, later))
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("navigation", name="What you do here")).to_be_visible()

    page.get_by_role("button", name="Sign out").click()
    at_the_door(page, HEAD)
    page.get_by_label("Code from your app").fill(recovery)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("navigation", name="What you do here")).to_be_visible()


def test_it_covers_a_page_that_is_left_and_sends_the_marks_when_its_teacher_is_back(
    opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opens()
    page.clock.install(time=NOW)
    page.add_init_script("window.headwaySheet = {quietFor: 3600000};")  # marks wait for longer than the page is left
    sign_in(page, email=TEACHER)
    page.goto(SHEET)
    cell = page.locator("td input:not([readonly]):not([type=hidden])").first
    cell.fill("3b")
    cell.press("Enter")
    monkeypatch.setattr("headway.web.clock.now", lambda: NOW + timedelta(minutes=16))
    with page.expect_response(re.compile("/sign-in/lock")):
        page.clock.run_for(16 * 60 * 1000)

    cover = page.get_by_role("dialog", name="Are you still there?")
    expect(cover).to_be_visible()
    expect(page.get_by_label("Password of Tess Teacher")).to_be_focused()
    assert page.evaluate("document.querySelector('main').inert")
    is_open(page, "covered")
    page.get_by_label("Password of Tess Teacher").fill("wrong")
    page.keyboard.press("Enter")
    expect(cover.get_by_text("That is not your password.")).to_be_visible()

    page.get_by_label("Password of Tess Teacher").fill(PASSWORD)
    with page.expect_response(re.compile("/cells")) as saved:
        page.keyboard.press("Enter")

    assert saved.value.ok
    expect(cover).to_have_count(0)
    expect(cell).to_have_value("3b")


def test_it_locks_the_next_page_too_and_goes_back_to_it(opens: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    page = opens()
    sign_in(page, email=TEACHER)
    page.goto("/progress")
    monkeypatch.setattr("headway.web.clock.now", _in(minutes=16))
    page.goto("/progress?subject=mathematics")
    expect(page.get_by_role("heading", level=1)).to_have_text("Are you still there?")
    is_open(page, "locked")

    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()

    expect(page).to_have_url(re.compile(r"/progress\?subject=mathematics$"))


@pytest.mark.parametrize("address", ["/account/code-app", "/account/password", "/account/again", "/school/locking"])
def test_it_is_open_to_everybody(opens: Opens, address: str) -> None:
    page = opens()
    sign_in(page)
    page.goto(address)
    is_open(page, address)


def _code(secret: str, moment: datetime) -> str:
    return str(format_hotp_value(hotp_value(secret, int(moment.timestamp()) // 30)))


def _in(*, minutes: int) -> object:
    return lambda: NOW + timedelta(minutes=minutes)
