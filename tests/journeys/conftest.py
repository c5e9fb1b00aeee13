"""A real browser against a running Elm Tree. No page may break its own policy, ask elsewhere, or scroll sideways."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Condition
from typing import Any, NoReturn

import django.utils.asyncio
import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

from headway.records.models import School
from tests.web.conftest import (  # noqa: F401  # the same moment, passwords and files as in the other tests of pages
    a_known_moment,
    quick_passwords,
    static_files_under_their_own_names,
    static_root,
)
from tests.web.doors import take_second_step
from tests.web.primary import HEAD, PASSWORD, make_primary


def _no_loop() -> NoReturn:
    """The browser is driven by a loop in this thread, and from then on for as long as tests run; Django is not."""
    raise RuntimeError


django.utils.asyncio.get_running_loop = _no_loop  # type: ignore[attr-defined]

# All threads of the server share the tests' one connection. A thread whose browser lets go of it later, while another
# test runs, must not close what it never opened.
ThreadedWSGIServer._close_connections = lambda _: None  # type: ignore[attr-defined]

CHROMIUM = "/usr/bin/chromium"
QUIETLY = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}

Opens = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is a journey."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("journey")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        yield chromium
        chromium.close()


@pytest.fixture
def school(transactional_db: None, quick_passwords: None) -> School:  # noqa: F811
    return make_primary()


@pytest.fixture
def opens(browser: Browser, live_server: LiveServer, school: School) -> Iterator[Opens]:
    """A new browser window at the school; what went wrong in any of them fails the test at its end."""
    windows, wrong = [], []

    def console(message: ConsoleMessage) -> None:
        # a page answered 4.., and a connection broken on purpose, are what some journeys are about
        if message.type == "error" and "status of 4" not in message.text and "net::ERR_" not in message.text:
            wrong.append(message.text)

    def request(request: Request) -> None:
        if not request.url.startswith((live_server.url, "data:")):
            wrong.append(f"asked elsewhere: {request.url}")

    def window(*, width: int = 1280, scheme: str = "light", javascript: bool = True, touch: bool = False) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if scheme == "dark" else "light",
            java_script_enabled=javascript,
            has_touch=touch,
            is_mobile=touch,
        )
        windows.append(context)
        page = context.new_page()
        page.on("console", console)
        page.on("request", request)
        return page

    with _all_answered():
        yield window
        for context in windows:
            context.close()
    assert wrong == []


@contextmanager
def _all_answered() -> Iterator[None]:
    """Waits at its end for what the server is still answering: a page asks on, and all threads share one database."""
    underway: list[object] = []
    changed = Condition()

    def begun(**_: object) -> None:
        with changed:
            underway.append(None)

    def ended(**_: object) -> None:
        with changed:
            del underway[:1]
            changed.notify_all()

    request_started.connect(begun)
    request_finished.connect(ended)
    yield
    with changed:
        assert changed.wait_for(lambda: not underway, timeout=20), "the server never answered"
    request_started.disconnect(begun)
    request_finished.disconnect(ended)


def sign_in(page: Page, *, email: str = HEAD) -> None:
    """Signs in at the page that asks for it."""
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Sign out").wait_for()
    past_the_second_step(page)


def past_the_second_step(page: Page) -> None:
    """Goes on as if the second step had been taken too, for journeys that are about something else."""
    key = next(str(each["value"]) for each in page.context.cookies() if each["name"] == "sessionid")
    take_second_step(key)
    page.goto("/")
    page.get_by_role("button", name="Sign out").wait_for()


def passkey(page: Page) -> None:
    """Gives a page a device that keeps passkeys, and whose owner always touches it: one can be made, and then used."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def names(page: Page) -> list[str]:
    """The pupils in the list, without their registration groups."""
    page.wait_for_load_state()
    rows = page.locator("table.pupils tbody tr:not(.section) th").all_inner_texts()
    return [" ".join(row.split()[:2]) for row in rows]


def violations(page: Page) -> list[str]:
    """What axe finds wrong on a page, once all of it has come."""
    page.wait_for_load_state()
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate("rules => axe.run(document, rules)", RULES)
    return [f"{each['id']}: {node['html']}" for each in found["violations"] for node in each["nodes"]]
