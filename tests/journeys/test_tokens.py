"""The head makes a token for a program, which is let in by it; and revokes it, and the program is turned away."""

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.journeys.conftest import Opens, sign_in, violations

LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (1280, 390)]


def test_a_token_lets_a_program_in_until_it_is_revoked(opens: Opens, live_server: LiveServer) -> None:
    page = opens(javascript=False)
    sign_in(page)
    page.goto("/school/tokens")
    page.get_by_role("link", name="Make a token").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("A new token")
    page.get_by_label("What uses it").fill("Seating plans")
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_text("Copy it now. It is not shown again.")).to_be_visible()
    asking = {"headers": {"Authorization": f"Bearer {page.get_by_label('Token', exact=True).input_value()}"}}

    address = f"{live_server.url}/api/v1/pupils?class=5A"
    answered = page.context.request.get(address, **asking)
    assert answered.status == 200
    assert [each["surname"] for each in answered.json()["items"]][:2] == ["Adams", "Baker"]
    assert page.context.request.get(address).status == 401  # the browser's own session is no token

    page.get_by_role("link", name="I have copied it").click()
    row = page.get_by_role("row", name="Seating plans")
    expect(row).to_contain_text("today at 10:00")
    row.get_by_text("Revoke", exact=True).click()
    row.get_by_role("button", name="Revoke it").click()
    expect(page.get_by_text("“Seating plans” is revoked")).to_be_visible()
    assert page.context.request.get(address, **asking).status == 401


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_it_looks_right(opens: Opens, scheme: str, width: int) -> None:
    page = opens(width=width, scheme=scheme)
    sign_in(page)
    for address in ("/school/tokens", "/school/tokens/new"):
        page.goto(address)
        assert violations(page) == []
    page.get_by_label("What uses it").fill("Seating plans")
    page.get_by_role("checkbox").first.uncheck()
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick at least one")
    assert violations(page) == []
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_text("Copy it now. It is not shown again.")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("link", name="I have copied it").click()
    page.get_by_label("Revoke Seating plans").click()
    expect(page.get_by_role("button", name="Revoke it")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
