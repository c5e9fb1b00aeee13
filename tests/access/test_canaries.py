"""Wherever somebody goes, they come upon nothing of a pupil that is not theirs to see; and a leak would be found."""

from collections.abc import Callable
from types import ModuleType

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path
from pytest_django import Settings

from headway.config import urls
from headway.records.models import Pupil
from headway.services import access
from tests.access.addresses import ADDRESSES
from tests.access.browsing import Browser
from tests.access.canaries import Canaries
from tests.access.crawling import Crawl
from tests.access.facts import ACTORS, KIDS, Actor
from tests.access.world import World

pytestmark = pytest.mark.walk
Record = Callable[[str, object], None]

NOT_LINKED = frozenset({"search-suggestions", "marks-changes", "my-child", "school"})
"""What a page's script asks; a child's page, where the first page is the only child's; and a page of things to manage,
where somebody manages nothing."""


def _first(world: World) -> list[str]:
    """Where a crawl begins: every address that is about nothing in particular, and a search for everybody."""
    plain = [
        thing.address for address in ADDRESSES.values() for thing in address.things(world) if thing.relation == "none"
    ]
    looked_for = ["/search?q=a", *(f"/search/suggestions?q={key}" for key in KIDS)]
    return ["/", "/nothing", *plain, *looked_for]


@pytest.mark.parametrize("name", ACTORS)
def test_it_leads_everybody_to_what_is_theirs_and_to_nothing_else(
    name: str, world: World, browser: Browser, canaries: Canaries, record_property: Record
) -> None:
    actor = ACTORS[name]
    crawl = Crawl(browser, canaries, actor).go(["/"])
    not_linked = _open_to(actor, world) - NOT_LINKED - crawl.reached.keys()
    crawl.go(_first(world))

    record_property("crawled", [name, crawl.n_pages, crawl.n_found])
    if crawl.leaks:
        pytest.fail("\n".join([f"{len(crawl.leaks)} leaks", *crawl.leaks[:40]]), pytrace=False)
    if not_linked:
        pytest.fail(f"no page leads {name} to {', '.join(sorted(not_linked))}", pytrace=False)


def _open_to(actor: Actor, world: World) -> set[str]:
    """The pages of a school the oracle says somebody may look at something of."""
    return {
        name
        for name, address in ADDRESSES.items()
        if address.get
        and address.guard in ("signed_in", "family")
        and any(address.right("GET", actor, thing) == 200 for thing in address.things(world))
    }


def test_a_view_that_leaks_is_caught(world: World, browser: Browser, canaries: Canaries, settings: Settings) -> None:
    def leaky(request: HttpRequest) -> HttpResponse:
        return HttpResponse("".join(f"<p>{each.surname}" for each in Pupil.objects.all()))

    settings.ROOT_URLCONF = ModuleType("leaky_urls")
    settings.ROOT_URLCONF.urlpatterns = [*urls.urlpatterns, path("leaky", leaky, name="leaky")]

    caught = Crawl(browser, canaries, ACTORS["class_teacher"]).go(["/leaky"]).leaks

    assert {each.rpartition(" of ")[2].partition(" ")[0] for each in caught} == {
        "cat",
        "dan",
        "eve",
        "gus",
        "hal",
        "ian",
        "kim",
        "ada",
        "lea",
        "mia",
        "ned",
        "oli",
    }


@pytest.mark.parametrize("name", ["class_teacher", "learning_mentor"])
def test_a_service_that_leaks_is_caught(
    name: str, world: World, browser: Browser, canaries: Canaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "_reach", lambda *_, **__: None)

    assert len(Crawl(browser, canaries, ACTORS[name]).go(["/", "/groups"]).leaks) > 100


def test_a_field_that_leaks_is_caught(
    world: World, browser: Browser, canaries: Canaries, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _leaks_of(world, browser, canaries) == []
    monkeypatch.setattr("headway.services.pupil_pages.fields_seen_of", lambda *_, **__: access.EVERY_FIELD)

    assert [each.partition(" (")[0] for each in _leaks_of(world, browser, canaries)] == [
        "assessment_manager is shown the note of amy"
    ]


def _leaks_of(world: World, browser: Browser, canaries: Canaries) -> list[str]:
    """What an assessment manager comes upon on a pupil's page that is not theirs."""
    address = f"/pupils/{world.pupils['amy'].uid}"
    actor = ACTORS["assessment_manager"]
    return canaries.leaks(actor, browser.ask(actor, address), asked=address)
