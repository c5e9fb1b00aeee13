"""Every address, asked by everybody, about everything there is: the answer is the oracle's, each time."""

import re
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest
from django.urls import URLPattern, URLResolver

from tests.access.addresses import ADDRESSES
from tests.access.answers import Address, Thing, by_token
from tests.access.browsing import Answer, Browser
from tests.access.canaries import Canaries
from tests.access.facts import ACTORS, Actor
from tests.access.world import World, secret_of

pytestmark = pytest.mark.walk
Record = Callable[[str, object], None]


def _patterns(patterns: Sequence[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for each in patterns:
        if isinstance(each, URLPattern):
            yield each
        else:
            yield from _patterns(each.url_patterns)


def _name_of(pattern: URLPattern) -> str:
    return pattern.name or str(pattern.pattern)


NAMES = sorted({_name_of(each) for each in _patterns(import_module("headway.config.urls").urlpatterns)})


@pytest.mark.parametrize("name", NAMES)
def test_it_answers_everybody_as_the_oracle_says(
    name: str, world: World, browser: Browser, canaries: Canaries, record_property: Record
) -> None:
    address = ADDRESSES.get(name)
    if address is None:
        pytest.fail(f"{name} is not in tests/access/addresses.py: say there who may see what of it", pytrace=False)
    things = list(address.things(world))
    assert things, f"nothing is asked of {name}"
    wrong, refusals, n_requests = [], set(), 0
    for actor in ACTORS.values():
        not_there: dict[str, str] = {}
        shown_to = by_token(actor) if address.guard == "token" else actor
        for number, (thing, method) in enumerate(product(things, ("GET", "POST"))):
            if number > 1 and not address.takes(method):
                continue  # that there is no such method is asked once
            asked = _sent(world, actor, address, thing, method)
            answer = browser.ask(actor, thing.address, method=method, **asked)
            right = address.right(method, actor, thing)
            n_requests += 1
            said = f"{actor.name}: {method} {thing.address} ({thing.relation})"
            if answer.status != right:
                wrong.append(f"{said} → {answer.status}, not {right}")
            elif answer.status == 404:
                not_there.setdefault(f"{method} {_without_address(answer, thing)}", said)
            leaks = canaries.leaks(shown_to, answer, asked=f"{thing.address} {asked}")
            wrong += [f"{said}: {leak}" for leak in leaks]
        if len(not_there) > 2:
            refusals.add(" and ".join(not_there.values()))
    record_property("walked", [name, n_requests, len(ACTORS) * len({thing.relation for thing in things})])
    if wrong or refusals:
        told = [
            f"{len(wrong)} of {n_requests} answers are wrong",
            *wrong[:60],
            *(f"told apart: {each}" for each in refusals),
        ]
        pytest.fail("\n".join(told), pytrace=False)


def test_no_address_is_in_the_table_that_is_gone() -> None:
    assert sorted(ADDRESSES.keys() - set(NAMES)) == []


def _sent(world: World, actor: Actor, address: Address, thing: Thing, method: str) -> dict[str, Any]:
    """What goes with a request: a token where the address wants one, and what the address takes."""
    token = secret_of(actor.who) if address.guard == "token" and actor.name != "anonymous" else ""
    if method == "GET":
        return {"token": token}
    form = address.form(world, actor, thing) if address.form else None
    sent = address.json(world, actor, thing) if address.json else None
    return {"token": token, "form": form, "sent": sent}


def _without_address(answer: Answer, thing: Thing) -> str:
    """An answer without what must differ: the address that was asked for, and the page's one-time token."""
    said = re.sub(r'(csrfmiddlewaretoken" value=)"\w+"|csrftoken=\w+', r"\1", answer.text)
    for plain in (thing.address, thing.path):
        for path in (quote(plain, safe=""), quote(plain), plain.replace("&", "&amp;"), plain):
            said = said.replace(path, "…")
    return re.sub(r"Content-Length: \d+|expires=[^;]+", "", said)
