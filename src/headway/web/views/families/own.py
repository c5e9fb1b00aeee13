"""The page of a pupil as the pupil and the family read it, and as staff look at it beforehand."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from headway.services.audit import looks_at
from headway.services.families.pages import own_page, page_as_family
from headway.web.entrance import idle_minutes
from headway.web.guards import FamilyRequest, SchoolRequest, family, signed_in
from headway.web.presenters.family import family_view
from headway.web.presenters.looks import look_lines

__all__ = ["my_child", "my_progress", "pupil_as_family"]

_MOST_LOOKS = 40


@family
@require_safe
def my_progress(request: FamilyRequest) -> HttpResponse:
    """A pupil's own page; for family the page of the first child, with a switch to the others."""
    return _own(request, request.own[0].uid)


@family
@require_safe
def my_child(request: FamilyRequest, pupil: UUID) -> HttpResponse:
    """One child's page."""
    return _own(request, pupil)


@signed_in
@require_safe
def pupil_as_family(request: SchoolRequest, pupil: UUID) -> HttpResponse:
    """What an audience sees of a pupil, for staff to look at."""
    audience = request.GET.get("audience", "families")
    page = page_as_family(pupil, audience=audience, viewer=request.viewer, school=request.school, now=request.now)
    said = {"page": family_view(page), "preview": audience, "pupil": pupil}
    return render(request, "families/own.html", said)


def _own(request: FamilyRequest, uid: UUID) -> HttpResponse:
    page = own_page(uid, viewer=request.viewer, now=request.now)
    said = {"page": family_view(page), "own": request.own, "here": uid, "minutes": idle_minutes(request)}
    if page.audience == "families":
        looks = looks_at(uid, viewer=request.viewer, school=page.school, now=request.now)
        said |= {"looks": look_lines(looks[:_MOST_LOOKS]), "looks_more": max(0, len(looks) - _MOST_LOOKS)}
    return render(request, "families/own.html", said)
