"""Every page there is: open to everybody, in both lights, on a desk and in a hand; light to send, and ours alone."""

import zlib
from collections import deque
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from headway.web.urls import urlpatterns
from tests.journeys.conftest import Opens, sign_in, violations
from tests.web.primary import GOVERNOR, HEAD, TEACHER

HEAVIEST = 150 * 1024
VIEWS = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]
LINKS = "[...document.querySelectorAll('a[href]')].map(each => each.getAttribute('href'))"
NOT_OPENED = {
    *("sign-in", "sign-out", "theme", "claim"),  # doors and buttons, seen elsewhere
    *("search-suggestions", "marks-cells", "marks-changes", "targets-check"),  # asked by scripts
    *("group-new", "group", "upload", "transfer", "set-up-school"),  # there is none yet in Elm Tree
}


@pytest.mark.parametrize("email", [HEAD, TEACHER, GOVERNOR])
def test_it_is_open_light_and_ours_alone(opens: Opens, email: str) -> None:
    page = opens()
    sign_in(page, email=email)
    opened, wrong = {}, []
    waiting, seen = deque(["/", "/search?q=a", *(["/set-up"] if email == HEAD else [])]), set()
    while waiting:
        address = waiting.popleft()
        route = _route(address)
        if route is None or route in opened or address in seen:
            continue
        seen.add(address)
        answer = page.goto(address)
        assert answer is not None
        opened[route] = answer.status
        wrong += _faults(page, route)
        waiting.extend(page.evaluate(LINKS))

    assert wrong == [], "\n".join(wrong)
    assert set(opened.values()) <= ({200, 403} if email == GOVERNOR else {200}), opened
    assert opened["home"] == 200
    if email == HEAD:
        assert {str(each.name) for each in urlpatterns} - NOT_OPENED - opened.keys() == set()


def _route(address: str) -> str | None:
    """The name of the route an address of ours belongs to."""
    if not address.startswith("/"):
        return None
    try:
        name = resolve(urlsplit(address).path).url_name
    except Resolver404:
        return None
    return None if name in NOT_OPENED else name


def _faults(page: Page, route: str) -> list[str]:
    """What is wrong with the page that is open, in every light and width."""
    faults = []
    weight = len(zlib.compress(page.content().encode()))
    if weight > HEAVIEST:
        faults.append(f"{route}: {weight} bytes compressed")
    for width, scheme in VIEWS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        faults += [f"{route}, {width}, {scheme}: {fault}" for fault in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{route}: wider than {width}")
    page.set_viewport_size({"width": 1280, "height": 900})
    return faults
