"""Every address is guarded, and names people and things by opaque ids only."""

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path
from django.urls.converters import UUIDConverter
from django.urls.resolvers import RoutePattern

OPAQUE = {
    *("id", "pk", "uid", "pupil", "person", "user", "group", "assessment", "result", "target", "flag", "transfer"),
    *("act", "revision", "contact", "intervention", "report"),
}


def _addresses(
    patterns: Sequence[URLPattern | URLResolver], *, before: str = ""
) -> Iterator[tuple[str, URLPattern, list[Any]]]:
    """Every view's address, its pattern, and all patterns on the way to it."""
    for each in patterns:
        address = before + str(each.pattern)
        if isinstance(each, URLPattern):
            yield address, each, [each.pattern]
        else:
            for found, pattern, way in _addresses(each.url_patterns, before=address):
                yield found, pattern, [each.pattern, *way]


def _unguarded(patterns: Sequence[URLPattern | URLResolver]) -> list[str]:
    guards = [(address, getattr(pattern.callback, "guard", None)) for address, pattern, _ in _addresses(patterns)]
    return [address for address, guard in guards if not (isinstance(guard, str) and guard)]


def _guessable(patterns: Sequence[URLPattern | URLResolver]) -> list[str]:
    """Addresses in which an id is something else than a UUID."""
    return [address for address, _, way in _addresses(patterns) if any(_has_guessable_id(each) for each in way)]


def _has_guessable_id(pattern: Any) -> bool:
    converters = pattern.converters if isinstance(pattern, RoutePattern) else dict.fromkeys(pattern.regex.groupindex)
    return any(_is_id(name) and not isinstance(converter, UUIDConverter) for name, converter in converters.items())


def _is_id(parameter: str) -> bool:
    return parameter in OPAQUE or parameter.endswith(("_id", "_pk", "_uid"))


def _ours() -> Sequence[URLPattern | URLResolver]:
    patterns: Sequence[URLPattern | URLResolver] = import_module("headway.config.urls").urlpatterns
    return patterns


def test_it_guards_every_address() -> None:
    assert _unguarded(_ours()) == []


def test_it_gives_no_address_a_guessable_id() -> None:
    assert _guessable(_ours()) == []


def _view(guard: str | None) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, **parameters: object) -> HttpResponse:
        return HttpResponse()

    if guard is not None:
        view.guard = guard  # type: ignore[attr-defined]
    return view


def test_it_would_notice_an_unguarded_address() -> None:
    inner = [path("open/", _view(None)), path("shut/", _view("signed_in")), path("blank/", _view(""))]

    assert _unguarded([URLResolver(RoutePattern("in/"), inner)]) == ["in/open/", "in/blank/"]


def test_it_would_notice_a_guessable_id() -> None:
    view = _view("signed_in")
    patterns = [
        path("pupils/<int:id>", view),
        path("targets/<str:target_id>/history", view),
        re_path(r"^flags/(?P<flag>\d+)$", view),
        path("pupils/<uuid:id>", view),
        path("classes/<str:code>/marks/<str:term>", view),
    ]

    assert _guessable(patterns) == ["pupils/<int:id>", "targets/<str:target_id>/history", r"^flags/(?P<flag>\d+)$"]
