"""Every page there is: open to everybody, in both lights, on a desk and in a hand; light to send, and ours alone."""

import zlib
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import Page

from headway.domain.roles import ROLES
from headway.records.models import School
from headway.web.urls import urlpatterns
from tests.journeys.conftest import Opens, sign_in, violations
from tests.journeys.test_families import MUM, families  # noqa: F401  # the same families, and their page released
from tests.web.primary import GOVERNOR, HEAD, TEACHER, add_account

HEAVIEST = 150 * 1024
VIEWS = [(width, scheme) for width in (1280, 390) for scheme in ("light", "dark")]
LINKS = "[...document.querySelectorAll('a[href]')].map(each => each.getAttribute('href'))"
OF_FAMILIES = {"pupil-sign-in", "my-progress", "my-child"}
NOT_OPENED = {
    *("sign-in", "sign-out", "theme", "claim"),  # doors and buttons, seen elsewhere
    *("second-step", "second-step-passkey", "sign-in-passkey", "sign-in-with", "unlock", "unlock-passkey"),  # doors
    *("google_callback", "microsoft_callback", "openid_connect_callback", "prove-by-passkey"),  # on the way through one
    *("passkey-new", "passkey-name", "passkey-gone", "code-app-gone", "sign-out-elsewhere"),  # buttons of My account
    *("passkey-question", "unlock-question", "passkey-new-question", "own-passkey-question"),  # asked by scripts
    *("still-here", "lock"),  # told by scripts
    *("recovery-codes", "prove-again"),  # seen in the journeys of signing in
    *("school-choose", "person-roles", "person-leave", "person-back", "person-link"),  # buttons on other pages
    *("contact-invite", "contact-link", "contact-restrict", "contact-lift", "contact-agreed", "contact-end"),  # buttons
    *("releases-withdraw", "token-revoke"),  # buttons too
    *("audit-file", "audit-verify", "audit-seen"),  # a file, and buttons of the audit
    *("search-suggestions", "marks-cells", "marks-changes", "targets-check"),  # asked by scripts
    *("group-new", "group", "upload", "transfer", "set-up-school"),  # there is none yet in Elm Tree
}


@pytest.mark.usefixtures("families")
@pytest.mark.parametrize("email", [HEAD, TEACHER, GOVERNOR, MUM])
def test_it_is_open_light_and_ours_alone(opens: Opens, email: str) -> None:
    page = opens()
    sign_in(page, email=email)
    opened, wrong = _crawled(page, "/search?q=a", *(["/set-up"] if email == HEAD else []), faults=_faults)

    assert wrong == [], "\n".join(wrong)
    assert set(opened.values()) <= ({200} if email in {HEAD, TEACHER} else {200, 403}), opened
    assert opened["home"] == 200
    if email == HEAD:
        assert {str(each.name) for each in urlpatterns} - NOT_OPENED - OF_FAMILIES - opened.keys() == set()
    if email == MUM:
        assert {"my-progress", "my-child", "account"} <= opened.keys()


@pytest.mark.parametrize("role", sorted(ROLES.keys() - {"head", "class_teacher", "governor"}))
def test_no_role_meets_a_page_that_asks_elsewhere_or_breaks_its_own_policy(
    opens: Opens, school: School, role: str
) -> None:
    """What breaks the policy, or asks for anything of another place, is told at the end of every window."""
    add_account(school, f"{role}@elm.example", "Ro Role", role)
    page = opens()
    sign_in(page, email=f"{role}@elm.example")

    opened, _ = _crawled(page, faults=lambda *_: [])

    assert set(opened.values()) <= {200, 403}
    assert {"home", "account", "roles"} <= opened.keys()


def _crawled(page: Page, *further: str, faults: Callable[[Page, str], list[str]]) -> tuple[dict[str, int], list[str]]:
    """One page of every route that links lead to, with its status; and what is wrong with them."""
    opened: dict[str, int] = {}
    wrong: list[str] = []
    waiting, seen = deque(["/", *further]), set()
    while waiting:
        address = waiting.popleft()
        route = _route(address)
        if route is None or route in opened or address in seen:
            continue
        seen.add(address)
        answer = page.goto(address)
        assert answer is not None
        opened[route] = answer.status
        wrong += faults(page, route)
        waiting.extend(page.evaluate(LINKS))
    return opened, wrong


def _route(address: str) -> str | None:
    """The name of the route an address of ours belongs to, where it is one to open."""
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
