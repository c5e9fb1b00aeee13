"""Who may open a page at all. Every view wears one of these; what its viewer may see in it, services decide."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from headway.services.access import Viewer, schools_of, viewer_of
from headway.services.schools import AnySchool
from headway.web import clock

__all__ = ["SchoolRequest", "public", "signed_in"]

P = ParamSpec("P")
View = Callable[..., Any]
Page = Callable[Concatenate[Any, P], HttpResponse]

_CHOSEN = "school"


class SchoolRequest(HttpRequest):
    """A request by somebody who is signed in, about one of their schools, at one moment."""

    viewer: Viewer
    school: AnySchool
    schools: Sequence[AnySchool]
    now: datetime


def public(view: View) -> View:
    """A page anybody may open."""
    return _named(view, "public")


def signed_in(view: Page[P]) -> View:
    """A page for people who have signed in and have a role in a school; others are sent to sign in."""

    @wraps(view)
    def guarded(request: Any, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        request.now = clock.now()
        request.viewer = viewer_of(request.user)
        request.schools = list(schools_of(request.viewer, on=request.now.date()))
        if not request.schools:
            return render(request, "no_school.html", status=403)
        school = _chosen_school(request)
        if school is None:
            return render(request, "choose_school.html")
        request.school = school
        return view(request, *args, **kwargs)

    return _named(guarded, "signed_in")


def _chosen_school(request: SchoolRequest) -> AnySchool | None:
    """The school this request is about: the only one, the one asked for, or the one chosen before."""
    mine = {str(school.uid): school for school in request.schools}
    asked = request.GET.get(_CHOSEN)
    if asked and asked not in mine:
        raise Http404
    if asked is not None:
        request.session[_CHOSEN] = asked
    return request.schools[0] if len(mine) == 1 else mine.get(request.session.get(_CHOSEN, ""))


def _named(view: View, guard: str) -> View:
    """Says on the view which guard it wears: a test walks every address and asks."""
    view.guard = guard  # type: ignore[attr-defined]
    return view
