"""Search: a pupil or a class, from anywhere."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from headway.services.search import Found, search
from headway.web.guards import SchoolRequest, signed_in

__all__ = ["results", "suggestions"]

_SUGGESTED = 8


@signed_in
@require_safe
def results(request: SchoolRequest) -> HttpResponse:
    """Everything that fits, as a page."""
    text = request.GET.get("q", "")
    return render(request, "search/page.html", {"text": text, "found": _found(request, text, most=50)})


@signed_in
@require_safe
def suggestions(request: SchoolRequest) -> HttpResponse:
    """The first of what fits, as the list under the search box."""
    text = request.GET.get("q", "")
    return render(request, "search/suggestions.html", {"text": text, "found": _found(request, text, most=_SUGGESTED)})


def _found(request: SchoolRequest, text: str, *, most: int) -> Found:
    return search(text, viewer=request.viewer, school=request.school, now=request.now, most=most)
