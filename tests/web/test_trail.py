"""The way back keeps what was chosen, and leads nowhere else."""

from urllib.parse import parse_qs, urlencode

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from headway.web.trail import back_to, from_here, trail_of

PROGRESS = "/progress?who=year%3A5&subject=mathematics&status=below"


def asked(address: str) -> HttpRequest:
    return RequestFactory().get(address)


def came_from(address: str) -> HttpRequest:
    return asked(f"/search?{urlencode({'from': address})}")


def test_it_leads_back_with_every_choice_kept() -> None:
    (crumb,) = trail_of(came_from(PROGRESS))

    assert (crumb.words, crumb.address) == ("Progress: Year 5 mathematics", PROGRESS)
    assert back_to(came_from(PROGRESS), otherwise="/") == PROGRESS


def test_it_carries_this_page_into_the_next() -> None:
    said = from_here(asked(PROGRESS))

    assert parse_qs(said) == {"from": [PROGRESS]}


def test_it_remembers_the_way_there_too() -> None:
    deeper = f"/search?{urlencode({'q': 'ann', 'from': PROGRESS})}"

    assert [crumb.words for crumb in trail_of(came_from(deeper))] == ["Progress: Year 5 mathematics", "Search"]


def test_it_forgets_the_far_end_of_a_long_way() -> None:
    long = f"/search?{urlencode({'q': 'a', 'from': '/progress?subject=' + 'x' * 2000})}"

    assert parse_qs(from_here(asked(long))) == {"from": ["/search?q=a"]}


def test_it_stops_after_a_few_pages() -> None:
    address = "/progress"
    for _ in range(6):
        address = f"/search?{urlencode({'from': address})}"

    assert len(trail_of(asked(address))) == 3


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example/progress",
        "//elsewhere.example/progress",
        "/\\elsewhere.example",
        "javascript:alert(1)",
        "/nothing-here",
        "/sign-out",
        "",
        "/progress?" + "x" * 3000,
        "/progress?" + "&" * 5000,
    ],
)
def test_it_shows_no_address_that_is_not_a_page_of_ours(address: str) -> None:
    assert trail_of(came_from(address)) == []
    assert back_to(came_from(address), otherwise="/") == "/"
