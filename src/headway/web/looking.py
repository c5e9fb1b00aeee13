"""Writes down, once a request has been answered, whom it showed to whom, and who was refused what."""

from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from headway.services import audit
from headway.services.access import Viewer, viewer_of
from headway.services.audit import Way
from headway.web import clock
from headway.web.middleware import try_again

__all__ = ["LookingMiddleware"]

_REFUSED = (403, 404)
_NAMED = frozenset({"pupil", "group", "code", "term", "subject", "transfer", "person"})
_LONGEST = 100


class LookingMiddleware:
    """One entry a request, where something about pupils was handed out, or where somebody signed in was refused.

    What cannot be written down is not shown: the answer is then to try again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        try:
            _write_down(request, response)
        except (OperationalError, InterfaceError):
            return try_again()
        return response


def _write_down(request: HttpRequest, response: HttpResponse) -> None:
    viewer: Viewer | None = getattr(request, "viewer", None)
    match = request.resolver_match
    if match is None:
        return
    place, now = match.url_name or "", getattr(request, "now", None) or clock.now()
    if response.status_code in _REFUSED:
        if request.user.is_authenticated:
            detail = {"status": response.status_code, "method": request.method or "", **_named(match)}
            who = viewer or viewer_of(request.user)
            audit.note(getattr(request, "school", None), action="refused", by=who, now=now, detail=detail, place=place)
    elif viewer is not None and viewer.shown and _shows(response):
        audit.looked(
            viewer,
            school=getattr(request, "school", None),
            place=place,
            now=now,
            way=_way(place, response),
            about={**request.GET.dict(), **_named(match)},
        )


def _shows(response: HttpResponse) -> bool:
    """Whether anybody reads what was answered: not where they are sent on, nor where it failed."""
    return response.status_code < 300 or 400 <= response.status_code < 500


def _way(place: str, response: HttpResponse) -> Way:
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        return "export"
    return "print" if place.endswith(("-print", "-cards")) else "view"


def _named(match: ResolverMatch) -> dict[str, str]:
    """The ids and codes an address names; nothing that somebody typed, and no token."""
    return {name: str(value)[:_LONGEST] for name, value in match.kwargs.items() if name in _NAMED}
